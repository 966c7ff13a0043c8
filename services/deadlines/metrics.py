"""What deadlines tells of its work in numbers; labelled by kind and state, never by a contact."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.contracts.events import Event
from shared.contracts.identifiers import DeadlineState

_TO_BE_DONE = (DeadlineState.OPEN, DeadlineState.PAUSED, DeadlineState.APPROACHING, DeadlineState.MISSED)


class DeadlinesMetrics:
    """The metrics of this service, in the registry that is handed in."""

    def __init__(
        self,
        registry: CollectorRegistry,
        terms: Iterable[tuple[str, str]] = (),
        calendars: Iterable[str] = (),
    ) -> None:
        """``terms`` are the pairs of organisation and kind that there can be, ``calendars`` all that are used."""
        self._terms = frozenset(terms)
        self._calendars = frozenset(calendars)
        self.to_be_done = Gauge(
            "contactpunt_deadlines_open",
            "Deadlines that nothing has met or cancelled, by state (open, paused, approaching, missed), from the "
            "database; refreshed at intervals, the same number from every replica.",
            ("organisation", "kind", "state"),
            registry=registry,
        )
        self.horizon = Gauge(
            "contactpunt_deadlines_calendar_horizon",
            "In days from today: for how long a calendar that the organisation's terms depend on is known.",
            ("organisation", "calendar"),
            registry=registry,
        )
        self.uncounted = Gauge(
            "contactpunt_deadlines_uncounted_contacts",
            "Contacts whose deadlines cannot be counted because a calendar ends before they do.",
            ("calendar",),
            registry=registry,
        )
        self.told = Counter(
            "contactpunt_deadline_events",
            "Deadline events published, redeliveries included, by type; kind is empty where all kinds are told.",
            ("type", "kind"),
            registry=registry,
        )
        self.firing_lag = Histogram(
            "contactpunt_deadline_firing_lag_seconds",
            "Seconds from the moment at which a deadline turned until it was told, by timers that fired.",
            buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 3_600, 86_400),
            registry=registry,
        )
        self.sweep_seconds = Histogram(
            "contactpunt_deadline_sweep_seconds",
            "Seconds that one sweep over what was due took.",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120),
            registry=registry,
        )
        self.sweep_failures = Counter(
            "contactpunt_deadline_sweep_failures",
            "Contacts whose timer could not be worked off for a reason of their own, and sweeps that broke off.",
            ("what",),
            registry=registry,
        )
        # A counter has to be there before it moves, or its first step is not seen.
        for what in ("contact", "sweep"):
            self.sweep_failures.labels(what)
        self.refused = Counter(
            "contactpunt_deadline_messages_refused",
            "Messages that are no event of a known organisation and were dead-lettered.",
            ("reason",),
            registry=registry,
        )

    def count_told(self, events: Iterable[Event]) -> None:
        """These events were published and confirmed."""
        for event in events:
            kind = getattr(event.data, "kind", None)
            self.told.labels(event.type, kind.value if kind else "").inc()

    def show_counts(self, counts: Iterable[tuple[str, str, str, int]]) -> None:
        """How many deadlines are to be done now; what is not named is none."""
        self.to_be_done.clear()
        for organisation, kind in self._terms:
            for each in _TO_BE_DONE:
                self.to_be_done.labels(organisation, kind, each).set(0)
        for organisation, kind, state, count in counts:
            self.to_be_done.labels(organisation, kind, state).set(count)

    def show_uncounted(self, counts: Mapping[str, int]) -> None:
        """How many contacts wait for which calendar; what is not named is none."""
        self.uncounted.clear()
        for calendar in self._calendars:
            self.uncounted.labels(calendar).set(0)
        for calendar, count in counts.items():
            self.uncounted.labels(calendar).set(count)
