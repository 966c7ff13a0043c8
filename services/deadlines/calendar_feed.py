"""The work list as an iCalendar feed, for Outlook, Google and Apple calendars.

A deadline is an all-day event on its last day in time: a date has no time zone, so no program can move it to
another day. What nothing is owed for any more is told as cancelled for a while, for programs that keep what they
once read.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, vDuration, vText
from icalendar.enums import CLASS, STATUS, TRANSP

from services.deadlines.words import KINDS, STATES, directorate_label, service_label
from services.deadlines.work_list import TO_BE_DONE, Line
from shared.profiles import Profile

_REFRESH = timedelta(hours=1)
_NAME = "Termijnen"


def calendar_feed(
    lines: Sequence[Line], profiles: dict[str, Profile], name: str | None, zone: str | None, now: datetime
) -> bytes:
    """The feed; ``name`` is what the calendar is about, in a person's words, ``zone`` its organisation's."""
    title = f"{_NAME} {name}" if name else _NAME
    calendar = Calendar.new(
        prodid="-//Contactpunt//Termijnen//NL",
        method="PUBLISH",
        uid=uuid5(NAMESPACE_URL, f"contactpunt/{title}"),
    )
    # The library would write these two as they are; they are a text, with its commas escaped, and a duration.
    calendar["NAME"] = calendar["X-WR-CALNAME"] = vText(title)
    calendar["REFRESH-INTERVAL"] = vDuration(_REFRESH, {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    if zone:
        calendar.add("X-WR-TIMEZONE", zone)
    for line in lines:
        calendar.add_component(_event(line, profiles.get(line.organisation), now))
    told: bytes = calendar.to_ical()
    return told


def _event(line: Line, profile: Profile | None, now: datetime) -> Event:
    kind, state = KINDS[line.place.kind].nl, STATES[line.state].nl
    service = service_label(profile, line.service)
    told = [
        f"Dossier: {line.place.reference}",
        f"Directie: {directorate_label(profile, line.directorate).nl}",
        *([f"Dienst: {service.nl}"] if service else []),
        f"Stand: {state}",
    ]
    return Event.new(
        uid=f"{line.place.reference}.{line.place.kind.value}.{line.place.number}@contactpunt",
        stamp=now,
        start=line.due_on,
        end=line.due_on + timedelta(days=1),
        summary=f"{kind} {line.place.reference} ({state})",
        description="\n".join(told),
        status=STATUS.CONFIRMED if line.state in TO_BE_DONE else STATUS.CANCELLED,
        transparency=TRANSP.TRANSPARENT,
        classification=CLASS.PRIVATE,
    )
