"""What the dashboard shows, ready to be put on a page: texts, lengths of bars, addresses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.reporting.dashboard.asked import Asked
from services.reporting.dashboard.gathered import BREAKDOWNS, MEASURES, Figures, Gathered
from services.reporting.dashboard.words import KINDS, WORDS, month_name, signed, span_name
from services.reporting.domain.dimensions import UNKNOWN, Vocabulary
from services.reporting.domain.monthly.month import Month
from services.reporting.domain.timespan import timespan_of
from services.reporting.domain.wording import number, percent
from shared.contracts.identifiers import DeadlineKind

_BY_SIZE: Final = frozenset({"directorate", "channel", "qualification"})
"""Shown the largest first; the others as the profile lists them."""
_NOTHING: Final = "-"
_ENDS: Final = ("received", "met", "met_late", "missed_open", "open_in_term", "cancelled")


@dataclass(frozen=True)
class Number:
    """A figure: as it is, None where there is none, and as it reads."""

    value: float | None
    text: str


@dataclass(frozen=True)
class KeyFigure:
    """One of the large figures, with what it is of and how it was a year before."""

    id: str
    number: Number
    note: str
    change: str
    json: str


@dataclass(frozen=True)
class Bar:
    """A value's number; ``length`` and ``mark`` (a year before) are percents of the longest."""

    label: str
    number: Number
    share: str
    before: Number
    change: str
    length: float
    mark: float | None
    address: str
    chosen: bool
    short: str = ""


@dataclass(frozen=True)
class Chart:
    """Bars that belong together, and the same as a table."""

    id: str
    bars: Sequence[Bar]
    total: Number
    json: str
    marked: bool


@dataclass(frozen=True)
class Kept:
    """How the deadlines of one kind ended."""

    label: str
    ends: Sequence[Number]
    on_time: Number
    before: Number
    json: str


