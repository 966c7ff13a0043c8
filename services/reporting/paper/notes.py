"""What a reader has to know to read the figures: the terms, and what the report was made of."""

from typing import Final

from services.reporting.domain.annual_view import Annual, ContextFigure, Language
from services.reporting.domain.findings import SMALLEST_BASE, SMALLEST_CHANGE
from services.reporting.domain.wording import number
from services.reporting.paper.words import say, told

_NOTES: Final = ("contact", "year", "share", "change", "before", "unknown", "findings")


def notes(language: Language) -> list[tuple[str, str]]:
    """The terms that all tables share, each with its meaning."""
    return [_note(name, language) for name in _NOTES]


def _note(name: str, language: Language) -> tuple[str, str]:
    meaning = say(f"{name}_means", language)
    for field, value in (("{base}", SMALLEST_BASE), ("{change}", SMALLEST_CHANGE)):
        meaning = meaning.replace(field, str(value))
    return say(f"{name}_is", language), meaning


def made_of(annual: Annual, language: Language) -> str:
    """How many contacts and events the report counts; empty where that is not told."""
    if annual.contacts is None or annual.events is None:
        return ""
    contacts, events = number(annual.contacts, language), number(annual.events, language)
    return told("made_of", language, annual.contacts, contacts=contacts, events=events, year=annual.year)


def context_row(figure: ContextFigure, language: Language) -> tuple[str, str]:
    """A figure that the organisation states beside its tables, and what it is."""
    unit = f" {say('seconds', language)}" if figure.unit == "seconds" else ""
    value = number(figure.value, language)
    return f"{figure.label[language]} ({figure.year})", f"{value}{unit}, {say('stated', language)}"
