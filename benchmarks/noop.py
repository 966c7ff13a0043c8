"""The pipeline that does nothing: what the services' throughput is a ratio to."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import orjson

from benchmarks.load_generator import Load
from benchmarks.loading import Beside, beside, generate
from benchmarks.machine import Machine
from benchmarks.measured import Measured

HOPS = 4


class Noop:
    """Four FastStream hops that pass messages on."""

    def __init__(self, amqp_url: str, first: str, last: Beside, count: int) -> None:
        self._amqp_url = amqp_url
        self._first = first
        self._last = last
        self._count = count

    def measure(self, messages: Path) -> Measured:
        """From the first publish until the last hop has seen as many different messages as there are."""
        told = generate(self._amqp_url, Load(str(messages), exchange="", queue=self._first))
        finished = float(orjson.loads(self._last.line())["finished"])
        return Measured(self._count, finished - told.started, told.finished - told.started)


@contextmanager
def running_noop(machine: Machine, name: str, count: int) -> Iterator[Noop]:
    """The pipeline on an empty virtual host, consuming, for ``count`` messages at a time."""
    queues = [f"noop.{hop}" for hop in range(1, HOPS + 1)]
    with machine.virtual_host(name) as amqp_url, ExitStack() as stack:
        # The last first: each hop finds the queue that it publishes to.
        hops = [
            stack.enter_context(beside("benchmarks.noop_hop", source, destination, str(count), secret=amqp_url))
            for source, destination in reversed(list(zip(queues, [*queues[1:], ""], strict=True)))
        ]
        for hop in hops:
            ready = hop.line()
            if ready != b"ready":
                raise RuntimeError(f"a hop said {ready!r} instead of ready; its error is above")
        yield Noop(amqp_url, queues[0], hops[0], count)
