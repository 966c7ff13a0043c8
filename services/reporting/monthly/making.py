"""Reports that somebody makes by hand, and tells of at once."""

import structlog

from services.reporting.domain.monthly.month import Month
from services.reporting.monthly.maker import MonthlyMaker
from services.reporting.monthly.telling import ReportTeller
from shared.errors import is_infrastructure

_log = structlog.get_logger("reporting")


class ByHand:
    """Makes reports of a month that is over, whether or not they are due."""

    def __init__(self, maker: MonthlyMaker, teller: ReportTeller) -> None:
        self._maker = maker
        self._teller = teller

    async def make(self, organisation: str, month: Month, *, again: bool, only: str | None) -> int:
        """How many were made. A broker that is away keeps nobody waiting: they are announced when it is back."""
        made = await self._maker.make(organisation, month, again=again, only=only)
        try:
            await self._teller.tell()
        except Exception as error:
            if not is_infrastructure(error):
                raise
            _log.warning("monthly reports are announced later", error=type(error).__name__)
        return made
