"""Intake over AMQP, on the real broker: what is wrong comes back, what is right goes on, and it never dies."""

import hashlib

import orjson

from shared.access import Role
from shared.contracts.events import parse_event
from shared.contracts.submission import MAX_BODY_BYTES
from tests.integration.intake.bad_input import NOT_A_SUBMISSION, TOO_LARGE, WRONG_FOLLOW_UPS, WRONG_SUBMISSIONS
from tests.integration.intake.whole import Whole
from tests.unit.intake.messages import follow_up, routed, spelled, submission

SUBMISSION_KEY = "submission.leuven.web_form"


def wrong_messages() -> list[tuple[str, bytes, str, str]]:
    """Name, body, routing key and code of each wrong message."""
    cases = [
        (name, body, SUBMISSION_KEY, code)
        for name, (body, code) in {**NOT_A_SUBMISSION, **WRONG_SUBMISSIONS}.items()
    ]
    for name, (body, code) in WRONG_FOLLOW_UPS.items():
        kind = orjson.loads(body)["kind"]
        cases.append((name, body, f"follow_up.leuven.{kind}", code))
    cases += [
        (f"follow-up: {name}", body, "follow_up.leuven.closed", code)
        for name, (body, code) in NOT_A_SUBMISSION.items()
        if code == "not_json"
    ]
    good = spelled(submission(submission_id="never"))
    return [
        *((name, body, _fitting(body, key), code) for name, body, key, code in cases),
        ("key of another organisation", good, "submission.leiden.web_form", "routing_key_mismatch"),
        ("key of another channel", good, "submission.leuven.email", "routing_key_mismatch"),
        ("stray key", good, "hello", "unknown_routing_key"),
        ("stray key below import", good, "import.leuven", "unknown_routing_key"),
        ("follow-up under another kind", spelled(follow_up()), "follow_up.leuven.closed", "routing_key_mismatch"),
    ]


def _fitting(body: bytes, key: str) -> str:
    return key.replace("leuven", "atlantis") if b'"organisation":"atlantis"' in body else key


async def test_each_wrong_message_comes_back_once_and_nothing_is_counted(whole: Whole) -> None:
    cases = wrong_messages()
    for _, body, key, _ in cases:
        await whole.send(body, key)
    await whole.until(lambda: len(whole.rejected.messages) >= len(cases))
    await whole.send(submission(submission_id="good"))
    await whole.until(lambda: bool(whole.events.messages))

    assert whole.events.keys() == ["contact.registered.v1"]
    bodies = [message.body for message in whole.rejected.messages]
    assert sorted(zip(bodies, whole.rejected.codes(), strict=True)) == sorted(
        (body, code) for _, body, _, code in cases
    )
    assert (await whole.call("GET", "/health/ready", None)).status_code == 200
    assert await whole.runtime.store.contacts.count(None, None) == 1


async def test_of_a_body_over_the_limit_the_beginning_comes_back(whole: Whole) -> None:
    assert len(TOO_LARGE) > MAX_BODY_BYTES
    await whole.send(TOO_LARGE, SUBMISSION_KEY)
    await whole.until(lambda: bool(whole.rejected.messages))
    (message,) = whole.rejected.messages
    assert message.routing_key == "leuven.web_form"
    assert message.body == TOO_LARGE[: 64 * 1024]
    assert message.headers["size"] == len(TOO_LARGE)
    assert message.headers["sha256"] == hashlib.sha256(TOO_LARGE).hexdigest()


async def test_a_follow_up_without_contact_comes_back(whole: Whole) -> None:
    await whole.send(follow_up())
    await whole.until(lambda: bool(whole.rejected.messages))
    assert whole.rejected.codes() == ["unknown_contact"]
    assert whole.rejected.messages[0].body == spelled(follow_up())


async def test_a_contact_goes_all_the_way(whole: Whole) -> None:
    await whole.send(submission())
    await whole.send(follow_up())
    await whole.send(submission(submission_id="old", historical=True), "import.leuven.web_form")
    await whole.send(follow_up(follow_up_id="fu-old", submission_id="old"), "import.leuven.follow_up")
    await whole.until(lambda: len(whole.events.messages) >= 4 and whole.routing.count() >= 2)
    assert whole.events.keys() == ["contact.answered.v1"] * 2 + ["contact.registered.v1"] * 2
    for message in whole.events.messages:
        event = parse_event(dict(message.headers), message.body)
        assert message.routing_key == event.type
        assert message.message_id == event.envelope.id
        assert message.correlation_id == event.envelope.correlation_id
        assert message.content_type == "application/json"
    assert whole.rejected.messages == []


async def test_http_and_amqp_take_the_same_contact_in_once(whole: Whole) -> None:
    answer = await whole.call("POST", "/contacts", Role.ADAPTER, spelled(submission()))
    await whole.send(submission())
    await whole.send(submission(text="Iets anders"))
    await whole.until(lambda: len(whole.rejected.messages) >= 1 and len(whole.events.messages) >= 2)
    assert whole.rejected.codes() == ["submission_id_reused"]
    assert {message.headers["subject"] for message in whole.events.messages} == {answer.json()["reference"]}
    assert len({message.message_id for message in whole.events.messages}) == 1


async def test_other_services_events_join_the_history(whole: Whole) -> None:
    await whole.send(submission())
    await whole.until(lambda: bool(whole.events.messages))
    for revision in (2, 1, 2):
        event = routed(revision)
        await whole.say(event.body(), dict(event.headers()), event.type)
    await whole.say(b"nonsense", {}, "deadline.missed.v1")

    async def decided() -> list[int]:
        file = (await whole.call("GET", "/contacts/LEU-2021-000001", Role.HANDLER)).json()
        return [each["profile_revision"] for each in file["decisions"]]

    await whole.until_it_is([2, 1], decided)
    await whole.until_it_is(1, lambda: whole.runtime.messaging.queue_depth("intake.history.v1.dead"))
