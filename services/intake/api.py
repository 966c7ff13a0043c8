"""Intake over HTTP. Every answer to bad input is a problem document."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse

from services.intake.contact_files import open_file
from services.intake.domain.claims import SubmissionClaim
from services.intake.domain.refusal import Refused
from services.intake.metrics import IntakeMetrics
from services.intake.reception import Reception
from services.intake.store import Store
from services.intake.views import (
    Accepted,
    ContactFile,
    ContactStatus,
    FollowUpAccepted,
    contact_file,
    contact_status,
)
from shared.access import Role, TokenHash, require
from shared.errors import is_infrastructure
from shared.problems import Problem, not_available, unprocessable

Reference = Annotated[
    str,
    Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="The contact's number, like LEU-2021-000123"),
]
IdempotencyKey = Annotated[
    str | None, Header(description="Stands for the id where the body has none: the id is then http: and this key")
]
CONFLICTS = frozenset({"submission_id_reused", "follow_up_id_reused", "reference_taken"})
_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    409: _PROBLEM | {"description": "The id was used before with other content, or the reference is taken"},
    413: _PROBLEM | {"description": "Larger than 1 MiB"},
    422: _PROBLEM | {"description": "Not valid; errors says which field, what is wrong and what would be right"},
    408: _PROBLEM | {"description": "The body took too long to come; send it again"},
    429: _PROBLEM | {"description": "Too much at once; send the same again after Retry-After seconds"},
    503: _PROBLEM
    | {"description": "Broker or database is away; send it again after Retry-After, the number stays the same"},
}


def _message_body(schema: str) -> dict[str, Any]:
    schema_ref = {"$ref": f"#/components/schemas/{schema}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema_ref}}}}


def contact_routes(store: Store, reception: Reception, metrics: IntakeMetrics) -> APIRouter:
    """Submitting, following up, looking at a contact."""
    router = APIRouter(tags=["contacts"])

    async def known(reference: str) -> SubmissionClaim:
        async with _answering(metrics):
            claim = await reception.contact(reference)
        if claim is None:
            raise Problem(404, "Unknown contact", "There is no contact with this reference; check it.")
        return claim

    @router.post(
        "/contacts",
        status_code=202,
        summary="Hand a submission in",
        response_model=Accepted,
        responses=_RESPONSES,
        openapi_extra=_message_body("Submission"),
        dependencies=[Depends(require(Role.ADAPTER, Role.HANDLER))],
    )
    async def submit(request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        async with _answering(metrics):
            claim = await reception.submit(await request.body(), idempotency_key)
        accepted = Accepted(reference=claim.reference, status_url=_status_url(claim))
        return JSONResponse(accepted.model_dump(), 202, {"Location": accepted.status_url})

    @router.get("/contacts/{reference}", summary="A contact as it stands; adapters see its state only")
    async def look(
        reference: Reference, caller: Annotated[TokenHash, Depends(require(Role.ADAPTER, Role.HANDLER))]
    ) -> ContactFile | ContactStatus:
        claim = await known(reference)
        async with _answering(metrics):
            opened = await open_file(store, claim)
        if caller.role is Role.ADAPTER:
            return contact_status(claim, opened.now.state)
        return contact_file(claim, opened)

    @router.post(
        "/contacts/{reference}/follow-ups",
        status_code=202,
        summary="Tell what happened to a contact",
        response_model=FollowUpAccepted,
        responses={404: _PROBLEM | {"description": "No such contact"}, **_RESPONSES},
        openapi_extra=_message_body("FollowUp"),
        dependencies=[Depends(require(Role.HANDLER))],
    )
    async def follow_up(
        reference: Reference, request: Request, idempotency_key: IdempotencyKey = None
    ) -> Response:
        claim = await known(reference)
        async with _answering(metrics):
            follow_up_id = await reception.follow_up(claim, await request.body(), idempotency_key)
        accepted = FollowUpAccepted(follow_up_id=follow_up_id, status_url=_status_url(claim))
        return JSONResponse(accepted.model_dump(), 202, {"Location": accepted.status_url})

    return router


def _status_url(claim: SubmissionClaim) -> str:
    return f"/contacts/{claim.reference}"


@asynccontextmanager
async def _answering(metrics: IntakeMetrics) -> AsyncIterator[None]:
    """Makes problems of refusals, and of a broker or a database that is away."""
    try:
        yield
    except Refused as refusal:
        code = refusal.errors[0]["code"]
        metrics.http_refusals.labels(code).inc()
        if code in CONFLICTS:
            raise Problem(409, "In use already", refusal.errors[0]["message"], errors=refusal.errors) from None
        raise unprocessable(refusal.errors) from None
    except Exception as error:
        if is_infrastructure(error):
            raise not_available("The message broker or the database does not answer; send it again.") from None
        raise
