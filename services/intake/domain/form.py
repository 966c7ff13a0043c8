"""The web form: what a citizen typed, read into a submission, and what is wrong with it field by field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson

from services.intake.domain.acceptance import FIRST_YEAR
from services.intake.domain.inbound import read_submission
from services.intake.domain.refusal import Refused, refused
from shared.contracts.identifiers import Channel
from shared.contracts.rejection import FieldError
from shared.profiles import Profile, ProfileVersion
from shared.profiles.codes import unknown_codes

ID_PREFIX: Final = "form:"
"""Before the id of every form, so that nobody who fills one in can take an id of an adapter's."""
_FORM_ID = re.compile(r"[0-9a-f]{32}")
_CHOSEN: Final = frozenset(("nature", "topic", "entity", "language", "earlier", "district"))
"""Fields that offer a list: whatever else comes is not on it."""
DATES: Final = ("facts_on", "earlier_on")
DATE_PARTS: Final = ("day", "month", "year")
KNOWN, UNKNOWN_TO_SERVICE, ANONYMOUS = "known", "unknown_to_service", "anonymous"
"""What a citizen may choose about who learns who they are."""
_WHO: Final = ("name", "email", "phone", "street", "postal_code", "municipality", "district")
FIELDS: Final = (
    *("form_id", "text", "subject", "nature", "topic", "entity", "facts_on", "legal_proceedings", "language"),
    *("earlier", "earlier_on", "earlier_reference", "identity"),
    *_WHO,
)
"""In the order of the page."""
TYPED: Final = frozenset(
    [*(name for name in FIELDS if name not in DATES), *(f"{name}_{part}" for name in DATES for part in DATE_PARTS)]
)
"""The names under which a browser sends them: a date is typed in three parts."""
_OF_FIELD: Final = {
    "submission_id": "form_id",
    "about.topic": "topic",
    "about.subtopic": "topic",
    "earlier_contact.result": "earlier",
    "earlier_contact.reference": "earlier_reference",
    **{f"citizen.{name}": name for name in ("name", "email", "phone")},
    **{f"citizen.address.{name}": name for name in ("street", "postal_code", "municipality", "district")},
}


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, by the names of ``TYPED``; what a browser did not send is not there."""

    typed: Mapping[str, str]

    @property
    def id(self) -> str | None:
        """The form's own id, which was made with the page; None where it is not one of ours."""
        given = self.typed.get("form_id", "")
        return given if is_form_id(given) else None

    def __getitem__(self, name: str) -> str | None:
        """What stands in a field of one line, None for nothing."""
        return self.typed.get(name, "").strip() or None


def is_form_id(given: str) -> bool:
    return _FORM_ID.fullmatch(given) is not None


def submission_id_of(form_id: str) -> str:
    return ID_PREFIX + form_id


def read_form(form: Form, profile: Profile, received_at: datetime) -> bytes:
    """The body of the submission, the same to the byte for the same form and moment (aware, whole milliseconds).

    Raises ``Refused`` with everything that is wrong, each field once and in the order of the page; the fields are
    those of the form.
    """
    version, reading = profile.version_at(received_at), _Reading(form, profile.local_date(received_at))
    body = orjson.dumps(_submission(form, reading, profile, version) | {"received_at": _spelled(received_at)})
    errors = [*reading.errors, *_own_errors(form), *_contract_errors(body, version)]
    first: dict[str, FieldError] = {}
    for error in errors:
        first.setdefault(error["field"], error)
    if first:
        raise Refused(sorted(first.values(), key=lambda error: _place(error["field"])))
    return body


