"""Past contacts over HTTP, for admins alone: what citizens wrote is personal, whoever wrote it."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from services.intake.exporting import Wanted, past_contacts
from services.intake.store import Store
from shared.access import TokenHash, require
from shared.contracts.past_contact import PastContact
from shared.errors import is_infrastructure
from shared.problems import not_available, unprocessable
from shared.profiles import Profile

JSON_LINES = "application/x-ndjson"
_HEADERS = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="past-contacts.jsonl"'}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A line of JSON for each contact, in order of reference; see the schema past_contact.v1",
        "content": {JSON_LINES: {"schema": {"type": "string"}}},
    },
    422: {"description": "Not an organisation of the profiles, or a parameter that cannot be read; see errors"},
    503: {"description": "The database is away; try again. A stream that breaks off goes on with `after`"},
}
Groups = AsyncIterator[list[PastContact]]
_log = structlog.get_logger("intake")


def export_routes(store: Store, profiles: Mapping[str, Profile]) -> APIRouter:
    """The export; who called is logged, what went out is not."""
    router = APIRouter(tags=["past contacts"])

    @router.get(
        "/past-contacts",
        summary="Past contacts with what routing decided and what people made of it, without identity",
        response_class=StreamingResponse,
        responses=_RESPONSES,
    )
    async def export(
        organisation: Annotated[str, Query(max_length=100)],
        caller: Annotated[TokenHash, Depends(require())],
        after: Annotated[str, Query(max_length=64, description="Only references after this one")] = "",
        limit: Annotated[int | None, Query(ge=1, description="Most contacts; default all")] = None,
        corrected: Annotated[bool, Query(description="Only contacts that a person has decided on")] = False,
    ) -> StreamingResponse:
        _known(organisation, profiles)
        groups = past_contacts(store, Wanted(organisation, after, limit, corrected))
        first = await _first(groups)
        return StreamingResponse(_lines(first, groups, organisation, caller), 200, _HEADERS, JSON_LINES)

    return router


def _known(organisation: str, profiles: Mapping[str, Profile]) -> None:
    if organisation not in profiles:
        message = f"is not known here; give one of {', '.join(sorted(profiles))}"
        raise unprocessable([{"field": "organisation", "code": "unknown_organisation", "message": message}])


async def _first(groups: Groups) -> list[PastContact]:
    # Before the answer begins, so that a database that is away can still be told as what it is.
    try:
        return await anext(groups, [])
    except Exception as error:
        if is_infrastructure(error):
            raise not_available("The database does not answer; ask again.") from None
        raise


async def _lines(
    first: list[PastContact], rest: Groups, organisation: str, caller: TokenHash
) -> AsyncIterator[bytes]:
    told = _log.bind(organisation=organisation, token=caller.name)
    told.info("export of past contacts begun")
    contacts, whole = 0, False
    try:
        yield _spelled(first)
        contacts += len(first)
        async for group in rest:
            yield _spelled(group)
            contacts += len(group)
        whole = True
    finally:
        told.info("export of past contacts ended", contacts=contacts, whole=whole)


def _spelled(group: list[PastContact]) -> bytes:
    return b"".join(each.__pydantic_serializer__.to_json(each, by_alias=True) + b"\n" for each in group)
