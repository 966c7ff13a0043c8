"""Whether the moment of a receipt can be right."""

from datetime import datetime

from shared.contracts.rejection import FieldError

FIRST_YEAR = 1900


def receipt_errors(received_at: datetime) -> list[FieldError]:
    """What is wrong with the moment of receipt (aware)."""
    if received_at.year < FIRST_YEAR:
        message = f"lies before {FIRST_YEAR}; give the moment it was received"
        return [FieldError(field="received_at", code="too_old", message=message)]
    return []
