"""Contacts of one citizen about one matter: linked when they are registered, and from then on for good."""

import asyncio
from typing import Any

import orjson
import pytest

from services.intake import linking
from services.intake.contact_files import open_file
from services.intake.runtime import put_together
from services.intake.views import Links, contact_file
from shared.errors import InfrastructureError
from tests.integration.intake.bench import Bench, inbound
from tests.unit.intake.messages import CITIZEN, KEYS, PROFILES, follow_up, submission

ONE, TWO, THREE = (f"LEU-2021-{number:06}" for number in (1, 2, 3))
NOTE = "Wannes Vercruysse belt: zwarte zak, staat al drie weken voor de deur."
FIRST = submission()
CALL = submission(
    submission_id="call-2",
    channel="phone",
    received_at="2021-03-05T10:00:00+01:00",
    text=NOTE,
    citizen={"name": "dhr. Vercruysse", "phone": "016/112233"},
)
AGAIN = submission(
    submission_id="mail-3",
    channel="email",
    received_at="2021-04-01T10:00:00+02:00",
    citizen={"email": "Wannes.Vercruysse+stad@Example.org", "phone": "+32 (0)16 11 22 33"},
)


async def shown(bench: Bench, reference: str) -> Links:
    claim = await bench.parts.reception.contact(reference)
    assert claim is not None
    return contact_file(claim, await open_file(bench.store, claim)).links


def told(bench: Bench) -> dict[str, tuple[str | None, str | None]]:
    """The links in the events, by reference."""
    return {
        str(message.headers["subject"]): (body["repeat_of"], body["possible_duplicate_of"])
        for message in bench.said.events
        if (body := orjson.loads(message.body)) and message.routing_key == "contact.registered.v1"
    }


async def test_a_call_after_a_mail_may_be_the_same_and_a_mail_after_a_month_repeats_it(bench: Bench) -> None:
    for message in (FIRST, CALL, AGAIN):
        await bench.take_in(inbound(message))
    assert told(bench) == {ONE: (None, None), TWO: (None, ONE), THREE: (TWO, None)}
    assert await shown(bench, ONE) == Links(possible_duplicates=[TWO])
    assert await shown(bench, TWO) == Links(possible_duplicate_of=ONE, repeated_by=[THREE])
    assert await shown(bench, THREE) == Links(repeat_of=TWO)


async def test_routing_is_told_the_same_links(bench: Bench) -> None:
    await bench.take_in(inbound(FIRST), inbound(CALL), inbound(AGAIN))
    asked = {
        message.headers["subject"]: orjson.loads(message.body) for message in bench.said.of("contacts.routing")
    }
    assert {name: (body["repeat_of"], body["possible_duplicate_of"]) for name, body in asked.items()} == told(
        bench
    )


async def test_contacts_of_one_group_see_each_other_whatever_their_order_in_it(bench: Bench) -> None:
    await bench.take_in(inbound(AGAIN), inbound(CALL), inbound(FIRST))
    assert sorted(told(bench).values(), key=str) == sorted([(TWO, None), (None, THREE), (None, None)], key=str)


async def test_what_was_received_before_but_claimed_after_is_linked_to_by_nobody(bench: Bench) -> None:
    await bench.take_in(inbound(CALL))
    bench.now = bench.now.replace(hour=13)
    await bench.take_in(inbound(FIRST))
    await bench.take_in(inbound(CALL))
    assert told(bench) == {ONE: (None, None), TWO: (None, None)}


async def test_an_answer_that_is_known_makes_the_next_one_a_repeat(bench: Bench) -> None:
    await bench.take_in(inbound(FIRST), inbound(follow_up("answered", occurred_at="2021-03-05T08:00:00+01:00")))
    await bench.take_in(inbound(CALL))
    assert told(bench)[TWO] == (ONE, None)


async def test_a_number_that_the_citizen_names_is_found_however_it_is_written(bench: Bench) -> None:
    earlier = {"on": "2021-03-04", "result": "dissatisfied", "reference": f" {ONE.lower()} "}
    await bench.take_in(inbound(FIRST))
    await bench.take_in(inbound(AGAIN | {"text": "Heel iets anders over bomen.", "earlier_contact": earlier}))
    await bench.take_in(
        inbound(AGAIN | {"submission_id": "x", "citizen": {"name": "An Ander"}, "earlier_contact": earlier})
    )
    assert told(bench) == {ONE: (None, None), TWO: (ONE, None), THREE: (None, None)}


async def test_a_crash_tells_the_same_afterwards_though_more_is_known_by_then(bench: Bench) -> None:
    await bench.take_in(inbound(FIRST))
    bench.said.fails = True
    with pytest.raises(InfrastructureError):
        await bench.take_in(inbound(CALL))
    bench.said.fails = False
    await bench.take_in(inbound(follow_up("answered", occurred_at="2021-03-05T08:00:00+01:00")))
    await bench.take_in(inbound(CALL))
    assert told(bench)[TWO] == (None, ONE)


