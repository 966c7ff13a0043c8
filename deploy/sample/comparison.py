"""The reports' answers beside the published figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.sample.assignment import ORGANISATION, organisation_in_2021
from deploy.sample.leuven_2021 import follow_ups
from deploy.sample.moments import YEAR
from deploy.sample.published import QUALIFICATIONS, Published, Settlement
from shared.contracts.identifiers import Line

Key = tuple[str, ...]
Counts = dict[Key, int]
_NOTHING = frozenset({"unknown", "none"})


@dataclass(frozen=True)
class Table:
    """A table of the report: how the reports are asked for it, and what they have to answer.

    Rows of contacts that do not have what is asked for (``unknown`` or ``none``) belong to it only where the
    report has such a row.
    """

    title: str
    by: tuple[str, ...]
    expected: Counts
    where: Mapping[str, str]

    @property
    def query(self) -> dict[str, str]:
        return {
            "organisation": ORGANISATION,
            "from": f"{YEAR}-01-01",
            "to": f"{YEAR}-12-31",
            "group_by": ",".join(self.by),
            **self.where,
        }

    def told(self, rows: list[dict[str, Any]]) -> Counts:
        """The rows of an answer that belong to the table."""
        counts = {tuple(str(row[name]) for name in self.by): int(row["count"]) for row in rows}
        return {
            key: count
            for key, count in counts.items()
            if count and (key in self.expected or not _NOTHING.intersection(key))
        }


@dataclass(frozen=True)
class Comparison:
    """A table and the reports' answer to it."""

    table: Table
    counted: Counts

    @property
    def agrees(self) -> bool:
        return self.counted == self.table.expected

    def differences(self) -> list[str]:
        """Each row in which the two differ, in words."""
        keys = sorted(self.counted.keys() | self.table.expected.keys())
        pairs = ((key, self.table.expected.get(key, 0), self.counted.get(key, 0)) for key in keys)
        return [
            f"{' / '.join(key)}: published {wanted}, counted {found}"
            for key, wanted, found in pairs
            if wanted != found
        ]


def tables(published: Published) -> list[Table]:
    """The published tables that the reports have to give."""
    return [*_contacts(published), *_referrals(published), *_dossiers(published)]


def _contacts(published: Published) -> list[Table]:
    return [
        _table("contacts by line", "line", published.lines),
        _table("contacts by nature", "nature", _summed(published.natures)),
        _table("contacts by line and nature", "line,nature", _joint(published.natures)),
        _table("contacts by channel", "channel", _summed(published.channels)),
        _table("contacts by channel and line", "line,channel", _joint(published.channels)),
        _table("contacts by month and line", "month,line", _months(published)),
        _table("contacts by district", "district", published.districts.all),
    ]


def _referrals(published: Published) -> list[Table]:
    directorates = published.first_line_directorates
    external = {"line": Line.EXTERNAL.value}
    return [
        _table("external contacts by body", "external_body", _bodies(published), external),
        _table("first line by directorate", "directorate", directorates, {"line": Line.FIRST.value}),
        _table("contacts by directorate", "directorate", _added(directorates, _dossier_directorates(published))),
    ]


def _dossiers(published: Published) -> list[Table]:
    second = {"line": Line.SECOND.value}
    cross = published.cross_directorate.total
    dossiers = published.lines[Line.SECOND]
    qualified = {
        (service, name): count
        for service, counts in published.second_line_services.items()
        for name, count in zip(QUALIFICATIONS, counts, strict=True)
    }
    topics = {topic: rule.count for topic, rule in published.topics.items()}
    return [
        _table("dossiers by directorate", "directorate", _dossier_directorates(published), second),
        _table("dossiers by service", "service", _by_service(published), second),
        _table("dossiers by service and qualification", "service,qualification", qualified, second),
        _table(
            "dossiers by intervention", "intervention", _settled(published, lambda way: way.intervention), second
        ),
        _table("dossiers by outcome", "outcome", _settled(published, lambda way: way.outcome), second),
        _table("dossiers by district", "district", published.districts.second, second),
        _table("dossiers by topic", "topic", topics, second),
        _table(
            "dossiers over several directorates",
            "cross_directorate",
            {"true": cross, "false": dossiers - cross},
            second,
        ),
    ]


def settled_contacts() -> Table:
    """How far every contact has come once all follow-ups have been counted; not published, the sample's own."""
    final = {"closed": "closed", "withdrawn": "withdrawn"}
    states = {each["submission_id"]: final[each["kind"]] for each in follow_ups() if each["kind"] in final}
    counts = dict.fromkeys(final.values(), 0)
    for state in states.values():
        counts[state] += 1
    return _table("contacts by state", "state", counts)


def _table(title: str, by: str, expected: Mapping[Any, int], where: Mapping[str, str] | None = None) -> Table:
    counts = {
        tuple(str(part) for part in (key if isinstance(key, tuple) else (key,))): count
        for key, count in expected.items()
        if count
    }
    return Table(title=title, by=tuple(by.split(",")), expected=counts, where=where or {})


def _summed(by_line: Mapping[Line, Mapping[Any, int]]) -> dict[Any, int]:
    summed: dict[Any, int] = {}
    for counts in by_line.values():
        summed = _added(summed, counts)
    return summed


def _added(one: Mapping[Any, int], other: Mapping[Any, int]) -> dict[Any, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in (*one, *other)}


def _joint(by_line: Mapping[Line, Mapping[Any, int]]) -> dict[tuple[Any, ...], int]:
    return {(line, value): count for line, counts in by_line.items() for value, count in counts.items()}


def _months(published: Published) -> dict[tuple[str, Line], int]:
    return {
        (f"{YEAR}-{number:02}", line): count
        for line, counts in published.months.items()
        for number, count in enumerate(counts, start=1)
    }


def _bodies(published: Published) -> dict[str, int]:
    """The groups of the report as the sample spreads them: in turn, in the order of the list."""
    counts: dict[str, int] = {}
    for row in published.referrals.values():
        for place, body in enumerate(row.bodies):
            counts[body] = row.count // len(row.bodies) + (place < row.count % len(row.bodies))
    return counts


def _by_service(published: Published) -> dict[str, int]:
    return {service: sum(counts) for service, counts in published.second_line_services.items()}


def _dossier_directorates(published: Published) -> dict[str, int]:
    counts: dict[str, int] = {}
    for service, count in _by_service(published).items():
        directorate = organisation_in_2021().directorate_of(service) or "unknown"
        counts[directorate] = counts.get(directorate, 0) + count
    return counts


def _settled(published: Published, value: Callable[[Settlement], str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for way in (*published.settlements.founded, *published.settlements.other):
        counts[value(way)] = counts.get(value(way), 0) + way.count
    return counts


class Reports:
    """The reporting service, asked over HTTP. Raises ``httpx.HTTPError`` where it does not answer."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def compare(self, table: Table) -> Comparison:
        answer = self._client.get("/reports/contacts", params=table.query)
        answer.raise_for_status()
        return Comparison(table, table.told(answer.json()["rows"]))
