"""Routing over HTTP: what would be decided, and the profile it is decided by."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from services.routing.domain import facts_of_submission
from services.routing.preview import body_schema, read_submission
from services.routing.text.readers import Readers, StillLearning
from shared.access import Role, require
from shared.clock import Clock
from shared.contracts.decision import Decision
from shared.problems import Problem
from shared.profiles import Profiles
from shared.profiles.model import Label, Profile, ProfileVersion

_anybody = Depends(require(Role.ADAPTER, Role.HANDLER, Role.REPORTING, Role.ADMIN))


class ProfileInForce(BaseModel):
    """An organisation as it is on a day: what all versions share, and the version that holds then."""

    id: str
    name: Label
    revision: int
    content_hash: str
    reference_prefix: str
    country: str
    time_zone: str
    language: str
    profile_version: str
    version: ProfileVersion


def routing_routes(profiles: Profiles, clock: Clock, readers: Readers) -> APIRouter:
    """The routes; any valid token may call them."""
    router = APIRouter(tags=["routing"], dependencies=[_anybody])

    @router.post(
        "/routing/preview",
        summary="The decision on a submission; nothing is published",
        openapi_extra={
            "requestBody": {"required": True, "content": {"application/json": {"schema": body_schema()}}}
        },
        responses={
            422: {"description": "Not a submission of this organisation; see errors"},
            503: {"description": "The text model is still being trained; try again in a few seconds"},
        },
    )
    async def preview(request: Request) -> Decision:
        submission = read_submission(await request.body(), profiles)
        facts, profile = facts_of_submission(submission), profiles[submission.organisation]
        try:
            return readers.decide(facts, profile, submission.subject, submission.text).decision
        except StillLearning:
            raise Problem(503, "Not ready", "The text model is still being trained; try again.") from None

    @router.get(
        "/organisations/{organisation}/profile",
        summary="The organisation's lists, terms and tables as they hold on a day",
        responses={404: {"description": "No such organisation"}},
    )
    async def profile_in_force(
        organisation: str,
        on: Annotated[date | None, Query(description="Local date; default today")] = None,
    ) -> ProfileInForce:
        profile = profiles.get(organisation)
        if profile is None:
            known = ", ".join(sorted(profiles))
            raise Problem(404, "Not found", f"There is no organisation of that id; there are: {known}.")
        return _in_force(profile, on or profile.local_date(clock()))

    return router


def _in_force(profile: Profile, day: date) -> ProfileInForce:
    version = profile.version_on(day)
    common = {name: getattr(profile, name) for name in ProfileInForce.model_fields if name in Profile.model_fields}
    return ProfileInForce(**common, profile_version=profile.version_name(version), version=version)
