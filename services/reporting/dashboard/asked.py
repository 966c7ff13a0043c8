"""What somebody asks the dashboard for, and the addresses that ask for something else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from services.reporting.domain.dimensions import PERIODS, Vocabulary
from services.reporting.domain.question import Question
from services.reporting.domain.timespan import Timespan, timespan_of
from shared.contracts.identifiers import DeadlineKind
from shared.contracts.rejection import FieldError
from shared.pages import LANGUAGES, Language
from shared.problems import unprocessable
from shared.profiles import Profiles

Pair = tuple[str, str]
_OWN = ("organisation", "period", "from", "to", "lang")


@dataclass(frozen=True)
class Asked:
    """An organisation's contacts of a span of days that have one of the values in each filtered dimension."""

    organisation: str
    span: Timespan
    language: Language
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def pairs(self) -> list[Pair]:
        """As a query string, the filters last."""
        name = self.span.name
        days = [("from", self.span.first.isoformat()), ("to", self.span.last.isoformat())]
        period = days if "/" in name else [("period", name)]
        told = [("organisation", self.organisation), *period]
        return [*told, ("lang", self.language), *self.filter_pairs()]

    def filter_pairs(self) -> list[Pair]:
        return [(name, value) for name, values in self.filters.items() for value in values]

    @property
    def address(self) -> str:
        return f"/?{urlencode(self.pairs())}"

    def during(self, span: Timespan) -> "Asked":
        return replace(self, span=span)

    def in_language(self, language: Language) -> "Asked":
        return replace(self, language=language)

    def with_only(self, dimension: str, value: str) -> "Asked":
        """The same for one value of a dimension alone."""
        return replace(self, filters={**self.filters, dimension: (value,)})

    def without(self, dimension: str, value: str) -> "Asked":
        """The same with one value less to pass."""
        left = {
            name: tuple(each for each in values if (name, each) != (dimension, value))
            for name, values in self.filters.items()
        }
        return replace(self, filters={name: values for name, values in left.items() if values})

    def question(
        self, *group_by: str, measures: tuple[str, ...] = (), kind: DeadlineKind = DeadlineKind.ANSWER
    ) -> Question:
        filters = {name: frozenset(values) for name, values in self.filters.items()}
        return Question(self.organisation, self.span.first, self.span.last, group_by, filters, measures, kind)

    def report_address(self, report: str, question: Question) -> str:
        """Where the same figures are as JSON."""
        days = [("from", question.first.isoformat()), ("to", question.last.isoformat())]
        pairs = [("organisation", self.organisation), *days]
        if question.group_by:
            pairs.append(("group_by", ",".join(question.group_by)))
        if question.measures:
            pairs.append(("measures", ",".join(question.measures)))
        if report == "timeliness":
            pairs.append(("kind", question.kind))
        return f"/reports/{report}?{urlencode([*pairs, *self.filter_pairs()])}"


def read_asked(
    pairs: Sequence[Pair], profiles: Profiles, vocabularies: Mapping[str, Vocabulary], today: Mapping[str, date]
) -> Asked:
    """What a query string asks for; what is empty is not given. Raises ``Problem`` 422 for what cannot be.

    ``today`` is the organisations' own day. Filters of another organisation are left out: who chooses another one
    sends those of the last along.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if value:
            given.setdefault(name, []).append(value)
    organisation = given.get("organisation", [next(iter(profiles))])[-1]
    if organisation not in profiles:
        raise _refused("organisation", f"is not known here; give one of {', '.join(sorted(profiles))}")
    language: Language = next((each for each in LANGUAGES if each in given.get("lang", ())), "nl")
    words = vocabularies[organisation]
    filters = {
        name: known
        for name, values in given.items()
        if name in words.dimensions and name not in PERIODS
        if (known := tuple(value for value in dict.fromkeys(values) if value in words.values(name)))
    }
    return Asked(organisation, _span(given, today[organisation]), language, filters)


def _span(given: Mapping[str, Sequence[str]], today: date) -> Timespan:
    if "from" in given or "to" in given:
        first, last = (_day(given, name) for name in ("from", "to"))
        if first > last:
            raise _refused("from", "comes after to; exchange them")
        return Timespan(first, last)
    name = given.get("period", [f"{today.year:04d}"])[-1]
    span = timespan_of(name)
    if span is None or not 1901 <= span.first.year <= today.year:  # noqa: PLR2004  nothing older is taken in
        raise _refused(
            "period", f"is no period up to {today.year}; give one like 2021, 2021-H1, 2021-Q1 or 2021-03"
        )
    return span


def _day(given: Mapping[str, Sequence[str]], name: str) -> date:
    try:
        day = date.fromisoformat(given[name][-1])
    except (KeyError, ValueError):
        raise _refused(name, "is no day of the calendar; give one like 2021-03-31") from None
    if not 1901 <= day.year <= 9998:  # noqa: PLR2004  a year before has to be there
        raise _refused(name, "is out of range; give a day from 1901 on")
    return day


def _refused(name: str, message: str) -> Exception:
    return unprocessable([FieldError(field=name, code="not_valid", message=message)])
