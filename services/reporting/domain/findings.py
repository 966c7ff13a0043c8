"""What stands out in a report, in plain sentences: computed, never written by hand.

A sentence holds no figure that the report's tables do not hold. Where a figure is missing, was suppressed, or may
still grow since its period runs, nothing is said of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from services.reporting.domain.nouns import counted, dimension
from services.reporting.domain.report_view import Language, Report, Row, Table, is_number
from services.reporting.domain.wording import figure, joined, number, percent, period, quoted, signed

SMALLEST_BASE: Final = 20
"""Of fewer contacts no percentage is told, and no value is called the most frequent: one more or less would tell
another story."""
SMALLEST_CHANGE: Final = 5
"""A value is said to have risen or fallen most only when it did so by at least so many contacts."""
_MOST_TIED: Final = 3
_SAYS_NOTHING: Final = frozenset({"unknown", "none", "elsewhere", "other"})
_YES_OR_NO: Final = frozenset(
    {"repeated", "cross_directorate", "extended", "acknowledged_in_term", "answered_in_term"}
)
_PERIODS: Final = frozenset({"year", "half_year", "quarter", "month"})


@dataclass(frozen=True)
class Finding:
    """A sentence about a table. ``general`` ones are about the organisation as a whole."""

    table: Table
    sentence: str
    general: bool


def findings(report: Report, language: Language) -> list[Finding]:
    """Everything that stands out, in the order of the tables."""
    found: list[Finding] = []
    of_total = _tables_of_totals(report)
    for table in report.tables:
        say = _Sentences(report, table, language)
        if any(each is table for each in of_total):
            found += [Finding(table, each, general=True) for each in say.change_of_total()]
        own = [*say.answered(), *say.busiest(), *say.most_frequent(), *say.strongest_change()]
        found += [Finding(table, each, general=not table.where) for each in own]
    return found


def _tables_of_totals(report: Report) -> list[Table]:
    """One table for each choice of contacts, since their total is the same: the one that shows just that."""
    chosen: dict[str, Table] = {}
    for table in sorted(report.tables, key=lambda each: (len(each.dimensions), each.separate_lines)):
        chosen.setdefault(repr(sorted(table.where.items())), table)
    return list(chosen.values())


class _Sentences:
    """What can be said of one table in one language."""

    def __init__(self, report: Report, table: Table, language: Language) -> None:
        self._report = report
        self._table = table
        self._language = language
        self._noun = counted(table.where, language)
        in_table = {"nl": "contacten in deze tabel", "en": "contacts in this table"}
        self._contacts = self._noun or in_table[language]
        self._before = report.before
        self._now, self._then = (report.called(key, language) for key in (report.key, report.before))

    def _count(self, value: int) -> str:
        return number(value, self._language)

    def _say(self, dutch: str, english: str) -> Iterator[str]:
        yield {"nl": dutch, "en": english}[self._language]

    def change_of_total(self) -> Iterator[str]:
        """How many there were, and how many in the period before."""
        before = self._table.before.get(self._before)
        total, change = self._table.total, self._table.change.get(self._before)
        if self._report.running or not before or not _whole(total) or not _whole(before.total) or not change:
            return
        now, then, by = self._count(total), self._count(before.total), total - before.total
        if by == 0:
            yield from self._say(
                f"{self._the_number('nl')} bleef gelijk: {now} in {self._then} en in {self._now}.",
                f"{self._the_number('en')} stayed the same: {now} in {self._then} and in {self._now}.",
            )
            return
        dutch, english = ("steeg", "rose") if by > 0 else ("daalde", "fell")
        course = self._relative(change, before.total)
        yield from self._say(
            f"{self._the_number('nl')} {dutch} met {self._count(abs(by))}, van {then} in {self._then} "
            f"tot {now} in {self._now}{course}.",
            f"{self._the_number('en')} {english} by {self._count(abs(by))}, from {then} in {self._then} "
            f"to {now} in {self._now}{course}.",
        )

    def _the_number(self, language: Language) -> str:
        # In both languages the number takes the singular, whatever it is a number of.
        if self._noun is None:
            title = quoted(self._table.title[language])
            return {"nl": f"{title}: het totaal", "en": f"{title}: the total"}[language]
        return {"nl": f"Het aantal {self._noun}", "en": f"The number of {self._noun}"}[language]

    def _relative(self, change: Mapping[str, Any], base: int) -> str:
        part = change.get("percent")
        if base < SMALLEST_BASE or not is_number(part):
            return ""
        return f" ({signed(percent(part, self._language))})"

    def answered(self) -> Iterator[str]:
        """How many had an answer within the term and after it, and how long it took, over the whole table."""
        table, totals = self._table, self._table.totals
        within, outside, total = totals.get("within_term"), totals.get("outside_term"), table.total
        if table.suppressed or table.separate_lines or not _whole(total) or total < SMALLEST_BASE:
            return
        of = f"{self._count(total)} {self._contacts}"
        if _whole(within) and _whole(outside):
            got = "kreeg" if within == 1 else "kregen"
            yield from self._say(
                f"Van de {of} {got} er {self._count(within)} een antwoord binnen de termijn en "
                f"{self._count(outside)} erna.",
                f"Of the {of}, {self._count(within)} had an answer within the term and {self._count(outside)} "
                "after it.",
            )
        mean = totals.get("mean_days")
        if is_number(mean):
            days = figure(mean, "days", self._language)
            yield from self._say(
                f"Bij de {of} kwam het eerste antwoord gemiddeld na {days} dagen.",
                f"For the {of} the first answer came after {days} days on average.",
            )

    def busiest(self) -> Iterator[str]:
        """The month with most contacts and, once the year is over, the one with fewest."""
        if list(self._table.dimensions) != ["month"] or not (counts := self._counts()):
            return
        numbers = [count for _, count in counts]
        most, fewest = max(numbers), min(numbers)
        top, bottom = _with(counts, most), _with(counts, fewest)
        if len(top) > 1 or sum(numbers) < SMALLEST_BASE:
            return
        busy, of = self._label(top[0]), self._contacts
        quiet = len(bottom) == 1 and not self._report.running and len(counts) == 12  # noqa: PLR2004  months
        dutch = f"; de rustigste {self._label(bottom[0])}, met {self._count(fewest)}" if quiet else ""
        english = f"; the quietest was {self._label(bottom[0])}, with {self._count(fewest)}" if quiet else ""
        yield from self._say(
            f"De drukste maand was {busy}, met {self._count(most)} {of}{dutch}.",
            f"The busiest month was {busy}, with {self._count(most)} {of}{english}.",
        )

    def most_frequent(self) -> Iterator[str]:
        """The value that most contacts have, with its share; by inhabitants, where these are told."""
        if self._table.main.id == "per_1000":
            yield from self._highest_rate()
            return
        table, total = self._table, self._table.total
        counts = self._counts()
        if not self._lists_values() or not counts or not _whole(total) or total < SMALLEST_BASE:
            return
        most = max(count for _, count in counts)
        top = _with(counts, most)
        if len(top) > _MOST_TIED or any(_says_nothing(row) for row in top):
            return
        names = joined([quoted(self._label(row)) for row in top], self._language)
        kind, several = dimension(table.dimensions[0], self._language), len(top) > 1
        share = top[0].figures.get("share")
        part = f" ({percent(share, self._language)})" if is_number(share) else ""
        of = f"{self._count(total)} {self._contacts}"
        dutch = ("komen", "elk met") if several else ("komt", "met")
        english = ("are", "each with") if several else ("is", "with")
        yield from self._say(
            f"{kind}: {names} {dutch[0]} het vaakst voor, {dutch[1]} {self._count(most)} van de {of}{part}.",
            f"{kind}: {names} {english[0]} the most frequent, {english[1]} {self._count(most)} of the {of}{part}.",
        )

    def _highest_rate(self) -> Iterator[str]:
        rates = [(row, row.figures.get("per_1000")) for row in self._table.rows]
        known = [(row, rate) for row, rate in rates if is_number(rate)]
        total = self._table.total
        complete = len(known) == len(rates) > 1 and not self._table.suppressed
        if not self._lists_values() or not complete or not _whole(total) or total < SMALLEST_BASE:
            return
        highest = max(rate for _, rate in known)
        top = [row for row, rate in known if rate == highest]
        if len(top) == 1:
            name, rate = quoted(self._label(top[0])), figure(highest, "decimal", self._language)
            yield from self._say(
                f"Per 1.000 inwoners zijn er de meeste {self._contacts} in {name}: {rate}.",
                f"Per 1,000 inhabitants there are most {self._contacts} in {name}: {rate}.",
            )

    def strongest_change(self) -> Iterator[str]:
        """The value that rose most and the one that fell most since the period before."""
        if self._report.running or not self._lists_values() or not self._counts():
            return
        changes = self._changes()
        for direction, dutch, english in ((1, "stijging", "rise"), (-1, "daling", "fall")):
            steps = {place: direction * step for place, (_, step, _, _) in enumerate(changes)}
            best = max(steps.values(), default=0)
            places = [place for place, step in steps.items() if step == best]
            if best < SMALLEST_CHANGE or len(places) > 1:
                continue
            row, step, then, now = changes[places[0]]
            if _says_nothing(row):
                continue
            name = quoted(self._label(row))
            kind = dimension(self._table.dimensions[0], self._language)
            by = signed(self._count(step))
            yield from self._say(
                f"{kind}: de sterkste {dutch} was bij {name}, van {self._count(then)} in {self._then} "
                f"tot {self._count(now)} in {self._now} ({by}).",
                f"{kind}: the strongest {english} was in {name}, from {self._count(then)} in {self._then} "
                f"to {self._count(now)} in {self._now} ({by}).",
            )

    def _changes(self) -> list[tuple[Row, int, int, int]]:
        """Row, change, count then and count now. Empty unless the period before is known row by row."""
        key = self._before
        before = self._table.before.get(key)
        known = []
        for row in self._table.rows:
            then, step = (row.previous.get(key) or {}).get("count"), (row.change.get(key) or {}).get("count")
            now = row.figures.get("count")
            if not _whole(then) or not _whole(step) or not _whole(now):
                return []
            known.append((row, step, then, now))
        # Of a period of which only some rows were published, the rows do not come to the total.
        complete = before is not None and sum(then for _, _, then, _ in known) == before.total
        return known if complete else []

    def _lists_values(self) -> bool:
        names = list(self._table.dimensions)
        return len(names) == 1 and not self._table.separate_lines and names[0] not in _PERIODS | _YES_OR_NO

    def _counts(self) -> list[tuple[Row, int]]:
        """Rows with their counts; none where any is missing, so that nothing is called the most unknowingly."""
        counts = [(row, row.figures.get("count")) for row in self._table.rows]
        known = [(row, count) for row, count in counts if _whole(count)]
        # One row is no choice.
        complete = len(known) == len(counts) > 1 and not self._table.suppressed
        return known if complete else []

    def _label(self, row: Row) -> str:
        (name,) = self._table.dimensions
        return period(row.labels[name][self._language], self._language)


def _with(counts: Sequence[tuple[Row, int]], value: int) -> list[Row]:
    return [row for row, count in counts if count == value]


def _says_nothing(row: Row) -> bool:
    return not _SAYS_NOTHING.isdisjoint(row.key.values())


def _whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
