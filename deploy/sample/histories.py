"""What happened to the contacts of the year: follow-ups at plausible moments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from deploy.sample.assignment import ORGANISATION
from deploy.sample.chance import Chance, chance_for
from deploy.sample.moments import in_office
from deploy.sample.people import Directory, directory
from deploy.sample.published import FOUNDED
from deploy.sample.submissions import Case
from shared.contracts.identifiers import Line, Nature

FollowUp = dict[str, Any]
_NORMS = {
    "no_answer_or_unclear_information": ("adequate_communication", "active_service"),
    "unfriendliness_or_misunderstanding": ("correct_treatment",),
    "retributions_resident_parking_fines": ("due_care", "duty_to_give_reasons"),
    "taxes": ("legal_certainty", "duty_to_give_reasons"),
}
_OTHER_NORMS = ("due_care", "coordination", "sound_file_handling", "reasonableness")


@dataclass(frozen=True)
class _Step:
    at: datetime
    kind: str
    data: dict[str, Any]


def histories(cases: list[Case]) -> list[FollowUp]:
    """The follow-ups of all cases in the order in which they happened."""
    chance = chance_for("histories")
    names = directory()
    reopened = _reopened(cases, chance)
    withdrawn = _withdrawn(cases, chance)
    made = []
    for number, case in enumerate(cases, start=1):
        history = _History(case, chance, names)
        if number == withdrawn:
            steps = history.withdrawn()
        elif case.contact.line is Line.SECOND:
            steps = history.dossier(reopened=number in reopened)
        else:
            steps = history.immediate()
        for place, step in enumerate(steps, start=1):
            follow_up_id = f"case-2021-{number:03}-{place}-{step.kind}"
            made.append(_follow_up(step, case, follow_up_id, actor=chance.choice(names.handlers)))
    return sorted(made, key=lambda each: datetime.fromisoformat(each["occurred_at"]))


def _reopened(cases: list[Case], chance: Chance) -> set[int]:
    places = [number for number, case in enumerate(cases, start=1) if case.contact.qualification in FOUNDED]
    return set(chance.sample(places, 3))


def _withdrawn(cases: list[Case], chance: Chance) -> int:
    numbers = [
        number
        for number, case in enumerate(cases, start=1)
        if case.contact.line is Line.FIRST
        and case.contact.nature is Nature.COMPLAINT
        and case.submission["citizen"]
    ]
    return chance.choice(numbers)


def _follow_up(step: _Step, case: Case, follow_up_id: str, actor: str) -> FollowUp:
    return {
        "follow_up_id": follow_up_id,
        "organisation": ORGANISATION,
        "submission_id": case.submission["submission_id"],
        "kind": step.kind,
        "occurred_at": step.at.isoformat(),
        "actor": actor,
        "data": step.data,
    }


class _History:
    """Tells how one case went. Days are counted from the day of receipt."""

    def __init__(self, case: Case, chance: Chance, names: Directory) -> None:
        self._case = case
        self._contact = case.contact
        self._chance = chance
        self._names = names
        self._day: date = case.received_at.date()

    def immediate(self) -> list[_Step]:
        """An immediate service: an answer or a referral, and that is all."""
        complaint = self._contact.nature is Nature.COMPLAINT and self._contact.line is Line.FIRST
        if complaint and self._chance.likely(0.6):
            steps = list(self._acknowledged(first=1, last=4))
            answered = self._after(9, 24)
        else:
            steps = []
            answered = self._after(1, 6)
        steps.append(_Step(answered, "answered", {}))
        steps.append(_Step(answered + timedelta(minutes=5), "closed", {}))
        return steps

    def withdrawn(self) -> list[_Step]:
        """The citizen lets it rest."""
        return [*self._acknowledged(first=1, last=4), _Step(self._after(6, 12), "withdrawn", {})]

    def dossier(self, *, reopened: bool) -> list[_Step]:
        """A second-line dossier from acknowledgement to closing."""
        steps = [*self._receipt(), *self._corrections(), *self._waiting()]
        answered = self._answer()
        steps.append(_Step(answered, "answered", {}))
        closed = in_office(answered.date() + timedelta(days=self._chance.randrange(1, 10)), self._chance)
        if reopened:
            steps += self._reopened(closed)
            closed = in_office(closed.date() + timedelta(days=30), self._chance)
        steps.append(_Step(closed, "closed", self._closing()))
        if self._chance.likely(0.2):
            day = closed.date() + timedelta(days=self._chance.randrange(7, 21))
            steps.append(_Step(in_office(day, self._chance), "surveyed", {"score": self._score()}))
        return steps

    def _receipt(self) -> Iterator[_Step]:
        if self._chance.likely(0.9):
            yield from self._acknowledged(first=1, last=6)
        elif self._chance.likely(0.6):
            yield from self._acknowledged(first=12, last=16)

    def _acknowledged(self, first: int, last: int) -> Iterator[_Step]:
        person = {"contact_person": self._chance.choice(self._names.contact_persons)}
        data = person if self._chance.likely(0.4) else {}
        yield _Step(self._after(first, last), "acknowledged", data)

    def _corrections(self) -> Iterator[_Step]:
        if self._case.misdirected:
            right = {"directorate": self._contact.directorate, "service": self._contact.service}
            data = {"reason": "Na navraag bij de dienst toegewezen.", **right}
            yield _Step(self._after(2, 5), "transferred", data)

    def _waiting(self) -> Iterator[_Step]:
        if self._chance.likely(0.2):
            asked = self._after(5, 9)
            answered = in_office(asked.date() + timedelta(days=self._chance.randrange(3, 13)), self._chance)
            yield _Step(asked, "information_requested", {})
            yield _Step(answered, "information_received", {})

    def _answer(self) -> datetime:
        return self._after(24, 41) if self._chance.likely(0.85) else self._after(48, 80)

    def _reopened(self, closed: datetime) -> Iterator[_Step]:
        hasty = {"qualification": "unfounded", "intervention": "information", "outcome": "not_applicable"}
        yield _Step(closed, "closed", hasty)
        reopened = in_office(closed.date() + timedelta(days=10), self._chance)
        yield _Step(reopened, "reopened", {"reason": "Nieuwe stukken van de burger."})
        again = in_office(closed.date() + timedelta(days=24), self._chance)
        yield _Step(again, "answered", {})

    def _closing(self) -> dict[str, Any]:
        settlement, topic = self._contact.settlement, self._contact.topic
        if settlement is None:
            raise ValueError("a second-line dossier is settled in one of the published ways")
        data: dict[str, Any] = {
            "qualification": self._contact.qualification,
            "intervention": settlement.intervention,
            "outcome": settlement.outcome,
        }
        if topic:
            data["topics"] = [topic]
        if self._contact.qualification in FOUNDED:
            data["norms_violated"] = [self._chance.choice(_NORMS.get(topic or "", _OTHER_NORMS))]
        return data

    def _score(self) -> int:
        happy = self._contact.settlement is not None and self._contact.settlement.outcome == "resolved"
        return self._chance.randrange(6, 11) if happy else self._chance.randrange(2, 8)

    def _after(self, first: int, last: int) -> datetime:
        return in_office(self._day + timedelta(days=self._chance.randrange(first, last + 1)), self._chance)
