"""Whose a contact is, decided from what its submission states; values in, values out."""

from services.routing.domain.deciding import MODEL_VERSION, RULES, Outcome, decide
from services.routing.domain.events import events_of
from services.routing.domain.facts import Facts, facts_of_request, facts_of_submission
from services.routing.domain.receipt import receipt_errors

__all__ = [
    "MODEL_VERSION",
    "RULES",
    "Facts",
    "Outcome",
    "decide",
    "events_of",
    "facts_of_request",
    "facts_of_submission",
    "receipt_errors",
]
