from typing import Any

import orjson
import pytest

from services.intake.domain.follow_ups import FollowUpTold, tell_follow_up
from services.intake.domain.inbound import read_follow_up
from shared.contracts.events import FOLLOW_UP_EVENT_TYPES, event_id
from shared.contracts.identifiers import FollowUpKind
from tests.unit.intake.messages import follow_up, spelled

DATA: dict[FollowUpKind, dict[str, Any]] = {
    FollowUpKind.EXTENDED: {"until": "2021-05-01", "reason": "wacht op Wannes"},
    FollowUpKind.TRANSFERRED: {"reason": "Wannes vroeg het", "service": None, "line": "first"},
    FollowUpKind.REOPENED: {"reason": "Wannes belde"},
    FollowUpKind.ESCALATED: {"to": "vlaamse_ombudsdienst"},
    FollowUpKind.SURVEYED: {"score": 8},
    FollowUpKind.ACKNOWLEDGED: {"contact_person": "Wannes"},
    FollowUpKind.CLOSED: {"qualification": "gegrond", "norms_violated": ["a", "b"]},
}


def tell(kind: FollowUpKind) -> FollowUpTold:
    read = read_follow_up(spelled(follow_up(kind.value, DATA.get(kind), actor="wannes.v")))
    return tell_follow_up(read.follow_up, reference="LEU-2021-000001", submission_id="form-1")


@pytest.mark.parametrize("kind", FollowUpKind)
def test_every_kind_has_its_event_without_names_and_words(kind: FollowUpKind) -> None:
    told = tell(kind)
    assert told.event.type == FOLLOW_UP_EVENT_TYPES[kind]
    assert told.event.envelope.id == event_id(told.event.type, "leuven", "fu-1")
    assert told.event.envelope.correlation_id == event_id("correlation", "leuven", "form-1")
    assert told.event.envelope.time.isoformat() == "2021-03-11T14:05:00+01:00"
    said = told.event.body().decode() + str(told.event.headers())
    assert "annes" not in said
    assert told.private["actor"] == "wannes.v"


def test_what_is_not_told_is_kept() -> None:
    assert tell(FollowUpKind.EXTENDED).private == {"reason": "wacht op Wannes", "actor": "wannes.v"}
    assert tell(FollowUpKind.ACKNOWLEDGED).private == {"contact_person": "Wannes", "actor": "wannes.v"}


def test_a_transfer_names_what_was_decided_also_where_that_is_nothing() -> None:
    data = orjson.loads(tell(FollowUpKind.TRANSFERRED).event.body())
    assert data["decided"] == ["line", "service"]
    assert data["line"] == "first"


def test_the_data_are_told() -> None:
    assert orjson.loads(tell(FollowUpKind.CLOSED).event.body())["norms_violated"] == ["a", "b"]
    assert orjson.loads(tell(FollowUpKind.EXTENDED).event.body())["until"] == "2021-05-01"


@pytest.mark.parametrize(
    ("directorate", "decided"), [("openbaar_domein", ["directorate", "service"]), (None, ["service"])]
)
def test_a_transfer_to_a_service_is_one_to_its_directorate(directorate: str | None, decided: list[str]) -> None:
    read = read_follow_up(spelled(follow_up("transferred", {"reason": "hoort hier niet", "service": "groen"})))
    told = tell_follow_up(
        read.follow_up, reference="LEU-2021-000001", submission_id="form-1", directorate_of=lambda _: directorate
    )
    data = orjson.loads(told.event.body())
    assert (data["directorate"], data["service"], data["decided"]) == (directorate, "groen", decided)
