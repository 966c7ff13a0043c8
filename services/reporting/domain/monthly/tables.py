"""The tables of a monthly report: the month's figures with those of two earlier months beside them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.reporting.domain.annual.figures import Row, Source, YearFigures
from services.reporting.domain.annual.published import Nothing
from services.reporting.domain.annual.table import change
from services.reporting.domain.figures import Group, Measured, Outcomes, share, timeliness
from services.reporting.domain.monthly.words import TITLES, column
from services.reporting.domain.report_view import Text
from shared.contracts.identifiers import DeadlineKind

SEPARATOR: Final = "|"
ANSWERED: Final = ("count", "within_term", "outside_term", "open_overdue")
DAYS: Final = ("mean_days", "median_days", "p90_days")
ENDED: Final = ("received", "met", "met_late", "missed_open", "open_in_term", "cancelled", "on_time_share")


class Counts:
    """Counted contacts of a month by group; ``total`` counts each contact once."""

    source: Source = "store"

    def __init__(self, groups: Counter[Group], total: int) -> None:
        self._groups = groups
        self.total: int | None = total
        self._of = total

    def keys(self) -> list[str]:
        return [SEPARATOR.join(group) for group in self._groups]

    def row(self, key: str) -> Row | None:
        count = self._groups[_group(key)]
        return {"count": count, "share": share(count, self._of)}

    def totals(self) -> Row:
        return {"count": self.total, "share": share(self._of, self._of)}


class Answers:
    """How contacts of a month were answered, by group, in these figures."""

    source: Source = "store"

    def __init__(self, outcomes: Mapping[Group, Outcomes], names: Sequence[str]) -> None:
        self._outcomes = outcomes
        self._names = names
        self.total: int | None = sum(each.total() for each in outcomes.values())

    def keys(self) -> list[str]:
        return [SEPARATOR.join(group) for group in self._outcomes]

    def row(self, key: str) -> Row | None:
        return self._figures(self._outcomes.get(_group(key), Counter()))

    def totals(self) -> Row:
        together: Outcomes = Counter()
        for each in self._outcomes.values():
            together.update(each)
        return self._figures(together)

    def _figures(self, outcomes: Outcomes) -> Row:
        measured = Measured(outcomes)
        return {name: outcomes.total() if name == "count" else measured.figure(name) for name in self._names}


class Ended:
    """How the deadlines of a month's contacts ended, by kind; a contact may have one of each."""

    source: Source = "store"
    total: int | None = None

    def __init__(self, outcomes: Mapping[DeadlineKind, Outcomes]) -> None:
        self._ended = {kind: timeliness(each, ()) for kind, each in outcomes.items()}

    def keys(self) -> list[str]:
        return [kind.value for kind, each in self._ended.items() if each.received]

    def row(self, key: str) -> Row | None:
        ended = self._ended.get(DeadlineKind(key)) or timeliness(Counter(), ())
        return {name: getattr(ended, name) for name in ENDED}

    def totals(self) -> Row:
        return {}


def _group(key: str) -> Group:
    return tuple(key.split(SEPARATOR)) if key else ()


@dataclass(frozen=True)
class Shape:
    """What a table is, apart from its figures: ``label`` spells a value of one of its dimensions, ``place`` sorts
    it; ``where`` are conditions beside the directorate.
    """

    id: str
    dimensions: tuple[str, ...]
    columns: Sequence[str]
    definition: Text
    label: Callable[[str, str], Text]
    place: Callable[[str, str], Any]
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    several: bool = False


def table(shape: Shape, now: YearFigures, before: Mapping[str, YearFigures | None]) -> dict[str, Any]:
    """A table as a report has it; ``before`` is by month, None for one that no contact is stored of."""
    earlier = {name: each or Nothing() for name, each in before.items()}
    keys = {*now.keys()}.union(*(each.keys() for each in earlier.values()))
    rows = [_row(shape, key, now, earlier) for key in sorted(keys, key=lambda each: _place(shape, each))]
    totals = now.totals()
    return {
        "id": shape.id,
        "title": TITLES[shape.id],
        "section": "",
        "definition": shape.definition,
        "dimensions": list(shape.dimensions),
        "where": {name: list(values) for name, values in shape.where.items()},
        "columns": [column(name) for name in shape.columns],
        "rows": rows,
        "total": now.total,
        "totals": totals,
        "several": shape.several,
        "previous": {
            name: {"total": each.total, "source": each.source, "totals": each.totals()}
            for name, each in earlier.items()
        },
        "change": {name: change(totals, each.totals()) for name, each in earlier.items()},
    }


def _place(shape: Shape, key: str) -> list[Any]:
    return [shape.place(name, value) for name, value in zip(shape.dimensions, _group(key), strict=True)]


def _row(shape: Shape, key: str, now: YearFigures, earlier: Mapping[str, YearFigures]) -> Row:
    values = dict(zip(shape.dimensions, _group(key), strict=True))
    figures = now.row(key) or {}
    previous = {name: each.row(key) for name, each in earlier.items()}
    return {
        "key": values,
        "labels": {name: shape.label(name, value) for name, value in values.items()},
        **figures,
        "previous": previous,
        "change": {name: change(figures, each) for name, each in previous.items()},
    }
