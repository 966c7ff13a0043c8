"""Runs the load generator, and other programs beside what is measured."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import orjson

from benchmarks.contacts import Message, write
from benchmarks.load_generator import Load, Told
from benchmarks.product import Product
from deploy.local.directory import PROJECT
from shared.messaging.topology import CONTACTS_INBOUND


class Beside:
    """A program of ours that is told its secret on standard input and answers on standard output.

    It ends by itself, or soon after its standard input is closed.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", name: str) -> None:
        self._process = process
        self._name = name

    def line(self) -> bytes:
        """Its next line. Raises ``RuntimeError`` where it has ended instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._name} ended with {self._process.wait()}; its error is above")
        return line.strip()

    def close(self) -> None:
        """Asks it to end."""
        assert self._process.stdin is not None
        self._process.stdin.close()


@contextmanager
def beside(module: str, *arguments: str, secret: str) -> Iterator[Beside]:
    """Runs ``python -m module``; it is killed in the end if it has not ended by itself."""
    with subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-m", module, *arguments], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(f"{secret}\n".encode())
            process.stdin.flush()
            yield Beside(process, module)
        finally:
            process.kill()


@contextmanager
def generating(amqp_url: str, load: Load) -> Iterator[Beside]:
    """The load generator, at work."""
    with beside("benchmarks.load_generator", orjson.dumps(asdict(load)).decode(), secret=amqp_url) as generator:
        yield generator


def told(generator: Beside) -> Told:
    """What became of the load, once all of it is confirmed."""
    return Told(**orjson.loads(generator.line()))


def generate(amqp_url: str, load: Load) -> Told:
    """Runs the load generator to its end."""
    with generating(amqp_url, load) as generator:
        return told(generator)


def inbound(file: Path, *, rate: float = 0.0, times: Path | None = None) -> Load:
    """The file's messages, handed in as adapters do."""
    return Load(str(file), CONTACTS_INBOUND, rate=rate, times=str(times or ""))


def hand_in(product: Product, messages: Iterator[Message], name: str) -> Told:
    """Hands messages in as fast as the broker confirms them."""
    file = write(messages, product.machine.home / f"{name}.messages")
    try:
        return generate(product.amqp_url, inbound(file))
    finally:
        file.unlink()
