"""Results as tables, for a terminal and for the page: made of what was kept, so that both say the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rich.table

from benchmarks.results import Kept

_PARTS = ("intake", "routing", "deadlines", "reporting", "broker", "database")
_SERVICES = _PARTS[:4]
_LONG_ENOUGH = 600.0
"""Seconds of load from which on growth an hour says something."""


@dataclass(frozen=True)
class Table:
    """Cells are text; all columns but the first are numbers."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def as_rich(self) -> rich.table.Table:
        table = rich.table.Table(title=self.title, title_justify="left")
        for place, column in enumerate(self.columns):
            table.add_column(column, justify="right" if place else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def as_markdown(self) -> str:
        rule = ["---", *["---:"] * (len(self.columns) - 1)]
        lines = [self.columns, rule, *self.rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def tables_of(kept: Kept) -> list[Table]:
    """The tables of a figure."""
    return _TABLES[kept["figure"]](kept["result"])


def _throughput(found: Mapping[str, Any]) -> list[Table]:
    def row(name: str, services: float, nothing: float, ratio: float) -> list[str]:
        return [name, f"{services:.0f}", f"{nothing:.0f}", f"{ratio:.2f}"]

    rows = []
    for number, one in enumerate(found["repetitions"], start=1):
        for state in ("cold", "warm"):
            services, nothing = (_rate(one[which][state]) for which in ("services", "nothing"))
            rows.append(row(f"run {number}, {state}", services, nothing, services / nothing))
    rows += [
        row(f"median, {state}", found[f"services_{state}"], found[f"nothing_{state}"], found[f"{state}_ratio"])
        for state in ("cold", "warm")
    ]
    columns = ("", "the four services, contacts/s", "nothing, contacts/s", "ratio")
    return [Table(f"Throughput, {found['contacts']:,} contacts a run", columns, rows)]


def _rate(measured: Mapping[str, float]) -> float:
    return measured["contacts"] / measured["seconds"]


def _costs(found: Mapping[str, Any]) -> list[Table]:
    each = found["costs"]
    names = ["" if not cost["rate"] else f"{cost['rate']:g} a second" for cost in each]
    columns = ("", *(name or "all at once" for name in names))
    processor = [
        [part, *(f"{cost['milliseconds'][part]:.2f}" for cost in each), f"{found['idle'][part]:.1f}"]
        for part in _PARTS
    ]
    processor.append(
        [
            "all",
            *(f"{sum(cost['milliseconds'].values()):.2f}" for cost in each),
            f"{sum(found['idle'].values()):.1f}",
        ]
    )
    return [
        Table("Milliseconds of processor time a contact", (*columns, "at rest, ms a second"), processor),
        Table("Messages a contact", columns, [*_named(each, "published"), *_named(each, "handled")]),
        Table("Bytes a contact", columns, _bytes(each)),
    ]


def _named(costs: Sequence[Mapping[str, Any]], what: str) -> list[list[str]]:
    names = sorted({name for cost in costs for name in cost[what]})
    return [
        [f"{what}: {name.replace(' acked', '')}", *(f"{cost[what].get(name, 0):.2f}" for cost in costs)]
        for name in names
    ]


def _bytes(costs: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    stored = [
        [f"kept by {name}, compressed, with indexes", *(f"{cost['stored'][name]:,.0f}" for cost in costs)]
        for name in costs[0]["stored"]
    ]
    written = [
        [f"written to disk by {name}", *(f"{cost['written'][name]:,.0f}" for cost in costs)]
        for name in ("broker", "database")
    ]
    return [*stored, ["the database's log of operations", *(f"{cost['oplog']:,.0f}" for cost in costs)], *written]


def _latency(found: Sequence[Mapping[str, Any]]) -> list[Table]:
    rows: list[list[str]] = []
    for one in found:
        rows += [[f"{one['rate']:g} a second, {name}", *_quantiles(one[what])] for what, name in _POINTS]
    return [Table("Milliseconds from being published", ("until it was", *_QUANTILES), rows)]


def _drain(found: Mapping[str, Any]) -> list[Table]:
    drained = found["drained"]
    rows = [
        ["contacts in the backlog", f"{drained['contacts']:,}"],
        ["handed in, seconds", f"{drained['published']:,.1f}"],
        ["gone, seconds after the first was handed in", f"{drained['seconds']:,.1f}"],
        ["contacts a second, without the live ones", f"{_rate(drained):,.0f}"],
    ]
    waits = [[name, *_quantiles(found[what])] for what, name in _POINTS]
    return [
        Table("A backlog", ("", "value"), rows),
        Table(
            f"Milliseconds of live contacts meanwhile, {found['rate']:g} a second",
            ("until it was", *_QUANTILES),
            waits,
        ),
    ]


def _import(found: Mapping[str, Any]) -> list[Table]:
    imported = found["imported"]
    rows = [
        ["contacts, each with follow-ups", f"{imported['contacts']:,}, {found['follow_ups']}"],
        ["handed in, seconds", f"{imported['published']:,.0f}"],
        ["all counted as closed, seconds", f"{imported['seconds']:,.0f}"],
        ["contacts a second", f"{_rate(imported):,.1f}"],
        ["messages handed in a second", f"{_rate(imported) * (1 + found['follow_ups']):,.0f}"],
    ]
    rows += [[f"milliseconds of processor time, {part}", f"{found['milliseconds'][part]:.2f}"] for part in _PARTS]
    return [Table("A year out of the past", ("", "value"), rows)]


def _memory(found: Mapping[str, Any]) -> list[Table]:
    columns = ("idle", "loaded", "most", "resident", "growth")
    numbers = {part: [found["of"][part][each] for each in columns] for part in _PARTS}
    numbers["the four services"] = [sum(each) for each in zip(*(numbers[part] for part in _SERVICES), strict=True)]
    rows = [
        [part, *(f"{each:,.1f}" for each in numbers[part][:-1]), _growth(numbers[part][-1], found["seconds"])]
        for part in (*_SERVICES, "the four services", *_PARTS[len(_SERVICES) :])
    ]
    minutes = found["seconds"] / 60
    return [
        Table(
            f"Memory in MiB, {minutes:g} minutes at {found['rate']:g} contacts a second",
            ("", "at rest", "at work", "most", "resident", "growth an hour"),
            rows,
        )
    ]


def _growth(per_hour: float, seconds: float) -> str:
    # Of a few minutes an hour cannot be told.
    return f"{per_hour:,.1f}" if seconds >= _LONG_ENOUGH else "too short"


def _replicas(found: Sequence[Mapping[str, Any]]) -> list[Table]:
    rows = [
        [f"{one['replicas']}", f"{one['cold']:.0f}", f"{one['warm']:.0f}", f"{one['ratio']:.2f}"] for one in found
    ]
    columns = ("processes of each service", "cold, contacts/s", "warm, contacts/s", "ratio to the first")
    return [Table(f"Replicas, {found[0]['contacts']:,} contacts a run", columns, rows)]


def _overload(found: Mapping[str, Any]) -> list[Table]:
    http, amqp = found["http"], found["amqp"]
    rows = [
        ["contacts a second that the services can do", f"{found['capacity']:,.0f}", ""],
        ["offered a second", *(f"{one['offered'] / max(1.0, one['seconds']):,.0f}" for one in (http, amqp))],
        ["offered", f"{http['offered']:,}", f"{amqp['offered']:,}"],
        ["taken in", f"{http['accepted']:,}", f"{amqp['offered']:,}"],
        ["turned away (429)", f"{http['turned_away']:,}", "0"],
        ["answered otherwise", ", ".join(f"{n:,} with {s}" for s, n in http["failed"].items()) or "0", ""],
        ["all of it in the reports, seconds after", f"{http['recovered']:,.1f}", f"{amqp['recovered']:,.1f}"],
        ["sent again, and got the number they had", f"{http['same_number']:,}", ""],
        ["turned away or failed, and taken in later", f"{http['taken_later']:,}", ""],
    ]
    rows += [
        [
            f"memory of {part}, MiB before, at most, after",
            *(
                " / ".join(f"{one['memory'][part][when]:,.0f}" for when in ("before", "most", "after"))
                for one in (http, amqp)
            ),
        ]
        for part in _PARTS
    ]
    waits = [
        [name, *_quantiles(http[what])]
        for what, name in (("accepting", "taken in"), ("turning_away", "turned away"))
        if http[what]
    ]
    return [
        Table(f"{found['times']:g} times the load", ("", "over HTTP", "over AMQP"), rows),
        Table("Milliseconds until a caller over HTTP was", ("", *_QUANTILES), waits),
    ]


def _quantiles(spread: Mapping[str, float]) -> list[str]:
    return [*(f"{spread[each]:,.0f}" for each in ("p50", "p99", "p999", "most")), f"{spread['count']:,}"]


_POINTS = (
    ("confirmed", "confirmed by the broker"),
    ("counted", "counted"),
    ("whole", "counted with line and term"),
)
_QUANTILES = ("p50", "p99", "p99.9", "most", "contacts")
_TABLES: Mapping[str, Callable[[Any], list[Table]]] = {
    "throughput": _throughput,
    "costs": _costs,
    "latency": _latency,
    "drain": _drain,
    "import": _import,
    "memory": _memory,
    "replicas": _replicas,
    "overload": _overload,
}
