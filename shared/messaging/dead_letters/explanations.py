"""What the reasons of dead letters mean, and what to do about each: the same words over HTTP and in the docs."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Explanation(NamedTuple):
    """For an operator: what happened, and what helps."""

    meaning: str
    what_to_do: str


_REPLAY_WHEN_MENDED: Final = "Mend the cause, then replay. Replaying is safe: what was done is not done twice."

EXPLANATIONS: Final[Mapping[str, Explanation]] = {
    "not_an_event": Explanation(
        "The message is no event that this service knows: its envelope or its body is not as the contract has it.",
        "Somebody else publishes on this exchange, or a newer version of a service does. Update this service and "
        "replay, or find the publisher and discard.",
    ),
    "not_a_routing_request": Explanation(
        "The message is no request to routing: its envelope or its body is not as the contract has it.",
        "Only intake may publish there. Update routing if intake is newer and replay; else find the publisher and "
        "discard.",
    ),
    "not_a_bundle": Explanation(
        "The message should hold several events or requests, and cannot be opened.",
        "Only services publish there. Update this service if its sender is newer, and replay; else find the "
        "publisher, discard, and have intake publish again what may have been in it.",
    ),
    "unknown_organisation": Explanation(
        "The message belongs to an organisation without a profile here.",
        "Give every service the same profiles, restart those that lack it, then replay.",
    ),
    "not_a_code": Explanation(
        "An event holds something that is no code where a code belongs, so it cannot name a counter.",
        "Look which service made it; it has a defect or is not ours. Discard once its maker is mended, and have "
        "intake publish the contact's events again.",
    ),
    "delivery_limit": Explanation(
        "The message was in hand each time a consumer died: the service may crash on it.",
        "Look in the service's log for what ended it at that time. " + _REPLAY_WHEN_MENDED,
    ),
    "rejected": Explanation(
        "The service refused the message because not even a copy for the retry queue could be made.",
        "Look in the service's log under the same correlation id. " + _REPLAY_WHEN_MENDED,
    ),
    "expired": Explanation(
        "The message was too old for its queue.",
        "Nothing here makes working queues expire; a policy was set on the broker. Take it away, then replay.",
    ),
    "maxlen": Explanation(
        "The queue was full.",
        "Nothing here limits working queues; somebody set a policy on the broker. Take it away, then replay.",
    ),
}
_UNFORESEEN: Final = Explanation(
    "Handling it failed with an error that nobody foresaw, as often as was tried.",
    "Look in the service's log for this reason and correlation id. " + _REPLAY_WHEN_MENDED,
)


def explain(reason: str) -> Explanation:
    """What a reason means; for one that is on no list, the name of an error, what can be said of all of those."""
    return EXPLANATIONS.get(reason, _UNFORESEEN)
