"""What was refused, for those who look after the adapters: the bytes may hold personal data."""

import base64
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from services.intake.store import Store
from services.intake.store.rejections import RejectionPlace
from services.intake.views import RejectionFile, RejectionList, RejectionSummary, rejection_summaries
from shared.access import require
from shared.problems import Problem, unprocessable

_UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def rejection_routes(store: Store) -> APIRouter:
    """Refused messages, newest first, and one with its bytes; for admins."""
    router = APIRouter(tags=["rejections"], dependencies=[Depends(require())])

    @router.get("/rejections", summary="Refused messages of the last 30 days, newest first")
    async def page(
        organisation: Annotated[str | None, Query(pattern=r"^[a-z0-9][a-z0-9_]{0,99}$")] = None,
        after: Annotated[str | None, Query(max_length=100, description="next_after of the page before")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> RejectionList:
        found = await store.rejections.page(organisation=organisation, after=_place(after), limit=limit)
        following = found.next_after
        return RejectionList(
            rejections=rejection_summaries(found.rejections),
            next_after=f"{following.rejected_at.isoformat()}|{following.id}" if following else None,
        )

    @router.get("/rejections/{rejection_id}", summary="A refused message with its bytes")
    async def whole(rejection_id: Annotated[str, Path(pattern=_UUID)]) -> RejectionFile:
        rejection = await store.rejections.find(rejection_id)
        if rejection is None:
            raise Problem(404, "Unknown rejection", "There is none with this id; they are kept for 30 days.")
        summary = RejectionSummary.model_validate(rejection)
        body = base64.b64encode(rejection.body).decode()
        return RejectionFile(**summary.model_dump(), content_type=rejection.content_type, body_base64=body)

    return router


def _place(after: str | None) -> RejectionPlace | None:
    if after is None:
        return None
    moment, _, rejection_id = after.partition("|")
    try:
        rejected_at = datetime.fromisoformat(moment)
    except ValueError:
        rejected_at = None
    if rejected_at is None or rejected_at.tzinfo is None or not rejection_id:
        message = "is not the next_after of a page; give it as it came"
        raise unprocessable([{"field": "after", "code": "wrong_form", "message": message}])
    return RejectionPlace(rejected_at, rejection_id)
