"""The tables of an annual report, as data."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from shared.contracts.identifiers import Id
from shared.profiles.label import Label, Part
from shared.profiles.parts import Item

Where = dict[Id, tuple[str, ...]]
"""Contacts that have in each of these dimensions one of the values. A period is named by its season (``H2``,
``03``): that of the reported year is meant."""
Measure = Literal[
    "count",
    "share",
    "mean_per_month",
    "mean_days",
    "median_days",
    "p90_days",
    "within_term",
    "outside_term",
    "open_overdue",
    "term_days",
    "score",
    "surveyed",
    "surveyed_share",
]
"""``count`` of contacts and their ``share``; the others are over these contacts. ``mean_per_month`` is the count
by month; days are local days to the first answer, less pauses; ``term_days`` is the length of the row's own answer
term; ``surveyed`` contacts gave a ``score``, ``surveyed_share`` is their part."""
MEASURED: frozenset[str] = frozenset(
    {
        "mean_days",
        "median_days",
        "p90_days",
        "within_term",
        "outside_term",
        "open_overdue",
        "score",
        "surveyed",
        "surveyed_share",
    }
)
"""What only the contacts one by one can tell, not how many there are."""
Days = Annotated[int, Field(ge=0, le=10_000)]
Figures = dict[str, float]
"""A figure of each row, by row key."""


class RowGroup(Item):
    """Values that the organisation's report shows together in one row, under a name of its own."""

    values: Annotated[tuple[Id, ...], Field(min_length=1)]


class Rate(Part):
    """A column: the row's contacts as a part of those of the same row that pass ``of`` instead of ``where``."""

    name: Label
    of: Where


class CountedPart(Item):
    """A column: how many of the row's contacts also pass ``where``."""

    where: Where


class ReportLine(Item):
    """A row of its own: contacts that pass ``where``, and their share of those that pass ``of`` (default: all of
    the table).
    """

    where: Where = {}
    of: Where | None = None


class Asked(NamedTuple):
    """Contacts that pass ``where``, grouped by ``by``."""

    by: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]]


class ReportTable(Part):
    """A table of the annual report: contacts that pass ``where``, grouped by ``by``, or counted line by line."""

    id: Id
    title: Label
    section: str
    by: Annotated[tuple[Id, ...], Field(max_length=3)] = ()
    where: Where = {}
    groups: tuple[RowGroup, ...] = ()
    """Rows that stand for several values of the last dimension of ``by``; other values have their own row."""
    lines: tuple[ReportLine, ...] = ()
    """Rows that each count by a filter of their own; they may overlap. Such a table has no ``by``."""
    all_rows: bool = False
    """Whether every value of the profile's lists has its row, also where no contact has it."""
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)] = ("count", "share")
    """The first columns, in this order; those that follow have settings of their own."""
    share_of: Where | None = None
    """The contacts that shares are taken of; default those of the table."""
    parts: tuple[CountedPart, ...] = ()
    rate: Rate | None = None
    within_days: tuple[Days, ...] = ()
    """Columns: the share of contacts with a first answer within so many days."""
    within_days_of: Literal["contacts", "answered"] = "contacts"
    """Whether contacts without an answer count in that share as well."""
    unsolved_after_days: tuple[Days, ...] = ()
    """Columns: contacts that had no answer when so many days were over, by what is known today."""
    new_and_closed: bool = False
    """Columns beside the new contacts of each period: how many were closed in it, and are open at its end."""
    per_1000_inhabitants: bool = False
    years_before: Annotated[int, Field(ge=0, le=20)] = 2
    """How many earlier years stand beside the reported one."""
    published: dict[int, dict[str, int]] = {}
    """Figures of earlier years as published, year -> row key (see ``row_key``) -> count; shown beside the year's
    own where no contacts of that year are in the store. A month's key is its number, 01 to 12."""
    published_totals: dict[int, int] = {}
    """Totals as published, for years of which only some rows are; else the total is the sum of the rows."""
    published_share_of: dict[int, int] = {}
    """What published shares were taken of, where it is not the total."""
    published_figures: dict[int, dict[str, Figures]] = {}
    """Further figures as published, year -> column -> row key -> figure; shares are parts of 1."""

    @model_validator(mode="after")
    def _lines_stand_alone(self) -> "ReportTable":
        if self.lines and (self.by or self.groups or self.rate or self.parts or self.all_rows):
            raise ValueError("lines: these are the rows; leave out by, groups, rate, parts and all_rows")
        if self.new_and_closed and (len(self.by) != 1 or self.by[0] not in ("month", "quarter", "half_year")):
            raise ValueError("new_and_closed: is told by period; give by one of month, quarter, half_year")
        return self

    def row_key(self, values: Sequence[str]) -> str:
        """The key of the row that contacts with these values, one for each dimension of ``by``, belong to."""
        *first, last = values or ("",)
        return "|".join([*first, self._group_of.get(last, last)])

    @cached_property
    def _group_of(self) -> dict[str, str]:
        return {value: group.id for group in self.groups for value in group.values}

    @property
    def needs_outcomes(self) -> bool:
        """Whether a column is told by the contacts one by one."""
        return bool(self.within_days or self.unsolved_after_days or MEASURED.intersection(self.measures))

    @property
    def columns(self) -> tuple[str, ...]:
        """The ids of the figures that each row carries, in order."""
        return (
            *self.measures,
            *(part.id for part in self.parts),
            *(("rate_of", "rate") if self.rate else ()),
            *(f"within_{days}_days" for days in self.within_days),
            *(f"unsolved_after_{days}_days" for days in self.unsolved_after_days),
            *(("closed", "open_at_end") if self.new_and_closed else ()),
            *(("inhabitants", "per_1000") if self.per_1000_inhabitants else ()),
        )

    def asked(self) -> Iterator[Asked]:
        """Every count that the table is made of."""
        yield Asked(self.by, self.where)
        if self.share_of is not None:
            yield Asked((), self.share_of)
        if self.rate is not None:
            yield Asked(self.by, self.rate.of)
        for part in self.parts:
            yield self.part(part)
        for line in self.lines:
            yield from self.line(line)

    def part(self, part: CountedPart) -> Asked:
        return Asked(self.by, self.where | part.where)

    def line(self, line: ReportLine) -> tuple[Asked, Asked]:
        """What the line counts, and what its share is of."""
        return Asked((), self.where | line.where), Asked((), self.where if line.of is None else line.of)


class ContextFigure(Item):
    """A published figure that is about no contact, such as the number of tenants; shown beside the tables.

    ``values`` by year; ``unit`` says what they are: a number, or seconds.
    """

    section: str
    unit: Literal["number", "seconds"] = "number"
    values: Annotated[dict[int, int], Field(min_length=1)]
