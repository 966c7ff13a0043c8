"""What may be told about a message and an error in a log: never what a citizen wrote."""

import logging
import re
import traceback

from aiormq.abc import DeliveredMessage

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def place(error: BaseException) -> str | None:
    """Where the error was raised. Its text is not logged: a foreign error may quote the message."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno} {frames[-1].name}" if frames else None


def own_id(correlation_id: str | None) -> str | None:
    """The id where it is one of ours; what others put there may be anything."""
    return correlation_id if correlation_id and _UUID.fullmatch(correlation_id) else None


class WithoutMessages(logging.Filter):
    """Keeps messages out of what aiormq logs: it would print them whole."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            told = (type(each).__name__ if isinstance(each, DeliveredMessage) else each for each in record.args)
            record.args = tuple(told)
        return True


def keep_messages_out_of_logs() -> None:
    """Puts the filter on the logger of aiormq that knows messages. May be called again."""
    logger = logging.getLogger("aiormq.channel")
    if not any(isinstance(each, WithoutMessages) for each in logger.filters):
        logger.addFilter(WithoutMessages())
