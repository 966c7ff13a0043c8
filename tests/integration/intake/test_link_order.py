"""Given who was claimed before whom, links are the same however the messages come in afterwards."""

from datetime import timedelta

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.intake.bench import Bench, inbound
from tests.unit.intake.messages import CITIZEN, NOW, TEXT, submission

PHONE = {"name": "W. Vercruysse", "phone": "016/11.22.33"}
OTHER = {"name": "An Ander", "phone": "016/11.22.33"}
MESSAGES = [
    submission(submission_id="a", received_at="2021-03-04T09:00:00+01:00"),
    submission(submission_id="b", received_at="2021-03-05T09:00:00+01:00", citizen=PHONE, channel="phone"),
    submission(submission_id="c", received_at="2021-03-05T09:00:00+01:00", citizen=OTHER),
    submission(submission_id="d", received_at="2021-03-20T09:00:00+01:00", text=f"{TEXT} Nog altijd!"),
    submission(submission_id="e", received_at="2021-03-04T08:00:00+01:00", citizen={"email": CITIZEN["email"]}),
    submission(submission_id="f", received_at="2021-03-06T09:00:00+01:00", citizen=None),
]
EXPECTED = {
    "a": (None, None),
    "b": (None, "a"),
    "c": (None, None),
    "d": ("b", None),
    "e": (None, None),
    "f": (None, None),
}


async def links(bench: Bench, order: list[int], group: int) -> dict[str, tuple[str | None, str | None]]:
    """The links that are told, by submission id, when all were claimed as they stand and come in in this order."""
    for name in await bench.database.list_collection_names():
        await bench.database[name].delete_many({})
    bench.said.messages.clear()
    for number, message in enumerate(MESSAGES):
        bench.now = NOW + timedelta(seconds=number)
        await bench.parts.reception.submit(orjson.dumps(message), None)
    for start in range(0, len(order), group):
        await bench.take_in(*(inbound(MESSAGES[place]) for place in order[start : start + group]))
    told = [(str(each.headers["subject"]), orjson.loads(each.body)) for each in bench.said.events]
    ids: dict[str | None, str | None] = {reference: body["submission_id"] for reference, body in told}
    ids[None] = None
    return {
        body["submission_id"]: (ids[body["repeat_of"]], ids[body["possible_duplicate_of"]]) for _, body in told
    }


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(len(MESSAGES))),
    again=st.lists(st.integers(0, len(MESSAGES) - 1), max_size=4),
    group=st.integers(1, 6),
)
async def test_order_and_repetition_make_no_difference_to_links(
    bench: Bench, order: list[int], again: list[int], group: int
) -> None:
    assert await links(bench, [*order, *again], group) == EXPECTED
