"""The lists of monthly reports as pages: the months, and the directorates of one."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from services.reporting.domain.wording import month as month_name
from services.reporting.domain.wording import number
from shared.pages import Language, render
from shared.profiles.label import Label

_TEMPLATES: Final = Path(__file__).parent / "templates"
WORDS: Final[Mapping[str, Label]] = {
    "title": Label(nl="Maandverslagen", en="Monthly reports"),
    "skip": Label(nl="Naar de lijst", en="Skip to the list"),
    "links": Label(nl="Taal en overzicht", en="Language and dashboard"),
    "other": Label(nl="English", en="Nederlands"),
    "dashboard": Label(nl="Overzicht", en="Dashboard"),
    "all_months": Label(nl="Alle maanden", en="All months"),
    "month": Label(nl="Maand", en="Month"),
    "made": Label(nl="Opgemaakt", en="Made"),
    "reports": Label(nl="Verslagen", en="Reports"),
    "contacts": Label(nl="Contacten", en="Contacts"),
    "contacts_made": Label(nl="Contacten toen", en="Contacts then"),
    "contacts_now": Label(nl="Contacten nu", en="Contacts now"),
    "directorate": Label(nl="Directie", en="Directorate"),
    "edition": Label(nl="Uitgave", en="Edition"),
    "none": Label(nl="Er zijn nog geen maandverslagen.", en="There are no monthly reports yet."),
    "no_contacts": Label(
        nl="Geen enkele directie kreeg in deze maand een contact.",
        en="No directorate had a contact in this month.",
    ),
    "no_report": Label(nl="nog geen verslag", en="no report yet"),
    "due": Label(
        nl="De verslagen van {month} worden gemaakt vanaf {due}.", en="The reports of {month} are made from {due}."
    ),
    "settling": Label(
        nl="Deze verslagen worden gemaakt zodra er geen contacten van deze maand meer bijkomen.",
        en="These reports are made as soon as no more contacts of this month come in.",
    ),
    "by_hand": Label(
        nl="De verslagen van {month} worden alleen met de hand gemaakt.",
        en="The reports of {month} are made by hand only.",
    ),
    "as_json": Label(nl="Als JSON", en="As JSON"),
    "reconciliation": Label(nl="Waar de cijfers vandaan komen", en="Where the figures come from"),
    "told": Label(
        nl="Deze maand telt {contacts} contacten, waarvan {without} zonder directie: extern of nog niet "
        "toegewezen.",
        en="This month counts {contacts} contacts, {without} of them without a directorate: external or not "
        "assigned yet.",
    ),
    "told_then": Label(
        nl="Toen de verslagen werden gemaakt waren het er {contacts}, waarvan {without} zonder directie.",
        en="When the reports were made there were {contacts}, {without} of them without a directorate.",
    ),
}


def months_page(answer: Mapping[str, Any], language: Language) -> str:
    """The months of which there are reports."""
    due = answer["next"]["due_at"]
    month = answer["next"]["month"]
    word = WORDS["due" if due else "by_hand"]
    called = _month(month, language)
    told = str(getattr(word, language)).format(month=called, due=_moment(due, language) if due else "")
    return render(_TEMPLATES, "months.html", language, WORDS, **_common(answer, language), next=told)


def month_page(answer: Mapping[str, Any], language: Language) -> str:
    """The directorates of a month, with their reports."""
    reconciliation = answer["reconciliation"]
    sentences = [_counted("told", reconciliation["contacts"], reconciliation["without_directorate"], language)]
    if answer["made_at"] and reconciliation["contacts_when_made"] is not None:
        then = reconciliation["contacts_when_made"], reconciliation["without_directorate_when_made"]
        sentences.append(_counted("told_then", *then, language))
    return render(
        _TEMPLATES,
        "month.html",
        language,
        WORDS,
        **_common(answer, language),
        called=answer["label"][language],
        sentences=sentences,
    )


def _common(answer: Mapping[str, Any], language: Language) -> dict[str, Any]:
    other: Language = "en" if language == "nl" else "nl"
    return {
        "answer": answer,
        "organisation": answer["name"][language],
        "other": other,
        "number": lambda count: number(count, language),
        "moment": lambda instant: _moment(instant, language),
    }


def _counted(word: str, contacts: int, without: int, language: Language) -> str:
    told = str(getattr(WORDS[word], language))
    return told.format(contacts=number(contacts, language), without=number(without, language))


def _moment(instant: str, language: Language) -> str:
    """An instant, by the clock that it is told by."""
    at = datetime.fromisoformat(instant)
    return f"{at.day} {month_name(at.month, language)} {at.year}, {at:%H:%M}"


def _month(name: str, language: Language) -> str:
    year, month = name.split("-")
    return f"{month_name(int(month), language)} {year}"
