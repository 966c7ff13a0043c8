"""Annual reports made up for the tests of what shows them, in the shape that the service answers with."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from services.reporting.domain.report_view import Report, change, read_annual

COUNT = {"id": "count", "label": {"nl": "Aantal", "en": "Number"}, "format": "count"}
SHARE = {"id": "share", "label": {"nl": "Aandeel", "en": "Share"}, "format": "percent"}
PER_1000 = {
    "id": "per_1000",
    "label": {"nl": "Per 1.000 inwoners", "en": "Per 1,000 inhabitants"},
    "format": "decimal",
}
LINES = {"external": "Extern", "first": "Eerstelijn", "second": "Tweedelijn"}
CHANNELS = {
    "email": "E-mail",
    "phone": "Telefoon",
    "=cmd|'/c calc'!A1": "=HYPERLINK(1)",
    "-2": "-2+3",
    "markup": '<script>alert(1)</script> & "co"',
    "unknown": "Onbekend",
}
MONTHS = {f"2021-{month:02}": f"2021-{month:02}" for month in range(1, 13)}
LABELS = {"line": LINES, "channel": CHANNELS, "month": MONTHS}
Counts = Mapping[tuple[str, ...], int | None]


def figures(count: int | None, total: int | None) -> dict[str, Any]:
    share = None if count is None or total is None else (round(count / total, 6) if total else 0.0)
    return {"count": count, "share": share, "suppressed": ["count", "share"] if count is None else []}


def made_table(
    by: Sequence[str],
    now: Counts,
    before: Counts | None = None,
    *,
    id_: str = "t",
    where: Mapping[str, Sequence[str]] | None = None,
    rates: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """A table with the year before; a count of None is suppressed, a year of None not known."""
    total, total_before = whole(now), None if before is None else whole(before)
    rows = []
    for key, count in now.items():
        then = None if before is None else figures(before.get(key, 0), total_before)
        row = figures(count, total)
        if rates:
            row["per_1000"] = None if count is None else round(count / 7, 4)
        rows.append(
            {
                "key": dict(zip(by, key, strict=True)),
                "labels": {
                    name: {"nl": LABELS[name][value], "en": LABELS[name][value]}
                    for name, value in zip(by, key, strict=True)
                },
                **row,
                "previous": {"2020": then},
                "change": {"2020": change(row, then)},
            }
        )
    suppressed = sum(count is None for count in now.values())
    return {
        "id": id_,
        "title": {"nl": f"Tabel {id_}", "en": f"Table {id_}"},
        "section": "2, annex 1",
        "definition": {"nl": "Contacten van het jaar.", "en": "Contacts of the year."},
        "dimensions": list(by),
        "where": dict(where or {}),
        "columns": [COUNT, SHARE, *([PER_1000] if rates else [])],
        "rows": rows,
        "total": total,
        "totals": {"count": total, "share": None if total is None else 1.0},
        "several": False,
        "suppressed": suppressed,
        "previous": {
            "2020": {
                "total": total_before,
                "source": "none" if before is None else "store",
                "totals": {} if before is None else {"count": total_before},
            }
        },
        "change": {"2020": change({"count": total}, {"count": total_before})},
        "reconciliation": {"contacts": total, "of": total, "rows": total},
    } | more


def whole(counts: Counts) -> int | None:
    known = [count for count in counts.values() if count is not None]
    return sum(known) if len(known) == len(counts) else None


def made_report(*tables: dict[str, Any], running: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "organisation": "leuven",
        "name": {"nl": "Stad Leuven", "en": "City of Leuven"},
        "year": 2021,
        "year_running": running,
        "generated_at": "2022-02-01T09:30:00+01:00",
        "profile_version": "2021-10-01/r2#7dea1b1d",
        "tables": list(tables),
        "reconciliation": {"contacts": 1252, "events": 12345},
    } | more


def made_annual(*tables: dict[str, Any], **more: Any) -> Report:
    return read_annual(made_report(*tables, **more))


_DIMENSIONS = st.sampled_from([(), ("line",), ("channel",), ("month",), ("channel", "line"), ("month", "line")])
_WHERE = st.sampled_from(
    [{}, {"line": ["second"]}, {"line": ["external", "first"]}, {"nature": ["complaint"]}, {"norm": ["equality"]}]
)


@st.composite
def reports(draw: st.DrawFn) -> dict[str, Any]:
    """Any report: small and large counts, zeroes, years that nothing is known of, suppressed figures."""
    tables = [draw(tables_(f"t{number}")) for number in range(draw(st.integers(1, 3)))]
    context = [
        {
            "id": "inhabitants",
            "label": {"nl": "Inwoners", "en": "Inhabitants"},
            "section": "1",
            "unit": "number",
            "year": 2021,
            "value": 101_000,
        }
    ]
    return made_report(*tables, running=draw(st.booleans()), context=context)


@st.composite
def tables_(draw: st.DrawFn, id_: str) -> dict[str, Any]:
    by = draw(_DIMENSIONS)
    keys: list[tuple[str, ...]] = [()]
    for name in by:
        keys = [(*key, value) for key in keys for value in LABELS[name]]
    count = st.one_of(st.integers(0, 40), st.integers(0, 5000))
    hidden = st.one_of(count, st.none()) if draw(st.integers(0, 3)) == 0 else count
    now = {key: draw(hidden) for key in keys}
    before = draw(st.one_of(st.none(), st.fixed_dictionaries(dict.fromkeys(keys, count))))
    return made_table(by, now, before, id_=id_, where=draw(_WHERE), rates=draw(st.booleans()))
