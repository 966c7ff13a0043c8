import io
import json
import logging
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from shared.contracts.submission import Submission
from shared.logging import configure_logging
from tests.unit.contracts.samples import submission_body

SECRET = "Geheim-7431"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Lines:
    """Configures logging for a service; gives what it wrote, line by line."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    configure_logging("intake")
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_record_is_one_json_object_on_a_line(lines: Lines) -> None:
    structlog.get_logger("services.intake").info(
        "contact registered", reference="LEU-2021-000123", correlation_id="c-1"
    )
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "contact registered",
        "level": "info",
        "logger": "services.intake",
        "service": "intake",
        "reference": "LEU-2021-000123",
        "correlation_id": "c-1",
    }


def test_times_are_utc(lines: Lines) -> None:
    structlog.get_logger().info("now")
    assert datetime.fromisoformat(lines()[0]["timestamp"]).utcoffset() is not None


def test_the_standard_librarys_records_look_the_same(lines: Lines) -> None:
    logging.getLogger("uvicorn.error").warning("listening on %s", 8001)
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"], line["service"]) == (
        "listening on 8001",
        "warning",
        "uvicorn.error",
        "intake",
    )


def test_a_line_break_in_a_value_makes_no_second_line(lines: Lines) -> None:
    structlog.get_logger().info("odd", reference="a\n{}")
    assert len(lines()) == 1


@pytest.mark.parametrize("odd", ["\ud800", 2**70, {1: "one"}, object])
def test_nothing_that_can_be_told_costs_a_record(lines: Lines, odd: object) -> None:
    structlog.get_logger().info("odd", told=odd)
    assert lines()[0]["event"] == "odd"


def test_what_is_below_the_level_is_left_out(lines: Lines) -> None:
    structlog.get_logger().debug("a detail")
    assert lines() == []


def fails_with_local_variables() -> None:
    text = SECRET
    citizen = {"name": SECRET}
    raise RuntimeError(f"failed with {len(text)} characters and {len(citizen)} field")


@pytest.mark.parametrize("logger", [structlog.get_logger, logging.getLogger])
def test_an_exception_shows_where_but_no_local_variables(lines: Lines, logger: Callable[[str], Any]) -> None:
    try:
        fails_with_local_variables()
    except RuntimeError:
        logger("test").exception("it failed")
    (line,) = lines()
    assert line["level"] == "error"
    (told,) = line["exception"]
    assert told["exc_type"] == "RuntimeError"
    assert told["frames"][-1]["name"] == "fails_with_local_variables"
    assert SECRET not in json.dumps(line)


def test_a_message_that_is_not_valid_is_not_shown(lines: Lines) -> None:
    body = submission_body(text={"citizen": SECRET}, channel=SECRET, citizen={"name": f"{SECRET}\x00"})
    try:
        Submission.model_validate_json(body)
    except ValidationError:
        structlog.get_logger().exception("could not be read")
    (line,) = lines()
    assert line["exception"]
    assert SECRET not in json.dumps(line)


@pytest.mark.parametrize("chatty", ["uvicorn.access", "aio_pika", "aiormq", "pymongo", "motor"])
def test_chatter_is_left_out(lines: Lines, chatty: str) -> None:
    logging.getLogger(chatty).info("GET /contacts/LEU-2021-000123")
    assert lines() == []
