"""How a table of the annual report describes itself in the OpenAPI document."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[
    dict[str, str], Field(description="What a person reads, by language", examples=[{"nl": "", "en": ""}])
]
Figure = float | int | None
Source = Literal["store", "published", "none"]


class Column(BaseModel):
    """A figure that each row carries under ``id``. Percents are parts of 1, points differences of them."""

    id: str
    label: Text
    format: Literal["count", "percent", "decimal", "days", "points", "text"]
    of: Annotated[Text | None, Field(description="The contacts that a share is of")] = None


class Change(BaseModel):
    """From an earlier year to this one; None where one of the two is not known, or was nothing."""

    count: int | None
    percent: Annotated[float | None, Field(description="Change of the count, as a part of what it was")]
    points: Annotated[float | None, Field(description="Difference of the shares, as parts of 1")]


class AnnualRow(BaseModel):
    """A row: its values, and the figures of every column under the column's id."""

    model_config = ConfigDict(extra="allow")

    key: dict[str, str]
    labels: dict[str, Text]
    previous: Annotated[
        dict[str, dict[str, Figure] | None], Field(description="Year -> the same figures, as far as known")
    ]
    change: dict[str, Change | None]


class EarlierYear(BaseModel):
    """The table's figures over all rows in an earlier year, and where they are from."""

    total: int | None
    source: Source
    totals: dict[str, Figure]


class TableReconciliation(BaseModel):
    """Contacts that pass the table's filter, of all of the year; and the sum of its rows."""

    contacts: int
    of: int
    rows: int


class AnnualTable(BaseModel):
    """A table of the annual report."""

    id: str
    title: Text
    section: Annotated[str, Field(description="Where the organisation prints it")]
    definition: Annotated[Text, Field(description="What is counted and by which date, in one sentence")]
    dimensions: Annotated[list[str], Field(description="Of the keys of rows; `figure` where rows are lines")]
    where: dict[str, list[str]]
    columns: Annotated[list[Column], Field(description="The figures of each row, in order")]
    rows: list[AnnualRow]
    total: Annotated[int, Field(description="Contacts that pass the table's filter, each once")]
    totals: Annotated[dict[str, Figure], Field(description="Figures over all rows, by column")]
    several: Annotated[bool, Field(description="Rows may add up to more than the contacts")]
    previous: dict[str, EarlierYear]
    change: dict[str, Change | None]
    reconciliation: TableReconciliation


class ContextOfReport(BaseModel):
    """A published figure that is about no contact, of the latest year that it is known of."""

    id: str
    label: Text
    section: str
    unit: Literal["number", "seconds"]
    year: int
    value: int
