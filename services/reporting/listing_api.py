"""Contacts one by one over HTTP: their facts for other programs, and the references behind a number."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from services.reporting.api_documents import PROBLEMS
from services.reporting.domain.dimensions import Vocabulary
from services.reporting.domain.listing import Listing, Place, fingerprint, pseudonym, read_listing, sealed
from services.reporting.domain.question import RECONCILIATION, BadQuestion
from services.reporting.export.columns import Column, columns
from services.reporting.export.forms import Form, as_csv, as_parquet, rows_of
from services.reporting.listing_documents import (
    FactsPage,
    ReferencesPage,
    facts_description,
    facts_parameters,
    references_parameters,
)
from services.reporting.reports import Reports
from services.reporting.store import FactListing
from services.reporting.store.listing import place_of
from shared.access import Role, TokenHash, require
from shared.contracts.rejection import FieldError
from shared.problems import Problem, not_available, unprocessable

MOST_EXPORTS: Final = 2
"""Exports at a time in one process."""
_FORMS: Final[dict[str, tuple[str, Form]]] = {
    "csv": ("text/csv", as_csv),
    "parquet": ("application/vnd.apache.parquet", as_parquet),
}
_JSON_RANGES: Final = ("application/json", "application/*", "*/*")
Reader = Annotated[TokenHash, Depends(require(Role.REPORTING, Role.HANDLER))]


def listing_routes(reports: Reports, facts: FactListing) -> APIRouter:
    """``/reports/facts`` and ``/reports/contacts/references``."""
    router = APIRouter(prefix="/reports", tags=["facts"], responses=PROBLEMS)
    listings = _Listings(reports, facts)

    @router.get(
        "/facts",
        summary="What is known of each contact, for other programs",
        response_model=FactsPage,
        responses=facts_description(reports.vocabularies),
        openapi_extra={"parameters": facts_parameters()},
    )
    async def all_facts(request: Request, reader: Reader) -> Response:
        listing = await listings.read(request, of_a_cell=False)
        return await listings.facts(listing, _format(listing, request), with_references=_may_see(reader))

    @router.get(
        "/contacts/references",
        summary="The contacts that a number in a report is made of",
        response_model=ReferencesPage,
        openapi_extra={"parameters": references_parameters()},
    )
    async def references(request: Request, reader: Reader) -> Response:
        if not _may_see(reader):
            why = "References lead to the people who wrote; they are for handler and admin, who deal with them."
            raise Problem(403, "Not allowed", f"Your token has the role {reader.role}. {why}")
        return await listings.references(await listings.read(request, of_a_cell=True))

    return router


def _may_see(reader: TokenHash) -> bool:
    return reader.role in (Role.HANDLER, Role.ADMIN)


def _format(listing: Listing, request: Request) -> str:
    if listing.format is not None:
        return listing.format
    accepted = [each.split(";")[0].strip().lower() for each in request.headers.get("accept", "*/*").split(",")]
    for range_ in accepted:
        if range_ in _JSON_RANGES or not range_:
            return "json"
        for name, (media_type, _) in _FORMS.items():
            if range_ == media_type:
                return name
    offered = ", ".join(["application/json", *(media_type for media_type, _ in _FORMS.values())])
    raise Problem(406, "Not acceptable", f"Facts come as {offered}; ask for one of them.")


class _Listings:
    def __init__(self, reports: Reports, facts: FactListing) -> None:
        self._reports = reports
        self._facts = facts
        self._exports = asyncio.Semaphore(MOST_EXPORTS)

    async def read(self, request: Request, *, of_a_cell: bool) -> Listing:
        key = await self._facts.key()
        pairs = request.query_params.multi_items()
        try:
            return read_listing(pairs, self._reports.vocabularies, key, of_a_cell=of_a_cell)
        except BadQuestion as bad:
            raise unprocessable(bad.errors, "The question is not valid; see errors.") from None

    def _words(self, listing: Listing) -> Vocabulary:
        return self._reports.vocabularies[listing.question.organisation]

    async def facts(self, listing: Listing, form: str, *, with_references: bool) -> Response:
        key = await self._facts.key()
        described = columns(self._words(listing), key, with_references=with_references)
        return await (
            self._page(listing, described, key) if form == "json" else self._export(listing, described, form)
        )

    async def _page(self, listing: Listing, described: Sequence[Column], key: bytes) -> Response:
        after = await self._named(listing, key)
        page = await self._facts.page(listing.question, after, listing.limit)
        cursor = None
        if len(page) == listing.limit:
            last = place_of(page[-1])
            # A cursor can be read by whoever holds it.
            hidden = pseudonym(key, listing.question.organisation, last.contact)
            cursor = sealed(Place(last.received_on, hidden), key, fingerprint(listing.question, ()))
        answer: dict[str, Any] = {"rows": rows_of(page, described), "next": cursor}
        if listing.question.reconciled:
            answer[RECONCILIATION] = await self._reports.behind(listing.question)
        return _json(answer)

    async def _named(self, listing: Listing, key: bytes) -> Place | None:
        if listing.after is None:
            return None
        place = await self._facts.named(listing.question, listing.after, key)
        if place is None:
            gone = "tells of a contact that is here no more; begin again without it"
            raise unprocessable([FieldError(field="cursor", code="not_valid", message=gone)])
        return place

    async def _export(self, listing: Listing, described: Sequence[Column], form: str) -> Response:
        if self._exports.locked():
            raise not_available(f"{MOST_EXPORTS} exports are being made already; try again when one is done.")
        media_type, write = _FORMS[form]
        # While nothing is sent yet, a database that is away can still be told.
        await self._facts.page(listing.question, None, 1)
        name = f"{listing.question.organisation}-{listing.question.first}-{listing.question.last}.{form}"
        behind = await self._reports.behind(listing.question)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            # For who wants to know that all of it came.
            "X-Contacts": str(behind["contacts"]),
            "X-Events": str(behind["events"]),
        }
        chunks = self._held(write(self._facts.pages(listing.question), described))
        return StreamingResponse(chunks, media_type=media_type, headers=headers)

    async def _held(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async with self._exports:
            async for chunk in chunks:
                yield chunk

    async def references(self, listing: Listing) -> Response:
        places, total = await self._facts.references(listing)
        cursor = None
        if len(places) == listing.limit:
            cursor = sealed(places[-1], await self._facts.key(), fingerprint(listing.question, listing.cell))
        rows = [{"reference": each.contact, "received_on": each.received_on} for each in places]
        return _json({"contacts": rows, "total": total, "next": cursor})


def _json(answer: Any) -> Response:
    return Response(orjson.dumps(answer), media_type="application/json")
