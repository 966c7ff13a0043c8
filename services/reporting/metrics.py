"""What can be watched of reporting."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.contracts.events import ContactRouted, Event

_LIVE: Final = timedelta(days=1)
"""Older events come from an import or a backlog; how old they are tells nothing about the service."""


class MonthlyMetrics:
    """Reports that are made of months, in one process; what waits is the same number from every replica."""

    def __init__(self, registry: CollectorRegistry, organisations: Iterable[str]) -> None:
        self.made = Counter(
            "contactpunt_reporting_monthly_made",
            "Monthly reports made, later editions included",
            ["organisation"],
            registry=registry,
        )
        self.announced = Counter(
            "contactpunt_reporting_monthly_announced",
            "Monthly reports announced by an event, again after an unclean end included",
            ["organisation"],
            registry=registry,
        )
        self.waiting = Gauge(
            "contactpunt_reporting_monthly_months_waiting",
            "Months that are due, have contacts and have no reports yet",
            ["organisation"],
            registry=registry,
        )
        self.to_announce = Gauge(
            "contactpunt_reporting_monthly_unannounced",
            "Monthly reports that are kept and have not been announced yet",
            ["organisation"],
            registry=registry,
        )
        self.failures = Counter(
            "contactpunt_reporting_monthly_failures",
            "Goes at monthly reports that broke off, and organisations whose reports could not be made",
            registry=registry,
        )
        for organisation in organisations:
            # A counter has to be there before it moves, or its first step is not seen.
            self.made.labels(organisation)
            self.announced.labels(organisation)


class ColumnMetrics:
    """How the copy of the facts as columns is doing, in one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._facts = Gauge(
            "contactpunt_reporting_columns_facts",
            "Facts that are held as columns; none while they are read in",
            ["organisation"],
            registry=registry,
        )
        self._bytes = Gauge(
            "contactpunt_reporting_columns_bytes",
            "What the facts of an organisation take in memory and in their file together, about",
            ["organisation"],
            registry=registry,
        )
        self._too_big = Gauge(
            "contactpunt_reporting_columns_too_big",
            "1 where an organisation's facts do not fit in REPORTING_COLUMNS_MAX_MB",
            ["organisation"],
            registry=registry,
        )
        self._load_seconds = Gauge(
            "contactpunt_reporting_columns_load_seconds",
            "Time that the last reading in of an organisation's facts took",
            ["organisation"],
            registry=registry,
        )
        lag = Gauge(
            "contactpunt_reporting_columns_lag_seconds",
            "Time since the copy as columns was last brought up to the database",
            registry=registry,
        )
        self._seen = time.monotonic()
        lag.set_function(lambda: time.monotonic() - self._seen)
        self.answers = Counter(
            "contactpunt_reporting_answers",
            "Questions over facts by where they were answered: columns or database",
            ["source"],
            registry=registry,
        )

    def seen(self, at: float) -> None:
        """The copy was as the database at this reading of the monotonic clock."""
        self._seen = at

    def held(self, organisation: str, facts: int, nbytes: int) -> None:
        """So many facts of an organisation are in memory."""
        self._facts.labels(organisation=organisation).set(facts)
        self._bytes.labels(organisation=organisation).set(nbytes)

    def too_big(self, organisation: str) -> None:
        """An organisation's facts were given up."""
        self.held(organisation, 0, 0)
        self._too_big.labels(organisation=organisation).set(1)

    def loaded(self, organisation: str, seconds: float) -> None:
        """An organisation's facts were read in."""
        self._too_big.labels(organisation=organisation).set(0)
        self._load_seconds.labels(organisation=organisation).set(seconds)


class ReportingMetrics:
    """Counters and histograms of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._events = Counter(
            "contactpunt_reporting_events", "Events written, each once, by type", ["type"], registry=registry
        )
        self._known = Counter(
            "contactpunt_reporting_events_known", "Events that were known already", registry=registry
        )
        self.facts = Gauge("contactpunt_reporting_facts", "Contacts that reports are made of", registry=registry)
        self._reviews = Gauge(
            "contactpunt_reporting_reviews_waiting",
            "Contacts that wait for a person's review (state in_review), from the database; refreshed at "
            "intervals, the same number from every replica",
            ["organisation"],
            registry=registry,
        )
        self._oldest_review = Gauge(
            "contactpunt_reporting_oldest_review_seconds",
            "Age of the contact that waits longest for a person's review, from the beginning of its local day of "
            "receipt; 0 where none waits",
            ["organisation"],
            registry=registry,
        )
        self.commit_seconds = Histogram(
            "contactpunt_reporting_commit_seconds",
            "Time that a group of events took to be written",
            registry=registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )
        self._retries = Counter(
            "contactpunt_reporting_transaction_retries",
            "Transactions run again after a conflict",
            registry=registry,
        )
        self._freshness = Histogram(
            "contactpunt_reporting_freshness_seconds",
            "Seconds from registering a contact until reports count it with its decision; imports left out",
            registry=registry,
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
        )

    def committed(self, fresh: Iterable[Event], received: int, attempts: int, now: datetime) -> None:
        """A group was written: ``received`` events of which the fresh ones were new, in so many transactions."""
        written = 0
        for event in fresh:
            written += 1
            self._events.labels(type=event.type).inc()
            if isinstance(event.data, ContactRouted) and not event.data.historical:
                self._observe(now - event.envelope.time)
        self._known.inc(received - written)
        self._retries.inc(max(0, attempts - 1))

    def show_reviews(self, organisation: str, contacts: int, oldest: timedelta) -> None:
        """So many contacts of an organisation wait for a review, the first of them for so long."""
        self._reviews.labels(organisation=organisation).set(contacts)
        self._oldest_review.labels(organisation=organisation).set(oldest.total_seconds())

    def _observe(self, age: timedelta) -> None:
        if age < _LIVE:
            self._freshness.observe(max(0.0, age.total_seconds()))
