"""Dead letters over HTTP, for administrators alone: what is in them may hold what citizens wrote."""

import json
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from prometheus_client import CollectorRegistry
from pydantic import BaseModel, ConfigDict, Field

from shared.access import TokenHash, require
from shared.messaging.dead_letters.box import MOST, DeadLetterBox, NoSuchLetter
from shared.messaging.dead_letters.explanations import explain
from shared.messaging.dead_letters.letter import Letter
from shared.messaging.messaging import Messaging
from shared.problems import Problem

_MOST_SHOWN: Final = 64 * 1024
LetterId = Annotated[str, Path(description="Id out of the list", pattern=r"^[0-9a-f]{16}$")]


class DiscardRequest(BaseModel):
    """Why a letter is let go of."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: Annotated[str, Field(min_length=5, max_length=500, description="Kept on record; names no citizen")]


def described_box(service: str) -> DeadLetterBox:
    """A box for the service's OpenAPI document: connected to nothing."""
    return Messaging("amqp://127.0.0.1:1/", service, CollectorRegistry()).dead_letters()


def dead_letter_routes(box: DeadLetterBox) -> APIRouter:
    """``/dead-letters``: list, show with an explanation, replay, discard."""
    router = APIRouter(
        prefix="/dead-letters",
        tags=["operations"],
        responses={401: {"description": "No valid token"}, 403: {"description": "Not an admin's token"}},
    )
    admin = require()

    @router.get("", summary="What this service's queues gave up, the oldest first", dependencies=[Depends(admin)])
    async def dead_letters() -> dict[str, Any]:
        counts = await box.counts()
        letters = [_shown(letter) for queue in box.queues for letter in await box.look(queue)]
        return {"queues": counts, "letters": letters, "at_most_of_each_queue": MOST}

    @router.get("/{letter_id}", summary="One letter, explained", dependencies=[Depends(admin)])
    async def dead_letter(
        letter_id: LetterId,
        body: Annotated[bool, Query(description="Show what is in it as well; it may be personal")] = False,
    ) -> dict[str, Any]:
        letter, content = await _found(box, letter_id)
        return _shown(letter) | ({"body": _readable(content)} if body else {})

    @router.post("/{letter_id}/replay", summary="Put a letter back into its queue")
    async def replay(letter_id: LetterId, caller: Annotated[TokenHash, Depends(admin)]) -> dict[str, Any]:
        try:
            return {"replayed": _shown(await box.replay(letter_id, caller.name))}
        except NoSuchLetter:
            raise _no_such_letter() from None

    @router.post("/{letter_id}/discard", summary="Let go of a letter, with a reason that stays on record")
    async def discard(
        letter_id: LetterId, request: DiscardRequest, caller: Annotated[TokenHash, Depends(admin)]
    ) -> dict[str, Any]:
        try:
            return {"discarded": _shown(await box.discard(letter_id, caller.name, request.reason))}
        except NoSuchLetter:
            raise _no_such_letter() from None

    return router


async def _found(box: DeadLetterBox, letter_id: str) -> tuple[Letter, bytes]:
    try:
        return await box.find(letter_id)
    except NoSuchLetter:
        raise _no_such_letter() from None


def _no_such_letter() -> Problem:
    return Problem(
        404,
        "Not found",
        "This service's queues have no such dead letter: it was settled, has expired, or is behind the oldest "
        f"{MOST}. GET /dead-letters lists what there is.",
    )


def _shown(letter: Letter) -> dict[str, Any]:
    return asdict(letter) | explain(letter.reason)._asdict()


def _readable(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content[:_MOST_SHOWN].decode(errors="replace")
