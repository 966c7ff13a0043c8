"""Telling again what is stored."""

from services.intake.republish import tell_again
from shared.messaging.message import IncomingMessage
from tests.integration.intake.bench import Bench, inbound
from tests.unit.intake.messages import follow_up, routed, submission


async def filled(bench: Bench) -> None:
    for number in range(3):
        await bench.take_in(inbound(submission(submission_id=f"form-{number}")))
    await bench.take_in(inbound(follow_up()))
    event = routed()
    await bench.parts.history.handle(
        [IncomingMessage("intake.history.v1", event.body(), headers=event.headers(), routing_key=event.type)]
    )


async def test_everything_of_intakes_own_is_said_again_as_it_was(bench: Bench) -> None:
    await filled(bench)
    before = {message.message_id: message for message in bench.said.messages}
    bench.said.messages.clear()
    progress: list[int] = []
    assert await tell_again(bench.store, bench.said, progress=progress.append) == len(before) == 7
    assert {message.message_id: message for message in bench.said.messages} == before
    assert sum(progress) == 3


async def test_other_services_events_too_where_asked_for(bench: Bench) -> None:
    await filled(bench)
    bench.said.messages.clear()
    assert await tell_again(bench.store, bench.said, reference="LEU-2021-000001", others_too=True) == 3
    again = next(message for message in bench.said.events if message.routing_key == "contact.routed.v1")
    assert (again.body, again.headers) == (routed().body(), routed().headers())


async def test_of_nobody_there_is_nothing_to_say(bench: Bench) -> None:
    await filled(bench)
    assert await tell_again(bench.store, bench.said, organisation="leiden") == 0
