"""Logging as tests need it: what one of them configures is gone with it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog


@contextmanager
def loggers_forget() -> Iterator[None]:
    """Loggers take the configuration of the moment, as long as the block lasts.

    In a service each keeps the first that it is used under. In a process that configures logging more than once it
    would go on writing where the first one said, and nothing that comes later would see it.
    """
    configure = structlog.configure

    def without_keeping(**given: Any) -> None:
        configure(**given | {"cache_logger_on_first_use": False})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structlog, "configure", without_keeping)
        yield


@contextmanager
def logging_put_back() -> Iterator[None]:
    """Afterwards logging is configured as it was before, for structlog and for the standard library."""
    root = logging.getLogger()
    configured, config = structlog.is_configured(), structlog.get_config()
    handlers, levels = root.handlers[:], {logger: logger.level for logger in (root, *_loggers())}
    try:
        yield
    finally:
        root.handlers[:] = handlers
        for logger in _loggers():
            logger.setLevel(levels.get(logger, logging.NOTSET))
        root.setLevel(levels[root])
        structlog.contextvars.clear_contextvars()
        if configured:
            structlog.configure(**config)
        else:
            structlog.reset_defaults()


def _loggers() -> list[logging.Logger]:
    return [each for each in list(logging.root.manager.loggerDict.values()) if isinstance(each, logging.Logger)]
