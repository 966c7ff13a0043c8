"""What makes and tells monthly reports, on the real database, with a clock and a publisher of the test's own."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry

from services.reporting.domain.dimensions import Vocabulary
from services.reporting.monthly.office import Monthly, monthly_office
from services.reporting.reports import Reports
from services.reporting.settings import ReportingSettings
from services.reporting.store import ReadingRoom
from shared.messaging import OutgoingMessage
from tests.integration.reporting.conftest import Database


class Clock:
    """Tells what it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Recorder:
    """Takes what is published; ``trouble`` is what it comes to before or after that, as often as it is listed."""

    def __init__(self) -> None:
        self.sent: list[OutgoingMessage] = []
        self.before: list[BaseException] = []
        self.after: list[BaseException] = []

    async def publish_all(self, messages: Sequence[OutgoingMessage]) -> None:
        if self.before:
            raise self.before.pop(0)
        self.sent += messages
        if self.after:
            raise self.after.pop(0)

    def times(self) -> Counter[str]:
        """How often each message was sent, by its id."""
        return Counter(each.message_id for each in self.sent)


class Office:
    """One replica's."""

    def __init__(
        self,
        database: Database,
        recorder: Recorder,
        clock: Callable[[], datetime],
        *,
        settle: float = 0,
        most_months: int = 3,
        room: ReadingRoom | None = None,
    ) -> None:
        room = room or database.room
        vocabularies = {name: Vocabulary(profile) for name, profile in database.profiles.items()}
        self.registry = CollectorRegistry()
        self.monthly: Monthly = monthly_office(
            database.collections,
            room,
            Reports(room, database.profiles, vocabularies, clock),
            recorder,
            profiles=database.profiles,
            vocabularies=vocabularies,
            clock=clock,
            settings=ReportingSettings.model_validate(
                {
                    "amqp_url": "amqp://unused",
                    "mongo_url": database.url,
                    "reporting_monthly_settle_seconds": settle,
                    "reporting_monthly_most_months": most_months,
                }
            ),
            registry=self.registry,
        )

    def metric(self, name: str, organisation: str = "leuven") -> float | None:
        return self.registry.get_sample_value(
            f"contactpunt_reporting_monthly_{name}", {"organisation": organisation}
        )

    @property
    def look(self) -> Callable[[], Awaitable[None]]:
        return self.monthly.schedule.look


async def stored(database: Database, **wanted: object) -> list[dict[str, object]]:
    """The reports that are kept, by their place."""
    found = database.collections.monthly_reports.find(wanted).sort("_id", 1)
    return [each async for each in found]
