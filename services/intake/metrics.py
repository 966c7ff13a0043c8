"""What intake counts. Labels are organisation, channel, kind and code: few values, never an id."""

from prometheus_client import CollectorRegistry, Counter, Gauge

_PREFIX = "contactpunt_intake"


class IntakeMetrics:
    """Counts are of what this process did first: a redelivery counts nothing."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.contacts_registered = Counter(
            f"{_PREFIX}_contacts_registered",
            "Contacts that got their number and were told",
            ("organisation", "channel"),
            registry=registry,
        )
        self.follow_ups = Counter(
            f"{_PREFIX}_follow_ups", "Follow-ups taken in", ("organisation", "kind"), registry=registry
        )
        self.rejections = Counter(
            f"{_PREFIX}_rejections",
            "Messages refused on contacts.rejected, by their first code",
            ("organisation", "code"),
            registry=registry,
        )
        self.http_refusals = Counter(
            f"{_PREFIX}_http_refusals",
            "Requests refused over HTTP, by the first code",
            ("code",),
            registry=registry,
        )
        self.http_shed = Counter(
            f"{_PREFIX}_http_shed",
            "Requests turned away over HTTP because too much came in: in_hand (too many at once), live_queue and "
            "import_queue (too much waits there), broker_blocked (the broker takes nothing)",
            ("reason",),
            registry=registry,
        )
        self.history_events = Counter(
            f"{_PREFIX}_history_events",
            "Other services' events taken into histories",
            ("type",),
            registry=registry,
        )
        self.parked = Gauge(
            f"{_PREFIX}_parked_follow_ups", "Follow-ups that wait for their contact", registry=registry
        )
