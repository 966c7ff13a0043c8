"""By what a profile may ask contacts to be counted, and which values can occur there."""

from collections.abc import Mapping
from typing import Final

from shared.contracts.identifiers import Channel, ContactState, HandledBy, Line, Nature
from shared.profiles.model import ProfileVersion

PERIODS: Final = ("year", "half_year", "quarter", "month")
MONTHS_OF: Final = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}
SEASONS: Final[Mapping[str, frozenset[str]]] = {
    "year": frozenset({""}),
    "half_year": frozenset({"H1", "H2"}),
    "quarter": frozenset({"Q1", "Q2", "Q3", "Q4"}),
    "month": frozenset(f"{month:02}" for month in range(1, 13)),
}
"""How the periods of one year read in a row of a report."""

_FIXED: Final[Mapping[str, frozenset[str]]] = {
    "channel": frozenset(Channel),
    "nature": frozenset(Nature),
    "line": frozenset(Line),
    "handled_by": frozenset(HandledBy),
    "state": frozenset(ContactState),
    **dict.fromkeys(("repeated", "cross_directorate", "extended"), frozenset({"true", "false"})),
    **dict.fromkeys(("acknowledged_in_term", "answered_in_term"), frozenset({"true", "false", "open", "none"})),
}
_LISTED: Final = (
    "access_channel",
    "directorate",
    "service",
    "topic",
    "subtopic",
    "entity",
    "external_body",
    "exclusion_ground",
    "qualification",
    "intervention",
    "outcome",
    "norm",
    "district",
)
DIMENSIONS: Final = frozenset({*PERIODS, *_FIXED, *_LISTED})
"""Those that every organisation has."""
_ABSENT: Final = frozenset({"unknown", "none"})


def values_by_dimension(version: ProfileVersion) -> dict[str, frozenset[str]]:
    """Every dimension of an organisation with the values that can occur there; a period has none listed."""
    listed = {name: version.codes[name] | _ABSENT for name in _LISTED}
    listed["district"] |= {"elsewhere"}
    named = {name: codes | _ABSENT for name, codes in version.attribute_codes.items()}
    fixed = {name: frozenset(str(each) for each in values) for name, values in _FIXED.items()}
    unknown = {name: fixed[name] | {"unknown"} for name in ("nature", "line", "handled_by")}
    return dict.fromkeys(PERIODS, frozenset[str]()) | fixed | unknown | listed | named
