"""Ctrl-C, a closed terminal and SIGTERM all mean the same: stop, in order."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], None] | signal.Handlers
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(KeyboardInterrupt):
    """The run is to stop. A KeyboardInterrupt, so that no library takes it for an error of its own."""


@contextmanager
def stop_signals_raise() -> Iterator[None]:
    """While the block lasts, the first signal to stop raises ``StopRequested`` in it; further ones do nothing."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise StopRequested

    with _handling(stop):
        yield


@contextmanager
def stop_signals_ignored() -> Iterator[None]:
    """While the block lasts, Ctrl-C does not break off what is being stopped in order."""
    with _handling(signal.SIG_IGN):
        yield


@contextmanager
def _handling(handler: Handler) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in _STOP_SIGNALS}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
