"""The measurement as a page: numbers alone, no message."""

from collections.abc import Iterable, Sequence

from services.routing.text.measuring import (
    FIELDS,
    Judged,
    accuracy,
    calibration,
    confusion,
    coverage,
    per_class,
)

GOALS = {
    "nature": 0.87,
    "line": 0.90,
    "directorate": 0.78,
    "service": 0.65,
    "external_body": 0.80,
    "exclusion_grounds": 0.93,
    "decided": 0.50,
    "decided_right": 0.92,
}
_ABOUT = (
    "Written by `python -m services.routing.evaluate`. Measured is the whole decision, by statements and text "
    "together, on messages that are in neither corpus nor rules."
)
_LEGEND = (
    "External bodies: of the external contacts. Grounds: of the complaints, the whole list right. Decided: no "
    "review; of these, line and directorate both right. Columns further to the right are other messages, which "
    "the corpus alone reads."
)
_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95)
_THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
_MOST_CONFUSIONS = 15

Ways = dict[str, list[Judged]]
"""Decisions by how the model came about."""


def report(ways: Ways, curve: Sequence[tuple[int, dict[str, float]]], facts: Sequence[str]) -> str:
    """Markdown. Classes, confusion and calibration are those of the first way."""
    first = next(iter(ways.values()))
    parts = [
        "# How well routing reads",
        "",
        _ABOUT,
        "",
        *(f"- {each}" for each in facts),
        "",
        "## Right answers",
        "",
        *_right(ways),
        "",
        _LEGEND,
        "",
        "## Learning curve",
        "",
        *_curve(curve),
        "",
        "## Confidence",
        "",
        *_table(
            ("confidence from", "contacts", "mean confidence", "line and directorate right"),
            [
                (f"{each.lowest:.2f}", each.contacts, _f(each.confidence), _f(each.right))
                for each in calibration(first, _BINS)
            ],
        ),
        "",
        *_table(
            ("review below", "decided", "of these right"),
            [
                (f"{threshold:.2f}", _f(share), _f(right))
                for threshold, share, right in coverage(first, _THRESHOLDS)
            ],
        ),
    ]
    for field in FIELDS:
        parts += ["", f"## {field}", "", *_classes(first, field), "", *_confused(first, field)]
    return "\n".join(parts) + "\n"


def _right(ways: Ways) -> list[str]:
    measured = {name: accuracy(judged) for name, judged in ways.items()}
    fields = next(iter(measured.values()))
    rows = [
        (field, f"{GOALS[field]:.2f}" if field in GOALS else "", *(_f(each[field]) for each in measured.values()))
        for field in fields
    ]
    return _table(("", "goal", *measured), rows)


def _curve(curve: Sequence[tuple[int, dict[str, float]]]) -> list[str]:
    shown = ("nature", "line", "directorate", "service", "external_body", "exclusion_grounds")
    return _table(
        ("messages learnt from", *shown), [(size, *(_f(right[each]) for each in shown)) for size, right in curve]
    )


def _classes(judged: list[Judged], field: str) -> list[str]:
    rows = [
        (value, should, _f(recall), _f(precision))
        for value, (should, recall, precision) in per_class(judged, field).items()
    ]
    return _table((field, "contacts", "recall", "precision"), rows)


def _confused(judged: list[Judged], field: str) -> list[str]:
    wrong = [(pair, count) for pair, count in confusion(judged, field).most_common() if pair[0] != pair[1]]
    rows = [(expected, decided, count) for (expected, decided), count in wrong[:_MOST_CONFUSIONS]]
    return _table(("should be", "decided", "contacts"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [" | ".join(str(each) for each in row) for row in (head, ["---"] * len(head), *rows)]
    return [f"| {line} |" for line in lines]


def _f(share: float) -> str:
    return f"{share:.3f}"
