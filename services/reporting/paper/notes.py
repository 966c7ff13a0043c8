"""What a reader has to know to read the figures: the terms, and what the report was made of."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.reporting.domain.findings import SMALLEST_BASE, SMALLEST_CHANGE
from services.reporting.domain.report_view import ContextFigure, Kind, Language, Report
from services.reporting.domain.wording import number
from services.reporting.paper.words import say, told

_NOTES: Final[Mapping[Kind, Sequence[str]]] = {
    "annual": ("contact", "year", "share", "change", "before", "unknown", "findings"),
    "monthly": ("contact", "month", "kept", "share", "change_by_month", "unknown", "findings"),
}


def notes(report: Report, language: Language) -> list[tuple[str, str]]:
    """The terms that all tables share, each with its meaning."""
    return [_note(name, language) for name in _NOTES[report.kind]]


def _note(name: str, language: Language) -> tuple[str, str]:
    meaning = say(f"{name}_means", language)
    for field, value in (("{base}", SMALLEST_BASE), ("{change}", SMALLEST_CHANGE)):
        meaning = meaning.replace(field, str(value))
    return say(f"{name}_is", language), meaning


def made_of(report: Report, language: Language) -> str:
    """How many contacts and events the report counts; empty where that is not told."""
    if report.contacts is None or report.events is None:
        return ""
    contacts, events = number(report.contacts, language), number(report.events, language)
    called = report.called(report.key, language)
    return told("made_of", language, report.contacts, contacts=contacts, events=events, of_when=called)


def context_row(figure: ContextFigure, language: Language) -> tuple[str, str]:
    """A figure that the organisation states beside its tables, and what it is."""
    unit = f" {say('seconds', language)}" if figure.unit == "seconds" else ""
    value = number(figure.value, language)
    return f"{figure.label[language]} ({figure.year})", f"{value}{unit}, {say('stated', language)}"
