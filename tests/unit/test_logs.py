"""Logging in the tests themselves: none of them finds what another one configured."""

import logging

import structlog
from structlog.testing import capture_logs

from shared.logging import configure_logging
from tests.logs import logging_put_back

_log = structlog.get_logger("of a module")


def test_a_logger_that_was_used_under_one_configuration_takes_the_next() -> None:
    with logging_put_back():
        configure_logging("intake")
        _log.info("first")
    with capture_logs() as logged:
        _log.info("second")
    assert [each["event"] for each in logged] == ["second"]


def test_what_was_configured_is_put_back() -> None:
    root, chatty = logging.getLogger(), logging.getLogger("aio_pika")
    before = (structlog.get_config(), root.handlers[:], root.level, chatty.level)
    with logging_put_back():
        configure_logging("intake", "DEBUG")
        assert root.level == logging.DEBUG
        assert structlog.contextvars.get_contextvars() == {"service": "intake"}
        assert (structlog.get_config(), root.handlers[:], root.level, chatty.level) != before
    assert (structlog.get_config(), root.handlers[:], root.level, chatty.level) == before
    assert structlog.contextvars.get_contextvars() == {}


def test_a_configuration_that_was_there_before_is_put_back() -> None:
    configure_logging("intake")
    config = structlog.get_config()
    with logging_put_back():
        configure_logging("routing")
    assert structlog.get_config()["processors"] == config["processors"]
    assert structlog.is_configured()
