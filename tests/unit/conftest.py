"""A unit test needs no network, and gets none."""

import socket
from typing import Any, NoReturn

import pytest


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails a test that connects to something or listens for something."""

    def refuse(_self: socket.socket, address: Any) -> NoReturn:
        raise AssertionError(f"a unit test opened a connection or a port: {address!r}")

    for name in ("connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
