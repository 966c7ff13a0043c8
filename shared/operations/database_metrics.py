"""Commands to MongoDB in numbers, by their name."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_MICROSECONDS: Final = 1_000_000


class DatabaseMetrics(CommandListener):
    """Listens to a client's commands. Holds names and durations, nothing of what is stored or asked."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "contactpunt_database_command_seconds",
            "Seconds that a command to MongoDB took, by its name.",
            ("command",),
            buckets=_BUCKETS,
            registry=registry,
        )
        self._failures = Counter(
            "contactpunt_database_command_failures",
            "Commands to MongoDB that failed, write conflicts of transactions included.",
            ("command",),
            registry=registry,
        )

    def started(self, event: CommandStartedEvent) -> None:
        """Nothing is counted yet."""

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Counts how long it took."""
        self._seconds.labels(event.command_name).observe(event.duration_micros / _MICROSECONDS)

    def failed(self, event: CommandFailedEvent) -> None:
        """Counts the failure, and how long it took."""
        self._seconds.labels(event.command_name).observe(event.duration_micros / _MICROSECONDS)
        self._failures.labels(event.command_name).inc()
