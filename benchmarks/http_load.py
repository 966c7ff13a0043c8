"""``python -m benchmarks.http_load``: hands submissions in over HTTP, at a steady rate whatever becomes of them.

A process of its own. Speaks HTTP/1.1 over plain sockets: a client library would be slower than what is measured.
"""

import asyncio
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

from benchmarks.contacts import Message, read

_PATIENCE = 60.0
_NO_ANSWER = 0


@dataclass(frozen=True)
class HttpLoad:
    """What is to be handed in. ``rate`` is requests a second, 0 each connection one after the other.

    ``connections`` are as many as there are at once; what is due while all are busy waits for one. ``times`` is
    the file for what became of each. Who is to ``obey`` comes again after Retry-After seconds, as callers should.
    """

    host: str
    port: int
    file: str
    times: str
    rate: float
    connections: int
    obey: bool


@dataclass
class HttpTold:
    """How many there were by the status that they were answered with, 0 without an answer."""

    started: float = 0.0
    finished: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True)
class Answer:
    """What became of one. Moments are the monotonic clock's, in seconds; ``retry_after`` is 0 where none was
    given, ``reference`` empty.
    """

    submission_id: str
    due: float
    sent: float
    answered: float
    status: int
    retry_after: int
    reference: str


class _Connection:
    """One connection, made again whenever it is gone."""

    def __init__(self, load: HttpLoad, token: str) -> None:
        self._load = load
        self._head = (
            f"POST /contacts HTTP/1.1\r\nHost: {load.host}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes) -> tuple[int, int, str]:
        """Status, Retry-After and reference; zeros where nothing came."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._post(body)
        except (OSError, EOFError, TimeoutError):
            self.close()
            return _NO_ANSWER, 0, ""

    async def _post(self, body: bytes) -> tuple[int, int, str]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._load.host, self._load.port)
        reader, writer = self._streams
        writer.write(self._head + str(len(body)).encode() + b"\r\n\r\n" + body)
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        answer = await reader.readexactly(int(headers["content-length"]))
        status = int(first.split()[1])
        if headers.get("connection") == "close":
            self.close()
        reference = orjson.loads(answer)["reference"] if status == 202 else ""  # noqa: PLR2004  accepted
        return status, int(headers.get("retry-after", 0)), reference

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class _Rush:
    def __init__(self, load: HttpLoad, token: str) -> None:
        self._load = load
        self._connections = [_Connection(load, token) for _ in range(load.connections)]
        self._due: asyncio.Queue[tuple[float, Message] | None] = asyncio.Queue()
        self.told = HttpTold()
        self.answers: list[Answer] = []

    async def run(self) -> None:
        self.told.started = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for connection in self._connections:
                group.create_task(self._work(connection))
            for number, message in enumerate(read(Path(self._load.file))):
                due = time.monotonic()
                if self._load.rate:
                    due = self.told.started + number / self._load.rate
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
                self._due.put_nowait((due, message))
            for _ in self._connections:
                self._due.put_nowait(None)
        self.told.finished = time.monotonic()

    async def _work(self, connection: _Connection) -> None:
        while (next_one := await self._due.get()) is not None:
            due, (_, body) = next_one
            sent = time.monotonic()
            status, retry_after, reference = await connection.post(body)
            while self._load.obey and retry_after:
                await asyncio.sleep(retry_after)
                status, retry_after, reference = await connection.post(body)
            name: str = orjson.loads(body)["submission_id"]
            self.told.answers[status] += 1
            self.answers.append(Answer(name, due, sent, time.monotonic(), status, retry_after, reference))
        connection.close()


def main() -> None:
    """One argument: the load as JSON. The token is the first line of standard input. Prints what became of it."""
    load = HttpLoad(**orjson.loads(sys.argv[1]))
    rush = _Rush(load, sys.stdin.readline().strip())
    asyncio.run(rush.run())
    Path(load.times).write_bytes(b"\n".join(orjson.dumps(asdict(answer)) for answer in rush.answers))
    told = asdict(rush.told) | {"answers": {str(status): count for status, count in rush.told.answers.items()}}
    print(orjson.dumps(told).decode())


def answers(file: Path) -> list[Answer]:
    """What became of each."""
    return [Answer(**orjson.loads(line)) for line in file.read_bytes().splitlines()]


if __name__ == "__main__":
    main()
