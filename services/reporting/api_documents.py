"""How the reports describe themselves in the OpenAPI document."""

from datetime import date
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from services.reporting.annual_documents import AnnualTable, ContextOfReport
from services.reporting.domain.dimensions import DIMENSIONS
from services.reporting.domain.figures import MEASURES
from services.reporting.domain.question import MOST_DIMENSIONS, RECONCILIATION
from shared.contracts.identifiers import DeadlineKind

Parameter = dict[str, Any]
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    401: {"description": "No valid token"},
    403: {"description": "A token of another role"},
    422: {"description": "The question is not valid; errors say why and what is allowed"},
    503: {"description": "The database does not answer, or the question took too long"},
}


Suppressed = Annotated[
    int,
    Field(description="With audience=public: how many rows lack figures, which are null and named in suppressed"),
]


class Reconciliation(BaseModel):
    """What the figures were made of."""

    contacts: int | None
    events: int | None


Behind = Annotated[
    Reconciliation | None,
    Field(
        description="With reconciliation=true: the contacts that pass, by their facts, and the events behind them"
    ),
]


class ContactsReport(BaseModel):
    """Contacts by group. A row holds a value for each dimension asked, ``count``, ``share`` and the measures."""

    rows: Annotated[list[dict[str, Any]], Field(examples=[[{"line": "second", "count": 124, "share": 0.492063}]])]
    total: Annotated[
        int | None, Field(description="Contacts that pass the filters, each once; null where it is suppressed")
    ]
    suppressed: Suppressed = 0
    reconciliation: Behind = None


class TimelinessReport(BaseModel):
    """How a deadline was kept, by group: ``received`` contacts that have it, and how it ended for them."""

    rows: list[dict[str, Any]]
    kind: DeadlineKind
    thresholds_days: Annotated[list[int], Field(description="Days that within tells the share for")]
    suppressed: Suppressed = 0
    reconciliation: Behind = None


class AnnualReport(BaseModel):
    """Every table of an organisation's annual report, with the years before beside it."""

    organisation: str
    name: dict[str, str]
    year: Annotated[int, Field(description="The reporting year, named after the year of its first day")]
    from_: Annotated[date, Field(alias="from", description="First local day of receipt")]
    to: Annotated[date, Field(description="Last local day of receipt, itself included")]
    year_running: Annotated[bool, Field(description="The year is not over: its figures still grow")]
    generated_at: str
    profile_version: Annotated[str, Field(description="Version of the profile of 31 December, revision, content")]
    tables: list[AnnualTable]
    context: Annotated[list[ContextOfReport], Field(description="Published figures that are about no contact")]
    audience: Annotated[str, Field(description="public: small counts are suppressed; internal: nothing is")] = (
        "internal"
    )
    reconciliation: Reconciliation


def parameter(name: str, description: str, schema: Parameter, *, required: bool = False) -> Parameter:
    """A parameter of the query."""
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


def _several(values: list[str]) -> Parameter:
    return {"type": "array", "items": {"type": "string", "enum": values}}


AUDIENCE: Final = parameter(
    "audience",
    "public: figures for everybody. Small counts are null and named in suppressed, and so is what would bring "
    "them back; only years that are over and tables of the annual report can be asked for",
    {"type": "string", "enum": ["public"]},
)
RECONCILED: Final = parameter(
    RECONCILIATION,
    "Whether to tell as well how many contacts and events the answer was made of",
    {"type": "boolean", "default": False},
)
COMMON: Final = (
    parameter("organisation", "Id of the organisation", {"type": "string"}, required=True),
    parameter("from", "First local day of receipt", {"type": "string", "format": "date"}, required=True),
    parameter(
        "to", "Last local day of receipt, itself included", {"type": "string", "format": "date"}, required=True
    ),
    parameter(
        "group_by",
        f"At most {MOST_DIMENSIONS} dimensions, separated by commas: {', '.join(DIMENSIONS)}, "
        "and the organisation's own attributes",
        {"type": "string", "example": "month,line"},
    ),
)


def filters() -> list[Parameter]:
    """A filter for each dimension that every organisation has."""
    text: Parameter = {"type": "array", "items": {"type": "string"}}
    told = "Only contacts with this {}; repeated: with any of these"
    return [parameter(name, told.format(name.replace("_", " ")), text) for name in DIMENSIONS]


def contacts_parameters() -> list[Parameter]:
    """The parameters of the contacts report."""
    measures = parameter("measures", "Measured over each row's contacts", _several(list(MEASURES)))
    return [AUDIENCE, *COMMON, measures | {"explode": False}, RECONCILED, *filters()]


def timeliness_parameters() -> list[Parameter]:
    """The parameters of the timeliness report."""
    kinds = [kind.value for kind in DeadlineKind]
    kind = parameter(
        "kind", "Which deadline", {"type": "string", "enum": kinds, "default": DeadlineKind.ANSWER.value}
    )
    return [AUDIENCE, *COMMON, kind, RECONCILED, *filters()]
