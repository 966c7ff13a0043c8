"""An application on an address of its own, for a browser to open."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import free_port

PATIENCE = 120.0


@contextmanager
def served(app: FastAPI, first_port: int) -> Iterator[str]:
    """Its address, once it says that it is ready."""
    port = free_port(first_port)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False, http="httptools"))
    # In a thread: the browser is driven from the test's own.
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        url = f"http://127.0.0.1:{port}"
        _until_ready(url)
        yield url
    finally:
        server.should_exit = True
        thread.join()


def _until_ready(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}/health/ready", verify=NO_CERTIFICATES).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url} did not get ready")
