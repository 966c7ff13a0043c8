"""Figures and periods as people read them, in Dutch and English."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from services.reporting.domain.report_view import Format, Language, is_number
from shared.day_names import MONTHS

NARROW: Final = "\u00a0"
"""Keeps a number and its sign on one line."""
MINUS: Final = "\u2212"
_ORDER: Final[Mapping[Language, Sequence[str]]] = {
    "nl": ("eerste", "tweede", "derde", "vierde"),
    "en": ("first", "second", "third", "fourth"),
}
_PARTS: Final[Mapping[str, Mapping[Language, str]]] = {
    "H": {"nl": "halfjaar", "en": "half-year"},
    "Q": {"nl": "kwartaal", "en": "quarter"},
}
_AND: Final[Mapping[Language, str]] = {"nl": "en", "en": "and"}
_SEPARATORS: Final[Mapping[Language, tuple[str, str]]] = {"nl": (".", ","), "en": (",", ".")}


def number(value: float | Decimal, language: Language, places: int = 0) -> str:
    """``1234.5`` with one place reads ``1.234,5`` in Dutch and ``1,234.5`` in English; halves are rounded up."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    thousands, point = _SEPARATORS[language]
    text = f"{abs(rounded):,.{places}f}".replace(",", "\0").replace(".", point).replace("\0", thousands)
    return f"{MINUS}{text}" if rounded < 0 else text


def percent(fraction: float, language: Language, places: int = 1) -> str:
    """A fraction as a percentage: ``0.148`` reads ``14,8 %`` in Dutch and ``14.8%`` in English."""
    text = number(100 * Decimal(str(fraction)), language, places)
    return f"{text}{NARROW}%" if language == "nl" else f"{text}%"


def in_points(part: float) -> float:
    """A difference between two shares in percentage points: ``0.081`` is 8.1."""
    return float(100 * Decimal(str(part)))


def day(iso: str, language: Language) -> str:
    """A local day, ``2021-03-31``, as ``31 maart 2021``."""
    year, month_, day_ = (int(part) for part in iso.split("-"))
    return f"{day_} {month(month_, language)} {year}"


def signed(text: str) -> str:
    """With a plus before what is more than nothing."""
    positive = not text.startswith((MINUS, "+")) and any(digit in text for digit in "123456789")
    return f"+{text}" if positive else text


def figure(value: Any, as_: Format, language: Language) -> str:
    """A figure of a table as its column has it. Empty where there is none."""
    if not is_number(value):
        return "" if value is None else str(value)
    match as_:
        case "count":
            return number(value, language, 0 if float(value).is_integer() else 1)
        case "percent":
            return percent(value, language)
        case "points":
            return signed(number(in_points(value), language, 1))
        case "text":
            return str(value)
        case _:
            return number(value, language, 1 if as_ == "days" else 2)


def month(number_: int, language: Language) -> str:
    """The name of a month, 1 to 12."""
    return MONTHS[language][number_ - 1]


def short_month(name: str, language: Language) -> str:
    """Three letters of a month's name."""
    return "mrt" if (name, language) == ("maart", "nl") else name[:3]


def period(value: str, language: Language) -> str:
    """A period without its year: ``2021-03`` reads ``maart``, ``2021-Q1`` ``eerste kwartaal``; else as it is."""
    _, dash, part = value.partition("-")
    if not dash:
        return value
    if part.isdigit() and 1 <= int(part) <= 12:  # noqa: PLR2004  months
        return month(int(part), language)
    if part[:1] in _PARTS and part[1:].isdigit() and 1 <= int(part[1:]) <= len(_ORDER[language]):
        return f"{_ORDER[language][int(part[1:]) - 1]} {_PARTS[part[0]][language]}"
    return value


def joined(words: Sequence[str], language: Language) -> str:
    """``a``, ``a en b``, ``a, b en c``."""
    *first, last = words
    return f"{', '.join(first)} {_AND[language]} {last}" if first else last


def quoted(text: str) -> str:
    """In single quotation marks, as both languages have them."""
    return f"\u2018{text}\u2019"


def sentence(text: str) -> str:
    """With a capital in front."""
    return text[:1].upper() + text[1:]
