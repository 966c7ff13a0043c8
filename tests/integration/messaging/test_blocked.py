"""A broker that is short of disk takes nothing: intake says so at once, and goes on when that is over."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.access import Role
from shared.messaging.queue_watch import QueueWatch
from tests.integration.intake.whole import Whole, running
from tests.integration.messaging.conftest import MortalBroker
from tests.unit.intake.messages import spelled, submission


@pytest.fixture
async def whole(
    mortal_broker: MortalBroker, mongo_url: str, mongo_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Whole]:
    monkeypatch.setattr("shared.messaging.queue_watch._FIRST_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(QueueWatch.__init__, "__defaults__", (0.05,))
    async with running(mortal_broker.url, mongo_url, mongo_prefix) as service:
        yield service


async def hand_in(whole: Whole, name: str) -> httpx.Response:
    body = spelled(submission(submission_id=name))
    return await whole.call("POST", "/contacts", Role.ADAPTER, body)


def told(whole: Whole, name: str, **labels: str) -> float | None:
    return whole.runtime.messaging.registry.get_sample_value(name, labels)


async def test_while_the_broker_takes_nothing_intake_says_so_and_afterwards_goes_on(
    whole: Whole, mortal_broker: MortalBroker
) -> None:
    whole.runtime.messaging.publisher._confirm_timeout = 300.0
    before = await hand_in(whole, "before")
    assert before.status_code == 202

    with mortal_broker.out_of_disk():
        # The broker tells those who publish, and only then: this one waits.
        on_its_way = asyncio.create_task(hand_in(whole, "on its way"))
        await whole.until_it_is(503, whole.readiness)
        health = (await whole.http.get("/health/ready")).json()
        assert health["missing"] == ["the message broker takes no messages: it is short of memory or disk"]
        await whole.until(lambda: told(whole, "contactpunt_broker_blocked") == 1)
        # Others are not kept waiting.
        refused = await hand_in(whole, "during")
        assert refused.status_code == 503
        assert refused.headers["content-type"] == "application/problem+json"
        assert int(refused.headers["Retry-After"]) > 0
        assert "memory or disk" in refused.json()["detail"]
        assert told(whole, "contactpunt_intake_http_shed_total", reason="broker_blocked") == 1
        # Who only looks is served.
        seen = await whole.call("GET", f"/contacts/{before.json()['reference']}", Role.HANDLER)
        assert seen.status_code == 200
        assert not on_its_way.done()

    assert (await on_its_way).status_code == 202
    await whole.until_it_is(200, whole.readiness)
    again = await hand_in(whole, "during")
    assert again.status_code == 202
    await whole.until(lambda: whole.events.keys() == ["contact.registered.v1"] * 3)
    await whole.until(lambda: told(whole, "contactpunt_broker_blocked") == 0)


async def test_what_could_not_be_published_keeps_its_number(whole: Whole, mortal_broker: MortalBroker) -> None:
    whole.runtime.messaging.publisher._confirm_timeout = 0.5
    with mortal_broker.out_of_disk():
        first = await hand_in(whole, "in vain")
        assert first.status_code == 503
        assert first.headers["Retry-After"]
        await whole.until_it_is(503, whole.readiness)
    await whole.until_it_is(200, whole.readiness)
    whole.runtime.messaging.publisher._confirm_timeout = 300.0
    again = await hand_in(whole, "in vain")
    assert again.status_code == 202
    assert again.json()["reference"] == "LEU-2021-000001"
    await whole.until(lambda: bool(whole.events.messages))
    assert {each.headers["subject"] for each in whole.events.messages} == {"LEU-2021-000001"}
