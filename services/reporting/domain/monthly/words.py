"""What a monthly report says in its own words, in Dutch and English."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.reporting.domain.nouns import dimension
from services.reporting.domain.report_view import Language, Text
from services.reporting.domain.wording import joined, number

TITLE: Final[Text] = {"nl": "Maandverslag", "en": "Monthly report"}
TITLES: Final[Mapping[str, Text]] = {
    "contacts": {"nl": "Contacten", "en": "Contacts"},
    "complaints": {"nl": "Klachten", "en": "Complaints"},
    "second_line": {"nl": "Tweedelijnsdossiers", "en": "Second-line dossiers"},
    "nature_and_line": {"nl": "Aard en lijn", "en": "Nature and line"},
    "channel": {"nl": "Kanaal", "en": "Channel"},
    "service": {"nl": "Dienst", "en": "Service"},
    "topic": {"nl": "Onderwerp", "en": "Topic"},
    "answers": {"nl": "Beantwoording per aard", "en": "Answers by nature"},
    "days": {"nl": "Dagen tot het antwoord", "en": "Days until the answer"},
    "deadlines": {"nl": "Termijnen", "en": "Deadlines"},
    "overdue": {"nl": "Over tijd en nog open", "en": "Overdue and still open"},
}
COLUMNS: Final[Mapping[str, tuple[str, str, str]]] = {
    "count": ("Aantal", "Number", "count"),
    "share": ("Aandeel", "Share", "percent"),
    "within_term": ("Binnen de termijn", "Within the term", "count"),
    "outside_term": ("Buiten de termijn", "Outside the term", "count"),
    "open_overdue": ("Over tijd en nog open", "Overdue and still open", "count"),
    "mean_days": ("Gemiddeld aantal dagen", "Mean days", "days"),
    "median_days": ("Mediaan in dagen", "Median days", "days"),
    "p90_days": ("90e percentiel in dagen", "90th percentile in days", "days"),
    "received": ("Met termijn", "With deadline", "count"),
    "met": ("Op tijd", "On time", "count"),
    "met_late": ("Te laat", "Late", "count"),
    "missed_open": ("Over tijd, open", "Overdue, open", "count"),
    "open_in_term": ("Lopend", "Running", "count"),
    "cancelled": ("Vervallen", "Cancelled", "count"),
    "on_time_share": ("Aandeel op tijd", "Share on time", "percent"),
}
KINDS: Final[Mapping[str, Text]] = {
    "acknowledgement": {"nl": "Ontvangstmelding", "en": "Acknowledgement"},
    "answer": {"nl": "Antwoord", "en": "Answer"},
}
_OF: Final[Mapping[str, Text]] = {
    "complaints": {"nl": "Klachten", "en": "Complaints"},
    "second_line": {"nl": "Contacten van de tweede lijn", "en": "Contacts of the second line"},
}
_RECEIVED: Final[Text] = {
    "nl": "{contacts} van {directorate}, ontvangen in {month}",
    "en": "{contacts} of {directorate}, received in {month}",
}
_OVERDUE: Final[Text] = {
    "nl": "Contacten van {directorate}, ontvangen tot en met {month}, niet ingetrokken, waarvan het antwoord over "
    "tijd en er nog niet is, per maand van ontvangst.",
    "en": "Contacts of {directorate}, received up to and including {month} and not withdrawn, whose answer is "
    "overdue and not there yet, by month of receipt.",
}
_SEVERAL: Final[Text] = {
    "nl": "; een contact met meer waarden telt in elk van die rijen",
    "en": "; a contact with several values counts in each of those rows",
}
_BY: Final[Text] = {"nl": ", per {by}", "en": ", by {by}"}
_MOVED: Final[Text] = {
    "nl": "Sinds dit verslag werd opgemaakt zijn er cijfers veranderd ({tables}). Toen telde het {made}, nu zijn "
    "het er {now}.",
    "en": "Figures have moved since this report was made ({tables}). It counted {made} then; there are {now} now.",
}
_CONTACTS: Final[Mapping[Language, tuple[str, str]]] = {
    "nl": ("1 contact", "{n} contacten"),
    "en": ("1 contact", "{n} contacts"),
}
_OTHER_EDITIONS: Final[Text] = {
    "nl": "Dit is uitgave {edition}; de laatste is uitgave {last}.",
    "en": "This is edition {edition}; the last one is edition {last}.",
}
_EDITION: Final[Text] = {"nl": "Dit is uitgave {edition}.", "en": "This is edition {edition}."}
LANGUAGES: Final[Sequence[Language]] = ("nl", "en")


def remarks(report: Mapping[str, Any]) -> list[Text]:
    """What a reader has to know before all figures: which edition it is, and what has moved since it was made."""
    told: list[Text] = []
    since, edition = report.get("since") or {}, report["edition"]
    last = max(since.get("editions", ()), default=edition)
    if last > edition:
        told.append({each: _OTHER_EDITIONS[each].format(edition=edition, last=last) for each in LANGUAGES})
    elif edition > 1:
        told.append({each: _EDITION[each].format(edition=edition) for each in LANGUAGES})
    if since.get("moved"):
        made: int = report["reconciliation"]["contacts"]
        told.append({each: _moved(since["moved"], made, since["contacts"], each) for each in LANGUAGES})
    return told


def _moved(tables: Sequence[str], made: int, now: int, language: Language) -> str:
    titles = joined([TITLES[each][language].lower() for each in tables], language)
    contacts, told_now = _contacts(made, language), number(now, language)
    return _MOVED[language].format(tables=titles, made=contacts, now=told_now)


def _contacts(count: int, language: Language) -> str:
    one, more = _CONTACTS[language]
    return one if count == 1 else more.format(n=number(count, language))


def column(name: str) -> dict[str, object]:
    """A column as a table describes it."""
    nl, en, format_ = COLUMNS[name]
    return {"id": name, "label": {"nl": nl, "en": en}, "format": format_}


def definition(table: str, by: Sequence[str], directorate: Text, month: Text, *, several: bool = False) -> Text:
    """What a table counts, in one sentence."""
    return {
        each: _sentence(table, each).format(
            contacts=_OF.get(table, TITLES["contacts"])[each],
            directorate=directorate[each],
            month=month[each],
            by=joined([dimension(name, each).lower() for name in by], each) if by else "",
            several=_SEVERAL[each] if several else "",
        )
        for each in LANGUAGES
    }


def _sentence(table: str, language: Language) -> str:
    if table == "overdue":
        return _OVERDUE[language]
    by = "" if table in _OF or table == "contacts" else _BY[language]
    return f"{_RECEIVED[language]}{by}{{several}}."
