"""The figures that organisations printed, as kept in ``tests/data/reports``: figures and ids, nothing else."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "reports"
ORGANISATIONS = tuple(sorted(file.stem for file in DATA.glob("*.json")))
Counts = dict[tuple[str, ...], int]


@cache
def printed(organisation: str) -> Any:
    """Everything that is kept of an organisation: ``year``, ``tables``, ``contradictions``."""
    return json.loads((DATA / f"{organisation}.json").read_text(encoding="utf-8"))


def year_of(organisation: str) -> int:
    return int(printed(organisation)["year"])


def tables(organisation: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = printed(organisation)["tables"]
    return found


def rows(organisation: str, table: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = tables(organisation)[table]["rows"]
    return found


def counts(organisation: str, table: str, figure: str = "count", **where: str) -> Counts:
    """Row key -> figure, of the rows that have one, and whose key has these values; those are left out of it."""
    return {
        tuple(str(value) for name, value in row["key"].items() if name not in where): row[figure]
        for row in rows(organisation, table)
        if row.get(figure) is not None and all(str(row["key"][name]) == value for name, value in where.items())
    }
