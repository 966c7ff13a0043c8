"""Answers out of the columns of one moment: the same that the database gives, in milliseconds."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.reporting.columns.dictionary import Codes, Members
from services.reporting.columns.grouping import Cells, Factor, group
from services.reporting.columns.mirror import Moment, Part
from services.reporting.columns.rows import (
    CLOSED,
    DAYS,
    EVENTS,
    NO_NUMBER,
    RECEIVED,
    SCORE,
    STATES,
    Array,
    days_column,
    state_column,
)
from services.reporting.domain.dimensions import PERIODS, SEVERAL
from services.reporting.domain.figures import Group, Outcome, Outcomes
from services.reporting.domain.question import Question
from shared.contracts.identifiers import DeadlineKind

_MONTHS_OF: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_EPOCH: Final = 1970 * 12
_SCORES: Final = 1 << 16
"""More than there are different scores."""
Labels = Sequence[str]


class _Choice:
    """The rows that pass a question, column by column."""

    def __init__(self, moment: Moment, question: Question, day: str = RECEIVED) -> None:
        self.day = day
        self._chosen = [(part, _rows(moment, part, question, day)) for part in moment.parts]
        self.length = sum(_length(rows) for _, rows in self._chosen)

    def column(self, name: str) -> Array:
        columns = [part.arrays[name][rows] for part, rows in self._chosen]
        return columns[0] if len(columns) == 1 else np.concatenate(columns or [np.zeros(0, np.uint8)])


Selection = slice | NDArray[np.intp]


def _length(rows: Selection) -> int:
    return rows.stop - rows.start if isinstance(rows, slice) else len(rows)


def _rows(moment: Moment, part: Part, question: Question, day: str) -> Selection:
    days = part.arrays[day]
    first, last = _day(question.first), _day(question.last)
    lower, upper = 0, len(days)
    conditions: list[NDArray[np.bool_]] = []
    if part.is_sorted and day == RECEIVED:
        lower, upper = (int(np.searchsorted(days, *at)) for at in ((first, "left"), (last, "right")))
    else:
        conditions.append((days >= first) & (days <= last))
    within = slice(lower, upper)
    if part.alive is not None:
        conditions.append(part.alive[within])
    for name, allowed in question.filters.items():
        codes = part.arrays[day if name in PERIODS else name][within]
        # Whoever has no day has one far out, and does not pass anyway.
        conditions.append(_passing(moment, np.clip(days[within], first, last), codes, name, allowed))
    if not conditions:
        return within
    return np.flatnonzero(np.logical_and.reduce(conditions)) + lower


def _passing(moment: Moment, days: Array, codes: Array, name: str, allowed: frozenset[str]) -> NDArray[np.bool_]:
    if name in PERIODS:
        factor, labels = _periods(name, days)
        return np.fromiter((label in allowed for label in labels), np.bool_, len(labels))[factor.codes]
    return moment.dictionaries[name].passing(allowed, moment.sizes[name])[codes]


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _periods(name: str, received: Array) -> tuple[Factor, Labels]:
    if not len(received):
        return Factor(received.astype(np.intp), 1), [""]
    earliest, latest = int(received.min()), int(received.max())
    days = np.arange(earliest, latest + 1).astype("datetime64[D]")
    numbers = (days.astype("datetime64[M]").astype(np.int64) + _EPOCH) // _MONTHS_OF[name]
    begin = int(numbers[0])
    codes = (numbers - begin).astype(np.int32)[received - earliest]
    size = int(numbers[-1]) - begin + 1
    return Factor(codes, size), [_spelled(name, begin + each) for each in range(size)]


def _spelled(name: str, number: int) -> str:
    year, place = divmod(number, 12 // _MONTHS_OF[name])
    mark = {"month": f"-{place + 1:02d}", "quarter": f"-Q{place + 1}", "half_year": f"-H{place + 1}"}
    return f"{year:04d}{mark.get(name, '')}"


class Answers:
    """Answers questions about one organisation at one moment. May be asked in any thread."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment

    @property
    def facts(self) -> int:
        """How many facts there are to look at."""
        return self._moment.facts

    def total(self, question: Question) -> int:
        """The contacts that pass."""
        return _Choice(self._moment, question).length

    def counts(self, question: Question) -> Counter[Group]:
        """Contacts by group."""
        return _counter(*self._grouped(_Choice(self._moment, question), question))

    def events(self, question: Question) -> Counter[Group]:
        """The events behind the contacts, by group."""
        choice = _Choice(self._moment, question)
        return _counter(*self._grouped(choice, question, weights=choice.column(EVENTS)))

    def extent(self, question: Question) -> tuple[int, int]:
        """The contacts that pass, and the events behind them."""
        choice = _Choice(self._moment, question)
        return choice.length, int(choice.column(EVENTS).sum())

    def closings(self, question: Question) -> Counter[Group]:
        """Contacts by group that were closed on the question's days, whenever they were received; all periods in
        it are those of closing.
        """
        return _counter(*self._grouped(_Choice(self._moment, question, CLOSED), question))

    def outcomes(self, question: Question, kind: DeadlineKind) -> dict[Group, Outcomes]:
        """Contacts by group and by what came of them. See ``Reading.outcomes``."""
        measured = (days_column(kind), state_column(kind), SCORE)
        groups, cells = self._grouped(_Choice(self._moment, question), question, measured)
        outcomes, counts = _outcomes(cells.codes[-3:]), cells.counts.tolist()
        tally: dict[Group, Outcomes] = {}
        # The cells of a group stand together.
        begin = 0
        for of, cells_of_group in groupby(groups):
            end = begin + sum(1 for _ in cells_of_group)
            of_group = tally[of] = Counter()
            # Straight into the dictionary: a Counter counts one by one what it is given.
            dict.update(of_group, zip(outcomes[begin:end], counts[begin:end], strict=True))
            begin = end
        return tally

    def _grouped(
        self, choice: _Choice, question: Question, measured: Sequence[str] = (), weights: Array | None = None
    ) -> tuple[list[Group], Cells]:
        """The groups, spelled, one for each cell; the cells' last columns are the measured numbers."""
        factors, labels = [], []
        for name in question.group_by:
            factor, spelled = self._factor(choice, name)
            factors.append(factor)
            labels.append(spelled)
        shifts = []
        for name in measured:
            factor, shift = _shifted(choice.column(name), name)
            factors.append(factor)
            shifts.append(shift)
        cells = group(factors, choice.length, weights)
        for place, name in enumerate(question.group_by):
            if name in SEVERAL:
                cells, labels[place] = self._spread(cells, place, name)
        if any(name in SEVERAL for name in question.group_by):
            sizes = [int(each.max()) + 1 if len(each) else 1 for each in cells.codes]
            together = [Factor(codes, size) for codes, size in zip(cells.codes, sizes, strict=True)]
            cells = group(together, len(cells.counts), cells.counts)
        columns = [
            np.array(spelled, object)[codes].tolist()
            for spelled, codes in zip(labels, cells.codes[: len(labels)], strict=True)
        ]
        groups: list[Group] = list(zip(*columns, strict=True)) if columns else [()] * len(cells.counts)
        numbers = [unshift(codes) for unshift, codes in zip(shifts, cells.codes[len(labels) :], strict=True)]
        return groups, Cells([*cells.codes[: len(labels)], *numbers], cells.counts)

    def _factor(self, choice: _Choice, name: str) -> tuple[Factor, Labels]:
        if name in PERIODS:
            return _periods(name, choice.column(choice.day))
        size = self._moment.sizes[name]
        # Sets are spelled once they have been taken apart.
        labels = [] if name in SEVERAL else [str(each) for each in self._moment.dictionaries[name].values[:size]]
        return Factor(choice.column(name), max(1, size)), labels

    def _spread(self, cells: Cells, place: int, name: str) -> tuple[Cells, Labels]:
        """A cell of several values becomes a cell of each."""
        sets = self._moment.dictionaries[name].values[: self._moment.sizes[name]]
        members = Members([(each,) if isinstance(each, str) else each for each in sets])
        positions, singles = members.spread(cells.codes[place])
        codes: list[Codes] = [each[positions] for each in cells.codes]
        codes[place] = singles
        return Cells(codes, cells.counts[positions]), members.values


