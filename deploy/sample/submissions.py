"""A contact of the year as the message that a channel adapter would hand in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from deploy.sample.assignment import ORGANISATION, Contact, organisation_in_2021
from deploy.sample.chance import Chance, chance_for
from deploy.sample.moments import BRUSSELS, EDGES, month_of, received
from deploy.sample.people import People, directory
from deploy.sample.texts import Story, Texts, Writer
from shared.contracts.identifiers import Channel, EarlierResult, Line, Nature

Submission = dict[str, Any]
_WRITTEN = (Channel.EMAIL, Channel.WEB_FORM)
_UNNAMED_DOSSIERS = 4
_LONG_AGO, _IN_COURT, _ANONYMOUS, _MISDIRECTED = 2, 1, 2, 6


@dataclass(frozen=True)
class Case:
    """A contact and the submission that it came in with."""

    contact: Contact
    submission: Submission

    @property
    def received_at(self) -> datetime:
        return datetime.fromisoformat(self.submission["received_at"]).astimezone(BRUSSELS)

    @property
    def misdirected(self) -> bool:
        """Whether the submission names another directorate than the one that turns out to be responsible."""
        named: str | None = self.submission["about"].get("directorate")
        return named != self.contact.directorate


@dataclass(frozen=True)
class _Circumstances:
    """What sets single contacts apart from the others."""

    unnamed: bool = False
    long_ago: bool = False
    in_court: bool = False
    anonymous: bool = False
    misdirected: bool = False


def cases(contacts: list[Contact], texts: Texts) -> list[Case]:
    """The year's cases in the order in which they came in."""
    chance = chance_for("submissions")
    writer, people = Writer(texts, chance), People(directory(), chance)
    moments = _moments(contacts)
    special = _special(contacts)
    order = sorted(range(len(contacts)), key=lambda place: datetime.fromisoformat(moments[place]))
    made = []
    for number, place in enumerate(order, start=1):
        contact, apart = contacts[place], special.get(place, _Circumstances())
        submission = _submission(
            number=number,
            contact=contact,
            moment=moments[place],
            apart=apart,
            writer=writer,
            people=people,
            chance=chance,
        )
        made.append(Case(contact, submission))
    return made


def _moments(contacts: list[Contact]) -> list[str]:
    chance = chance_for("moments")
    edges = list(EDGES)
    moments = {}
    for place in chance.sample(range(len(contacts)), len(contacts)):
        contact = contacts[place]
        fits = contact.channel in _WRITTEN and contact.line is not Line.EXTERNAL
        edge = next((each for each in edges if fits and month_of(each) == contact.month), None)
        if edge:
            edges.remove(edge)
        moments[place] = edge or received(contact.month, contact.channel, chance).isoformat()
    if edges:
        raise ValueError(f"no written contact in the months of {edges}")
    return [moments[place] for place in range(len(contacts))]


def _special(contacts: list[Contact]) -> dict[int, _Circumstances]:
    chance = chance_for("circumstances")
    second = [place for place, contact in enumerate(contacts) if contact.line is Line.SECOND]
    first = [
        place
        for place, contact in enumerate(contacts)
        if contact.line is Line.FIRST and contact.nature is Nature.COMPLAINT
    ]
    # Nobody can leave no name in person; and who leaves none leaves no address.
    nameless = [p for p in first if contacts[p].district == "unknown" and contacts[p].channel in _WRITTEN]
    anonymous = chance.sample(nameless, _ANONYMOUS)
    other = chance.sample([place for place in first if place not in anonymous], _LONG_AGO + _IN_COURT)
    plain = [place for place in second if not contacts[place].other_directorates]
    dossiers = chance.sample(plain, _UNNAMED_DOSSIERS + _MISDIRECTED)
    return {
        **dict.fromkeys(anonymous, _Circumstances(anonymous=True)),
        **dict.fromkeys(other[:_LONG_AGO], _Circumstances(long_ago=True)),
        **dict.fromkeys(other[_LONG_AGO:], _Circumstances(in_court=True)),
        **dict.fromkeys(dossiers[:_UNNAMED_DOSSIERS], _Circumstances(unnamed=True)),
        **dict.fromkeys(dossiers[_UNNAMED_DOSSIERS:], _Circumstances(misdirected=True)),
    }


