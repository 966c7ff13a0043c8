"""Ctrl-C, a closed terminal and SIGTERM all mean the same: stop, in order."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(KeyboardInterrupt):
    """The run is to stop. A KeyboardInterrupt, so that no library takes it for an error of its own."""


@contextmanager
def stop_signals_raise() -> Iterator[None]:
    """While the block lasts, a signal to stop raises ``StopRequested`` in it."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StopRequested

    before = {number: signal.signal(number, stop) for number in _STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def stop_signals_ignored() -> Iterator[None]:
    """While the block lasts, a second Ctrl-C does not break off the stopping that the first one asked for."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
