"""Structured logs: one JSON object a line, with the contact's reference and correlation id, no personal data."""

import json
import logging
import sys
from collections.abc import Callable
from typing import Any, TextIO

import orjson
import structlog

_TRACEBACKS = structlog.processors.ExceptionRenderer(
    # Local variables hold what citizens wrote.
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def configure_logging(service: str, level: str = "INFO") -> None:
    """Sends structlog's and the standard library's records to standard output as JSON lines (UTC times)."""
    shared_processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    line = structlog.processors.JSONRenderer(serializer=_spelled)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared_processors,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _TRACEBACKS, line],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # A request line holds references in its path, and metrics count requests already.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    for chatty in ("aio_pika", "aiormq", "pymongo", "motor"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # Our own records do not go through the standard library: there are several for each contact, and this takes a
    # tenth of the time.
    structlog.configure(
        processors=[*shared_processors, _TRACEBACKS, line],
        logger_factory=_Loggers(sys.stdout),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)


class _Logger(structlog.WriteLogger):
    """Writes lines; has a name, as the standard library's loggers do."""

    def __init__(self, name: str | None, stream: TextIO) -> None:
        super().__init__(stream)
        self.name = name


class _Loggers:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, name: str | None = None) -> _Logger:
        return _Logger(name, self._stream)


def _spelled(record: dict[str, Any], default: Callable[[Any], Any], **_: Any) -> str:
    try:
        return orjson.dumps(record, default=default, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        # A lone surrogate, or a number beyond 64 bits: a record must not be lost for that.
        return json.dumps(record, default=default)
