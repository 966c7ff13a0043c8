"""What a past contact teaches, or why it teaches nothing."""

from typing import Any

import pytest

from services.routing.learning.labels import Lesson, Source, Useless, lesson_of
from services.routing.text.corpus import Label
from tests.unit.routing.cases import LEUVEN
from tests.unit.routing.learning.past import POSTS, past

VERSION = LEUVEN.versions[-1]
EXTERNAL: dict[str, Any] = {
    "line": "external",
    "directorate": None,
    "service": None,
    "handled_by": "external_body",
    "external_body": "fluvius",
}


def lesson(**changes: Any) -> Lesson:
    found = lesson_of(past(**changes), VERSION)
    assert isinstance(found, Lesson)
    return found


def test_what_people_made_of_it_is_the_label() -> None:
    corrected = lesson(people=("directorate", "service"), stands=POSTS)
    assert corrected.source is Source.CORRECTED
    assert (corrected.label.directorate, corrected.label.service) == ("agsl", "agsl")


def test_a_transfer_that_changes_nothing_confirms() -> None:
    assert lesson(people=("nature",), routed={"needs_review": True}).source is Source.CONFIRMED
    assert lesson(people=("topic",), state="in_review").source is Source.CONFIRMED


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_what_was_dealt_with_as_it_was_routed_stood(state: str) -> None:
    assert lesson(state=state).source is Source.STOOD


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"state": "open"}, Useless.NOT_SETTLED),
        ({"state": "withdrawn"}, Useless.NOT_SETTLED),
        ({"routed": None, "stands": {}}, Useless.NOT_SETTLED),
        ({"routed": {"model_version": 0}}, Useless.FROM_STATEMENTS),
        ({"asked": {"historical": True}}, Useless.FROM_STATEMENTS),
        ({"stands": {"nature": None}}, Useless.INCOMPLETE),
        ({"stands": {"directorate": None, "service": None}}, Useless.INCOMPLETE),
        ({"stands": {"directorate": "abolished", "service": None}}, Useless.NOT_ON_LISTS),
        ({"stands": {"service": "wijkpolitie"}}, Useless.NOT_ON_LISTS),
        ({"stands": {"external_body": "fluvius"}}, Useless.NOT_ON_LISTS),
    ],
)
def test_why_a_contact_teaches_nothing(changes: dict[str, Any], why: Useless) -> None:
    contact = past(**{name: each for name, each in changes.items() if each is not None})
    if "routed" in changes and changes["routed"] is None:
        contact = contact.model_copy(update={"routed": None})
    assert lesson_of(contact, VERSION) is why


def test_a_historical_contact_that_people_corrected_teaches() -> None:
    assert lesson(asked={"historical": True}, people=("line",), stands=EXTERNAL).label.external_body == "fluvius"


@pytest.mark.parametrize(
    ("stands", "known"),
    [
        ({"service": None}, False),
        ({"directorate": "beleid", "service": None}, True),
        (EXTERNAL, True),
        ({}, True),
    ],
)
def test_a_directorate_with_services_and_none_named_leaves_the_service_open(
    stands: dict[str, Any], known: bool
) -> None:
    assert lesson(people=("directorate",), stands=stands).service_known is known


def test_a_lesson_is_a_message_with_what_its_form_told() -> None:
    asked = {
        "subject": "Haag",
        "nature": "complaint",
        "anonymous": True,
        "earlier_contact": {"on": "2026-01-01", "result": "no_answer"},
    }
    message = lesson(asked=asked).as_message()
    assert (message.subject, message.nature_declared, message.citizen, message.earlier_contact) == (
        "Haag", "complaint", False, True,
    )  # fmt: skip
    assert message.expected == Label.model_validate(
        {name: each for name, each in past().stands.model_dump().items() if name in Label.model_fields}
    )
