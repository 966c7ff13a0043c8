"""What the local run tells while it works."""

import sys
import time


class Progress:
    """Lines on the terminal, each with the seconds since the start."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def say(self, text: str) -> None:
        """One step that was done or begins."""
        print(f"{self.seconds:7.1f} s  {text}", flush=True)

    @staticmethod
    def plain(text: str) -> None:
        """Something to read without a time before it."""
        print(text, flush=True)


def complain(text: str) -> None:
    """An error, on the error stream."""
    print(f"\nerror: {text}", file=sys.stderr, flush=True)
