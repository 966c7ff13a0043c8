"""A question to the reports, read from a query string or refused with what would be right."""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.reporting.domain.dimensions import PERIODS, Vocabulary
from services.reporting.domain.figures import MEASURES
from shared.contracts.identifiers import DeadlineKind
from shared.contracts.rejection import FieldError

MOST_DIMENSIONS: Final = 3
RECONCILIATION: Final = "reconciliation"
MOST_PARAMETERS: Final = 500
LONGEST_VALUE: Final = 500
MOST_ERRORS: Final = 20
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERIOD_FORMS: Final = {
    "year": (re.compile(r"[0-9]{4}"), "2021"),
    "half_year": (re.compile(r"[0-9]{4}-H[12]"), "2021-H1"),
    "quarter": (re.compile(r"[0-9]{4}-Q[1-4]"), "2021-Q1"),
    "month": (re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"), "2021-03"),
}


class BadQuestion(Exception):  # noqa: N818  it is told to the asker as a fact
    """The question cannot be answered; ``errors`` say why, field by field, and what is allowed."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{each['field']} {each['message']}" for each in errors))
        self.errors = list(errors)[:MOST_ERRORS]


@dataclass(frozen=True)
class Question:
    """Contacts of an organisation received from the first to the last local day, both included.

    A contact passes when in each filtered dimension it has one of the values. ``reconciled`` asks for what the
    answer was made of as well.
    """

    organisation: str
    first: date
    last: date
    group_by: tuple[str, ...] = ()
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    measures: tuple[str, ...] = ()
    kind: DeadlineKind = DeadlineKind.ANSWER
    reconciled: bool = False

    @property
    def months(self) -> tuple[str, str] | None:
        """First and last month, where the days are whole months."""
        whole = self.first.day == 1 and self.last.day == monthrange(self.last.year, self.last.month)[1]
        return (self.first.isoformat()[:7], self.last.isoformat()[:7]) if whole else None


class _Reader:
    """Reads the parameters and gathers everything that is wrong with them."""

    def __init__(self, pairs: Sequence[tuple[str, str]], vocabularies: Mapping[str, Vocabulary]) -> None:
        self.given: dict[str, list[str]] = {}
        for name, value in pairs:
            self.given.setdefault(name, []).append(value)
        self.errors: list[FieldError] = []
        self._vocabularies = vocabularies

    def refuse(self, name: str, code: str, message: str) -> None:
        self.errors.append(FieldError(field=name, code=code, message=message))

    def one(self, name: str) -> str | None:
        values = self.given.get(name, [])
        if len(values) > 1:
            self.refuse(name, "given_twice", "is there more than once; give it once")
        return values[0] if values else None

    def organisation(self) -> str | None:
        name = self.one("organisation")
        if name in self._vocabularies:
            return name
        code, message = ("missing", "is required") if name is None else ("not_on_list", "is not known here")
        self.refuse("organisation", code, f"{message}; give one of {_listed(sorted(self._vocabularies))}")
        return None

    def day(self, name: str) -> date | None:
        text = self.one(name)
        if text is None:
            self.refuse(name, "missing", "is required; give a day like 2021-03-31")
            return None
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.refuse(name, "wrong_form", "is no day of the calendar; give one like 2021-03-31")
        return None

    def yes(self, name: str) -> bool:
        text = self.one(name)
        if text not in (None, "true", "false"):
            self.refuse(name, "not_on_list", "is true or false")
        return text == "true"

    def names(self, parameter: str, allowed: Sequence[str], most: int) -> tuple[str, ...]:
        """A list of names, separated by commas or by repeating the parameter."""
        names = [name.strip() for text in self.given.get(parameter, []) if text for name in text.split(",")]
        if len(names) > most:
            self.refuse(parameter, "too_many", f"names {len(names)}; at most {most} are allowed")
        elif len(set(names)) < len(names):
            self.refuse(parameter, "given_twice", "names something more than once; name each once")
        elif not set(names) <= set(allowed):
            self.refuse(parameter, "not_on_list", f"names what does not exist; allowed are {_listed(allowed)}")
        else:
            return tuple(names)
        return ()

    def filters(self, vocabulary: Vocabulary, own: Sequence[str]) -> dict[str, frozenset[str]]:
        filters: dict[str, frozenset[str]] = {}
        for name, values in self.given.items():
            if name in own:
                continue
            if name not in vocabulary.dimensions:
                allowed = _listed([*own, *vocabulary.dimensions])
                self.refuse(_shown(name), "unknown_field", f"is no parameter or dimension; allowed are {allowed}")
            elif self._are_values(vocabulary, name, values):
                filters[name] = frozenset(values)
        return filters

    def _are_values(self, vocabulary: Vocabulary, name: str, values: Sequence[str]) -> bool:
        if all(is_value(vocabulary, name, value) for value in set(values)):
            return True
        if name in PERIODS:
            self.refuse(name, "wrong_form", f"is no such period; give one like {_PERIOD_FORMS[name][1]}")
        else:
            allowed = _listed(vocabulary.values(name))
            self.refuse(name, "not_on_list", f"is not on the list; give one of {allowed}")
        return False


def is_value(vocabulary: Vocabulary, name: str, value: str) -> bool:
    """Whether the dimension can have the value; any period of the right form will do."""
    if name in PERIODS:
        return _PERIOD_FORMS[name][0].fullmatch(value) is not None
    return value in vocabulary.values(name)


def _within_measure(pairs: Sequence[tuple[str, str]]) -> None:
    """Nothing is looked at closely of a query that no honest asker sends."""
    if len(pairs) > MOST_PARAMETERS:
        message = f"has {len(pairs)} parameters; at most {MOST_PARAMETERS} are allowed, filter values included"
        raise BadQuestion([FieldError(field="query", code="too_many", message=message)])
    if any(len(text) > LONGEST_VALUE for pair in pairs for text in pair):
        message = f"has a name or a value that is too long; at most {LONGEST_VALUE} characters are allowed"
        raise BadQuestion([FieldError(field="query", code="too_long", message=message)])


def _shown(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", name) else "query"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def read_question(
    pairs: Sequence[tuple[str, str]],
    vocabularies: Mapping[str, Vocabulary],
    *,
    timeliness: bool = False,
    own: Sequence[str] | None = None,
) -> Question:
    """The question that a query string asks, as (name, value) pairs. ``own`` names the parameters that are there
    beside organisation, days and filters, where they are not those of the report.

    Raises ``BadQuestion`` with everything that is wrong with it.
    """
    _within_measure(pairs)
    reader = _Reader(pairs, vocabularies)
    usual = ("audience", "group_by", "kind" if timeliness else "measures")
    own = ["organisation", "from", "to", *(own or usual), RECONCILIATION]
    organisation, first, last = reader.organisation(), reader.day("from"), reader.day("to")
    if first and last and first > last:
        reader.refuse("from", "out_of_range", "comes after to; exchange them")
    kind = _kind(reader) if timeliness else DeadlineKind.ANSWER
    reconciled = reader.yes(RECONCILIATION)
    measures = () if timeliness else reader.names("measures", MEASURES, len(MEASURES))
    if organisation is None or first is None or last is None:
        raise BadQuestion(reader.errors)
    vocabulary = vocabularies[organisation]
    group_by = reader.names("group_by", vocabulary.dimensions, MOST_DIMENSIONS)
    filters = reader.filters(vocabulary, own)
    if reader.errors:
        raise BadQuestion(reader.errors)
    return Question(organisation, first, last, group_by, filters, measures, kind, reconciled)


def _kind(reader: _Reader) -> DeadlineKind:
    name = reader.one("kind") or DeadlineKind.ANSWER
    if name in list(DeadlineKind):
        return DeadlineKind(name)
    reader.refuse("kind", "not_on_list", f"is no kind of deadline; give one of {_listed(list(DeadlineKind))}")
    return DeadlineKind.ANSWER