class View:
    """A dashboard in the language that it was asked in. ``today`` is the organisation's own day."""

    def __init__(self, gathered: Gathered, words: Vocabulary, today: date) -> None:
        self._all = gathered
        self._words = words
        self.asked = gathered.now.asked
        self._language = self.asked.language
        self.total = gathered.now.total
        self.compared = gathered.stored_before
        self.running = self.asked.span.last >= today
        self.period = span_name(self.asked.span, self._language)
        self.is_a_month = Month.named(self.asked.span.name) is not None
        earlier = self.asked.span.a_year_before()
        # Days that have no name of their own would be told twice in every line.
        self.before_period = (
            self.say("before_short") if "/" in earlier.name else span_name(earlier, self._language)
        )

    def say(self, word: str) -> str:
        return str(getattr(WORDS[word], self._language))

    def key_figures(self) -> Iterator[KeyFigure]:
        now, before, asked = self._all.now, self._all.before, self.asked
        yield self._counted("contacts", now.total, before.total, asked.question(measures=MEASURES))
        second = [each.count("line", ["second"]) for each in (now, before)]
        yield self._counted("second_line", second[0], second[1], asked.question("line"))
        complaints = [each.count("nature", ["complaint"]) for each in (now, before)]
        yield self._counted("complaints", complaints[0], complaints[1], asked.question("nature"))
        judged, founded = self._founded(now)
        if judged:
            judged_before, founded_before = self._founded(before)
            then = founded_before / judged_before if judged_before else None
            address = asked.report_address("contacts", asked.question("qualification"))
            yield self._part("founded", founded / judged, then, self._of("founded_of", judged), address)
        kind = DeadlineKind.ANSWER
        due = sum(row[end] for row in now.kept[kind]["rows"] for end in ("met", "met_late", "missed_open"))
        address = asked.report_address("timeliness", asked.question(kind=kind))
        note = self._of("on_time_of", due) if due else ""
        yield self._part("on_time", now.on_time(kind), before.on_time(kind), note, address)
        yield self._median(now, before)
        overdue = [int(each.measure("open_overdue") or 0) for each in (now, before)]
        yield self._counted("overdue", overdue[0], overdue[1], asked.question(measures=MEASURES))

    def _of(self, word: str, count: int) -> str:
        return self.say(word).format(n=number(count, self._language))

    def _founded(self, figures: Figures) -> tuple[int, int]:
        """Contacts with a verdict, and those of them that were founded, wholly or partly."""
        known = [value for value in self._words.values("qualification") if value != UNKNOWN]
        founded = [value for value in known if value.startswith(("founded", "partly_founded"))]
        return figures.count("qualification", known), figures.count("qualification", founded)

    def _counted(self, name: str, now: int, before: int, question: Any) -> KeyFigure:
        address = self.asked.report_address("contacts", question)
        return KeyFigure(name, self._count(now), "", self._against(self._difference(now, before), before), address)

    def _part(self, name: str, now: float | None, before: float | None, note: str, address: str) -> KeyFigure:
        change = self._unchanged() if before is None or not self.compared else ""
        if not change and before is not None and now is not None:
            points = f"{signed(round(100 * (now - before), 1), self._language, 1)} {self.say('points')}"
            change = self._told(points, percent(before, self._language))
        return KeyFigure(name, self._share(now), note, change, address)

    def _median(self, now: Figures, before: Figures) -> KeyFigure:
        address = self.asked.report_address("contacts", self.asked.question(measures=MEASURES))
        days, then = now.measure("median_days"), before.measure("median_days")
        text = _NOTHING if days is None else number(days, self._language)
        change = self._unchanged()
        if days is not None and then is not None and self.compared:
            change = self._told(signed(days - then, self._language), number(then, self._language), days == then)
        return KeyFigure("median", Number(days, text), self.say("days"), change, address)

    def _count(self, count: int | None) -> Number:
        return Number(count, _NOTHING if count is None else number(count, self._language))

    def _share(self, part: float | None) -> Number:
        return Number(part, _NOTHING if part is None else percent(part, self._language))

    def _difference(self, now: int, before: int) -> str:
        told = signed(now - before, self._language)
        return (
            f"{told} ({signed(round(100 * (now - before) / before, 1), self._language, 1)}{self._percent})"
            if before
            else told
        )

    @property
    def _percent(self) -> str:
        return f"{chr(160)}%" if self._language == "nl" else "%"

    def _unchanged(self) -> str:
        return self.say("no_before").format(period=self.before_period)

    def _against(self, difference: str, before: int) -> str:
        if not self.compared:
            return self._unchanged()
        return self._told(difference, number(before, self._language), difference.startswith("0"))

    def _told(self, change: str, before: str, same: bool = False) -> str:
        if same:
            return self.say("as_before").format(period=self.before_period)
        return self.say("against").format(change=change, period=self.before_period, before=before)

    def charts(self) -> Iterator[Chart]:
        """Contacts by each dimension; by verdict where any contact has one."""
        judged, _ = self._founded(self._all.now)
        for name in (*BREAKDOWNS, *(("qualification",) if judged else ())):
            yield self._chart(name)

    def _chart(self, name: str) -> Chart:
        now = {row[name]: row for row in self._all.now.by[name]["rows"]}
        before = {row[name]: row["count"] for row in self._all.before.by[name]["rows"]}
        values = sorted({*now, *(before if self.compared else ())}, key=lambda each: self._words.place(name, each))
        if name in _BY_SIZE:
            values.sort(key=lambda each: -now.get(each, {"count": 0})["count"])
        counts = {value: now[value]["count"] if value in now else 0 for value in values}
        longest = max([*counts.values(), *(before.values() if self.compared else ())], default=0) or 1
        bars = [
            self._bar(
                name,
                value,
                now=counts[value],
                before=before.get(value, 0),
                longest=longest,
                share=now.get(value, {}).get("share", 0.0),
            )
            for value in values
        ]
        address = self.asked.report_address("contacts", self.asked.question(name))
        return Chart(name, bars, self._count(self.total), address, self.compared)

    def _bar(self, name: str, value: str, *, now: int, before: int, longest: int, share: float) -> Bar:
        return Bar(
            label=str(getattr(self._words.label(name, value), self._language)),
            number=self._count(now),
            share=percent(share, self._language),
            before=self._count(before if self.compared else None),
            change=self._difference(now, before) if self.compared else _NOTHING,
            length=100 * now / longest,
            mark=100 * before / longest if self.compared else None,
            address=self.asked.with_only(name, value).address,
            chosen=value in self.asked.filters.get(name, ()),
        )

    def trend(self) -> Chart:
        """Contacts by month (by year where there are many), all of them, with the year before."""
        gathered = self._all
        name = gathered.trend_by
        now = {row[name]: row["count"] for row in gathered.trend["rows"]}
        then = {row[name]: row["count"] for row in gathered.trend_before["rows"]}
        marked = bool(then)
        pairs = [(period, _earlier(period)) for period in gathered.trend_periods]
        longest = max([*now.values(), *then.values()], default=0) or 1
        bars = [
            self._column(period, now.get(period, 0), then.get(of, 0) if marked else None, longest)
            for period, of in pairs
        ]
        address = gathered.trend_asked.report_address("contacts", gathered.trend_asked.question(name))
        return Chart("trend", bars, self._count(gathered.trend["total"]), address, marked)

    def _column(self, period: str, now: int, before: int | None, longest: int) -> Bar:
        span = timespan_of(period)
        assert span is not None  # noqa: S101  it is spelled by the trend itself
        year, _, month = period.partition("-")
        return Bar(
            label=span_name(span, self._language),
            short=month_name(int(month), self._language, short=True) if month else year,
            number=self._count(now),
            share="",
            before=self._count(before),
            change=_NOTHING if before is None else self._difference(now, before),
            length=100 * now / longest,
            mark=None if before is None else 100 * before / longest,
            address=self.asked.during(span).address,
            chosen=self.asked.span.covers(span),
        )

    def kept(self) -> Iterator[Kept]:
        """How deadlines were kept, by kind."""
        for kind in DeadlineKind:
            rows = self._all.now.kept[kind]["rows"]
            if rows:
                on_time = self._share(rows[0]["on_time_share"])
                before = self._share(self._all.before.on_time(kind) if self.compared else None)
                address = self.asked.report_address("timeliness", self.asked.question(kind=kind))
                ends = [self._count(rows[0][end]) for end in _ENDS]
                yield Kept(str(getattr(KINDS[kind], self._language)), ends, on_time, before, address)

    def kept_by_directorate(self) -> Chart:
        """The share of answers in time, by directorate."""
        rows = [row for row in self._all.now.kept_by_directorate["rows"] if row["on_time_share"] is not None]
        before = {row["directorate"]: row["on_time_share"] for row in self._all.before.kept_by_directorate["rows"]}
        bars = [self._kept_bar(row, before.get(row["directorate"])) for row in rows]
        question = self.asked.question("directorate")
        on_time = self._share(self._all.now.on_time(DeadlineKind.ANSWER))
        address = self.asked.report_address("timeliness", question)
        return Chart("kept_by_directorate", bars, on_time, address, any(bar.mark is not None for bar in bars))

    def _kept_bar(self, row: Mapping[str, Any], before: float | None) -> Bar:
        value, part = row["directorate"], row["on_time_share"]
        due = sum(row[end] for end in ("met", "met_late", "missed_open"))
        known = before if self.compared else None
        points = None if known is None else signed(round(100 * (part - known), 1), self._language, 1)
        return Bar(
            label=str(getattr(self._words.label("directorate", value), self._language)),
            number=self._share(part),
            share=f"{number(row['met'], self._language)}/{number(due, self._language)}",
            before=self._share(known),
            change=_NOTHING if points is None else f"{points} {self.say('points')}",
            length=100 * part,
            mark=None if known is None else 100 * known,
            address=self.asked.with_only("directorate", value).address,
            chosen=value in self.asked.filters.get("directorate", ()),
        )

    def reconciliation(self) -> str:
        """The total against the contacts and events behind it."""
        behind = self._all.behind
        word = "reconciled" if behind["contacts"] == self.total else "not_reconciled"
        told = {name: number(count, self._language) for name, count in behind.items()}
        return self.say(word).format(total=number(self.total, self._language), **told)

    def empty(self) -> str:
        """Why there is nothing to show."""
        if self._all.contacts:
            told = number(self._all.contacts, self._language)
            return self.say("nothing_filtered").format(period=self.period, n=told)
        return self.say("nothing_at_all").format(period=self.period)


def _earlier(period: str) -> str:
    return f"{int(period[:4]) - 1:04d}{period[4:]}"


def alone(asked: Asked) -> Asked:
    """The same without any filter."""
    return Asked(asked.organisation, asked.span, asked.language)
