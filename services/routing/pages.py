"""The coordinator's page: type a message, see who would get it and why. Nothing is published or kept."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from services.routing.decision_page import Page, decision_page
from services.routing.domain import Outcome, facts_of_submission
from services.routing.text.readers import Readers, StillLearning
from services.routing.trial import Trial, blank, read_trial, typed_in
from shared.access import Role
from shared.clock import Clock
from shared.contracts.rejection import FieldError
from shared.entrance import entrance
from shared.pages import SECURITY, Language
from shared.problems import unprocessable
from shared.profiles import Profile, Profiles

_ENTRANCE = Depends(entrance(Role.HANDLER))
_ITSELF = "this-message"
"""Stands in for the reference of the earlier contact: that there is one is all that is asked for."""


class Asked(BaseModel):
    """What the page's address says."""

    model_config = ConfigDict(extra="forbid")

    organisation: str | None = None
    lang: Language = "nl"


def routing_pages(profiles: Profiles, clock: Clock, readers: Readers) -> APIRouter:
    """The page, for handlers and admins."""
    router = APIRouter(tags=["pages"], dependencies=[_ENTRANCE])

    @router.get("/routing", summary="The page on which a message can be tried", response_class=Response)
    async def form(asked: Annotated[Asked, Query()]) -> Response:
        profile = _chosen(asked, profiles)
        return _page(asked, profiles, blank(profile, profile.local_date(clock())), clock)

    @router.post(
        "/routing",
        summary="The page with the decision on what was typed; nothing is published",
        response_class=Response,
        responses={422: {"description": "The page again, with what is wrong field by field"}},
    )
    async def decided(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        profile = _chosen(asked, profiles)
        trial = read_trial(await typed_in(request), profile, profiles)
        try:
            return _page(asked, profiles, trial, clock, _outcome(trial, profile, readers))
        except StillLearning:
            return _page(asked, profiles, trial._replace(learning=True), clock)

    return router


def _outcome(trial: Trial, profile: Profile, readers: Readers) -> Outcome | None:
    told = trial.submission
    if told is None:
        return None
    facts = facts_of_submission(told)._replace(repeat_of=_ITSELF if trial.repeated else None)
    return readers.decide(facts, profile, told.subject, told.text)


def _page(
    asked: Asked, profiles: Profiles, trial: Trial, clock: Clock, outcome: Outcome | None = None
) -> Response:
    profile = _chosen(asked, profiles)
    received = trial.submission.received_at if trial.submission else clock()
    page = Page(profile, profile.version_at(received), list(profiles.values()), asked.lang, trial, outcome)
    status = 503 if trial.learning else 422 if trial.errors else 200
    return Response(decision_page(page), status, dict(SECURITY), "text/html; charset=utf-8")


def _chosen(asked: Asked, profiles: Profiles) -> Profile:
    name = asked.organisation or next(iter(sorted(profiles)), "")
    profile = profiles.get(name)
    if profile is None:
        message = f"is not known here; give one of {', '.join(sorted(profiles))}"
        raise unprocessable([FieldError(field="organisation", code="unknown_organisation", message=message)])
    return profile
