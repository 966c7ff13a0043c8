"""The one connection of a service on the real broker: however it is begun, once it stops nothing is left."""

import asyncio
import contextlib
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from shared.messaging import Messaging

AFTER_MILLISECONDS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128)
"""From before the socket is open until the topology is declared."""


async def _left(before: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """What runs besides ``before`` and does not end by itself; a socket takes a moment to close."""
    besides = asyncio.all_tasks() - before
    return (await asyncio.wait(besides, timeout=5))[1] if besides else besides


async def test_starting_twice_at_once_makes_one_connection(broker_url: str) -> None:
    before = asyncio.all_tasks()
    messaging = Messaging(broker_url, "test", CollectorRegistry())

    await asyncio.gather(messaging.start(), messaging.start())
    assert await messaging.ready() == []

    await messaging.stop(1.0)
    assert await _left(before) == set()


async def test_stopped_while_it_starts_it_leaves_nothing(broker_url: str) -> None:
    before = asyncio.all_tasks()
    for after in AFTER_MILLISECONDS:
        messaging = Messaging(broker_url, "test", CollectorRegistry())
        starting = asyncio.ensure_future(messaging.start())
        await asyncio.sleep(after / 1000)
        starting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await starting

        await messaging.stop(1.0)
        assert await _left(before) == set(), after


@pytest.mark.parametrize("told", [1, 2], ids=["told once", "told again"])
async def test_stopped_while_a_broker_does_not_answer_it_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, told: int
) -> None:
    # Told once it waits a moment for the broker, told again it does not.
    monkeypatch.setattr("shared.messaging.connection.CLOSE_TIMEOUT_SECONDS", 0.1 if told == 1 else 600.0)
    asked = asyncio.Event()

    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        while await reader.read(1000):
            pass
        writer.close()

    async with await asyncio.start_server(stay_silent, "127.0.0.1", 0) as server:
        before = asyncio.all_tasks()
        address, port = server.sockets[0].getsockname()
        messaging = Messaging(f"amqp://{address}:{port}", "test", CollectorRegistry())
        starting = asyncio.ensure_future(messaging.start())
        await asked.wait()
        for _ in range(told):
            starting.cancel()
            await asyncio.sleep(0.01)
        with contextlib.suppress(asyncio.CancelledError):
            await starting

        await messaging.stop(1.0)
        assert await _left(before) == set()
