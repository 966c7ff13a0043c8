"""Reports of made-up contacts, counted one by one, and somebody who has all that everybody may see of them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import linprog

from services.reporting.attacker import Attacker
from services.reporting.domain.public_report import hidden_of_year, public_report
from services.reporting.domain.public_tables import Ended
from services.reporting.domain.suppression import Counts, left_out
from shared.profiles.model import ProfileVersion, ReportTable
from tests.unit.reporting.made_up import LEUVEN

SMALLEST = 5
CHOICES = {
    "month": ("2021-01", "2021-02", "2021-04"),
    "line": ("external", "first", "second"),
    "channel": ("email", "phone", "visit"),
    "topic": ("a", "b", "a b", "unknown"),
}
"""What contacts have; of topics some have two."""
NAMES = tuple(CHOICES)
Contact = tuple[str, ...]
Kinds = np.ndarray[tuple[int], np.dtype[np.float64]]
"""How often each kind of contact counts."""
ASKED: list[tuple[tuple[str, ...], dict[str, tuple[str, ...]]]] = [
    ((), {}),
    (("line",), {}),
    (("month",), {}),
    (("quarter",), {}),
    (("channel",), {}),
    (("channel", "line"), {}),
    (("month", "line"), {}),
    (("month",), {"line": ("external", "first")}),
    (("channel",), {"line": ("second",)}),
    ((), {"line": ("second",)}),
    (("topic",), {"line": ("second",)}),
    (("month",), {"line": ("second",)}),
    (("channel",), {"line": ("first",)}),
]


def out(counts: Counts) -> frozenset[int]:
    return left_out(counts, SMALLEST, Attacker(counts, SMALLEST).exposed)


def values(contact: Contact, name: str) -> list[str]:
    if name == "quarter":
        return [f"2021-Q{(int(contact[NAMES.index('month')][-2:]) + 2) // 3}"]
    return contact[NAMES.index(name)].split()


def keys(contact: Contact, names: Sequence[str]) -> list[tuple[str, ...]]:
    """The rows of a table by these dimensions in which it is counted."""
    return list(product(*(values(contact, name) for name in names)))


def passes(contact: Contact, conditions: Mapping[str, Collection[str]]) -> bool:
    return all(not set(of).isdisjoint(values(contact, name)) for name, of in conditions.items())


def version(asked: Sequence[tuple[tuple[str, ...], dict[str, tuple[str, ...]]]]) -> ProfileVersion:
    title = {"nl": "Tabel", "en": "Table"}
    tables = [
        ReportTable.model_validate({"id": f"t{n}", "title": title, "section": "1", "by": by, "where": where})
        for n, (by, where) in enumerate(asked)
    ]
    return LEUVEN.versions[-1].model_copy(update={"annual_report": tuple(tables)})


def report(contacts: Sequence[Contact], of: ProfileVersion) -> dict[str, Any]:
    """As the annual report has it, counted one by one."""
    tables: list[dict[str, Any]] = []
    for table in of.annual_report:
        passing = [each for each in contacts if passes(each, table.where)]
        groups = Counter(key for each in passing for key in keys(each, table.by))
        rows = [
            {
                "key": dict(zip(table.by, group, strict=True)),
                "labels": {},
                "count": count,
                "share": round(count / len(passing), 6),
                "previous": {},
            }
            for group, count in sorted(groups.items())
        ]
        tables.append({"id": table.id, "dimensions": list(table.by), "where": table.where, "rows": rows})
        tables[-1] |= {
            "total": len(passing),
            "previous": {},
            "reconciliation": {"contacts": len(passing), "of": len(contacts), "rows": groups.total()},
        }
    names = ("organisation", "name", "year_running", "generated_at", "profile_version")
    about: dict[str, Any] = dict.fromkeys(names, "") | {"year": 2021}
    return about | {"tables": tables, "reconciliation": {"contacts": len(contacts), "events": 9}}


def made_public(contacts: Sequence[Contact], of: ProfileVersion, ended: Sequence[Ended] = ()) -> dict[str, Any]:
    whole = report(contacts, of)
    hidden = hidden_of_year(whole, 2021, of, ended, smallest=SMALLEST, left_out=out)
    return public_report(whole, {2021: hidden})


class Everything:
    """What somebody knows who has the public report: of every kind of contact there are none, or some.

    It knows nothing of how the report was made: a count that is shown is an equation over kinds of contacts, one
    that is left out is one at least.
    """

    def __init__(self, public: dict[str, Any]) -> None:
        self._kinds = list(product(*CHOICES.values()))
        self.hidden: list[Kinds] = []
        self._shown: list[Kinds] = []
        self._counts: list[int] = []
        self._most = dict.fromkeys(self._kinds, 1000)
        everybody = self._kinds_with({})
        self._see(everybody, public["reconciliation"]["contacts"])
        for table in public["tables"]:
            self._look_at(table)
            if "reconciliation" in table:
                self._know(self._kinds_with(table["where"]), table["reconciliation"]["contacts"])
                self._know(everybody, table["reconciliation"]["of"])

    def _look_at(self, table: dict[str, Any]) -> None:
        together = self._kinds_with(table["where"])
        self._see(together, table["total"])
        for row in table["rows"]:
            kinds = self._kinds_with({name: (value,) for name, value in row["key"].items()}, table["where"])
            self._see(kinds, row["count"])
            # Beside a share either count tells the other.
            if row["share"] and row["count"] is not None:
                self._know(together, round(row["count"] / row["share"]))
            elif row["share"]:
                assert table["total"] is not None, "a share of two counts that are left out"
                self._know(kinds, round(row["share"] * table["total"]))
        # Where there is no row there is no contact.
        listed = {tuple(row["key"].values()) for row in table["rows"]}
        for kind in self._kinds:
            if passes(kind, table["where"]) and not listed.issuperset(keys(kind, table["dimensions"])):
                self._most[kind] = 0

    def _see(self, kinds: Kinds, count: int | None) -> None:
        if count is None:
            self.hidden.append(kinds)
        else:
            self._know(kinds, count)

    def _know(self, kinds: Kinds, count: int) -> None:
        self._shown.append(kinds)
        self._counts.append(count)

    def _kinds_with(self, *conditions: Mapping[str, Collection[str]]) -> Kinds:
        return np.array([float(all(passes(kind, each) for each in conditions)) for kind in self._kinds])

    def narrowest(self) -> float:
        """How many values at the fewest a count that is left out can have, less one."""
        return min((self._end(row, -1) - self._end(row, 1) for row in self.hidden), default=float(SMALLEST))

    def _end(self, row: Kinds, sign: int) -> float:
        found = linprog(
            sign * row,
            A_eq=self._shown or None,
            b_eq=self._counts or None,
            A_ub=[-each for each in self.hidden],
            b_ub=[-1] * len(self.hidden),
            bounds=[(0, most) for most in self._most.values()],
            method="highs",
        )
        assert found.success, found.message
        return float(sign * found.fun)
