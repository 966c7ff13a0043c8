"""Waiting for what is away: longer each time, with jitter so that replicas do not come back in step."""

from collections.abc import Awaitable, Callable
from typing import Final

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_delay, stop_never
from tenacity.wait import wait_random_exponential

from shared.errors import is_infrastructure

FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 10.0


def until_available(
    sleep: Callable[[float], Awaitable[None]],
    *,
    give_up_seconds: float | None = None,
    tell: Callable[[BaseException], None] = lambda _: None,
) -> AsyncRetrying:
    """Calls again after infrastructure errors, for ever or for ``give_up_seconds``, and then raises the last one.

    Other errors are raised at once. ``sleep`` pauses so many seconds and may raise to end the waiting; ``tell``
    hears every error that is waited out.
    """

    def before_sleep(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if error is not None:
            tell(error)

    return AsyncRetrying(
        sleep=sleep,
        stop=stop_never if give_up_seconds is None else stop_after_delay(give_up_seconds),
        wait=wait_random_exponential(multiplier=FIRST_PAUSE_SECONDS, max=LONGEST_PAUSE_SECONDS),
        retry=retry_if_exception(is_infrastructure),
        before_sleep=before_sleep,
        reraise=True,
    )
