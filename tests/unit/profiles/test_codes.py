"""Codes of a message against the organisation's lists."""

import json
from datetime import date
from typing import Any

import pytest

from shared.contracts.follow_up import FOLLOW_UP, FollowUp
from shared.contracts.identifiers import Channel
from shared.contracts.submission import Submission
from shared.profiles import ProfileVersion
from shared.profiles.codes import unknown_codes, unknown_follow_up_codes
from shared.profiles.model import AccessChannel, Attribute, Item, Label
from tests import organisations

PLAIN = organisations.PROFILES["leuven"].version_on(date(2022, 1, 1))
LABEL = Label(nl="x", en="x")


def _item(name: str) -> Item:
    return Item(id=name, name=LABEL)


def _plain_but(**fields: Any) -> ProfileVersion:
    return ProfileVersion.model_validate(PLAIN.model_dump() | fields)


RICH = _plain_but(
    access_channels=(AccessChannel(id="front_desk", name=LABEL, channel=Channel.VISIT),),
    entities=(_item("north"),),
    attributes=(Attribute(id="stock", name=LABEL, values=(_item("old"), _item("new"))),),
)


def _submission(**fields: Any) -> Submission:
    told = {
        "submission_id": "s",
        "organisation": "leuven",
        "channel": "visit",
        "received_at": "2022-03-01T10:00:00+01:00",
        "text": "Een tekst",
    } | fields
    return Submission.model_validate_json(json.dumps(told))


def _follow_up(kind: str, data: dict[str, Any]) -> FollowUp:
    told = {
        "follow_up_id": "f",
        "organisation": "leuven",
        "reference": "LEU-2022-000001",
        "kind": kind,
        "occurred_at": "2022-03-02T10:00:00+01:00",
        "data": data,
    }
    return FOLLOW_UP.validate_json(json.dumps(told))


def _fields(submission: Submission, version: ProfileVersion = PLAIN) -> list[str]:
    return [error["field"] for error in unknown_codes(submission, version)]


def test_known_codes_are_fine() -> None:
    about = {
        "directorate": "openbaar_domein",
        "service": "groen",
        "external_body": "fluvius",
        "topic": "taxes",
        "other_directorates": ["politie"],
    }
    assert _fields(_submission(about=about)) == []
    fields = {"access_channel": "front_desk", "entity": "north", "attributes": {"stock": "old"}}
    assert _fields(_submission(**fields), RICH) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"about": {"directorate": "x"}}, "about.directorate"),
        ({"about": {"service": "x"}}, "about.service"),
        ({"about": {"external_body": "x"}}, "about.external_body"),
        ({"about": {"topic": "x"}}, "about.topic"),
        ({"about": {"subtopic": "x"}}, "about.subtopic"),
        ({"about": {"other_directorates": ["politie", "x"]}}, "about.other_directorates.1"),
        ({"access_channel": "x"}, "access_channel"),
        ({"entity": "x"}, "entity"),
        ({"attributes": {"x": "old"}}, "attributes.x"),
        ({"attributes": {"stock": "x"}}, "attributes.stock"),
    ],
)
def test_an_unknown_code_is_named_by_its_field(fields: dict[str, Any], field: str) -> None:
    errors = unknown_codes(_submission(**fields), RICH)
    assert [(error["field"], error["code"]) for error in errors] == [(field, "not_on_list")]


def test_a_channel_that_the_organisation_does_not_take_is_told() -> None:
    by_mail_alone = _plain_but(channels={Channel.EMAIL: LABEL})
    errors = unknown_codes(_submission(), by_mail_alone)
    assert errors == [
        {
            "field": "channel",
            "code": "not_on_list",
            "message": "is not on this organisation's list of channel codes; give one of email",
        }
    ]


def test_a_way_in_has_its_own_channel() -> None:
    errors = unknown_codes(_submission(access_channel="front_desk", channel="phone"), RICH)
    assert [(error["field"], error["code"]) for error in errors] == [("channel", "contradicts")]
    assert errors[0]["message"].endswith("give channel visit")


def test_a_long_list_is_told_in_part_and_an_empty_one_as_such() -> None:
    errors = unknown_codes(_submission(about={"service": "x", "subtopic": "x"}), PLAIN)
    assert errors[0]["message"].endswith("or 12 more")
    assert errors[1]["message"].endswith("it has none, leave it out")


@pytest.mark.parametrize(
    ("kind", "data", "fields"),
    [
        (
            "transferred",
            {
                "reason": "r",
                "directorate": "x",
                "service": "x",
                "other_directorates": ["x"],
                "external_body": "x",
                "exclusion_grounds": ["anonymous", "x"],
                "topic": "x",
            },
            [
                "data.directorate",
                "data.service",
                "data.other_directorates.0",
                "data.external_body",
                "data.exclusion_grounds.1",
                "data.topic",
            ],
        ),
        (
            "closed",
            {
                "qualification": "x",
                "intervention": "x",
                "outcome": "x",
                "norms_violated": ["x"],
                "topics": ["x"],
                "subtopics": ["x"],
                "directorates": ["x"],
            },
            [
                "data.qualification",
                "data.intervention",
                "data.outcome",
                "data.norms_violated.0",
                "data.topics.0",
                "data.subtopics.0",
                "data.directorates.0",
            ],
        ),
        ("escalated", {"to": "x"}, ["data.to"]),
        ("closed", {"qualification": "founded", "intervention": "apology", "norms_violated": ["equity"]}, []),
        ("escalated", {"to": "vlaamse_ombudsdienst"}, []),
        ("surveyed", {"score": 7}, []),
        ("answered", {}, []),
    ],
)
def test_codes_of_a_follow_up(kind: str, data: dict[str, Any], fields: list[str]) -> None:
    errors = unknown_follow_up_codes(_follow_up(kind, data), [PLAIN])
    assert [error["field"] for error in errors] == fields
    assert {error["code"] for error in errors} <= {"not_on_list"}


def test_a_code_is_fine_when_any_of_the_versions_knows_it() -> None:
    later = _plain_but(outcomes=(_item("settled"),))
    assert unknown_follow_up_codes(_follow_up("closed", {"outcome": "settled"}), [PLAIN, later]) == []
    assert unknown_follow_up_codes(_follow_up("closed", {"outcome": "resolved"}), [PLAIN, later]) == []
    errors = unknown_follow_up_codes(_follow_up("closed", {"outcome": "x"}), [PLAIN, later])
    assert "resolved, settled" in errors[0]["message"]
