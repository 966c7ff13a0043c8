"""Deadlines over HTTP: what would be owed, what is to be done, and how one contact stands."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, Any, Protocol
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from services.deadlines.domain.calculator import explain
from services.deadlines.domain.days import local_day
from services.deadlines.domain.known import matter_of, standing_at, with_service_since
from services.deadlines.domain.timeline import Timeline, runnings
from services.deadlines.preview import body_schema, preview, read_preview
from services.deadlines.store import Stored
from services.deadlines.work_list import TO_BE_DONE, Filter, Line, Place, place_of
from shared.access import Role, require
from shared.clock import Clock
from shared.contracts.deadline import ExplainedDeadline
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.contracts.rejection import FieldError
from shared.problems import Problem, unprocessable
from shared.profiles import Profiles
from shared.profiles.calendar import BeyondCalendar

_anybody = Depends(require(Role.ADAPTER, Role.HANDLER, Role.REPORTING, Role.ADMIN))
_staff = Depends(require(Role.HANDLER, Role.REPORTING, Role.ADMIN))
_MOST = 500


class Deadlines(Protocol):
    """What is read of the store."""

    async def read(self, references: Sequence[str]) -> dict[str, Stored]:
        """What is stored of these contacts, by reference."""

    async def work_list(self, wanted: Filter, most: int) -> list[Line]:
        """Deadlines that pass the filter, soonest first."""


class PreviewAnswer(BaseModel):
    deadlines: list[ExplainedDeadline]


class StandingDeadline(ExplainedDeadline):
    """``days_left`` are the local days until ``due_on`` for as long as it is to be done: 0 on the last day in
    time, negative after it, and as if it ended now while a pause lasts.
    """

    days_left: int | None = None


class ContactDeadlines(BaseModel):
    """How the deadlines of one contact stand now. ``revision`` is that of the last event told of them.

    ``with_service_since`` is when the contact came to the directorate and service that it is with,
    ``days_with_service`` the local days since then; the days that are left are each deadline's.
    """

    reference: str
    organisation: str
    directorate: str | None
    service: str | None
    with_service_since: AwareDatetime | None = None
    days_with_service: int | None = None
    silent: bool
    revision: int
    deadlines: list[StandingDeadline]


class WorkListItem(BaseModel):
    """One deadline of one contact. ``silent`` ones are of imported contacts and alert nobody.

    ``days_left`` are the local days until ``due_on``, negative after it; null for what has been met or cancelled.
    """

    reference: str
    organisation: str
    directorate: str | None
    service: str | None
    kind: DeadlineKind
    due_on: date
    due_at: AwareDatetime
    state: DeadlineState
    days_left: int | None
    with_service_since: AwareDatetime | None
    days_with_service: int | None
    policy: str
    silent: bool


class WorkListPage(BaseModel):
    """Deadlines, soonest first; ``next`` is the address of the next page, null on the last one."""

    deadlines: list[WorkListItem]
    next: str | None


class WorkListQuery(BaseModel):
    """What the work list is asked for; a filter that is empty filters nothing."""

    model_config = ConfigDict(extra="forbid")

    organisation: str | None = None
    state: Annotated[
        list[DeadlineState] | None,
        Query(description="One or more; by default what is to be done: open, paused, approaching, missed"),
    ] = None
    directorate: Annotated[
        str | None, Query(description="One of the organisation's, or none for what is not assigned yet")
    ] = None
    kind: DeadlineKind | None = None
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 100
    after: Annotated[str | None, Query(description="Where the page begins; taken from next")] = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_given(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in given.items() if value not in ("", [""])}


def deadlines_routes(deadlines: Deadlines, profiles: Profiles, clock: Clock) -> APIRouter:
    """The routes of this service."""
    router = APIRouter(tags=["deadlines"])

    @router.post(
        "/deadlines/preview",
        summary="The deadlines that follow from a contact's course; nothing is stored",
        dependencies=[_anybody],
        response_model_exclude_none=True,
        openapi_extra={
            "requestBody": {"required": True, "content": {"application/json": {"schema": body_schema()}}}
        },
        responses={422: {"description": "Not valid, or an extension that the policy does not allow; see errors"}},
    )
    async def preview_deadlines(request: Request) -> PreviewAnswer:
        wanted = read_preview(await request.body(), profiles)
        return PreviewAnswer(deadlines=preview(wanted, profiles[wanted.organisation], clock()))

    @router.get("/deadlines", summary="The work list, soonest first", dependencies=[_staff])
    async def work_list(query: Annotated[WorkListQuery, Query()]) -> WorkListPage:
        lines = await deadlines.work_list(_filter(query, profiles), query.limit + 1)
        return _page(lines, query, profiles, clock())

    @router.get(
        "/deadlines/{reference}",
        summary="The deadlines of one contact, and how they came about",
        dependencies=[_staff],
        response_model_exclude_none=True,
        responses={404: {"description": "No contact of that reference is known here"}},
    )
    async def deadlines_of_contact(reference: str) -> ContactDeadlines:
        return await deadlines_of(reference, deadlines, profiles, clock())

    return router


async def deadlines_of(
    reference: str, deadlines: Deadlines, profiles: Profiles, now: datetime
) -> ContactDeadlines:
    """The deadlines of one contact as they stand. Raises a 404 problem for one that is not known, and 503 where a
    calendar ends before they do.
    """
    stored = (await deadlines.read([reference])).get(reference)
    if stored is None or stored.timeline.known.registered is None:
        raise Problem(404, "Not found", "No contact of that reference is known here; check the reference.")
    try:
        return _explained(stored.timeline, profiles, now)
    except BeyondCalendar as beyond:
        detail = f"The deadlines cannot be counted: {beyond}. The calendar has to be added to."
        raise Problem(503, "Not known yet", detail) from None


def _filter(query: WorkListQuery, profiles: Profiles) -> Filter:
    if query.organisation is not None and query.organisation not in profiles:
        raise unprocessable([unknown_organisation(profiles)])
    after = page_begins_after(query.after)
    states = frozenset(query.state) if query.state else TO_BE_DONE
    return Filter(states, query.organisation, query.directorate, query.kind, after)


def page_begins_after(text: str | None) -> Place | None:
    """The place behind which a page begins. Raises a 422 problem for what is none."""
    try:
        return place_of(text) if text is not None else None
    except ValueError:
        message = "is not the beginning of a page; take it from next of the page before"
        raise unprocessable([FieldError(field="query.after", code="wrong_form", message=message)]) from None


def unknown_organisation(profiles: Profiles) -> FieldError:
    message = f"is not known here; give one of {', '.join(sorted(profiles))}"
    return FieldError(field="query.organisation", code="unknown_organisation", message=message)


def _page(lines: Sequence[Line], query: WorkListQuery, profiles: Profiles, now: datetime) -> WorkListPage:
    shown = lines[: query.limit]
    following = None
    if len(lines) > query.limit:
        asked = query.model_dump(mode="json", exclude_none=True) | {"after": str(shown[-1].place)}
        following = f"/deadlines?{urlencode(asked, doseq=True)}"
    return WorkListPage(deadlines=[_item(line, profiles, now) for line in shown], next=following)


def _item(line: Line, profiles: Profiles, now: datetime) -> WorkListItem:
    zone = profiles[line.organisation].zone if line.organisation in profiles else UTC
    return WorkListItem(
        reference=line.place.reference,
        organisation=line.organisation,
        directorate=line.directorate,
        service=line.service,
        kind=line.place.kind,
        due_on=line.due_on,
        due_at=line.place.due_at,
        state=line.state,
        days_left=(line.due_on - local_day(now, zone)).days if line.state in TO_BE_DONE else None,
        with_service_since=line.with_service_since,
        days_with_service=_days_since(line.with_service_since, now, zone),
        policy=line.policy,
        silent=line.silent,
    )


def _days_since(since: datetime | None, now: datetime, zone: tzinfo) -> int | None:
    return (local_day(now, zone) - local_day(since, zone)).days if since else None


def _explained(timeline: Timeline, profiles: Profiles, now: datetime) -> ContactDeadlines:
    known = timeline.known
    profile = profiles[known.organisation]
    whose, since = standing_at(known, now), with_service_since(known, now)
    explained: list[StandingDeadline] = []
    if known.registered is not None:
        matter = matter_of(known.registered, whose)
        explained = [
            StandingDeadline(**explain(profile, matter, each).model_dump(), days_left=each.days_left)
            for each in runnings(profile, known, now)
        ]
    return ContactDeadlines(
        reference=timeline.reference,
        organisation=known.organisation,
        directorate=whose.directorate,
        service=whose.service,
        with_service_since=since,
        days_with_service=_days_since(since, now, profile.zone),
        silent=timeline.silent,
        revision=timeline.revision,
        deadlines=explained,
    )
