"""The tables of a service's README: what comes in, what goes out, over the broker and over HTTP."""

import re
from pathlib import Path
from typing import NamedTuple

SERVICES = Path(__file__).parents[2] / "services"
_CODE = re.compile(r"`([^`]+)`")
_PATH = re.compile(r"(?:(?:GET|POST|PUT|PATCH|DELETE)\s+)?(/[^\s?]*)(?:\?\S*)?$")


class Listed(NamedTuple):
    """A routing key on an exchange as a README lists it; ``queue`` where it leads into one."""

    exchange: str
    queue: str | None
    key: str


class Readme:
    """What a service's README says of its messages and endpoints."""

    def __init__(self, service: str) -> None:
        self._text = (SERVICES / service / "README.md").read_text(encoding="utf-8")
        self._tables = list(self._read_tables())

    def incoming(self) -> list[Listed]:
        """Out of every table with columns for exchange, queue and routing key."""
        return [
            Listed(exchange, queue, key)
            for row in self._rows("exchange", "queue", "routing key")
            for exchange in _codes(row["exchange"])
            for queue in _codes(row["queue"])
            for key in _keys(row["routing key"])
        ]

    def outgoing(self) -> list[Listed]:
        """Out of every table with columns for exchange and routing key, and none for a queue."""
        return [
            Listed(exchange, None, key)
            for row in self._rows("exchange", "routing key")
            if "queue" not in row
            for exchange in _codes(row["exchange"])
            for key in _keys(row["routing key"])
        ]

    def paths(self) -> set[str]:
        """Of every table with a column for endpoints; parameters as ``{}``."""
        found = [
            matched[1]
            for row in self._rows("endpoint")
            for code in _codes(row["endpoint"])
            if (matched := _PATH.match(code))
        ]
        return {re.sub(r"\{[^}]*\}", "{}", path) for path in found}

    def _rows(self, *columns: str) -> list[dict[str, str]]:
        return [row for table in self._tables for row in table if set(columns) <= row.keys()]

    def _read_tables(self) -> list[list[dict[str, str]]]:
        tables: list[list[dict[str, str]]] = []
        header: list[str] = []
        for line in self._text.splitlines():
            if not line.startswith("|"):
                header = []
                continue
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not header:
                header = [cell.lower() for cell in cells]
                tables.append([])
            elif not set(line) <= set("|-: "):
                tables[-1].append(dict(zip(header, cells, strict=True)))
        return tables


def _codes(cell: str) -> list[str]:
    return _CODE.findall(cell)


def _keys(cell: str) -> list[str]:
    """Routing keys as patterns: what a sender fills in, ``<organisation>``, is any word."""
    return [re.sub(r"<[^>]+>|\{[^}]+\}", "*", code) for code in _codes(cell)]
