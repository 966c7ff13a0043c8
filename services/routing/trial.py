"""A message that somebody types to see who would get it: the fields of a form, read into a submission."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import orjson
from fastapi import Request

from services.routing.preview import NO_ID, read_submission
from shared.contracts.rejection import FieldError
from shared.contracts.submission import Submission
from shared.problems import Problem
from shared.profiles import Profile, Profiles

MOST_FIELDS = 40
MOST_CHARACTERS = {"subject": 200, "text": 20_000}
FIELDS = ("channel", "nature", "service", "earlier", "received_on", "facts_on", "subject", "text")
FLAGS = ("legal_proceedings", "anonymous", "anonymous_towards_service", "repeated")
_OF_FIELD = {"received_at": "received_on", "about.service": "service"}


class Trial(NamedTuple):
    """What was typed, as it was typed, and what is wrong with it."""

    typed: Mapping[str, str]
    submission: Submission | None = None
    errors: tuple[FieldError, ...] = ()
    learning: bool = False

    @property
    def repeated(self) -> bool:
        return bool(self.typed.get("repeated"))


def blank(profile: Profile, today: date) -> Trial:
    """An empty form: received today, over the first channel of the organisation."""
    first = next(iter(profile.version_on(today).channels))
    return Trial({"channel": first, "received_on": today.isoformat()})


async def typed_in(request: Request) -> dict[str, str]:
    """The form's fields, those that it does not have left out. Raises ``Problem`` for what is no form."""
    try:
        body = (await request.body()).decode()
        given = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise Problem(400, "Not a form", "Send the form of this page, as a browser does.") from None
    return {name: value.replace("\r\n", "\n") for name, value in given if name in {*FIELDS, *FLAGS}}


def read_trial(typed: Mapping[str, str], profile: Profile, profiles: Profiles) -> Trial:
    """The submission, or what is wrong field by field."""
    try:
        received = datetime.combine(date.fromisoformat(typed.get("received_on", "")), time(12), profile.zone)
    except ValueError:
        received = None
    day = typed.get("received_on") if received else None
    told = {
        "submission_id": NO_ID,
        "organisation": profile.id,
        "channel": typed.get("channel") or None,
        "received_at": _instant(received),
        "nature": typed.get("nature") or None,
        "subject": typed.get("subject") or None,
        "text": typed.get("text", ""),
        "citizen": None if typed.get("anonymous") else {},
        "anonymous_towards_service": bool(typed.get("anonymous_towards_service")),
        "legal_proceedings": bool(typed.get("legal_proceedings")),
        "about": {"service": typed.get("service") or None},
        "facts_on": typed.get("facts_on") or None,
        "earlier_contact": {"on": day, "result": typed["earlier"]} if typed.get("earlier") and day else None,
    }
    try:
        return Trial(typed, read_submission(orjson.dumps(told), profiles))
    except Problem as problem:
        return Trial(typed, errors=tuple(_of_form(error) for error in problem.errors))


def _instant(received: datetime | None) -> str:
    # Noon is on the same day in every zone that an organisation may have; nothing is decided by the hour.
    return received.astimezone(ZoneInfo("UTC")).isoformat() if received else ""


def _of_form(error: FieldError) -> FieldError:
    field = error["field"]
    name = _OF_FIELD.get(field, "earlier" if field.startswith("earlier_contact") else field)
    code = "wrong_form" if name == "received_on" and error["code"] == "invalid" else error["code"]
    return {"field": name, "code": code, "message": error["message"]}
