"""Errors that say what is to be done about them: wait, try later, or give up.

What is raised while a message is handled decides how it is settled: ``shared.messaging.settlement`` reads it.
"""

from aiormq.exceptions import AMQPError, ChannelInvalidStateError
from pymongo.errors import ConnectionFailure, ExecutionTimeout, PyMongoError, WTimeoutError


class InfrastructureError(Exception):
    """The broker or the database is away. Nothing is wrong with the message: keep it, pause, try again."""


class UnroutableError(InfrastructureError):
    """A message that somebody must receive reached no queue: the topology is incomplete, or a queue is gone."""


class RetryLater(Exception):  # noqa: N818  it is an instruction, not a description
    """This message cannot be handled now but may be in a while, for a reason that is its own.

    ``reason`` is a short code for logs and headers (``counter_block_taken``); never personal data.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DeadLetter(Exception):  # noqa: N818  it is an instruction, not a description
    """This message can never be handled; a person has to look at it.

    ``reason`` is a short code for logs and headers (``not_an_event``); never personal data.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_AWAY = (
    InfrastructureError,
    # The broker: refused, closed, not confirmed. aiormq's closed channel is a RuntimeError of its own.
    AMQPError,
    ChannelInvalidStateError,
    # The database: no primary, no answer, no connection free, no majority in time.
    ConnectionFailure,
    ExecutionTimeout,
    WTimeoutError,
    # Sockets below both. Not every OSError: a missing file stays missing.
    ConnectionError,
    TimeoutError,
)
_TRANSIENT_LABELS = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")


def is_infrastructure(error: BaseException) -> bool:
    """Whether the error says that broker or database are away, so that the same work may succeed later unchanged.

    A group of errors counts when each of them does.
    """
    if isinstance(error, BaseExceptionGroup):
        return all(is_infrastructure(each) for each in error.exceptions)
    if isinstance(error, PyMongoError) and any(error.has_error_label(label) for label in _TRANSIENT_LABELS):
        return True
    return isinstance(error, _AWAY)
