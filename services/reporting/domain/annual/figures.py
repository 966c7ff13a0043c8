"""The figures of one year's rows, wherever they come from."""

from collections.abc import Iterable
from typing import Any, Literal, Protocol

Row = dict[str, Any]
Source = Literal["store", "published", "none"]


class YearFigures(Protocol):
    """One year of a table. ``row`` is None where nothing is known of that row."""

    source: Source
    total: int | None

    def keys(self) -> Iterable[str]: ...
    def row(self, key: str) -> Row | None: ...
    def totals(self) -> Row: ...
