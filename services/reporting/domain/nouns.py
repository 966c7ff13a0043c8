"""What is counted, as words: of the contacts that a table holds, and of its dimensions."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.reporting.domain.report_view import Language, Text
from services.reporting.domain.wording import joined

_ALL: Final[Text] = {"nl": "contacten", "en": "contacts"}
_NATURES: Final[Mapping[str, Text]] = {
    "question": {"nl": "vragen", "en": "questions"},
    "report": {"nl": "meldingen", "en": "reports"},
    "complaint": {"nl": "klachten", "en": "complaints"},
    "suggestion": {"nl": "suggesties", "en": "suggestions"},
    "compliment": {"nl": "complimenten", "en": "compliments"},
}
_LINES: Final[Mapping[str, Text]] = {
    "external": {"nl": "externe ", "en": "external "},
    "first": {"nl": "eerstelijns", "en": "first-line "},
    "second": {"nl": "tweedelijns", "en": "second-line "},
}
_DOSSIERS: Final[Text] = {"nl": "dossiers", "en": "dossiers"}
_DIMENSIONS: Final[Mapping[str, Text]] = {
    "year": {"nl": "Jaar", "en": "Year"},
    "figure": {"nl": "Cijfer", "en": "Figure"},
    "half_year": {"nl": "Halfjaar", "en": "Half-year"},
    "quarter": {"nl": "Kwartaal", "en": "Quarter"},
    "month": {"nl": "Maand", "en": "Month"},
    "channel": {"nl": "Kanaal", "en": "Channel"},
    "access_channel": {"nl": "Toegangsweg", "en": "Way in"},
    "nature": {"nl": "Aard", "en": "Nature"},
    "line": {"nl": "Lijn", "en": "Line"},
    "handled_by": {"nl": "Behandeld door", "en": "Handled by"},
    "directorate": {"nl": "Directie", "en": "Directorate"},
    "service": {"nl": "Dienst", "en": "Service"},
    "topic": {"nl": "Onderwerp", "en": "Topic"},
    "subtopic": {"nl": "Deelonderwerp", "en": "Subtopic"},
    "entity": {"nl": "Entiteit", "en": "Entity"},
    "external_body": {"nl": "Externe instantie", "en": "External body"},
    "exclusion_ground": {"nl": "Uitsluitingsgrond", "en": "Exclusion ground"},
    "qualification": {"nl": "Beoordeling", "en": "Qualification"},
    "intervention": {"nl": "Tussenkomst", "en": "Intervention"},
    "outcome": {"nl": "Resultaat", "en": "Outcome"},
    "norm": {"nl": "Norm", "en": "Norm"},
    "district": {"nl": "Woonplaats", "en": "Residence"},
    "repeated": {"nl": "Herhaald", "en": "Repeated"},
    "cross_directorate": {"nl": "Over meer directies", "en": "Over several directorates"},
    "state": {"nl": "Stand", "en": "State"},
    "acknowledged_in_term": {"nl": "Ontvangst gemeld binnen termijn", "en": "Acknowledged in term"},
    "answered_in_term": {"nl": "Beantwoord binnen termijn", "en": "Answered in term"},
    "extended": {"nl": "Termijn verlengd", "en": "Term extended"},
    "kind": {"nl": "Termijn", "en": "Deadline"},
    "received_in": {"nl": "Ontvangen in", "en": "Received in"},
}


def dimension(name: str, language: Language) -> str:
    """What a dimension is called; an attribute of the organisation's own by its id."""
    label = _DIMENSIONS.get(name)
    return label[language] if label else name.replace("_", " ").capitalize()


def counted(where: Mapping[str, Sequence[str]], language: Language) -> str | None:
    """The contacts that pass a table's conditions, as a noun in the plural: ``tweedelijnsdossiers``.

    None where the conditions are more than a line and a nature: the table's title has to say it then.
    """
    if not set(where) <= {"line", "nature"}:
        return None
    natures, lines = where.get("nature", ()), where.get("line", ())
    if len(natures) > 1 and lines:
        return None
    if not (set(natures) <= set(_NATURES) and set(lines) <= set(_LINES)):
        return None
    if natures:
        noun = joined([_NATURES[each][language] for each in natures], language)
    else:
        noun = (_DOSSIERS if list(lines) == ["second"] else _ALL)[language]
    return _of_lines(lines, noun, language)


def _of_lines(lines: Sequence[str], noun: str, language: Language) -> str:
    if not lines:
        return noun
    *first, last = [_LINES[each][language] for each in lines]
    # In Dutch a line is part of the word, so that one named apart from it ends in a hyphen.
    apart = [each.rstrip() if each.endswith(" ") else f"{each}-" for each in first]
    return joined([*apart, f"{last}{noun}"], language)
