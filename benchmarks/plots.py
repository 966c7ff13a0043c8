"""Plots of results, as SVG: made of what was kept, and the same bytes for the same result."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.rcsetup import cycler

from benchmarks.results import Kept

# Colours of Okabe and Ito, told apart by people who see fewer; with names beside them in any case.
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#555555")
_PARTS = ("intake", "routing", "deadlines", "reporting", "broker", "database")
_STYLE: Mapping[str, Any] = {
    "svg.hashsalt": "contactpunt",
    # Text stays text: it can be read, found and read aloud.
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "axes.prop_cycle": cycler(color=_COLOURS),
    "figure.facecolor": "white",
}


def plot(kept: Kept, file: Path) -> bool:
    """Draws the figure's plot, if it has one."""
    draw = _PLOTS.get(kept["figure"])
    if draw is None:
        return False
    with mpl.rc_context(cast("Any", _STYLE)):
        figure = Figure(figsize=(8, 4), layout="constrained")
        draw(figure, kept["result"])
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return True


def _one(figure: Figure, title: str, across: str, up: str) -> Axes:
    axes = figure.subplots()
    axes.set(title=title, xlabel=across, ylabel=up)
    return axes


def _throughput(figure: Figure, found: Mapping[str, Any]) -> None:
    axes = _one(figure, "Contacts a second, medians and single runs", "", "contacts/s")
    bars = [(which, state) for state in ("cold", "warm") for which in ("services", "nothing")]
    names = {"services": "the four services", "nothing": "nothing"}
    for place, (which, state) in enumerate(bars):
        axes.bar(place, found[f"{which}_{state}"], color=_COLOURS[0 if which == "services" else 6])
        runs = [each[which][state] for each in found["repetitions"]]
        rates = [each["contacts"] / each["seconds"] for each in runs]
        axes.plot([place] * len(rates), rates, "o", color="black", markersize=4)
    axes.set_xticks(range(len(bars)), [f"{names[which]},\n{state}" for which, state in bars])


def _latency(figure: Figure, found: Sequence[Mapping[str, Any]]) -> None:
    axes = _one(figure, "From being published until counted with line and term", "", "milliseconds")
    quantiles = {"p50": "p50", "p99": "p99", "p999": "p99.9", "most": "most"}
    _groups(
        axes,
        [f"{one['rate']:g} a second" for one in found],
        {name: [one["whole"][each] for one in found] for each, name in quantiles.items()},
    )
    axes.set_yscale("log")


def _groups(axes: Axes, groups: Sequence[str], series: Mapping[str, Sequence[float]]) -> None:
    width = 0.8 / len(series)
    for place, (name, values) in enumerate(series.items()):
        axes.bar([at + place * width for at in range(len(groups))], values, width=width, label=name)
    axes.set_xticks([at + 0.4 - width / 2 for at in range(len(groups))], groups)
    axes.legend()


def _drain(figure: Figure, found: Mapping[str, Any]) -> None:
    backlog, live = figure.subplots(2, 1, sharex=True)
    backlog.set(title="A backlog, and live contacts meanwhile", ylabel="of the backlog\nnot counted yet")
    backlog.plot(*_columns([(0, found["drained"]["contacts"]), *found["remaining"]]))
    live.set(xlabel="seconds since the first of the backlog", ylabel="seconds that a\nlive contact took")
    live.plot(*_columns(found["course"]), ".", markersize=3, color=_COLOURS[1])
    for axes in (backlog, live):
        axes.set_ylim(bottom=0)


def _import(figure: Figure, found: Mapping[str, Any]) -> None:
    axes = _one(figure, "A year out of the past", "seconds", "contacts closed in the reports")
    axes.plot(*_columns(found["course"]))


def _costs(figure: Figure, found: Mapping[str, Any]) -> None:
    axes = _one(figure, "Processor time a contact", "milliseconds", "")
    names = [f"{each['rate']:g} a second" if each["rate"] else "all at once" for each in found["costs"]]
    left = [0.0] * len(names)
    for part in _PARTS:
        values = [each["milliseconds"][part] for each in found["costs"]]
        axes.barh(names, values, left=left, label=part)
        left = [before + value for before, value in zip(left, values, strict=True)]
    axes.legend()


def _memory(figure: Figure, found: Mapping[str, Any]) -> None:
    axes = _one(figure, "Memory under load", "minutes", "MiB")
    _draw_memory(axes, found["samples"], 60)


def _draw_memory(axes: Axes, samples: Sequence[Mapping[str, Any]], unit: int) -> None:
    at = [each["at"] / unit for each in samples]
    for part in _PARTS:
        axes.plot(at, [each["mebibytes"][part] for each in samples], label=part)
    axes.set_ylim(bottom=0)
    axes.legend(ncols=3)


def _replicas(figure: Figure, found: Sequence[Mapping[str, Any]]) -> None:
    axes = _one(
        figure, "Contacts a second by processes of each service", "processes of each service", "contacts/s"
    )
    states = {state: [one[state] for one in found] for state in ("cold", "warm")}
    _groups(axes, [str(one["replicas"]) for one in found], states)


def _overload(figure: Figure, found: Mapping[str, Any]) -> None:
    rush, memory = figure.subplots(2, 1)
    course = found["http"]["course"]
    rush.set(title=f"{found['times']:g} times the load over HTTP", ylabel="requests a second")
    for name, words in (("offered", "offered"), ("accepted", "taken in"), ("turned_away", "turned away")):
        rush.plot([each["at"] for each in course], [each[name] for each in course], label=words)
    rush.set_ylim(bottom=0)
    rush.legend(ncols=3)
    memory.set(xlabel="seconds", ylabel="MiB")
    _draw_memory(memory, found["http"]["samples"], 1)


def _columns(pairs: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    return [each[0] for each in pairs], [each[1] for each in pairs]


_PLOTS: Mapping[str, Callable[[Figure, Any], None]] = {
    "throughput": _throughput,
    "latency": _latency,
    "drain": _drain,
    "import": _import,
    "costs": _costs,
    "memory": _memory,
    "replicas": _replicas,
    "overload": _overload,
}
