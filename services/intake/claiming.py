"""Giving ids away, once and for all, to whole groups of messages and against other replicas."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from services.intake.domain.refusal import Refused


class Claimable(Protocol):
    """A message with an id that can be claimed by one content only."""

    @property
    def claim_id(self) -> str: ...

    @property
    def content_hash(self) -> str: ...


class Claim(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def content_hash(self) -> str: ...


ItemT = TypeVar("ItemT", bound=Claimable)
ClaimT = TypeVar("ClaimT", bound=Claim)


async def claim_all(
    items: Sequence[ItemT],
    *,
    find: Callable[[Iterable[str]], Awaitable[Mapping[str, ClaimT]]],
    propose: Callable[[Sequence[ItemT]], Awaitable[Sequence[ClaimT | Refused]]],
    make: Callable[[Sequence[ClaimT]], Awaitable[Sequence[ClaimT]]],
    reused: Callable[[], Refused],
) -> list[ClaimT | Refused]:
    """For each message its claim, or why it is refused. A message whose id is claimed by the same content is
    accepted as it is, by other content refused; only what ``propose`` accepts makes a claim.

    Messages of one id are settled one after the other, in their order. A claim that another replica was quicker
    with, by id or by what the database holds unique, is looked at again in the next round.
    """
    settled: dict[int, ClaimT | Refused] = {}
    while len(settled) < len(items):
        remaining = [place for place in range(len(items)) if place not in settled]
        known = await find(items[place].claim_id for place in remaining)
        leaders: dict[str, int] = {}
        for place in remaining:
            claim = known.get(items[place].claim_id)
            if claim is not None:
                settled[place] = claim if claim.content_hash == items[place].content_hash else reused()
            else:
                leaders.setdefault(items[place].claim_id, place)
        proposals = await propose([items[place] for place in leaders.values()]) if leaders else []
        proposed: list[ClaimT] = []
        for place, proposal in zip(leaders.values(), proposals, strict=True):
            if isinstance(proposal, Refused):
                settled[place] = proposal
            else:
                proposed.append(proposal)
        for claim in await make(proposed):
            settled[leaders[claim.id]] = claim
    return [settled[place] for place in range(len(items))]
