"""What is told of a contact, column by column: name, type, meaning."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from services.reporting.domain.dimensions import FALSE, PERIODS, SEVERAL, TRUE, UNKNOWN, Vocabulary
from services.reporting.domain.listing import pseudonym
from shared.contracts.identifiers import DeadlineKind, DeadlineState

Kind = Literal["text", "texts", "day", "whole", "truth"]
Document = Mapping[str, Any]
_YES_OR_NO: Final = (TRUE, FALSE)
JSON_TYPES: Final[Mapping[Kind, Mapping[str, Any]]] = {
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "day": {"type": "string", "format": "date"},
    "whole": {"type": ["integer", "null"]},
    "truth": {"type": "boolean"},
}


class Column(NamedTuple):
    """A column. ``read`` takes it out of a fact document."""

    name: str
    kind: Kind
    description: str
    read: Callable[[Document], Any]


def columns(words: Vocabulary, key: bytes, *, with_references: bool) -> list[Column]:
    """The columns of an organisation's facts. ``key`` is the one that pseudonyms are made with."""
    told = [_contact(key)]
    if with_references:
        told.append(Column("reference", "text", "The contact's reference", lambda fact: fact["_id"]))
    told.append(
        Column(
            "received_on",
            "day",
            "Local day of receipt, in the organisation's time zone",
            lambda fact: fact["received_on"],
        )
    )
    told += [_dimension(words, name) for name in words.dimensions if name not in PERIODS]
    return [*told, *_numbers(), *(column for kind in DeadlineKind for column in _deadline(kind))]


def _contact(key: bytes) -> Column:
    return Column(
        "contact",
        "text",
        "A pseudonym of the contact: the same in every answer, and of no use for finding its reference",
        lambda fact: pseudonym(key, fact["organisation"], fact["_id"]),
    )


def _dimension(words: Vocabulary, name: str) -> Column:
    values = words.values(name)
    if name in SEVERAL:
        meaning = f"All values of the dimension {name}, at least one; of {_listed(values)}"
        return Column(name, "texts", meaning, lambda fact: fact["codes"][name])
    if set(values) == set(_YES_OR_NO):
        return Column(name, "truth", f"The dimension {name}", lambda fact: fact["codes"][name] == TRUE)
    # An attribute that is younger than the fact is not known of it.
    return Column(
        name,
        "text",
        f"The dimension {name}: one of {_listed(values)}",
        lambda fact: fact["codes"].get(name, UNKNOWN),
    )


def _listed(values: Sequence[str]) -> str:
    return ", ".join(values)


def _numbers() -> list[Column]:
    return [
        Column(
            "days",
            "whole",
            "Local days from receipt to the first answer, less pauses; empty where there is none",
            lambda fact: fact["days"],
        ),
        Column("score", "whole", "1 to 10, as last surveyed; empty where it was not", lambda fact: fact["score"]),
        Column("events", "whole", "How many events the fact is made of", lambda fact: fact["events"]),
    ]


def _deadline(kind: DeadlineKind) -> list[Column]:
    states = _listed([state.value for state in DeadlineState])
    return [
        Column(
            f"{kind}_state",
            "text",
            f"How the deadline of kind {kind} stands: {states}, or none where there is no such deadline",
            lambda fact: fact["deadlines"].get(kind, {}).get("state", "none"),
        ),
        Column(
            f"{kind}_days",
            "whole",
            f"Local days from receipt to what the deadline of kind {kind} asks for, less pauses",
            lambda fact: fact["deadlines"].get(kind, {}).get("days"),
        ),
    ]


def row_schema(words: Vocabulary) -> dict[str, Any]:
    """JSON Schema of a row, for the API's description."""
    described = columns(words, b"", with_references=True)
    return {
        "type": "object",
        "properties": {
            each.name: {**JSON_TYPES[each.kind], "description": each.description} for each in described
        },
        "required": [each.name for each in described if each.name != "reference"],
    }
