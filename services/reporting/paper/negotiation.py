"""In which of its forms a report is wanted: by what a client accepts, or by a name in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Form = Literal["json", "html", "csv", "xlsx", "pdf"]


@dataclass(frozen=True)
class Offer:
    """A form and the media types that ask for it, the first of which it is sent as."""

    form: Form
    media_types: Sequence[str]


OFFERS: Final = (
    Offer("json", ("application/json",)),
    Offer("html", ("text/html",)),
    Offer("pdf", ("application/pdf",)),
    Offer("xlsx", ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)),
    # A zip of tables; who asks for CSV gets it all the same.
    Offer("csv", ("application/zip", "text/csv")),
)
"""What there is, the form that is sent where all are as welcome first."""
_WHOLE: Final = "*"


def choose(accept: str, offers: Sequence[Offer] = OFFERS) -> Form | None:
    """The form that an ``Accept`` header prefers, after RFC 9110: the most exact range decides on each type, and
    0 refuses it. Without a header anything will do. None where nothing does.
    """
    ranges = [_range(each) for each in accept.split(",") if each.strip()]
    if not ranges:
        return offers[0].form
    weights = [(max(_weight(each, ranges) for each in offer.media_types), offer.form) for offer in offers]
    best = max(weight for weight, _ in weights)
    return next((form for weight, form in weights if weight == best), None) if best > 0 else None


def _range(text: str) -> tuple[str, str, float]:
    """Type, subtype and weight of one part of the header; one that cannot be read asks for nothing."""
    name, *parameters = text.split(";")
    type_, _, subtype = name.strip().lower().partition("/")
    weight = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            weight = _quality(value.strip())
    return type_, subtype, weight


def _quality(text: str) -> float:
    whole, _, part = text.partition(".")
    digits = whole in ("0", "1") and (not part or (part.isascii() and part.isdigit()))
    return min(float(text.rstrip(".")), 1.0) if digits else 0.0


def _weight(media_type: str, ranges: Sequence[tuple[str, str, float]]) -> float:
    """What the most exact range that holds the type weighs; 0 where none does."""
    type_, _, subtype = media_type.partition("/")
    exact = [(type_, subtype), (type_, _WHOLE), (_WHOLE, _WHOLE)]
    for wanted in exact:
        weights = [weight for *name, weight in ranges if tuple(name) == wanted]
        if weights:
            return max(weights)
    return 0.0
