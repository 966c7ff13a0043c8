"""Whose a contact is, decided from what its submission states and its text tells; values in, values out."""

from services.routing.domain.deciding import NO_TEXT, TEXT_MODEL_VERSION, Outcome, decide, wants_text
from services.routing.domain.events import events_of
from services.routing.domain.evidence import words_told
from services.routing.domain.facts import Facts, facts_of_request, facts_of_submission
from services.routing.domain.reading import NO_SIGNS, Place, Reading, Signs
from services.routing.domain.receipt import receipt_errors

__all__ = [
    "NO_SIGNS",
    "NO_TEXT",
    "TEXT_MODEL_VERSION",
    "Facts",
    "Outcome",
    "Place",
    "Reading",
    "Signs",
    "decide",
    "events_of",
    "facts_of_request",
    "facts_of_submission",
    "receipt_errors",
    "wants_text",
    "words_told",
]
