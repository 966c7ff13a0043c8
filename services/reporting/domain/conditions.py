"""Which contacts a count is of: conditions on dimensions, spelled alike whatever table they come from."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from services.reporting.domain.dimensions import NONE, PERIODS, SEVERAL, UNKNOWN
from shared.profiles import ProfileVersion

Values = frozenset[str]
Conditions = Mapping[str, Values]
"""The contacts that have one of the values in each dimension."""
Finer = Mapping[tuple[str, str], Mapping[str, Values]]
"""(dimension, finer dimension) -> the finer values that make up a value."""
_MONTHS: Final = {
    "half_year": {f"H{half}": range(6 * half - 5, 6 * half + 1) for half in (1, 2)},
    "quarter": {f"Q{quarter}": range(3 * quarter - 2, 3 * quarter + 1) for quarter in (1, 2, 3, 4)},
    "month": {f"{month:02d}": range(month, month + 1) for month in range(1, 13)},
}
_SAME: Final[Mapping[tuple[str, Values], tuple[str, Values]]] = {
    ("directorate", frozenset({NONE})): ("line", frozenset({"external"})),
    ("service", frozenset({NONE})): ("line", frozenset({"external"})),
    ("external_body", frozenset({NONE})): ("line", frozenset({"first", "second"})),
}
"""Values that follow from those of another dimension."""


def finer(version: ProfileVersion) -> Finer:
    """(dimension, finer dimension) -> the finer values that make up a value."""
    return {
        ("directorate", "service"): {
            unit.id: frozenset(service.id for service in unit.services) for unit in version.directorates
        },
        ("channel", "access_channel"): {
            channel.value: frozenset(way.id for way in version.access_channels if way.channel is channel)
            for channel in version.channels
        },
    }


def plain(conditions: Iterable[tuple[str, Values]]) -> Conditions:
    """Every period as its months, which is what all of them have in common; the whole year is no condition."""
    told: dict[str, Values] = {}
    for name, values in conditions:
        if name in PERIODS:
            months = {month for value in values for month in _months(name, value)}
            spelled = frozenset(f"{month:02d}" for month in months)
            told["month"] = told.get("month", spelled) & spelled
        else:
            told[name] = values
    return told


def _months(name: str, value: str) -> range:
    return range(1, 13) if name == "year" else _MONTHS[name][value.rpartition("-")[2]]


def alike(conditions: Conditions) -> Conditions:
    """Without what follows from the rest, so that the same contacts are spelled in the same way."""
    same: dict[str, Values] = {}
    for name, values in conditions.items():
        if name == "month" and len(values) == 12:  # noqa: PLR2004  months of a year
            continue
        of, told = _SAME.get((name, values), (name, values))
        same[of] = same[of] & told if of in same else told
    return same


def within(narrow: Conditions, wide: Conditions) -> bool:
    """Whether all contacts of the one are among those of the other, and the two are not alike."""
    return narrow != wide and all(name in narrow and narrow[name] <= values for name, values in wide.items())


def apart(one: Conditions, other: Conditions) -> bool:
    """Whether nobody is among both, as far as their values tell."""
    common = (one.keys() & other.keys()) - SEVERAL
    return any(one[name].isdisjoint(other[name]) for name in common)


def both(one: Conditions, other: Conditions) -> Conditions | None:
    """The contacts that are among both; None where there are none, or where their values do not tell."""
    common = one.keys() & other.keys()
    if apart(one, other) or any(one[name] != other[name] for name in common & SEVERAL):
        return None
    return {**one, **other, **{name: one[name] & other[name] for name in common}}


def in_finer(
    conditions: Conditions, by: Collection[str], told: Collection[str], finer: Finer
) -> Iterable[Conditions]:
    """The same contacts by finer values, for a table ``by`` these dimensions that tells of those ``told``."""
    for (coarse, fine), made_of in finer.items():
        if coarse in conditions and coarse not in by and fine in told and fine not in conditions:
            parts = frozenset[str]().union(*(made_of.get(value, ()) for value in conditions[coarse]))
            if parts:
                yield {name: of for name, of in conditions.items() if name != coarse} | {fine: parts}


def nothing_known(values: Values) -> bool:
    """Whether contacts with those values have no other ones in the dimension."""
    return values <= {UNKNOWN, NONE}


def inside(name: str, part: Values, of: Values | None) -> bool | None:
    """Whether contacts with those values are among those wanted; None where some are and some may not be."""
    if of is None:
        return True
    if name in SEVERAL:
        # Sets of contacts that have one of several values overlap; only the same one is inside.
        return part == of
    if part <= of:
        return True
    return False if part.isdisjoint(of) else None
