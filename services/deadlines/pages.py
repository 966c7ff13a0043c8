"""The work list where people look at it: a page in a browser and a feed in a calendar program."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, model_validator

from services.deadlines.api import Deadlines, unknown_organisation
from services.deadlines.calendar_feed import calendar_feed
from services.deadlines.domain.days import ONE_DAY, start_of_day
from services.deadlines.page import MOST_LINES, SECURITY, WorkListView, end_of_week, work_list_page
from services.deadlines.words import Language, directorate_label
from services.deadlines.work_list import TO_BE_DONE, Filter
from shared.access import Role
from shared.clock import Clock
from shared.contracts.identifiers import DeadlineState
from shared.entrance import entrance
from shared.problems import unprocessable
from shared.profiles import Profile, Profiles

_MOST_EVENTS = 5000
_SETTLED = frozenset(DeadlineState) - TO_BE_DONE
_SETTLED_FOR = timedelta(days=60)


class PageQuery(BaseModel):
    """What a page or feed is about; what is empty is not given."""

    model_config = ConfigDict(extra="ignore")

    organisation: str | None = None
    directorate: str | None = None
    lang: Language = "nl"

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_given(cls, given: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in given.items() if value not in ("", [""])}


def pages_routes(deadlines: Deadlines, profiles: Profiles, clock: Clock) -> APIRouter:
    """The page and the feed."""
    router = APIRouter(tags=["work list"])

    @router.get(
        "/deadlines.ics",
        summary="The work list as a calendar; the token may stand in the address as token=",
        dependencies=[Depends(entrance(Role.HANDLER, in_address=True))],
        response_class=Response,
        responses={200: {"content": {"text/calendar": {}}, "description": "iCalendar (RFC 5545)"}},
    )
    async def feed(query: Annotated[PageQuery, Query()]) -> Response:
        profile = _profile(query, profiles)
        wanted = Filter(organisation=query.organisation, directorate=query.directorate)
        lines = await deadlines.work_list(wanted, _MOST_EVENTS)
        lines += await deadlines.work_list(_settled(wanted, clock()), _MOST_EVENTS)
        zone = profile.time_zone if profile else None
        told = calendar_feed(lines, dict(profiles), _about(profile, query.directorate), zone, clock())
        headers = {
            "Cache-Control": "private, max-age=0",
            "Content-Disposition": 'inline; filename="termijnen.ics"',
        }
        return Response(told, media_type="text/calendar; charset=utf-8", headers=headers)

    @router.get(
        "/worklist",
        summary="The work list as a page; a browser asks for the token as a password",
        dependencies=[Depends(entrance(Role.HANDLER))],
        response_class=Response,
        responses={200: {"content": {"text/html": {}}, "description": "A page"}},
    )
    async def page(query: Annotated[PageQuery, Query()]) -> Response:
        profile = _profile(query, profiles) or next(iter(profiles.values()))
        today = profile.local_date(clock())
        before = start_of_day(end_of_week(today) + ONE_DAY, profile.zone) + timedelta(milliseconds=1)
        directorate = _of(profile, query.directorate)
        wanted = Filter(organisation=profile.id, directorate=directorate, before=before)
        lines = await deadlines.work_list(wanted, MOST_LINES + 1)
        more = len(lines) > MOST_LINES
        shown = lines[:MOST_LINES]
        view = WorkListView(profile, profiles, directorate, query.lang, today, shown, more)
        return Response(work_list_page(view), media_type="text/html; charset=utf-8", headers=SECURITY)

    return router


def _profile(query: PageQuery, profiles: Profiles) -> Profile | None:
    if query.organisation is None:
        return None
    if query.organisation not in profiles:
        raise unprocessable([unknown_organisation(profiles)])
    return profiles[query.organisation]


def _of(profile: Profile, directorate: str | None) -> str | None:
    """The directorate if the organisation has it. Who chooses another organisation sends the directorate of the
    last one along, and would read that there is nothing to do.
    """
    known = {unit.id for version in profile.versions for unit in version.directorates}
    return directorate if directorate in known else None


def _settled(wanted: Filter, now: datetime) -> Filter:
    return Filter(_SETTLED, wanted.organisation, wanted.directorate, since=now - _SETTLED_FOR)


def _about(profile: Profile | None, directorate: str | None) -> str | None:
    if profile is None:
        return None
    name = profile.name.nl
    return f"{name}, {directorate_label(profile, directorate).nl}" if directorate else name
