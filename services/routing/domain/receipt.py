"""Whether the moment of a receipt can be right; the limits are those of the messages themselves."""

from datetime import datetime, timedelta

from shared.contracts.rejection import FieldError

MOST_AHEAD = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours."""
FIRST_YEAR = 1900


def receipt_errors(received_at: datetime, now: datetime) -> list[FieldError]:
    """What is wrong with the moment of receipt; both moments aware."""
    if received_at.year < FIRST_YEAR:
        message = f"lies before {FIRST_YEAR}; give the moment it was received"
        return [FieldError(field="received_at", code="too_old", message=message)]
    if received_at > now + MOST_AHEAD:
        message = "lies more than 5 minutes in the future; give the moment it was received"
        return [FieldError(field="received_at", code="in_the_future", message=message)]
    return []
