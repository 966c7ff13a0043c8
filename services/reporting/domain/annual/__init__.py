"""The tables of an annual report, with those of the years before beside them, out of counted contacts."""

from services.reporting.domain.annual.context import context
from services.reporting.domain.annual.counts import Counted, LineCounts, YearCounts
from services.reporting.domain.annual.table import report_table
from services.reporting.domain.annual.year import ReportingYear

__all__ = ["Counted", "LineCounts", "ReportingYear", "YearCounts", "context", "report_table"]
