"""By what contacts can be counted: the dimensions, their values and the order they are read in."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from shared.contracts.identifiers import Channel, ContactState, HandledBy, Line, Nature
from shared.profiles import Profile
from shared.profiles.model import Item, Label

UNKNOWN: Final = "unknown"
"""It is not known, or not known yet."""
NONE: Final = "none"
"""Having none is the fact."""
ELSEWHERE: Final = "elsewhere"
"""An address outside the organisation's districts."""
TRUE, FALSE, OPEN = "true", "false", "open"

PERIODS: Final = ("year", "half_year", "quarter", "month")
"""Follow from the day of receipt, and read ``2021``, ``2021-H1``, ``2021-Q1``, ``2021-03``."""
SEVERAL: Final = frozenset({"topic", "subtopic", "exclusion_ground", "norm"})
"""A contact may have several values of these; it counts once in each."""

_ENUMS: Final[Mapping[str, type[StrEnum]]] = {
    "channel": Channel,
    "nature": Nature,
    "line": Line,
    "handled_by": HandledBy,
    "state": ContactState,
}
_YES_OR_NO: Final = ("repeated", "cross_directorate", "extended")
_IN_TERM: Final = ("acknowledged_in_term", "answered_in_term")
_ABSENT: Final[Mapping[str, tuple[str, ...]]] = {
    "channel": (),
    "access_channel": (UNKNOWN,),
    "nature": (UNKNOWN,),
    "line": (UNKNOWN,),
    "handled_by": (UNKNOWN,),
    "directorate": (NONE, UNKNOWN),
    "service": (NONE, UNKNOWN),
    "topic": (UNKNOWN,),
    "subtopic": (UNKNOWN,),
    "entity": (UNKNOWN,),
    "external_body": (NONE, UNKNOWN),
    "exclusion_ground": (NONE, UNKNOWN),
    "qualification": (UNKNOWN,),
    "intervention": (UNKNOWN,),
    "outcome": (UNKNOWN,),
    "norm": (NONE, UNKNOWN),
    "district": (ELSEWHERE, UNKNOWN),
    "state": (),
}
"""What a dimension reads where the contact has no code in it."""

DIMENSIONS: Final = (
    *PERIODS,
    "channel",
    "access_channel",
    "nature",
    "line",
    "handled_by",
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
    "repeated",
    "cross_directorate",
    "state",
    "acknowledged_in_term",
    "answered_in_term",
    "extended",
)
"""Those that every organisation has; a profile adds one for each of its attributes."""

_WORDS: Final[Mapping[str, Label]] = {
    UNKNOWN: Label(nl="Onbekend", en="Unknown"),
    NONE: Label(nl="Geen", en="None"),
    ELSEWHERE: Label(nl="Elders", en="Elsewhere"),
    TRUE: Label(nl="Ja", en="Yes"),
    FALSE: Label(nl="Nee", en="No"),
    OPEN: Label(nl="Nog open", en="Still open"),
    "question": Label(nl="Vraag", en="Question"),
    "report": Label(nl="Melding", en="Report"),
    "complaint": Label(nl="Klacht", en="Complaint"),
    "suggestion": Label(nl="Suggestie", en="Suggestion"),
    "compliment": Label(nl="Compliment", en="Compliment"),
    "external": Label(nl="Extern", en="External"),
    "first": Label(nl="Eerstelijn", en="First line"),
    "second": Label(nl="Tweedelijn", en="Second line"),
    "service": Label(nl="Dienst zelf", en="The service itself"),
    "complaints_coordination": Label(nl="Klachtencoördinatie", en="Complaints coordination"),
    "ombuds_service": Label(nl="Ombudsdienst", en="Ombuds service"),
    "external_body": Label(nl="Externe instantie", en="External body"),
    "received": Label(nl="Ontvangen", en="Received"),
    "in_review": Label(nl="Te beoordelen", en="In review"),
    "paused": Label(nl="Wacht op informatie", en="Waiting for information"),
    "answered": Label(nl="Beantwoord", en="Answered"),
    "closed": Label(nl="Afgesloten", en="Closed"),
    "withdrawn": Label(nl="Ingetrokken", en="Withdrawn"),
    "escalated": Label(nl="Doorverwezen naar hogere instantie", en="Escalated"),
}


def period(dimension: str, day: date) -> str:
    """The period of a local day."""
    match dimension:
        case "year":
            return f"{day.year:04d}"
        case "half_year":
            return f"{day.year:04d}-H{(day.month + 5) // 6}"
        case "quarter":
            return f"{day.year:04d}-Q{(day.month + 2) // 3}"
        case _:
            return f"{day.year:04d}-{day.month:02d}"


def period_of_month(dimension: str, month: str) -> str:
    """The period that a month, ``2021-03``, falls in."""
    return period(dimension, date.fromisoformat(f"{month}-01"))


class Vocabulary:
    """An organisation's dimensions and their values over all versions of its profile, in the profile's order."""

    def __init__(self, profile: Profile) -> None:
        labels: dict[str, dict[str, Label]] = {name: {} for name in DIMENSIONS if name not in PERIODS}
        for version in reversed(profile.versions):
            lists: dict[str, Sequence[Item]] = {
                "access_channel": version.access_channels,
                "directorate": version.directorates,
                "service": [service for unit in version.directorates for service in unit.services],
                "topic": version.topics,
                "subtopic": [sub for topic in version.topics for sub in topic.subtopics],
                "entity": version.entities,
                "external_body": version.external_bodies,
                "exclusion_ground": version.exclusion_grounds,
                "qualification": version.qualifications,
                "intervention": version.interventions,
                "outcome": version.outcomes,
                "norm": version.norms,
                "district": version.districts,
            } | {attribute.id: attribute.values for attribute in version.attributes}
            for dimension, items in lists.items():
                known = labels.setdefault(dimension, {})
                for item in items:
                    known.setdefault(item.id, item.name)
            for channel, label in version.channels.items():
                labels["channel"].setdefault(channel.value, label)
            for nature, label in version.natures.items():
                labels["nature"].setdefault(nature.value, label)
        for dimension, choices in _ENUMS.items():
            for choice in choices:
                label = _WORDS.get(choice.value, Label(nl=choice.value, en=choice.value))
                labels[dimension].setdefault(choice.value, label)
        fixed = dict.fromkeys(_YES_OR_NO, (TRUE, FALSE)) | dict.fromkeys(_IN_TERM, (TRUE, FALSE, OPEN, NONE))
        for dimension, known in labels.items():
            for word in fixed.get(dimension) or _ABSENT.get(dimension, (UNKNOWN,)):
                known.setdefault(word, _WORDS[word])
        self._labels = labels
        self.attributes = tuple(name for name in labels if name not in DIMENSIONS)
        self.dimensions = (*DIMENSIONS, *self.attributes)
        self._places = {
            name: {value: place for place, value in enumerate(values)} for name, values in labels.items()
        }

    def values(self, dimension: str) -> tuple[str, ...]:
        """Every value that a contact can have, the absent ones last; empty for a period."""
        return tuple(self._labels.get(dimension, ()))

    def label(self, dimension: str, value: str) -> Label:
        """What a person reads; a period and a code that is on no list any more read as they are."""
        return self._labels.get(dimension, {}).get(value) or Label(nl=value, en=value)

    def place(self, dimension: str, value: str) -> tuple[int, str]:
        """Sorts values: periods by time, codes as the profile lists them, codes off the lists last."""
        return (self._places.get(dimension, {}).get(value, len(self._places.get(dimension, ()))), value)
