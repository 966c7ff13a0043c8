"""Past contacts from intake over HTTP, line by line; a stream that breaks off goes on where it was."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import orjson

TRIES = 5
"""Times in a row that nothing new may come before it is given up."""
PAUSE_SECONDS = 1.0
_PATIENCE_SECONDS = 60.0
_LINE_END = b"\n"


class NotFetched(Exception):  # noqa: N818  it is told to the operator as a fact
    """Intake did not hand its contacts out; the message says what would help."""


def admin_client(intake_url: str) -> httpx.Client:
    """Asks intake with the token of ``ADMIN_TOKEN``: it is no option, since others see those. Raises
    ``NotFetched``.
    """
    token = os.environ.get("ADMIN_TOKEN")
    if not token:
        raise NotFetched("set ADMIN_TOKEN to a token of the role admin; intake hands past contacts to no other")
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=intake_url, headers=headers, timeout=_PATIENCE_SECONDS)


def fetched(
    client: httpx.Client, organisation: str, *, pause: Callable[[float], None] = time.sleep, **wanted: Any
) -> Iterator[bytes]:
    """The lines of the export without their ends. ``wanted`` are further parameters of the endpoint. Raises
    ``NotFetched``.
    """
    parameters: dict[str, Any] = {"organisation": organisation, **wanted}
    tries = 0
    while True:
        try:
            for line in _lines(client, parameters):
                tries, parameters["after"] = 0, orjson.loads(line)["reference"]
                yield line
        except httpx.TransportError as error:
            tries += 1
            if tries == TRIES:
                raise NotFetched(f"intake does not answer ({type(error).__name__}); see whether it runs") from None
            pause(PAUSE_SECONDS * tries)
        else:
            return


def _lines(client: httpx.Client, parameters: dict[str, Any]) -> Iterator[bytes]:
    with client.stream("GET", "/past-contacts", params=parameters) as answer:
        if answer.status_code != httpx.codes.OK:
            answer.read()
            raise NotFetched(_refusal(answer))
        rest = b""
        # By hand: a text may hold characters that elsewhere count as ends of lines.
        for part in answer.iter_bytes():
            *whole, rest = (rest + part).split(_LINE_END)
            yield from whole
        if rest:
            raise httpx.ReadError("the answer ends within a line")


def _refusal(answer: httpx.Response) -> str:
    try:
        told = answer.json()
        errors = "; ".join(f"{each['field']}: {each['message']}" for each in told.get("errors", ()))
        return f"intake refuses ({answer.status_code}): {errors or told['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"intake refuses ({answer.status_code}); see whether the address is that of intake"
