"""The timers go on whatever goes wrong in one sweep."""

import asyncio
from typing import cast

from prometheus_client import CollectorRegistry

from services.deadlines.metrics import DeadlinesMetrics
from services.deadlines.sweep import Sweep, Timers
from shared.errors import InfrastructureError


class _Sweep:
    """Fails as often as it is told, then goes through."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.went_through = asyncio.Event()

    async def run(self) -> int:
        if self.failures:
            raise self.failures.pop(0)
        self.went_through.set()
        return 0


async def test_a_sweep_that_breaks_off_is_followed_by_another() -> None:
    sweep, registry = _Sweep(InfrastructureError("away"), ValueError("odd")), CollectorRegistry()
    timers = Timers(cast("Sweep", sweep), DeadlinesMetrics(registry), every=0.001)
    assert timers.missing() == ["the timers are not running"]
    timers.start()
    await sweep.went_through.wait()
    assert timers.missing() == []
    await timers.stop()
    assert timers.missing() == ["the timers are not running"]
    assert registry.get_sample_value("contactpunt_deadline_sweep_failures_total", {"what": "sweep"}) == 2


async def test_starting_twice_is_starting_once() -> None:
    sweep = _Sweep()
    timers = Timers(cast("Sweep", sweep), DeadlinesMetrics(CollectorRegistry()), every=0.001)
    timers.start()
    first = timers._task
    timers.start()
    assert timers._task is first
    await timers.stop()


async def test_silence_is_told() -> None:
    timers = Timers(cast("Sweep", _Sweep()), DeadlinesMetrics(CollectorRegistry()), every=3600)
    timers.start()
    timers._looked_at -= 40_000
    (missing,) = timers.missing()
    assert missing.startswith("the timers have not gone through for 40")
    await timers.stop()
