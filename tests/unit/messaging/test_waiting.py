"""Waiting: how long, for what, and until when."""

import pytest

from shared.errors import DeadLetter, InfrastructureError
from shared.messaging.waiting import LONGEST_PAUSE_SECONDS, until_available


class Pauses:
    def __init__(self, end_after: int = 1_000_000) -> None:
        self.seconds: list[float] = []
        self._end_after = end_after

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if len(self.seconds) >= self._end_after:
            raise EOFError


async def test_calls_again_until_it_succeeds() -> None:
    pauses, told, failures = Pauses(), list[BaseException](), 40

    async def call() -> str:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise InfrastructureError("away")
        return "done"

    assert await until_available(pauses, tell=told.append)(call) == "done"
    assert len(pauses.seconds) == len(told) == 40
    assert all(0 <= pause <= LONGEST_PAUSE_SECONDS for pause in pauses.seconds)
    assert all(pause <= 0.1 * 2**n for n, pause in enumerate(pauses.seconds))
    # With jitter, no two waiters stay in step.
    assert len(set(pauses.seconds)) == 40


async def test_other_errors_are_raised_at_once() -> None:
    pauses = Pauses()

    async def call() -> None:
        raise DeadLetter("no")

    with pytest.raises(DeadLetter):
        await until_available(pauses)(call)
    assert pauses.seconds == []


async def test_the_pause_may_end_the_waiting() -> None:
    async def call() -> None:
        raise InfrastructureError("away")

    with pytest.raises(EOFError):
        await until_available(Pauses(end_after=3))(call)


async def test_giving_up_raises_what_was_waited_out() -> None:
    async def call() -> None:
        raise InfrastructureError("away for good")

    with pytest.raises(InfrastructureError, match="for good"):
        await until_available(Pauses(), give_up_seconds=0.0)(call)
