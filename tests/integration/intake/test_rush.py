"""More comes in over HTTP than can be dealt with: who is turned away comes again; nothing is lost or double."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import orjson
import pytest

from services.intake.handlers import InboundHandler
from services.intake.yielding import BEHIND
from shared.access import Role
from shared.messaging.message import IncomingMessage
from shared.messaging.queue_watch import QueueWatch
from shared.messaging.topology import INTAKE_IMPORT, ROUTING_REQUESTED
from tests.integration.intake.whole import Whole, running
from tests.unit.intake.messages import spelled, submission

AT_ONCE = 3
QUEUED = 5


async def hand_in(whole: Whole, name: str, **fields: object) -> httpx.Response:
    body = spelled(submission(submission_id=name, **fields))
    return await whole.call("POST", "/contacts", Role.ADAPTER, body)


def shed(whole: Whole, reason: str) -> float:
    return (
        whole.runtime.messaging.registry.get_sample_value("contactpunt_intake_http_shed_total", {"reason": reason})
        or 0
    )


async def test_of_many_at_once_some_are_asked_to_come_again_and_all_get_their_number(
    broker_url: str, mongo_url: str, mongo_prefix: str
) -> None:
    names = [f"rush-{number}" for number in range(40)]
    async with running(broker_url, mongo_url, mongo_prefix, http_in_hand_most=AT_ONCE) as whole:
        answers = dict(zip(names, await asyncio.gather(*(hand_in(whole, name) for name in names)), strict=True))
        refused = [name for name, answer in answers.items() if answer.status_code != 202]
        assert 0 < len(refused) < len(names)
        for name in refused:
            answer = answers[name]
            assert answer.status_code == 429
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["Retry-After"]) > 0
        assert shed(whole, "in_hand") == len(refused)

        # Everybody once more, as a caller does who did not hear the answer.
        again = {name: await hand_in(whole, name) for name in names}
        assert {answer.status_code for answer in again.values()} == {202}
        references = {name: answer.json()["reference"] for name, answer in again.items()}
        assert len(set(references.values())) == len(names)
        for name in set(names) - set(refused):
            assert answers[name].json()["reference"] == references[name]

        await whole.until(lambda: len({each.headers["id"] for each in whole.events.messages}) == len(names))
        assert {each.headers["subject"] for each in whole.events.messages} == set(references.values())
        assert await whole.runtime.store.contacts.count(None, None) == len(names)


async def test_while_too_much_waits_nobody_is_let_in_and_afterwards_everybody(
    broker_url: str, mongo_url: str, mongo_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()
    handle = InboundHandler.handle

    async def held_up(handler: InboundHandler, batch: Sequence[IncomingMessage]) -> None:
        await go_on.wait()
        await handle(handler, batch)

    monkeypatch.setattr(InboundHandler, "handle", held_up)
    monkeypatch.setattr("shared.messaging.queue_watch._FIRST_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(QueueWatch.__init__, "__defaults__", (0.02,))
    limits: dict[str, Any] = {"live_queue_most": QUEUED, "import_queue_most": 1}
    async with running(broker_url, mongo_url, mongo_prefix, **limits) as whole:
        accepted: list[str] = []

        async def until_refused() -> int:
            answer = await hand_in(whole, f"queued-{len(accepted)}")
            if answer.status_code == 202:
                accepted.append(answer.json()["reference"])
            return answer.status_code

        await whole.until_it_is(429, until_refused)
        assert len(accepted) > QUEUED
        assert shed(whole, "live_queue") >= 1
        # It is not ill, and who only looks is served.
        assert await whole.readiness() == 200
        assert (await whole.call("GET", f"/contacts/{accepted[0]}", Role.HANDLER)).status_code == 200

        go_on.set()

        async def once_more() -> int:
            return (await hand_in(whole, "afterwards")).status_code

        await whole.until_it_is(202, once_more)
        await whole.until(lambda: len({each.headers["id"] for each in whole.events.messages}) == len(accepted) + 1)
        assert {each.headers["subject"] for each in whole.events.messages} >= set(accepted)


async def test_while_too_much_of_the_past_waits_the_present_is_let_in(
    broker_url: str, mongo_url: str, mongo_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()
    handle = InboundHandler.handle

    async def held_up(handler: InboundHandler, batch: Sequence[IncomingMessage]) -> None:
        if batch[0].queue == "intake.import.v1":
            await go_on.wait()
        await handle(handler, batch)

    monkeypatch.setattr(InboundHandler, "handle", held_up)
    monkeypatch.setattr("shared.messaging.queue_watch._FIRST_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(QueueWatch.__init__, "__defaults__", (0.02,))
    async with running(broker_url, mongo_url, mongo_prefix, import_queue_most=2) as whole:
        accepted = 0

        async def until_refused() -> int:
            nonlocal accepted
            status = (await hand_in(whole, f"past-{accepted}", historical=True)).status_code
            accepted += status == 202
            return status

        await whole.until_it_is(429, until_refused)
        assert shed(whole, "import_queue") >= 1
        assert (await hand_in(whole, "present")).status_code == 202
        go_on.set()
        await whole.until(lambda: len({each.headers["id"] for each in whole.events.messages}) == accepted + 1)


async def test_while_much_waits_behind_intake_a_backlog_lets_live_contacts_pass(
    broker_url: str, mongo_url: str, mongo_prefix: str
) -> None:
    async with running(broker_url, mongo_url, mongo_prefix, import_yields_at=1) as whole:
        # Nobody works behind intake here: what it says stays in the queues.
        for number in range(2):
            await whole.send(submission(submission_id=f"live-{number}"))
        await whole.until_it_is(2, lambda: whole.runtime.messaging.queue_depth(ROUTING_REQUESTED))
        await whole.send(submission(submission_id="backlog"), "import.leuven.web_form")
        await whole.until_it_is(0, lambda: whole.runtime.messaging.queue_depth(INTAKE_IMPORT))
        await whole.send(submission(submission_id="after it"))
        await whole.until(lambda: len(whole.events.messages) == 3)
        told = [orjson.loads(each.body)["submission_id"] for each in whole.events.messages]
        assert told[-1] == "after it"

        for queue in BEHIND:
            await (await whole.channel.get_queue(queue, ensure=False)).purge()
        await whole.until(lambda: len(whole.events.messages) == 4)
        assert orjson.loads(whole.events.messages[-1].body)["submission_id"] == "backlog"
