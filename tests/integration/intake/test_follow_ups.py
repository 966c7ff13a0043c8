"""What becomes of follow-ups: in time, early, late, twice, wrong."""

import asyncio
from datetime import timedelta

import orjson
import pytest

from shared.errors import InfrastructureError
from tests.integration.intake.bench import PATIENCE, Bench, inbound
from tests.unit.intake.messages import follow_up, submission

REGISTERED = "contact.registered.v1"
ANSWERED = "contact.answered.v1"


async def test_a_follow_up_by_either_name_of_its_contact_is_told(bench: Bench) -> None:
    await bench.take_in(inbound(submission()))
    by_reference = follow_up(follow_up_id="fu-2", submission_id=..., reference="LEU-2021-000001")
    await bench.take_in(inbound(follow_up(actor="an")), inbound(by_reference))
    assert bench.said.types() == [ANSWERED, ANSWERED, REGISTERED]
    stored = (await bench.stored())["events"]
    assert {event["reference"] for event in stored} == {"LEU-2021-000001"}
    assert sorted(event["private"].get("actor", "") for event in stored) == ["", "an"]


async def test_a_submission_and_its_follow_up_in_one_group_in_any_order(bench: Bench) -> None:
    await bench.take_in(inbound(follow_up()), inbound(submission()), inbound(follow_up()))
    assert bench.said.types() == [ANSWERED, REGISTERED]
    assert (await bench.stored())["parked"] == []


async def test_the_same_follow_up_again_says_the_same_again(bench: Bench) -> None:
    await bench.take_in(inbound(submission()), inbound(follow_up()))
    before = await bench.stored()
    (first,) = [event for event in bench.said.events if event.routing_key == ANSWERED]
    await bench.take_in(inbound(follow_up()))
    assert bench.said.events[-1] == first
    assert await bench.stored() == before


async def test_the_same_id_with_other_content_is_refused(bench: Bench) -> None:
    await bench.take_in(inbound(submission()), inbound(follow_up()), inbound(follow_up("withdrawn")))
    await bench.take_in(inbound(follow_up(actor="an")))
    assert bench.said.codes == ["follow_up_id_reused"] * 2
    assert bench.said.rejected[0].routing_key == "leuven.follow_up"


async def test_values_off_the_profiles_lists_are_refused_with_or_without_the_contact(bench: Bench) -> None:
    wrong = follow_up("closed", {"qualification": "splendid"})
    await bench.take_in(inbound(wrong))
    await bench.take_in(inbound(submission()), inbound(wrong))
    assert bench.said.codes == ["not_on_list"] * 2
    await bench.take_in(inbound(follow_up("closed", {"qualification": "founded"})))
    assert "contact.closed.v1" in bench.said.types()


async def test_an_extension_that_no_term_knows_is_refused(bench: Bench) -> None:
    await bench.take_in(inbound(submission()), inbound(follow_up("extended", {"days": 5, "reason": "advies"})))
    assert bench.said.codes == ["extension_not_allowed"]


async def test_one_that_came_early_waits_for_its_contact(bench: Bench) -> None:
    by_reference = follow_up(follow_up_id="fu-2", submission_id=..., reference="LEU-2021-000001")
    await bench.take_in(inbound(follow_up()), inbound(by_reference))
    assert bench.said.messages == []
    await bench.sweep()
    assert bench.metrics.parked._value.get() == 2
    await bench.take_in(inbound(submission()))
    assert bench.said.types() == [ANSWERED, ANSWERED, REGISTERED]
    assert (await bench.stored())["parked"] == []


async def test_no_contact_within_the_time_after_intake_caught_up_is_refused_once(bench: Bench) -> None:
    await bench.take_in(inbound(follow_up()))
    bench.queued["intake.import.v1"] = 3
    bench.now += timedelta(hours=1)
    await bench.sweep()
    assert bench.said.rejected == []

    bench.queued.clear()
    await bench.sweep()
    bench.now += PATIENCE - timedelta(seconds=1)
    await bench.sweep()
    assert bench.said.rejected == []

    bench.now += timedelta(seconds=1)
    await asyncio.gather(bench.sweep(), bench.sweep(), bench.sweep())
    await bench.sweep()
    assert bench.said.codes == ["unknown_contact"]
    (answer,) = bench.said.rejected
    assert answer.routing_key == "leuven.follow_up"
    assert answer.body == inbound(follow_up()).body
    assert answer.headers["original_routing_key"] == "follow_up.leuven.answered"


