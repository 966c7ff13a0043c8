"""What a preview asks: a contact's course, real or supposed, and what becomes of its deadlines by it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field, ValidationError
from pydantic_core import to_json

from services.deadlines.domain.calculator import Matter, explain, reckon, refused_extensions
from services.deadlines.domain.known import given_decision
from shared.contracts.base import Message
from shared.contracts.deadline import ExplainedDeadline
from shared.contracts.events import EVENT_TYPES, FOLLOW_UP_EVENT_TYPES, Happened
from shared.contracts.follow_up import (
    AcknowledgedData,
    ClosedData,
    EscalatedData,
    ExtendedData,
    NoData,
    SurveyedData,
    TransferredData,
)
from shared.contracts.identifiers import FollowUpKind, Instant, Line, Nature, OrganisationId, Remark
from shared.contracts.lifecycle import FollowUpFact, standing
from shared.contracts.rejection import FieldError, field_errors
from shared.problems import unprocessable
from shared.profiles import Profile, Profiles
from shared.profiles.calendar import BeyondCalendar

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_MOST_FOLLOW_UPS = 500


class PreviewFollowUp(Message):
    """Something that happened to the contact; ``data`` as in a follow-up of that kind."""

    kind: FollowUpKind
    occurred_at: Instant
    data: dict[str, Any] = {}


class PreviewRequest(Message):
    """A contact's course. A nature or line that is null or left out is undecided: the strictest term runs."""

    organisation: OrganisationId
    nature: Nature | None = None
    line: Line | None = None
    received_at: Instant
    registered_at: Instant | None = None
    follow_ups: Annotated[list[PreviewFollowUp], Field(max_length=_MOST_FOLLOW_UPS)] = []
    as_of: Instant | None = None


class _ReopenedData(Message):
    reason: Remark | None = None


_DATA: dict[FollowUpKind, type[Message]] = dict.fromkeys(FollowUpKind, NoData) | {
    FollowUpKind.ACKNOWLEDGED: AcknowledgedData,
    FollowUpKind.EXTENDED: ExtendedData,
    FollowUpKind.TRANSFERRED: TransferredData,
    FollowUpKind.CLOSED: ClosedData,
    FollowUpKind.REOPENED: _ReopenedData,
    FollowUpKind.ESCALATED: EscalatedData,
    FollowUpKind.SURVEYED: SurveyedData,
}


def read_preview(body: bytes, profiles: Profiles) -> PreviewRequest:
    """The request. Raises a 422 problem that names each field that is wrong and what would be right."""
    try:
        request = PreviewRequest.model_validate_json(body)
    except ValidationError as error:
        raise unprocessable(field_errors(error)) from None
    errors = _out_of_range(request)
    if request.organisation not in profiles:
        message = f"is not known here; give one of {', '.join(sorted(profiles))}"
        errors.append(FieldError(field="organisation", code="unknown_organisation", message=message))
    if errors:
        raise unprocessable(errors)
    return request


def preview(request: PreviewRequest, profile: Profile, now: datetime) -> list[ExplainedDeadline]:
    """The deadlines as they stand at ``as_of``, by default ``now``.

    Raises a 422 problem with the code ``extension_not_allowed`` for extensions that the policy does not allow, and
    with ``beyond_calendar`` where days are needed that a calendar does not know.
    """
    facts = _facts(request.follow_ups)
    as_of = request.as_of or now
    so_far = [fact for fact in facts if fact.occurred_at <= as_of]
    matter = _matter(request, so_far)
    try:
        _refuse_extensions(profile, _matter(request, facts), facts)
        return [explain(profile, matter, each) for each in reckon(profile, matter, so_far, as_of)]
    except BeyondCalendar as beyond:
        message = f"leads to days that are not known: {beyond}; ask about a time within that"
        error = FieldError(field="received_at", code="beyond_calendar", message=message)
        raise unprocessable([error]) from None


def _matter(request: PreviewRequest, facts: Sequence[FollowUpFact]) -> Matter:
    now = standing(given_decision(request.nature, request.line), facts)
    begun = request.registered_at or request.received_at
    routed = begun if now.line else None
    return Matter(request.received_at, now.nature, now.line, request.registered_at, routed, begun)


def _facts(follow_ups: Sequence[PreviewFollowUp]) -> list[FollowUpFact]:
    facts: list[FollowUpFact] = []
    errors: list[FieldError] = []
    for place, each in enumerate(follow_ups):
        try:
            data = _DATA[each.kind].model_validate_json(to_json(each.data))
        except ValidationError as error:
            errors += [_below(f"follow_ups.{place}.data", found) for found in field_errors(error)]
        else:
            facts.append(FollowUpFact(each.occurred_at, each.kind, f"{place:04}", _happened(each, place, data)))
    if errors:
        raise unprocessable(errors)
    return sorted(facts, key=lambda fact: fact.place)


def _happened(follow_up: PreviewFollowUp, place: int, data: Message) -> Happened:
    told = data.model_dump(exclude={"reason", "contact_person"}, exclude_none=True)
    if isinstance(data, TransferredData):
        told["decided"] = tuple(data.model_fields_set - {"reason"})
    model = EVENT_TYPES[FOLLOW_UP_EVENT_TYPES[follow_up.kind]]
    happened = model.model_validate(told | {"follow_up_id": f"{place:04}", "occurred_at": follow_up.occurred_at})
    assert isinstance(happened, Happened)  # noqa: S101  every follow-up's event is one
    return happened


def _refuse_extensions(profile: Profile, matter: Matter, facts: Sequence[FollowUpFact]) -> None:
    message = "the policy knows no such extension, or not so long a one; give a shorter one or leave it out"
    errors = [
        FieldError(field=f"follow_ups.{int(place)}.data", code="extension_not_allowed", message=message)
        for place in sorted(refused_extensions(profile, matter, facts))
    ]
    if errors:
        raise unprocessable(errors)


def _out_of_range(request: PreviewRequest) -> list[FieldError]:
    moments: dict[str, datetime | None] = {
        "received_at": request.received_at,
        "registered_at": request.registered_at,
        "as_of": request.as_of,
    }
    for place, each in enumerate(request.follow_ups):
        moments[f"follow_ups.{place}.occurred_at"] = each.occurred_at
    message = f"must lie between {EARLIEST:%Y} and {LATEST:%Y}; check the year"
    return [
        FieldError(field=field, code="out_of_range", message=message)
        for field, moment in moments.items()
        if moment is not None and not EARLIEST <= moment < LATEST
    ]


def _below(path: str, error: FieldError) -> FieldError:
    return FieldError(field=f"{path}.{error['field']}".rstrip("."), code=error["code"], message=error["message"])


def body_schema() -> dict[str, Any]:
    """The JSON Schema of a preview's body, complete in itself."""
    schema = PreviewRequest.model_json_schema()
    inlined: dict[str, Any] = _inlined(schema, schema.pop("$defs"))
    return inlined


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_inlined(each, definitions) for each in part]
    if not isinstance(part, dict):
        return part
    named = definitions[part["$ref"].removeprefix("#/$defs/")] if "$ref" in part else {}
    return {key: _inlined(value, definitions) for key, value in (named | part).items() if key != "$ref"}
