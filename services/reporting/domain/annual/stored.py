"""A year as the contacts in the store make it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from services.reporting.domain.annual.counts import YearCounts
from services.reporting.domain.annual.figures import Row, Source
from services.reporting.domain.annual.year import ReportingYear, seasons
from services.reporting.domain.dimensions import SEVERAL
from services.reporting.domain.figures import (
    MEASURES,
    Group,
    Outcomes,
    measure,
    share,
)
from shared.contracts.identifiers import DeadlineKind
from shared.profiles import ProfileVersion
from shared.profiles.model import ReportTable

_DAYS_OF: Final = {"weeks": 7}


class Stored:
    """A year as the contacts in the store make it."""

    source: Source = "store"

    def __init__(
        self, table: ReportTable, year: ReportingYear, counts: YearCounts, version: ProfileVersion
    ) -> None:
        self._table = table
        self._year = year
        self._columns = table.columns
        self._counts = counts
        self._version = version
        self.total: int | None = counts.counted.total
        self._base = counts.counted.total if counts.share_of is None else counts.share_of
        self._count = self._keyed(counts.counted.groups)
        self._rate_of = self._keyed(counts.rate_of.groups) if counts.rate_of else Counter[str]()
        self._parts = {part.id: self._keyed(counts.part(part.id).groups) for part in table.parts}
        self._unanswered = {days: self._keyed(groups) for days, groups in counts.unanswered.items()}
        self._outcomes = self._keyed_outcomes()
        self._closed = self._keyed(counts.closed)
        self._inhabitants = {district.id: district.inhabitants for district in version.districts}
        self._rows: dict[str, Row] = {}
        self._totals: Row | None = None

    def _keyed(self, groups: Mapping[Group, int]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for group, count in groups.items():
            counts[self._key(group)] += count
        return counts

    def _key(self, group: Group) -> str:
        return self._table.row_key(seasons(self._table.by, group))

    def _keyed_outcomes(self) -> dict[str, Outcomes]:
        outcomes: dict[str, Outcomes] = {}
        for group, tally in (self._counts.outcomes or {}).items():
            outcomes.setdefault(self._key(group), Counter()).update(tally)
        return outcomes

    def keys(self) -> Iterable[str]:
        return {*self._count, *self._rate_of, *self._closed}

    def row(self, key: str) -> Row | None:
        if key not in self._rows:
            figures: Row = {}
            for name in self._columns:
                figures |= self._figure(name, key)
            self._rows[key] = figures
        # Whoever shows it to everybody leaves figures out of it.
        return dict(self._rows[key])

    def _figure(self, name: str, key: str) -> Row:
        count, outcomes = self._count[key], self._outcomes.get(key, Counter())
        if name in self._parts:
            return {name: self._parts[name][key]}
        if name.startswith("unsolved_after_"):
            days = int(name.split("_")[2])
            return {name: _answered_after(outcomes, days) + self._unanswered.get(days, Counter())[key]}
        if name == "inhabitants":
            return {name: self.inhabitants(key), "inhabitants_year": self.inhabitants_year(key)}
        if name in _SPECIAL:
            return {name: _SPECIAL[name](self, key)}
        return {name: self._of(name, count, self._rate_of[key], outcomes)}

    def _of(self, name: str, count: int, rate_of: int, outcomes: Outcomes) -> float | int | None:
        """A figure that is made alike of a row and of all rows together."""
        if name in MEASURES:
            return measure(name, outcomes)
        if name.startswith("within_"):
            return self._within(int(name.split("_")[1]), outcomes)
        if name.startswith("surveyed"):
            return _surveyed(name, outcomes)
        return {
            "count": count,
            "share": share(count, self._base),
            "mean_per_month": round(count / self._counts.months, 2),
            "rate_of": rate_of,
            "rate": share(count, rate_of) if rate_of else None,
        }[name]

    def _within(self, days: int, outcomes: Outcomes) -> float | None:
        answered = sum(times for each, times in outcomes.items() if each.days is not None)
        of = answered if self._table.within_days_of == "answered" else outcomes.total()
        return share(_answered_within(outcomes, days), of) if of else None

    def term_days(self, key: str) -> int | None:
        """The length of the answer term of the row's nature, in the days that it counts."""
        values = dict(zip(self._table.by, key.split("|"), strict=False))
        nature = values.get("nature") or next(iter(self._table.where.get("nature", ())), None)
        for term in self._version.terms:
            if term.kind is DeadlineKind.ANSWER and nature in term.natures:
                return term.length.value * _DAYS_OF.get(term.length.unit, 1)
        return None

    def closed(self, key: str) -> int:
        return self._closed[key]

    def open_at_end(self, key: str) -> int:
        """Contacts received by the end of the period less those closed by then."""
        period = self._year.period(self._table.by[0], key)
        before = [
            each for each in {*self._count, *self._closed} if self._year.period(self._table.by[0], each) <= period
        ]
        return self._counts.open_before + sum(self._count[each] - self._closed[each] for each in before)

    def inhabitants(self, key: str) -> int | None:
        known, year = self._known_inhabitants(key)
        return known.get(year) if year is not None else None

    def inhabitants_year(self, key: str) -> int | None:
        return self._known_inhabitants(key)[1]

    def _known_inhabitants(self, key: str) -> tuple[Mapping[int, int], int | None]:
        district = dict(zip(self._table.by, key.split("|"), strict=False)).get("district", "")
        known = self._inhabitants.get(district, {})
        # The nearest year whose inhabitants are known, the earlier of two.
        return known, min(known, key=lambda each: (abs(each - self._year.name), each), default=None)

    def per_1000(self, key: str) -> float | None:
        inhabitants = self.inhabitants(key)
        return round(1000 * self._count[key] / inhabitants, 4) if inhabitants else None

    def totals(self) -> Row:
        """The figures of all rows together, where that is more than their sum; a median is not, a mean is."""
        if self._totals is None:
            self._totals = self._together()
        return dict(self._totals)

    def _together(self) -> Row:
        counts = self._counts
        total = counts.counted.total
        rate_of = counts.rate_of.total if counts.rate_of else 0
        together: Outcomes = Counter()
        for outcomes in self._outcomes.values():
            together.update(outcomes)
        totals: Row = {name: counts.part(name).total for name in self._parts}
        # A contact that is in several rows would be measured several times.
        several = bool(SEVERAL.intersection(self._table.by))
        for name in self._columns:
            if name in self._parts:
                continue
            if name.startswith("unsolved_after_"):
                days = int(name.split("_")[2])
                if not several:
                    unanswered = self._unanswered.get(days, Counter()).total()
                    totals[name] = _answered_after(together, days) + unanswered
            elif name not in _SPECIAL and not (several and _is_measured(name)):
                totals[name] = self._of(name, total, rate_of, together)
        if self._table.new_and_closed:
            totals |= {"closed": self._closed.total(), "open_at_end": self._open_at_the_end()}
        if self._table.per_1000_inhabitants:
            totals |= self._per_1000_together()
        return {name: totals[name] for name in self._columns if name in totals}

    def _open_at_the_end(self) -> int:
        return self._counts.open_before + self._count.total() - self._closed.total()

    def _per_1000_together(self) -> Row:
        inhabitants = [self.inhabitants(key) for key in self._count]
        if not inhabitants or None in inhabitants or len(self._table.by) != 1:
            return {}
        together = sum(each or 0 for each in inhabitants)
        return {"inhabitants": together, "per_1000": round(1000 * self._count.total() / together, 4)}


def _is_measured(name: str) -> bool:
    return name in MEASURES or name.startswith(("within_", "surveyed"))


def _surveyed(name: str, outcomes: Outcomes) -> float | int | None:
    surveyed = sum(times for each, times in outcomes.items() if each.score is not None)
    if name == "surveyed":
        return surveyed
    return share(surveyed, outcomes.total()) if outcomes else None


def _answered_within(outcomes: Outcomes, days: int) -> int:
    return sum(times for each, times in outcomes.items() if each.days is not None and each.days <= days)


def _answered_after(outcomes: Outcomes, days: int) -> int:
    return sum(times for each, times in outcomes.items() if each.days is not None and each.days > days)


_SPECIAL: Final[Mapping[str, Callable[[Stored, str], Any]]] = {
    "term_days": Stored.term_days,
    "closed": Stored.closed,
    "open_at_end": Stored.open_at_end,
    "inhabitants": Stored.inhabitants,
    "per_1000": Stored.per_1000,
}