async def test_each_queue_is_caught_up_with_at_a_moment_of_its_own(bench: Bench) -> None:
    await bench.take_in(inbound(follow_up()))
    for busy in ("intake.import.v1", "intake.live.v1"):
        bench.now += timedelta(seconds=1)
        bench.queued = {busy: 3}
        await bench.sweep()
    bench.now += PATIENCE
    await bench.sweep()
    assert bench.said.codes == ["unknown_contact"]


async def refused_for_want_of_a_contact(bench: Bench) -> None:
    await bench.take_in(inbound(follow_up()))
    bench.now += timedelta(seconds=1)
    await bench.sweep()
    bench.now += PATIENCE
    await bench.sweep()
    assert bench.said.codes == ["unknown_contact"]


async def test_a_submission_that_comes_after_the_refusal_still_gets_it(bench: Bench) -> None:
    await refused_for_want_of_a_contact(bench)
    await bench.take_in(inbound(submission()))
    assert bench.said.types() == [ANSWERED, REGISTERED]
    assert (await bench.stored())["parked"] == []


async def test_a_refused_one_that_is_sent_again_is_taken_in(bench: Bench) -> None:
    await refused_for_want_of_a_contact(bench)
    corrected = follow_up(submission_id="form-2")
    await bench.take_in(inbound(submission(submission_id="form-2")), inbound(corrected))
    assert bench.said.types() == [ANSWERED, REGISTERED]


async def test_one_that_is_sent_again_waits_again(bench: Bench) -> None:
    await refused_for_want_of_a_contact(bench)
    await bench.take_in(inbound(follow_up()))
    bench.now += timedelta(seconds=1)
    await bench.sweep()
    bench.now += PATIENCE
    await bench.sweep()
    assert bench.said.codes == ["unknown_contact"] * 2
    assert len((await bench.stored())["rejections"]) == 1


async def test_a_crash_between_refusal_and_mark_gives_the_same_refusal(bench: Bench) -> None:
    await bench.take_in(inbound(follow_up()))
    bench.now += timedelta(seconds=1)
    await bench.sweep()
    bench.now += PATIENCE
    bench.said.fails = True
    with pytest.raises(InfrastructureError):
        await bench.sweep()
    bench.said.fails = False
    await bench.sweep()
    assert bench.said.rejected == []
    bench.now += timedelta(seconds=31)
    await bench.sweep()
    assert bench.said.codes == ["unknown_contact"]
    assert len((await bench.stored())["rejections"]) == 1


async def test_a_crash_before_parked_ones_are_told_tells_them_afterwards(bench: Bench) -> None:
    await bench.take_in(inbound(follow_up()))
    bench.said.fails = True
    with pytest.raises(InfrastructureError):
        await bench.take_in(inbound(submission()))
    bench.said.fails = False
    await bench.take_in(inbound(submission()))
    assert bench.said.types() == [ANSWERED, REGISTERED]
    assert (await bench.stored())["parked"] == []


async def test_two_contents_under_one_id_that_both_came_early(bench: Bench) -> None:
    await bench.take_in(inbound(follow_up()))
    bench.now += timedelta(seconds=1)
    await bench.take_in(inbound(follow_up("withdrawn")))
    await bench.take_in(inbound(submission()))
    assert bench.said.types() == [ANSWERED, REGISTERED]
    assert bench.said.codes == ["follow_up_id_reused"]


async def test_a_contact_that_http_took_in_and_is_not_registered_yet_is_waited_for(bench: Bench) -> None:
    claim = await bench.parts.reception.submit(inbound(submission()).body, None)
    by_reference = follow_up(submission_id=..., reference=claim.reference)
    await bench.take_in(inbound(by_reference))
    assert bench.said.events == []
    await bench.take_in(inbound(submission()))
    assert bench.said.types() == [ANSWERED, REGISTERED]


@pytest.mark.parametrize("first", ["submission", "follow_up"])
async def test_registered_and_parked_at_the_same_moment(bench: Bench, first: str) -> None:
    for number in range(20):
        one = inbound(submission(submission_id=f"id-{number}"))
        other = inbound(follow_up(submission_id=f"id-{number}", follow_up_id=f"fu-{number}"))
        both = (one, other) if first == "submission" else (other, one)
        await asyncio.gather(*(bench.take_in(message) for message in both))
    told = {
        orjson.loads(event.body)["follow_up_id"] for event in bench.said.events if event.routing_key == ANSWERED
    }
    assert len(told) == 20
    assert (await bench.stored())["parked"] == []


async def test_each_of_several_equal_messages_gets_its_own_answer(bench: Bench) -> None:
    await bench.take_in(*(inbound(b"kapot!!", "follow_up.leuven.answered") for _ in range(5)))
    assert bench.said.codes == ["not_json"] * 5
    assert len((await bench.stored())["rejections"]) == 1
