"""Puts together what makes, tells and reads monthly reports."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

import structlog
from prometheus_client import CollectorRegistry

from services.reporting.domain.dimensions import Vocabulary
from services.reporting.metrics import MonthlyMetrics
from services.reporting.monthly.maker import MonthlyMaker
from services.reporting.monthly.making import ByHand
from services.reporting.monthly.reading import MonthlyReports
from services.reporting.monthly.schedule import MonthlySchedule
from services.reporting.monthly.telling import Publishing, ReportTeller
from services.reporting.reports import Reports
from services.reporting.settings import ReportingSettings
from services.reporting.store import Collections, MonthlyStore, ReadingRoom
from shared.clock import Clock
from shared.profiles import Profiles
from shared.timer import Timer

_log = structlog.get_logger("reporting")


class Monthly(NamedTuple):
    """All that there is about monthly reports in one replica."""

    store: MonthlyStore
    maker: MonthlyMaker
    teller: ReportTeller
    schedule: MonthlySchedule
    timer: Timer
    by_hand: ByHand
    reports: MonthlyReports


def monthly_office(
    collections: Collections,
    room: ReadingRoom,
    reports: Reports,
    publisher: Publishing,
    *,
    profiles: Profiles,
    vocabularies: Mapping[str, Vocabulary],
    clock: Clock,
    settings: ReportingSettings,
    registry: CollectorRegistry,
) -> Monthly:
    """Wired, and nothing started."""
    metrics = MonthlyMetrics(registry, profiles)
    store = MonthlyStore(collections)
    maker = MonthlyMaker(store, room, profiles=profiles, vocabularies=vocabularies, metrics=metrics, clock=clock)
    teller = ReportTeller(store, publisher, metrics, clock)
    schedule = MonthlySchedule(
        store,
        room,
        maker,
        teller,
        profiles=profiles,
        metrics=metrics,
        clock=clock,
        settle=timedelta(seconds=settings.reporting_monthly_settle_seconds),
        most_months=settings.reporting_monthly_most_months,
    )

    def failed(error: Exception, others_are_away: bool) -> None:
        metrics.failures.inc()
        tell = _log.warning if others_are_away else _log.error
        tell("monthly reports broke off; the next go does what is left", error=type(error).__name__)

    timer = Timer("monthly reports", schedule.look, every=settings.reporting_monthly_seconds, failed=failed)
    read = MonthlyReports(
        store,
        room,
        reports.kept,
        profiles=profiles,
        vocabularies=vocabularies,
        clock=clock,
        most_months=settings.reporting_monthly_most_months,
    )
    return Monthly(store, maker, teller, schedule, timer, ByHand(maker, teller), read)
