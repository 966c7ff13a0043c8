"""Whatever order messages come in, and however often: what is stored, told and shown is the same."""

from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.contact_files import open_file
from services.intake.views import contact_file
from shared.contracts.events import Event
from shared.messaging.message import IncomingMessage
from tests.integration.intake.bench import Bench, inbound
from tests.unit.intake.messages import follow_up, met, missed, routed, scheduled, submission

# Numbers are given out in the order of arrival; this contact brings its own.
REFERENCE = "LEU-2021-000001"
TRANSFER = {"reason": "andere dienst", "directorate": "financien"}


def heard(event: Event) -> IncomingMessage:
    return IncomingMessage("intake.history.v1", event.body(), headers=event.headers(), routing_key=event.type)


INBOUND = [
    inbound(submission(historical=True, reference=REFERENCE)),
    inbound(follow_up("acknowledged", follow_up_id="1", actor="an")),
    inbound(follow_up("transferred", TRANSFER, follow_up_id="2", submission_id=..., reference=REFERENCE)),
    inbound(follow_up("answered", follow_up_id="3")),
    inbound(follow_up("closed", {"qualification": "founded"}, follow_up_id="4")),
]
HISTORY = [
    heard(event)
    for event in (
        routed(1),
        routed(2, directorate="politie", service="wijkpolitie"),
        scheduled(1, {"kind": "answer"}),
        missed(2),
        scheduled(3, {"kind": "answer"}),
        met(4, 0),
    )
]
MESSAGES = [*INBOUND, *HISTORY]


async def outcome(bench: Bench, order: list[IncomingMessage], group: int) -> dict[str, Any]:
    """What is stored, told and shown after these messages, in groups of that size, on an empty database."""
    for name in await bench.database.list_collection_names():
        await bench.database[name].delete_many({})
    bench.said.messages.clear()
    for start in range(0, len(order), group):
        some = order[start : start + group]
        await bench.parts.history.handle([each for each in some if each.queue == "intake.history.v1"])
        await bench.take_in(*(each for each in some if each.queue != "intake.history.v1"))
    claim = await bench.parts.reception.contact(REFERENCE)
    assert claim is not None
    shown = contact_file(claim, await open_file(bench.store, claim))
    told = {message.message_id: (message.routing_key, message.body) for message in bench.said.messages}
    return {"stored": await bench.stored(), "told": told, "shown": orjson.loads(shown.model_dump_json())}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(MESSAGES),
    again=st.lists(st.sampled_from(MESSAGES), max_size=4),
    group=st.integers(min_value=1, max_value=6),
)
async def test_order_and_repetition_make_no_difference(
    bench: Bench, order: list[IncomingMessage], again: list[IncomingMessage], group: int
) -> None:
    expected = await outcome(bench, MESSAGES, len(MESSAGES))
    assert expected["shown"]["state"] == "closed"
    assert expected["shown"]["decision"]["directorate"] == "financien"
    assert len(expected["told"]) == 6
    assert await outcome(bench, [*order, *again], group) == expected
