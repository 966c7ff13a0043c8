"""Who is let in over HTTP: as many as can be dealt with, so that a rush ends here and not in the broker.

Whoever is turned away is told when to come again, and nothing was kept of what they sent, nor read but to give a
person's form back: the same id gets its number later. Whoever got a 202 is through.
"""

import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.intake.metrics import IntakeMetrics
from shared.messaging.topology import INTAKE_IMPORT, INTAKE_LIVE
from shared.problems import Problem

_FORM: Final = re.compile(r"/form/[^/]+/?")
_TAKES_IN: Final = re.compile(rf"/contacts(/[^/]+/follow-ups)?/?|{_FORM.pattern}")
_STATE: Final = "turned_away"
_log = structlog.get_logger("intake")


class Reason(StrEnum):
    """Why a request was turned away. The values are those of the metric's label ``reason``."""

    IN_HAND = "in_hand"
    LIVE_QUEUE = "live_queue"
    IMPORT_QUEUE = "import_queue"
    BROKER_BLOCKED = "broker_blocked"


@dataclass(frozen=True, slots=True)
class Limits:
    """``in_hand`` is how many requests are dealt with at a time, the others how many messages may wait in intake's
    queues.
    """

    in_hand: int
    live_queue: int
    import_queue: int


_RETRY_SECONDS: Final = {
    Reason.IN_HAND: (1, 5),
    Reason.LIVE_QUEUE: (5, 30),
    Reason.IMPORT_QUEUE: (30, 120),
    Reason.BROKER_BLOCKED: (10, 30),
}
"""Between which two numbers of seconds somebody is asked to come again: not all of them at once."""
_STATUS: Final = dict.fromkeys(Reason, 429) | {Reason.BROKER_BLOCKED: 503}
_TITLE: Final = {429: "Too much at once", 503: "Not available now"}
_DETAIL: Final = {
    Reason.IN_HAND: "More comes in than can be dealt with at once.",
    Reason.LIVE_QUEUE: "So much has come in that it is still being worked off.",
    Reason.IMPORT_QUEUE: "So much of the past has come in that it is still being worked off.",
    Reason.BROKER_BLOCKED: "The message broker takes no messages: it is short of memory or disk.",
}
_CURE: Final = "Send the same again after as many seconds as Retry-After says; nothing was kept of it."


class Admission:
    """Counts who is in hand. ``depth`` is how deep a queue was at the last look, None where that is not known."""

    def __init__(
        self,
        limits: Limits,
        *,
        depth: Callable[[str], int | None],
        is_blocked: Callable[[], Awaitable[bool]],
        metrics: IntakeMetrics,
    ) -> None:
        self._limits = limits
        self._depth = depth
        self._is_blocked = is_blocked
        self._metrics = metrics
        self._refusing: Reason | None = None
        self.in_hand = 0
        self.forms_given_back = 0
        # A counter has to be there before it moves, or its first step is not seen.
        for reason in Reason:
            metrics.http_shed.labels(reason)

    async def refusal(self) -> Problem | None:
        """Why nobody is let in at this moment; None where there is room."""
        if self.in_hand >= self._limits.in_hand:
            return self._turn_away(Reason.IN_HAND)
        reason: Reason | None = None
        if await self._is_blocked():
            reason = Reason.BROKER_BLOCKED
        elif self._is_deeper(INTAKE_LIVE, self._limits.live_queue):
            reason = Reason.LIVE_QUEUE
        self._tell_change(reason)
        return self._turn_away(reason) if reason else None

    def may_give_back(self) -> bool:
        """Whether one more form can be given back with what was typed: as many as are dealt with at a time."""
        return self.forms_given_back < self._limits.in_hand

    def check_import(self) -> None:
        """Raises ``Problem`` where no more contacts out of the past are taken in; they have their own queue."""
        if self._is_deeper(INTAKE_IMPORT, self._limits.import_queue):
            raise self._turn_away(Reason.IMPORT_QUEUE)

    def _is_deeper(self, queue: str, limit: int) -> bool:
        depth = self._depth(queue)
        return depth is not None and depth > limit

    def _turn_away(self, reason: Reason) -> Problem:
        self._metrics.http_shed.labels(reason).inc()
        seconds = random.randint(*_RETRY_SECONDS[reason])  # noqa: S311  callers out of step, no secret
        status = _STATUS[reason]
        return Problem(status, _TITLE[status], f"{_DETAIL[reason]} {_CURE}", headers={"Retry-After": str(seconds)})

    def _tell_change(self, reason: Reason | None) -> None:
        # Once, not for every request: a rush is no time to write much.
        if reason is not self._refusing:
            if reason:
                _log.warning("requests are turned away", reason=reason)
            else:
                _log.info("requests are taken in again")
            self._refusing = reason


class Gate:
    """Before the app: lets those who hand something in pass as long as there is room; others always."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _takes_in(scope):
            await self._app(scope, receive, send)
            return
        if refusal := await self._admission.refusal():
            await self._turn_away(refusal, scope, receive, send)
            return
        self._admission.in_hand += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._admission.in_hand -= 1

    async def _turn_away(self, refusal: Problem, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_form(scope) or not self._admission.may_give_back():
            # Unread: what has come of the body goes with the connection, or is skipped by the server.
            await refusal.answer(Request(scope))(scope, receive, send)
            return
        # A program keeps what it sends, a person would lose it: their form is read, to be shown to them again.
        scope.setdefault("state", {})[_STATE] = refusal
        self._admission.forms_given_back += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._admission.forms_given_back -= 1


def check_let_in(request: Request) -> None:
    """Raises ``Problem`` for a form that got through only to be given back."""
    refusal: Problem | None = getattr(request.state, _STATE, None)
    if refusal is not None:
        raise refusal


def _takes_in(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] == "POST" and _TAKES_IN.fullmatch(scope["path"]) is not None


def _is_form(scope: Scope) -> bool:
    return _FORM.fullmatch(scope["path"]) is not None
