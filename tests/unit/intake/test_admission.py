"""Who is let in over HTTP, and what the others are told."""

from collections.abc import Callable
from dataclasses import dataclass, field

import orjson
import pytest
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from services.intake.admission import Admission, Gate, Limits, check_let_in
from services.intake.metrics import IntakeMetrics
from shared.messaging.topology import INTAKE_IMPORT, INTAKE_LIVE
from shared.problems import Problem

LIMITS = Limits(in_hand=2, live_queue=10, import_queue=20)
AT_THEIR_LIMITS = {INTAKE_LIVE: 10, INTAKE_IMPORT: 20}


@dataclass
class World:
    """What admission sees: how deep queues are, and whether the broker takes anything."""

    depths: dict[str, int] = field(default_factory=dict)
    blocked: bool = False
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def admission(self) -> Admission:
        async def is_blocked() -> bool:
            return self.blocked

        return Admission(
            LIMITS, depth=self.depths.get, is_blocked=is_blocked, metrics=IntakeMetrics(self.registry)
        )

    def shed(self) -> dict[str, float]:
        found = {}
        for reason in ("in_hand", "live_queue", "import_queue", "broker_blocked"):
            found[reason] = self.registry.get_sample_value(
                "contactpunt_intake_http_shed_total", {"reason": reason}
            )
        assert None not in found.values(), "a counter has to be there before it moves"
        return {reason: count for reason, count in found.items() if count}


@pytest.mark.parametrize("depths", [{}, AT_THEIR_LIMITS])
async def test_up_to_the_limits_everybody_is_let_in(depths: dict[str, int]) -> None:
    world = World(depths)
    admission = world.admission()
    admission.in_hand = LIMITS.in_hand - 1
    assert await admission.refusal() is None
    admission.check_import()
    assert world.shed() == {}


def _full(world: World, admission: Admission) -> None:
    del world
    admission.in_hand = LIMITS.in_hand


def _deep(world: World, admission: Admission) -> None:
    del admission
    world.depths[INTAKE_LIVE] = LIMITS.live_queue + 1


def _blocked(world: World, admission: Admission) -> None:
    del admission
    world.blocked = True


@pytest.mark.parametrize(
    ("make", "status", "reason"),
    [(_full, 429, "in_hand"), (_deep, 429, "live_queue"), (_blocked, 503, "broker_blocked")],
)
async def test_beyond_them_nobody_is_and_is_told_when_to_come_again(
    make: Callable[[World, Admission], None], status: int, reason: str
) -> None:
    world = World()
    admission = world.admission()
    make(world, admission)
    refusal = await admission.refusal()
    assert refusal is not None
    assert refusal.status == status
    assert 1 <= int(refusal.headers["Retry-After"]) <= 30
    assert "Send the same again" in refusal.detail
    assert world.shed() == {reason: 1}


async def test_a_deep_queue_of_imports_keeps_the_past_out_and_nobody_else() -> None:
    world = World({INTAKE_IMPORT: LIMITS.import_queue + 1})
    admission = world.admission()
    assert await admission.refusal() is None
    with pytest.raises(Problem) as told:
        admission.check_import()
    assert told.value.status == 429
    assert world.shed() == {"import_queue": 1}


async def test_callers_are_not_all_asked_for_the_same_moment() -> None:
    world = World({INTAKE_LIVE: LIMITS.live_queue + 1})
    admission = world.admission()
    refusals = [await admission.refusal() for _ in range(50)]
    assert len({refusal.headers["Retry-After"] for refusal in refusals if refusal}) > 1


async def test_once_there_is_room_everybody_is_let_in_again() -> None:
    world = World({INTAKE_LIVE: LIMITS.live_queue + 1}, blocked=True)
    admission = world.admission()
    assert await admission.refusal() is not None
    world.blocked = False
    assert await admission.refusal() is not None
    world.depths.clear()
    assert await admission.refusal() is None


class App:
    """Behind the gate: remembers how many were in hand, answers 202 or fails."""

    def __init__(self) -> None:
        self.in_hand: list[int] = []
        self.given_back: list[int] = []
        self.scopes: list[Scope] = []
        self.admission: Admission | None = None
        self.fails = False

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        assert self.admission is not None
        self.in_hand.append(self.admission.in_hand)
        self.given_back.append(self.admission.forms_given_back)
        self.scopes.append(scope)
        if self.fails:
            raise RuntimeError
        await send({"type": "http.response.start", "status": 202, "headers": []})


async def through(admission: Admission, app: App, method: str, path: str, accept: bytes = b"") -> list[Message]:
    app.admission = admission
    answered: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("nothing is read of what is turned away")

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": [(b"accept", accept)], "query_string": b""}
    await Gate(app, admission)(scope, receive, send)
    return answered


async def test_whoever_passes_is_in_hand_until_the_answer() -> None:
    admission, app = World().admission(), App()
    await through(admission, app, "POST", "/contacts")
    assert (app.in_hand, admission.in_hand) == ([1], 0)
    app.fails = True
    with pytest.raises(RuntimeError):
        await through(admission, app, "POST", "/contacts/LEU-2021-000001/follow-ups")
    assert (app.in_hand, admission.in_hand) == ([1, 1], 0)


@pytest.mark.parametrize("path", ["/contacts", "/contacts/", "/contacts/LEU-2021-000001/follow-ups"])
async def test_who_hands_in_is_turned_away_with_a_problem_document(path: str) -> None:
    app = App()
    start, body = await through(World(blocked=True).admission(), app, "POST", path)
    assert app.in_hand == []
    assert start["status"] == 503
    headers = dict(start["headers"])
    assert headers[b"content-type"] == b"application/problem+json"
    assert int(headers[b"retry-after"]) > 0
    assert orjson.loads(body["body"])["status"] == 503


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/contacts/LEU-2021-000001"),
        ("GET", "/form/leuven"),
        ("GET", "/health/ready"),
        ("GET", "/metrics"),
        ("POST", "/dead-letters/1/replay"),
    ],
)
async def test_who_looks_or_mends_is_always_let_in_and_takes_no_place(method: str, path: str) -> None:
    app = App()
    (start,) = await through(World(blocked=True).admission(), app, method, path)
    assert start["status"] == 202
    assert app.in_hand == [0]


@pytest.mark.parametrize("path", ["/form/leuven", "/form/leuven/"])
async def test_a_form_that_is_turned_away_is_read_to_be_given_back(path: str) -> None:
    app, admission = App(), World(blocked=True).admission()
    await through(admission, app, "POST", path)
    assert (app.in_hand, app.given_back, admission.forms_given_back) == ([0], [1], 0)
    with pytest.raises(Problem) as told:
        check_let_in(Request(app.scopes[0]))
    assert told.value.status == 503
    app.fails = True
    with pytest.raises(RuntimeError):
        await through(admission, app, "POST", path)
    assert admission.forms_given_back == 0


async def test_a_form_that_is_let_in_is_in_hand_like_any_other() -> None:
    app = App()
    await through(World().admission(), app, "POST", "/form/leuven")
    assert (app.in_hand, app.given_back) == ([1], [0])
    check_let_in(Request(app.scopes[0]))


async def test_of_a_flood_of_forms_no_more_are_read_than_are_dealt_with_at_a_time() -> None:
    app, admission = App(), World(blocked=True).admission()
    admission.forms_given_back = LIMITS.in_hand
    start, body = await through(admission, app, "POST", "/form/leuven", accept=b"text/html")
    assert app.scopes == []
    assert start["status"] == 503
    assert int(dict(start["headers"])[b"retry-after"]) > 0
    assert b"<!doctype html>" in body["body"]
