"""What becomes of submissions, whatever repeats, crashes or competes."""

import asyncio

import orjson
import pytest

from services.intake.domain.references import NumberSeries
from services.intake.store import Store
from services.intake.store.numbers import ReferenceNumbers
from shared.errors import InfrastructureError
from tests.integration.intake.bench import Bench, inbound
from tests.unit.intake.messages import submission


async def test_a_submission_becomes_a_contact_that_is_told(bench: Bench) -> None:
    await bench.take_in(inbound(submission()))
    contact = (await bench.store.contacts.find(["LEU-2021-000001"]))["LEU-2021-000001"]
    assert contact.submission.citizen is not None
    assert contact.submission.citizen.name == "Wannes Vercruysse"
    assert [(each.exchange, each.routing_key) for each in bench.said.messages] == [
        ("contacts.events", "contact.registered.v1"),
        ("contacts.routing", "routing.requested.v1"),
    ]
    assert all(each.mandatory and each.message_id == each.headers["id"] for each in bench.said.messages)


async def test_the_same_again_says_the_same_again_and_counts_once(bench: Bench) -> None:
    await bench.take_in(inbound(submission()), inbound(submission()))
    first = list(bench.said.messages)
    before = await bench.stored()
    await bench.take_in(inbound(submission()))
    assert bench.said.messages == first + first
    assert await bench.stored() == before
    assert bench.metrics.contacts_registered.labels("leuven", "web_form")._value.get() == 1


async def test_the_same_id_with_other_content_is_refused(bench: Bench) -> None:
    await bench.take_in(inbound(submission()), inbound(submission(text="Iets anders.")))
    await bench.take_in(inbound(submission(text="Nog iets anders.")))
    assert bench.said.codes == ["submission_id_reused"] * 2
    assert len((await bench.stored())["contacts"]) == 1


async def test_a_refused_submission_does_not_use_up_its_id(bench: Bench) -> None:
    wrong = submission(about={"directorate": "atlantis"})
    await bench.take_in(inbound(wrong), inbound(submission()))
    assert bench.said.codes == ["not_on_list"]
    assert bench.said.types() == ["contact.registered.v1"]


async def test_the_same_id_in_another_spelling_of_the_same_content_is_the_same(bench: Bench) -> None:
    body = orjson.dumps(submission(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    await bench.take_in(inbound(submission()), inbound(body, "submission.leuven.web_form"))
    assert bench.said.rejected == []
    assert len(bench.said.events) == 1


async def test_a_crash_between_store_and_publish_tells_the_same_afterwards(bench: Bench) -> None:
    bench.said.fails = True
    with pytest.raises(InfrastructureError):
        await bench.take_in(inbound(submission()))
    before = await bench.stored()
    bench.said.fails = False
    await bench.take_in(inbound(submission()))
    assert await bench.stored() == before
    await bench.take_in(inbound(submission()))
    registered, again = bench.said.events
    assert (registered.body, registered.headers) == (again.body, again.headers)


async def test_what_was_told_first_is_told_again_even_when_time_has_passed(bench: Bench) -> None:
    await bench.take_in(inbound(submission()))
    bench.now = bench.now.replace(year=2027)
    await bench.take_in(inbound(submission()))
    first, second = bench.said.events
    assert first.body == second.body


async def test_an_imported_contact_keeps_its_number_and_the_counter_skips_it(bench: Bench) -> None:
    await bench.take_in(
        inbound(submission(submission_id="old", historical=True, reference="LEU-2021-000002")),
        *(inbound(submission(submission_id=f"new-{number}")) for number in range(3)),
    )
    await bench.take_in(inbound(submission(submission_id="later", historical=True, reference="LEU-2021-000005")))
    await bench.take_in(inbound(submission(submission_id="last")))
    claims = {claim["submission_id"]: claim["reference"] for claim in (await bench.stored())["claims"]}
    assert claims["old"] == "LEU-2021-000002"
    assert claims["later"] == "LEU-2021-000005"
    assert len(set(claims.values())) == 6
    assert bench.said.rejected == []


async def test_a_number_that_another_contact_has_is_refused(bench: Bench) -> None:
    await bench.take_in(inbound(submission()))
    old = submission(submission_id="old", historical=True, reference="LEU-2021-000001")
    other = submission(submission_id="x", historical=True, reference="OUD-1")
    same = submission(submission_id="y", historical=True, reference="OUD-1")
    await bench.take_in(inbound(old), inbound(other), inbound(same))
    assert bench.said.codes == ["reference_taken", "reference_taken"]
    assert {claim["submission_id"] for claim in (await bench.stored())["claims"]} == {"form-1", "x"}


async def test_the_year_of_a_number_is_that_of_the_receipt(bench: Bench) -> None:
    await bench.take_in(inbound(submission(received_at="2021-12-31T23:30:00Z")))
    assert (await bench.stored())["claims"][0]["reference"] == "LEU-2022-000001"


async def test_no_number_is_given_out_twice_however_many_draw(bench: Bench) -> None:
    replicas = [ReferenceNumbers(bench.database, bench.store.claims, block=7) for _ in range(6)]
    series = NumberSeries("LEU", 2021)
    drawn = await asyncio.gather(*(replicas[place % 6].next(series) for place in range(300)))
    assert len(set(drawn)) == 300


async def test_replicas_that_compete_for_the_same_submissions_make_each_contact_once(bench: Bench) -> None:
    messages = [inbound(submission(submission_id=f"id-{number}")) for number in range(40)]
    backwards = list(reversed(messages))
    await asyncio.gather(*(bench.take_in(*order) for order in (messages, backwards, messages, backwards)))
    stored = await bench.stored()
    assert len(stored["contacts"]) == len(stored["claims"]) == 40
    assert {claim["reference"] for claim in stored["claims"]} == {contact["_id"] for contact in stored["contacts"]}
    assert len({event.message_id for event in bench.said.events}) == 40
    assert len({(event.message_id, event.body) for event in bench.said.events}) == 40


async def test_indexes_may_be_made_by_many_at_once(bench: Bench) -> None:
    stores = [Store(bench.database, reference_block=1) for _ in range(4)]
    await asyncio.gather(*(store.create_indexes(keep_refused_days=30) for store in stores))


async def test_what_looks_like_an_operator_is_a_text(bench: Bench) -> None:
    message = submission(submission_id="$where", text='{"$gt": ""} $set a.b', subject="$inc")
    await bench.take_in(inbound(message))
    stored = (await bench.stored())["contacts"][0]
    assert stored["submission"]["text"] == '{"$gt": ""} $set a.b'
    assert bench.said.rejected == []
