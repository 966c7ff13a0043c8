"""What routing tells of its work in numbers."""

from collections.abc import Iterable
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Histogram

from shared.contracts.decision import Decision
from shared.contracts.identifiers import Line


class RoutingMetrics:
    """Counts decisions on contacts; previews are not contacts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.routed = Counter(
            "contactpunt_contacts_routed",
            "Decisions published, redeliveries included",
            ("organisation", "line", "review"),
            registry=registry,
        )
        self.refused = Counter(
            "contactpunt_routing_requests_refused",
            "Requests that could never be decided and were dead-lettered",
            ("reason",),
            registry=registry,
        )
        self.decision_seconds = Histogram(
            "contactpunt_routing_decision_seconds",
            "Time that one decision took, without the broker",
            buckets=(0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1),
            registry=registry,
        )

    def expect(self, organisations: Iterable[str]) -> None:
        """Counters of these organisations are there before they move: else their first step would not be seen."""
        for organisation, line, review in product(organisations, Line, ("true", "false")):
            self.routed.labels(organisation, line, review)

    def count(self, organisation: str, decision: Decision) -> None:
        """One contact was routed."""
        review = "true" if decision.needs_review else "false"
        self.routed.labels(organisation, decision.line or "undecided", review).inc()