def _counter(groups: Sequence[Group], cells: Cells) -> Counter[Group]:
    counts: Counter[Group] = Counter()
    # Straight into the dictionary: a Counter counts one by one what it is given.
    dict.update(counts, zip(groups, cells.counts.tolist(), strict=True))
    return counts


def _shifted(numbers: Array, name: str) -> tuple[Factor, Callable[[Array], Array]]:
    """Numbers as a column to group by, and how to read them again."""
    if name.startswith("#state"):
        return Factor(numbers, len(STATES)), lambda codes: codes
    none = NO_NUMBER[SCORE if name == SCORE else DAYS]
    known = numbers[numbers != none]
    lowest, highest = (int(known.min()), int(known.max())) if len(known) else (0, 0)
    codes = np.where(numbers == none, 0, numbers.astype(np.int64) - (lowest - 1))

    def read(codes: Array) -> Array:
        return np.where(codes == 0, none, codes + (lowest - 1))

    return Factor(codes, highest - lowest + 2), read


def _outcomes(codes: Sequence[Array]) -> list[Outcome]:
    """The outcome of each cell. Few different ones make up many cells: each is made once."""
    days, states, scores = (each.astype(np.int64) for each in codes)
    key = ((days - NO_NUMBER[DAYS]) * len(STATES) + states) * _SCORES + (scores - NO_NUMBER[SCORE])
    _, first, places = np.unique(key, return_index=True, return_inverse=True)
    different = [
        _outcome(*each)
        for each in zip(*(column[first].tolist() for column in (days, states, scores)), strict=True)
    ]
    return [different[place] for place in places.tolist()]


def _outcome(days: int, state: int, score: int) -> Outcome:
    return Outcome(
        None if days == NO_NUMBER[DAYS] else days, STATES[state], None if score == NO_NUMBER[SCORE] else score
    )