def _submission(
    *,
    number: int,
    contact: Contact,
    moment: str,
    apart: _Circumstances,
    writer: Writer,
    people: People,
    chance: Chance,
) -> Submission:
    day = datetime.fromisoformat(moment).astimezone(BRUSSELS).date()
    earlier = _earlier(contact, day, apart, chance)
    facts_on = _facts_on(day, earlier, apart, chance)
    citizen = None if apart.anonymous else people.citizen(contact.district)
    story = Story(
        nature=contact.nature,
        whom=contact.service or contact.directorate or contact.external_body or "",
        channel=contact.channel,
        street=people.street(),
        day=facts_on,
        earlier=earlier,
        unnamed=apart.unnamed,
        name=str(citizen["name"]) if citizen else None,
    )
    language, subject, text = writer.write(story)
    made: Submission = {
        "submission_id": _submission_id(number, contact.channel, day),
        "organisation": ORGANISATION,
        "channel": contact.channel.value,
        "received_at": moment,
        "nature": contact.nature.value,
        "subject": subject,
        "text": text,
        "language": language,
        "citizen": citizen,
        "about": _about(contact, apart, chance),
        "facts_on": facts_on.isoformat(),
        "historical": True,
    }
    if earlier:
        made["earlier_contact"] = {"on": earlier[0].isoformat(), "result": earlier[1].value}
    if apart.unnamed:
        made["anonymous_towards_service"] = True
    if apart.in_court:
        made["legal_proceedings"] = True
    return made


def _earlier(
    contact: Contact, day: date, apart: _Circumstances, chance: Chance
) -> tuple[date, EarlierResult] | None:
    if contact.line is not Line.SECOND or apart.unnamed:
        return None
    unanswered = contact.topic == "no_answer_or_unclear_information"
    results = (
        (EarlierResult.NO_ANSWER, EarlierResult.NO_ANSWER, EarlierResult.LATE_ANSWER)
        if unanswered
        else (EarlierResult.DISSATISFIED, EarlierResult.DISSATISFIED, EarlierResult.NO_ANSWER)
    )
    return day - timedelta(days=chance.randrange(12, 75)), chance.choice(results)


def _facts_on(
    day: date, earlier: tuple[date, EarlierResult] | None, apart: _Circumstances, chance: Chance
) -> date:
    if apart.long_ago:
        return day - timedelta(days=chance.randrange(400, 900))
    return (earlier[0] if earlier else day) - timedelta(days=chance.randrange(30))


def _about(contact: Contact, apart: _Circumstances, chance: Chance) -> dict[str, Any]:
    if contact.external_body:
        return {"external_body": contact.external_body}
    directorate, service = contact.directorate, contact.service
    if apart.misdirected:
        units = [unit for unit in organisation_in_2021().directorates if unit.services and unit.id != directorate]
        unit = chance.choice(units)
        directorate, service = unit.id, unit.services[0].id
    about: dict[str, Any] = {"directorate": directorate}
    if service:
        about["service"] = service
    if contact.other_directorates:
        about["other_directorates"] = list(contact.other_directorates)
    return about


def _submission_id(number: int, channel: Channel, day: date) -> str:
    known = {
        Channel.EMAIL: f"<{day:%Y%m%d}.{number:04}@mail.example.org>",
        Channel.WEB_FORM: f"form-{day.year}-{number:05}",
        Channel.PHONE: f"call-{day:%Y%m%d}-{number:03}",
    }
    return known.get(channel, f"desk-{day:%Y%m%d}-{number:03}")
