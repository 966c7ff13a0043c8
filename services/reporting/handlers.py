"""From messages to facts."""

from collections.abc import Sequence

import structlog
from pydantic import ValidationError

from services.reporting.domain.fold import is_countable
from services.reporting.metrics import ReportingMetrics
from services.reporting.store import Committer
from shared.clock import Clock
from shared.contracts.events import Event, parse_event
from shared.errors import DeadLetter
from shared.messaging.message import IncomingMessage
from shared.profiles import Profiles

_log = structlog.get_logger("reporting")


class EventHandler:
    """Writes batches of events; what can never be written is given up, for a person to look at."""

    def __init__(self, committer: Committer, profiles: Profiles, metrics: ReportingMetrics, clock: Clock) -> None:
        self._committer = committer
        self._profiles = profiles
        self._metrics = metrics
        self._clock = clock

    async def handle(self, batch: Sequence[IncomingMessage]) -> None:
        """Writes all events of the batch or none. Raises ``DeadLetter`` where one of them is no event."""
        events = [self._event(message) for message in batch]
        with self._metrics.commit_seconds.time():
            commit = await self._committer.commit(events)
        self._metrics.committed(commit.fresh, len(batch), commit.attempts, self._clock())
        for event in commit.fresh:
            _tell_log(event)

    async def registrations(self, batch: Sequence[IncomingMessage]) -> None:
        """The same for registrations, which have waited a while: a contact whose decision is counted is
        counted with all that its registration tells.
        """
        about = {str(message.headers.get("subject")) for message in batch}
        decided = await self._committer.decided(sorted(about))
        left = [message for message in batch if message.headers.get("subject") not in decided]
        if left:
            await self.handle(left)

    def _event(self, message: IncomingMessage) -> Event:
        try:
            event = parse_event(dict(message.headers), message.body)
        except (ValidationError, KeyError):
            raise DeadLetter("not_an_event") from None
        if event.envelope.organisation not in self._profiles:
            raise DeadLetter("unknown_organisation")
        if not is_countable(event):
            raise DeadLetter("not_a_code")
        return event


def _tell_log(event: Event) -> None:
    _log.info(
        "event counted",
        type=event.type,
        reference=event.envelope.subject,
        correlation_id=event.envelope.correlation_id,
        organisation=event.envelope.organisation,
    )
