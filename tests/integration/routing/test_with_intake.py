"""What citizens write, from an adapter's message through intake to a decision, with the model as it ships."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from services.routing.domain import TEXT_MODEL_VERSION
from services.routing.kept_models import KeptModels
from services.routing.main import runtime_for
from services.routing.text.matter import matter_of
from services.routing.text.readers import Readers
from shared.contracts.events import ContactRouted, Event, ReviewRequested, parse_event
from tests.integration.intake.whole import Whole, running
from tests.unit.intake.messages import CITIZEN, PROFILES, submission

HEDGE = (
    "Ik heb al drie keer gemaild dat de takken van de haag over het voetpad hangen en ik krijg geen antwoord. "
    "De groendienst moet dringend komen snoeien, mijn moeder kan met haar rollator niet meer passeren."
)
VAGUE = "Het is weer zover en het wordt er niet beter op, kunnen jullie daar eens naar kijken als het past?"


@pytest.fixture(scope="module")
def learnt(models_dir: Path) -> Readers:
    readers = Readers(matter_of(PROFILES), kept=KeptModels(models_dir))
    asyncio.run(readers.learn())
    return readers


@dataclass
class Both:
    """Intake and routing on one broker."""

    intake: Whole

    async def told(self, number: int, **changes: Any) -> dict[str, Event]:
        """The events that follow from one submission, by type, once its decision is known."""
        await self.intake.send(submission(submission_id=f"mail-{number}", nature=None, **changes))

        def mine() -> dict[str, Event]:
            events = [parse_event(dict(each.headers), each.body) for each in self.intake.events.messages]
            names = [each for each in events if getattr(each.data, "submission_id", None) == f"mail-{number}"]
            subjects = {each.envelope.subject for each in names}
            return {each.type: each for each in events if each.envelope.subject in subjects}

        def decided() -> bool:
            routed = mine().get("contact.routed.v1")
            if routed is None:
                return False
            assert isinstance(routed.data, ContactRouted)
            return not routed.data.needs_review or "contact.review_requested.v1" in mine()

        await self.intake.until(decided)
        return mine()


@pytest.fixture
async def both(broker_url: str, mongo_url: str, mongo_prefix: str, learnt: Readers) -> AsyncIterator[Both]:
    async with running(broker_url, mongo_url, mongo_prefix) as intake:
        routing = runtime_for(broker_url, PROFILES, CollectorRegistry(), 20, learnt)
        await routing.start()
        yield Both(intake)
        await routing.stop()


async def test_a_text_is_decided_on_with_the_words_that_weighed(both: Both) -> None:
    told = await both.told(1, text=HEDGE)
    routed = told["contact.routed.v1"].data
    assert isinstance(routed, ContactRouted)
    assert (routed.nature, routed.line, routed.handled_by) == ("complaint", "second", "ombuds_service")
    assert (routed.directorate, routed.service) == ("openbaar_domein", "groen")
    assert (routed.needs_review, routed.model_version > 0) == (False, True)
    evidence = {reason.rule: reason.evidence for reason in routed.reasons}
    assert "words: " in evidence["text_tells_directorate"]
    assert evidence["text_was_read"].startswith("model=text/")
    assert "contact.review_requested.v1" not in told
    bodies = b"".join(event.body() for event in told.values())
    assert all(
        word.encode() not in bodies
        for word in ("rollator", "passeren", str(CITIZEN["name"]), str(CITIZEN["email"]))
    )


async def test_a_vague_text_is_for_a_person_with_the_best_guesses_ranked(both: Both) -> None:
    told = await both.told(2, text=VAGUE)
    routed, review = told["contact.routed.v1"].data, told["contact.review_requested.v1"].data
    assert isinstance(routed, ContactRouted)
    assert isinstance(review, ReviewRequested)
    assert (routed.needs_review, routed.directorate is not None) == (True, True)
    assert "directorate" in review.undecided
    held = [guess.confidence for guess in review.guesses]
    assert held == sorted(held, reverse=True)
    assert {"nature", "directorate"} <= {guess.field for guess in review.guesses}
    assert (
        told["contact.review_requested.v1"].envelope.causation_id
        == told["contact.routed.v1"].envelope.causation_id
    )


async def test_where_no_place_can_be_read_a_person_looks(both: Both) -> None:
    for number, organisation in enumerate(sorted(set(PROFILES) - {"leuven"}), start=3):
        told = await both.told(number, text=HEDGE, organisation=organisation)
        routed = told["contact.routed.v1"].data
        assert isinstance(routed, ContactRouted)
        assert (routed.needs_review, routed.model_version) == (True, TEXT_MODEL_VERSION)
        assert "contact.review_requested.v1" in told