def _spelled(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _submission(form: Form, reading: "_Reading", profile: Profile, version: ProfileVersion) -> dict[str, Any]:
    topic, _, subtopic = (form["topic"] or "").partition(".")
    told = {
        "submission_id": submission_id_of(form.id or ""),
        "organisation": profile.id,
        "channel": Channel.WEB_FORM.value,
        "access_channel": _way_in(version),
        "nature": form["nature"],
        "subject": form["subject"],
        "text": form.typed.get("text", ""),
        "language": form["language"],
        "entity": form["entity"],
        "about": _some({"topic": topic or None, "subtopic": subtopic or None}),
        "facts_on": reading.day("facts_on"),
        "legal_proceedings": True if form["legal_proceedings"] else None,
        "earlier_contact": _earlier(form, reading),
        "citizen": _citizen(form),
        "anonymous_towards_service": True if form["identity"] == UNKNOWN_TO_SERVICE else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _way_in(version: ProfileVersion) -> str | None:
    """The organisation's own name for a web form, where it has exactly one."""
    ways = [way.id for way in version.access_channels if way.channel is Channel.WEB_FORM]
    return ways[0] if len(ways) == 1 else None


def _citizen(form: Form) -> dict[str, Any] | None:
    if form["identity"] == ANONYMOUS:
        return None
    address = _some({name: form[name] for name in ("street", "postal_code", "municipality", "district")})
    return _some({name: form[name] for name in ("name", "email", "phone")} | {"address": address})


def _earlier(form: Form, reading: "_Reading") -> dict[str, Any] | None:
    result = form["earlier"]
    if result is None:
        return None
    on = reading.day("earlier_on", required=True)
    # Without its day there is no earlier contact to check; that the day is wrong is told already.
    return _some({"on": on, "result": result, "reference": form["earlier_reference"]}) if on else None


def _some(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Those that are there, None where none is."""
    return {name: value for name, value in fields.items() if value is not None} or None


def _own_errors(form: Form) -> Iterator[FieldError]:
    """What the contract leaves open and the form does not."""
    if form.id is None:
        yield _error("form_id", "wrong_form", "is not the id of a form; send the form of this page")
    if not form.typed.get("text", "").strip():
        yield _error("text", "missing", "is required; give the citizen's words")
    if form["identity"] == UNKNOWN_TO_SERVICE and _citizen(form) is None:
        yield _error("identity", "contradicts", "nothing is told of who it is; tell something, or stay anonymous")


def _contract_errors(body: bytes, version: ProfileVersion) -> Iterator[FieldError]:
    try:
        found = unknown_codes(read_submission(body).submission, version)
    except Refused as refusal:
        found = list(refusal.errors)
    for error in found:
        field = _OF_FIELD.get(error["field"], error["field"])
        yield _error(field, "not_on_list" if field in _CHOSEN else error["code"], error["message"])


def _place(field: str) -> int:
    return FIELDS.index(field) if field in FIELDS else len(FIELDS)


def _error(field: str, code: str, message: str) -> FieldError:
    return FieldError(field=field, code=code, message=message)


class _Reading:
    """Reads dates, and remembers what was wrong with them. ``today`` is the organisation's day of receipt."""

    def __init__(self, form: Form, today: date) -> None:
        self._form = form
        self._today = today
        self.errors: list[FieldError] = []

    def day(self, name: str, *, required: bool = False) -> str | None:
        """The day as ISO 8601 has it; None where there is none, or a wrong one."""
        try:
            day = self._read([self._form[f"{name}_{part}"] for part in DATE_PARTS], name, required)
        except Refused as refusal:
            self.errors += refusal.errors
            return None
        return day.isoformat() if day else None

    def _read(self, parts: list[str | None], name: str, required: bool) -> date | None:
        if not any(parts) and not required:
            return None
        if not all(parts):
            raise refused(name, "missing", "needs day, month and year")
        try:
            day = date.fromisoformat("{2:0>4}-{1:0>2}-{0:0>2}".format(*parts))
        except ValueError:
            raise refused(name, "wrong_form", "is no date; give day, month and a year of four digits") from None
        if day > self._today:
            raise refused(name, "in_the_future", "lies in the future; give a day up to today")
        if day.year < FIRST_YEAR:
            raise refused(name, "too_old", f"lies before {FIRST_YEAR}; give a year of four digits")
        return day
