"""The work list as a page for coordinators: per directorate what is overdue, due today and due this week; and the
deadlines of one contact, with the way their dates came about.

Pages that need no script: headings and tables in order, forms that work by keyboard, light and dark as the reader
has set it. Colours keep a contrast of at least 4.5 to 1, and no colour alone says anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

from services.deadlines.api import ContactDeadlines
from services.deadlines.domain.days import local_day
from services.deadlines.words import (
    KINDS,
    NOT_ASSIGNED,
    PAGE_WORDS,
    STATES,
    directorate_label,
    long_day,
    number_of_days,
    service_label,
    time_left,
)
from services.deadlines.work_list import NO_DIRECTORATE, Line, Place
from shared.pages import Language, render
from shared.profiles import Profile
from shared.profiles.label import Label

MOST_LINES = 1000
"""So many deadlines stand on one page, soonest first; the next page goes on behind them."""
_TEMPLATES = Path(__file__).parent / "templates"
_OTHER: Final[Mapping[Language, Language]] = {"nl": "en", "en": "nl"}


class Row(NamedTuple):
    """One deadline as the list shows it."""

    reference: str
    address: str
    kind: Label
    due_on: date
    due: str
    left: str
    state: Label
    service: Label | None


class Unit(NamedTuple):
    """A directorate and what it has to do, by how soon."""

    name: Label
    anchor: str
    buckets: dict[str, list[Row]]


@dataclass(frozen=True)
class WorkListView:
    """What one page shows. ``lines`` are soonest first and due before the week ends; ``today`` is a local day.
    ``later`` tells that other pages come before it, ``following`` where the next one begins.
    """

    profile: Profile
    organisations: Mapping[str, Profile]
    directorate: str | None
    language: Language
    today: date
    lines: Sequence[Line]
    later: bool = False
    following: Place | None = None
    units: Sequence[Unit] = field(default=(), init=False)
    bucket_names: tuple[str, ...] = field(default=("overdue", "today", "week"), init=False)
    unassigned: Label = field(default=NOT_ASSIGNED, init=False)

    def __post_init__(self) -> None:
        units: dict[str | None, Unit] = {}
        for line in self.lines:
            name = directorate_label(self.profile, line.directorate)
            new = Unit(name, f"d-{line.directorate or ''}", {bucket: [] for bucket in self.bucket_names})
            unit = units.setdefault(line.directorate, new)
            unit.buckets[self._bucket(line.due_on)].append(self._row(line))
        object.__setattr__(self, "units", sorted(units.values(), key=lambda unit: self._in_words(unit.name)))

    @property
    def unit(self) -> Label:
        return directorate_label(self.profile, None if self.directorate == NO_DIRECTORATE else self.directorate)

    @property
    def other(self) -> Language:
        return _OTHER[self.language]

    @property
    def feed(self) -> str:
        return f"/deadlines.ics?{self._scope()}"

    def here(self, **more: object) -> str:
        """The address of this page with something else."""
        return f"/worklist?{self._scope(**({'lang': self.language} | more))}"

    def day(self, day: date) -> str:
        return long_day(day, self.language)

    def choose_organisation(self) -> list[tuple[str, str]]:
        named = [(each.id, self._in_words(each.name)) for each in self.organisations.values()]
        return sorted(named, key=lambda each: each[1])

    def choose_directorate(self) -> list[tuple[str, str]]:
        units = {unit.id: unit.name for version in self.profile.versions for unit in version.directorates}
        return sorted(((each, self._in_words(name)) for each, name in units.items()), key=lambda each: each[1])

    def _scope(self, **more: object) -> str:
        asked = {"organisation": self.profile.id, "directorate": self.directorate, **more}
        return urlencode({name: str(value) for name, value in asked.items() if value})

    def _in_words(self, label: Label) -> str:
        return str(getattr(label, self.language))

    def _bucket(self, due_on: date) -> str:
        if due_on < self.today:
            return "overdue"
        return "today" if due_on == self.today else "week"

    def _row(self, line: Line) -> Row:
        return Row(
            reference=line.place.reference,
            address=address_of(line.place.reference, self.language),
            kind=KINDS[line.place.kind],
            due_on=line.due_on,
            due=self.day(line.due_on),
            left=time_left((line.due_on - self.today).days, self.language),
            state=STATES[line.state],
            service=service_label(self.profile, line.service),
        )


@dataclass(frozen=True)
class ContactView:
    """The deadlines of one contact, as ``GET /deadlines/{reference}`` tells them."""

    profile: Profile
    told: ContactDeadlines
    language: Language
    today: date
    kinds = KINDS
    states = STATES

    @property
    def directorate(self) -> Label:
        return directorate_label(self.profile, self.told.directorate)

    @property
    def service(self) -> Label | None:
        return service_label(self.profile, self.told.service)

    @property
    def since(self) -> date | None:
        since = self.told.with_service_since
        return local_day(since, self.profile.zone) if since else None

    @property
    def other(self) -> Language:
        return _OTHER[self.language]

    @property
    def translated(self) -> str:
        return address_of(self.told.reference, self.other)

    @property
    def back(self) -> str:
        unit = self.told.directorate or NO_DIRECTORATE
        asked = {"organisation": self.profile.id, "directorate": unit, "lang": self.language}
        return f"/worklist?{urlencode(asked)}"

    def repeated(self, place: int) -> bool:
        """Whether an answer is owed once more, since the contact was reopened."""
        kinds = [each.kind for each in self.told.deadlines]
        return kinds[place] in kinds[:place]

    def day(self, day: date) -> str:
        return long_day(day, self.language)

    def days(self, number: int) -> str:
        return number_of_days(number, self.language)

    def left(self, days: int) -> str:
        return time_left(days, self.language)


def address_of(reference: str, language: Language) -> str:
    return f"/worklist/{quote(reference, safe='')}?lang={language}"


def end_of_week(today: date) -> date:
    """The Sunday of the day's week."""
    return today + timedelta(days=6 - today.weekday())


def work_list_page(view: WorkListView) -> str:
    """The whole document."""
    return render(_TEMPLATES, "worklist.html", view.language, PAGE_WORDS, view=view)


def contact_page(view: ContactView) -> str:
    """The whole document."""
    return render(_TEMPLATES, "contact.html", view.language, PAGE_WORDS, view=view)
