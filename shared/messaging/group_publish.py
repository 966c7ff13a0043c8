"""Publishing a group of messages in one piece.

aiormq publishes one message at a time: a task, a lock, two futures, a timeout and a write to the socket for each.
A group that is confirmed together needs the lock and the write once. What is done for each message is what
aiormq's ``basic_publish`` does, on the channel's own attributes.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from aiormq.abc import ChannelFrame
from aiormq.channel import Channel
from aiormq.exceptions import ChannelInvalidStateError
from pamqp.body import ContentBody
from pamqp.commands import Basic
from pamqp.header import ContentHeader

Confirmation = asyncio.Future[object]
"""Done when the broker has confirmed or refused the message, or the channel is gone."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A message with its properties as they go over the wire. Its ``message_id`` is what a return is known by."""

    exchange: str
    routing_key: str
    body: bytes = field(repr=False)
    properties: Basic.Properties = field(repr=False)
    mandatory: bool = True


async def publish_group(channel: Channel, publications: Sequence[Publication]) -> list[Confirmation]:
    """Hands all of them to the connection, in order; gives their confirmations, which are still to come.

    Raises aiormq's errors where the channel is closed, ``TypeError`` or ``ValueError`` where a message cannot be
    spelled; then none was sent.
    """
    frames = [frame for each in publications for frame in _frames(each, channel.max_content_size)]
    spelled = ChannelFrame.marshall(channel_number=channel.number, frames=frames)
    async with channel.lock:
        if channel.is_closed:
            raise ChannelInvalidStateError("closed")
        await channel.write_queue.put(spelled)
        # Nothing runs between its being in the queue and here: no confirmation can come before it is awaited.
        before = channel.delivery_tag
        channel.delivery_tag += len(publications)
        return [
            # What nobody has to receive is never returned.
            _awaited(channel, tag, each.properties.message_id if each.mandatory else None)
            for tag, each in enumerate(publications, start=before + 1)
        ]


def _frames(publication: Publication, most: int) -> Iterable[Basic.Publish | ContentHeader | ContentBody]:
    body = publication.body
    yield Basic.Publish(
        exchange=publication.exchange, routing_key=publication.routing_key, mandatory=publication.mandatory
    )
    yield ContentHeader(properties=publication.properties, body_size=len(body))
    for start in range(0, len(body), most):
        yield ContentBody(body[start : start + most])


def _awaited(channel: Channel, tag: int, message_id: str | None) -> Confirmation:
    confirmation: Confirmation = channel.create_future()
    channel.confirmations[tag] = confirmation
    if message_id is not None:
        # A returned message names its id alone.
        channel.message_id_delivery_tag[message_id] = tag
        confirmation.add_done_callback(_forgetting(channel, tag, message_id))
    return confirmation


def _forgetting(channel: Channel, tag: int, message_id: str) -> Callable[[Confirmation], None]:
    def forget(confirmation: Confirmation) -> None:
        if channel.message_id_delivery_tag.get(message_id) == tag:
            del channel.message_id_delivery_tag[message_id]
        if not confirmation.cancelled():
            confirmation.exception()  # looked at, whether or not anybody still waits for it

    return forget
