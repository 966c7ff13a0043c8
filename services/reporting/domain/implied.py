"""What everybody can see that all contacts have in common: a table has no row for what there is nobody with."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.reporting.domain.conditions import Conditions, Values, plain
from services.reporting.domain.dimensions import SEVERAL


class Implied(NamedTuple):
    """All contacts that pass ``where`` have one of the ``values`` in the dimension ``name``."""

    where: Conditions
    name: str
    values: Values


def implied_by(by: Sequence[str], where: Conditions, rows: Sequence[tuple[Values, ...]]) -> Iterator[Implied]:
    """What the rows of a table tell that has all its contacts in them, each in one."""
    if SEVERAL.isdisjoint(by) and rows:
        for name, values in zip(by, zip(*rows, strict=True), strict=True):
            told = plain([(name, frozenset[str]().union(*values))])
            yield from (Implied(where, each, of) for each, of in told.items())


def sharpened(conditions: Conditions, implied: Sequence[Implied]) -> Conditions:
    """The same contacts, without values that none of them has, of months and where nobody is left excepted."""
    sharp = dict(conditions)
    for where, name, values in implied:
        # Periods are told in months, whether there is somebody in each of them or not.
        if name in sharp and name != "month" and _all_pass(sharp, where):
            sharp[name] = sharp[name] & values or sharp[name]
    return sharp


def without_implied(conditions: Conditions, implied: Sequence[Implied]) -> Conditions:
    """The same contacts, without the conditions that all of them meet anyhow."""
    return _fewer(sharpened(conditions, implied), implied)


def _fewer(conditions: Conditions, implied: Sequence[Implied]) -> Conditions:
    for name, values in conditions.items():
        others = {each: of for each, of in conditions.items() if each != name}
        if any(name == each.name and each.values <= values and _all_pass(others, each.where) for each in implied):
            return _fewer(others, implied)
    return conditions


def _all_pass(conditions: Conditions, where: Conditions) -> bool:
    return all(name in conditions and conditions[name] <= values for name, values in where.items())
