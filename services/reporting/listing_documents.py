"""How contacts one by one describe themselves in the OpenAPI document."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from services.reporting.api_documents import COMMON, RECONCILED, Behind, Parameter, filters, parameter
from services.reporting.domain.dimensions import Vocabulary
from services.reporting.domain.listing import FORMATS, MOST_ON_A_PAGE, USUAL_PAGE
from services.reporting.export.columns import row_schema

_NEXT: Final = "Give it as cursor for the next page; null on the last one"


class FactsPage(BaseModel):
    """A page of contacts by day of receipt. The columns of a row are those of the exports."""

    rows: list[dict[str, Any]]
    next: Annotated[str | None, Field(description=_NEXT)]
    reconciliation: Behind = None


class FoundContact(BaseModel):
    """A contact by name."""

    reference: str
    received_on: str


class ReferencesPage(BaseModel):
    """The contacts that a number is made of, by day of receipt; ``total`` is that number."""

    contacts: list[FoundContact]
    total: int
    next: Annotated[str | None, Field(description=_NEXT)]


_PAGES: Final = (
    parameter(
        "cursor", "Where the page before ended, as it told it; only with the same question", {"type": "string"}
    ),
    parameter(
        "limit",
        "Contacts on a page",
        {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE, "default": USUAL_PAGE},
    ),
)


def facts_parameters() -> list[Parameter]:
    """The parameters of the facts."""
    form = parameter("format", "Instead of the header Accept", {"type": "string", "enum": list(FORMATS)})
    return [*_days(), *_PAGES, form, RECONCILED, *filters()]


def references_parameters() -> list[Parameter]:
    """The parameters of the references behind a number."""
    cell = parameter(
        "cell",
        "One value for each dimension of group_by, separated by commas: only the contacts counted in that row",
        {"type": "string", "example": "2021-03,second"},
    )
    measures = parameter(
        "measures", "Taken so that a report's own query can be sent; changes nothing", {"type": "string"}
    )
    return [*COMMON, cell, *_PAGES, measures, RECONCILED, *filters()]


def _days() -> Iterable[Parameter]:
    return (each for each in COMMON if each["name"] != "group_by")


def facts_description(vocabularies: Mapping[str, Vocabulary]) -> dict[int | str, dict[str, Any]]:
    """Every form of the facts, with each column's meaning; attributes differ between organisations."""
    schemas = {organisation: row_schema(words) for organisation, words in vocabularies.items()}
    rows = {"anyOf": [{"title": organisation, **schema} for organisation, schema in sorted(schemas.items())]}
    page = {
        "type": "object",
        "properties": {
            "rows": {"type": "array", "items": rows},
            "next": {"type": ["string", "null"], "description": _NEXT},
            "reconciliation": {
                "type": "object",
                "description": "With reconciliation=true: contacts of the whole question, and their events",
                "properties": {"contacts": {"type": "integer"}, "events": {"type": "integer"}},
            },
        },
        "required": ["rows", "next"],
    }
    binary = {"type": "string", "format": "binary"}
    return {
        200: {
            "description": "JSON in pages; CSV and Parquet whole, with the same columns: in CSV several values of "
            "one contact are separated by semicolons, in Parquet they are lists, and columns are described there",
            "headers": {
                name: {"description": f"Of a file: {told}", "schema": {"type": "integer"}}
                for name, told in (
                    ("X-Contacts", "the contacts in it, as it was when it was begun"),
                    ("X-Events", "the events that they were made of"),
                )
            },
            "content": {
                "application/json": {"schema": page},
                "text/csv": {"schema": {"type": "string"}},
                "application/vnd.apache.parquet": {"schema": binary},
            },
        },
        406: {"description": "Another form than these"},
    }
