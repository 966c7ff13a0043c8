"""What the messaging layer counts. Labelled by queue, exchange and outcome, never by an id."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class MessagingMetrics:
    """The metrics of one service's messaging, in the registry that is handed in."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.handled = Counter(
            "contactpunt_messages_handled",
            "Messages by queue and what became of them: acked, retried (comes back after a pause), dead_lettered, "
            "parted (a bundle, what is in it comes again one by one). A bundle counts as one. waited counts "
            "handling attempts put off because broker or database were away.",
            ("queue", "outcome"),
            registry=registry,
        )
        self.batch_size = Histogram(
            "contactpunt_message_batch_size",
            "Messages handed to a handler at once, those in bundles counted one by one.",
            ("queue",),
            buckets=_SIZES,
            registry=registry,
        )
        self.handling_seconds = Histogram(
            "contactpunt_message_handling_seconds",
            "Seconds from taking a batch in hand until it was settled, waiting for broker or database included.",
            ("queue",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.publish_seconds = Histogram(
            "contactpunt_publish_seconds",
            "Seconds from publishing a group of messages until the broker had confirmed all of them.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.published = Counter(
            "contactpunt_messages_published",
            "Messages that the broker confirmed, by exchange (empty is the default exchange); a bundle counts as "
            "one, beside the events in it.",
            ("exchange",),
            registry=registry,
        )
        self.prefetch = Gauge(
            "contactpunt_consumer_prefetch",
            "Messages that the broker may hand out unacknowledged, a bundle counting as one; 1 after a start or a "
            "lost channel, 0 without a consumer.",
            ("queue",),
            registry=registry,
        )
        self.sessions_lost = Counter(
            "contactpunt_consumer_sessions_lost",
            "Times that a consumer lost its channel and had to begin again.",
            ("queue",),
            registry=registry,
        )
        self.wait_seconds = Histogram(
            "contactpunt_message_wait_seconds",
            "Seconds from publishing a message until a consumer took it in hand, retries and outages included; of "
            "messages whose publisher gave them a timestamp.",
            ("queue",),
            buckets=(*_SECONDS, 60.0, 300.0, 1800.0),
            registry=registry,
        )
        self.oldest_seconds = Gauge(
            "contactpunt_queue_oldest_message_seconds",
            "Age of the message that was last taken in hand while more were waiting behind it; 0 for a queue that "
            "is worked off.",
            ("queue",),
            registry=registry,
        )
        self.queue_messages = Gauge(
            "contactpunt_queue_messages",
            "Messages ready in a queue of this service, its dead-letter queue and its retry queue included; a "
            "bundle counts as one. Absent while the broker does not answer.",
            ("queue",),
            registry=registry,
        )
        self.queue_consumers = Gauge(
            "contactpunt_queue_consumers",
            "Consumers of a working queue of this service, all replicas together. Absent while the broker does "
            "not answer.",
            ("queue",),
            registry=registry,
        )
        self.blocked = Gauge(
            "contactpunt_broker_blocked",
            "1 while the broker takes nothing from this service, being short of memory or disk. Looked at every "
            "few seconds.",
            registry=registry,
        )
        self.dead_letters_settled = Counter(
            "contactpunt_dead_letters_settled",
            "Dead letters that an administrator replayed or discarded.",
            ("queue", "outcome"),
            registry=registry,
        )