async def test_a_crash_between_claim_and_registration_loses_no_link(bench: Bench) -> None:
    await bench.parts.reception.submit(orjson.dumps(FIRST), None)
    await bench.parts.reception.submit(orjson.dumps(CALL), None)
    await bench.take_in(inbound(CALL))
    assert told(bench) == {TWO: (None, ONE)}
    assert (await shown(bench, ONE)).possible_duplicates == [TWO]


async def test_two_at_once_never_name_each_other(bench: Bench) -> None:
    calls = [CALL | {"submission_id": f"call-{number}"} for number in range(8)]
    await asyncio.gather(*(bench.take_in(inbound(call)) for call in calls))
    links = told(bench)
    assert len(links) == 8
    assert all(links[earlier][1] != name for name, (_, earlier) in links.items() if earlier)
    assert any(earlier for _, earlier in links.values())


@pytest.mark.parametrize(
    "citizen", [None, {}, {"name": "Wannes Vercruysse"}, {"address": {"street": "Tiensevest 170"}}]
)
async def test_for_who_cannot_be_known_again_nothing_is_read(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, citizen: Any
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(type(bench.store.claims), "marked", lambda *_, **__: asked.append("marked"))
    monkeypatch.setattr(type(bench.database["claims"]), "aggregate", lambda *_: asked.append("aggregate"))
    await bench.take_in(inbound(FIRST | {"citizen": citizen}))
    await bench.take_in(inbound(CALL | {"citizen": citizen}))
    assert asked == []
    assert set(told(bench).values()) == {(None, None)}


async def test_looking_up_goes_by_the_index(bench: Bench) -> None:
    await bench.take_in(inbound(FIRST))
    claim = (await bench.stored())["claims"][0]
    which = {"trace.marks": {"$in": claim["trace"]["marks"]}, "received_at": {"$lte": claim["received_at"]}}
    plan = await bench.database["claims"].find(which).sort([("received_at", -1)]).limit(5).explain()
    assert "by_citizen" in str(plan["queryPlanner"]["winningPlan"])
    linked = await bench.database["contacts"].find({"repeat_of": ONE}).explain()
    assert "by_repeat_of" in str(linked["queryPlanner"]["winningPlan"])


async def test_many_contacts_under_one_mark_link_as_a_few_do(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "MOST_TOGETHER", 2)
    await bench.take_in(*(inbound(CALL | {"submission_id": f"call-{number}"}) for number in range(4)))
    await bench.take_in(inbound(AGAIN), inbound(AGAIN | {"submission_id": "mail-4", "channel": "letter"}))
    found = told(bench)
    assert [found[f"LEU-2021-{number:06}"][1] for number in (2, 3, 4)] == [ONE] * 3
    assert found["LEU-2021-000005"][0] == "LEU-2021-000004"
    assert found["LEU-2021-000006"] == ("LEU-2021-000004", "LEU-2021-000005")


async def test_another_key_knows_nobody_and_both_keys_know_all(bench: Bench) -> None:
    other = bytes(reversed(range(32)))
    await bench.take_in(inbound(FIRST))
    for number, keys in ((2, (other,)), (3, (other, *KEYS))):
        bench.parts = put_together(
            bench.store, bench.said, PROFILES, bench.metrics, clock=lambda: bench.now, keys=keys
        )
        await bench.take_in(inbound(CALL | {"submission_id": f"call-{number}"}))
    assert told(bench) == {ONE: (None, None), TWO: (None, None), THREE: (None, ONE)}


async def test_without_keys_nothing_is_kept_or_linked(bench: Bench) -> None:
    bench.parts = put_together(bench.store, bench.said, PROFILES, bench.metrics, clock=lambda: bench.now)
    await bench.take_in(inbound(FIRST), inbound(CALL))
    assert set(told(bench).values()) == {(None, None)}
    assert all("trace" not in claim for claim in (await bench.stored())["claims"])


async def test_marks_stay_in_intake_and_hold_nothing_that_was_written(bench: Bench) -> None:
    await bench.take_in(inbound(FIRST), inbound(CALL))
    traces = [claim["trace"] for claim in (await bench.stored())["claims"]]
    assert all(trace["marks"] for trace in traces)
    hashes = {mark for trace in traces for mark in (*trace["marks"], *trace["name"])}
    for message in bench.said.messages:
        said = message.body + repr(message.headers).encode()
        assert not any(mark in said or mark.hex().encode() in said for mark in hashes)
        assert b"stems" not in said
        assert b"marks" not in said
    kept = repr(traces).casefold()
    assert not any(str(CITIZEN[name]).casefold() in kept for name in ("name", "email", "phone"))
    assert "tiensevest" not in kept
