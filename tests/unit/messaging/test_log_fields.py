"""What a log may hold of a message."""

import logging

import pytest

from shared.messaging.log_fields import keep_messages_out_of_logs, own_id, place
from tests.unit.messaging.deliveries import delivery


def test_an_error_is_told_by_its_place_and_not_by_its_text() -> None:
    with pytest.raises(ValueError, match="invalid literal") as raised:
        int("Jan Peeters")
    told = place(raised.value)
    assert told is not None
    assert "test_log_fields.py" in told
    assert "Jan" not in told
    assert place(ValueError("never raised")) is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("0189b3c4-1111-5222-8333-123456789abc", "0189b3c4-1111-5222-8333-123456789abc"),
        ("jan.peeters@example.org", None),
        ("", None),
        (None, None),
    ],
)
def test_only_ids_of_our_own_are_told(given: str | None, told: str | None) -> None:
    assert own_id(given) == told


def test_the_library_prints_no_messages(caplog: pytest.LogCaptureFixture) -> None:
    keep_messages_out_of_logs()
    keep_messages_out_of_logs()
    logging.getLogger("aiormq.channel").error("Unhandled message %r returning", delivery(b"Jan Peeters").raw)
    logging.getLogger("aiormq.channel").error("Nothing to hide")
    assert caplog.messages == ["Unhandled message 'DeliveredMessage' returning", "Nothing to hide"]
