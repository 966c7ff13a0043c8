"""What people read on the page and in their calendars, in Dutch and English."""

from datetime import date

from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.day_names import MONTHS, WEEKDAYS
from shared.pages import Language
from shared.profiles import Profile
from shared.profiles.label import Label

KINDS = {
    DeadlineKind.ACKNOWLEDGEMENT: Label(nl="Ontvangstmelding", en="Acknowledgement"),
    DeadlineKind.ANSWER: Label(nl="Antwoord", en="Answer"),
}
STATES = {
    DeadlineState.OPEN: Label(nl="lopend", en="open"),
    DeadlineState.PAUSED: Label(nl="gepauzeerd", en="paused"),
    DeadlineState.APPROACHING: Label(nl="nadert", en="approaching"),
    DeadlineState.MISSED: Label(nl="over tijd", en="overdue"),
    DeadlineState.MET: Label(nl="gehaald", en="met"),
    DeadlineState.MET_LATE: Label(nl="te laat gehaald", en="met late"),
    DeadlineState.CANCELLED: Label(nl="vervallen", en="cancelled"),
}
NOT_ASSIGNED = Label(nl="Nog niet toegewezen", en="Not assigned yet")
PAGE_WORDS = {
    "title": Label(nl="Werklijst termijnen", en="Deadlines to be met"),
    "skip": Label(nl="Naar de lijst", en="Skip to the list"),
    "organisation": Label(nl="Organisatie", en="Organisation"),
    "directorate": Label(nl="Directie", en="Directorate"),
    "all": Label(nl="Alle directies", en="All directorates"),
    "show": Label(nl="Tonen", en="Show"),
    "overdue": Label(nl="Over tijd", en="Overdue"),
    "today": Label(nl="Vandaag", en="Today"),
    "week": Label(nl="Later deze week", en="Later this week"),
    "summary": Label(nl="Aantallen per directie", en="Numbers by directorate"),
    "summary_of_page": Label(nl="Aantallen op dit blad, per directie", en="Numbers on this page, by directorate"),
    "reference": Label(nl="Dossier", en="Contact"),
    "kind": Label(nl="Termijn", en="Deadline"),
    "due": Label(nl="Laatste dag", en="Last day"),
    "left": Label(nl="Tijd", en="Time"),
    "state": Label(nl="Stand", en="State"),
    "service": Label(nl="Dienst", en="Service"),
    "none": Label(
        nl="Er is niets over tijd en deze week loopt niets af.", en="Nothing is overdue or due this week."
    ),
    "more": Label(nl="Er is meer dan op dit blad past.", en="There is more than fits on this page."),
    "next": Label(nl="Volgend blad", en="Next page"),
    "first": Label(nl="Terug naar het eerste blad", en="Back to the first page"),
    "as_of": Label(nl="Stand van", en="As of"),
    "links": Label(nl="Taal en agenda", en="Language and calendar"),
    "feed": Label(nl="Als agenda (iCalendar)", en="As a calendar (iCalendar)"),
    "other": Label(nl="English", en="Nederlands"),
    "deadlines": Label(nl="Termijnen", en="Deadlines"),
    "since": Label(nl="Daar sinds", en="There since"),
    "taken": Label(nl="Duur", en="Took"),
    "again": Label(nl="na heropening", en="after reopening"),
    "steps": Label(nl="Hoe de datum tot stand kwam (Engels)", en="How the date came about"),
    "silent": Label(
        nl="Overgenomen uit het verleden: telt mee, maar er wordt niemand voor gewaarschuwd.",
        en="Taken over from the past: it counts, but nobody is warned of it.",
    ),
    "no_term": Label(nl="Voor dit dossier loopt geen termijn.", en="No term runs for this contact."),
}


def long_day(day: date, language: Language) -> str:
    """The day in full: ``maandag 23 november 2026``."""
    return f"{WEEKDAYS[language][day.weekday()]} {day.day} {MONTHS[language][day.month - 1]} {day.year}"


def number_of_days(number: int, language: Language) -> str:
    unit = {"nl": ("dag", "dagen"), "en": ("day", "days")}[language][number != 1]
    return f"{number} {unit}"


def time_left(days: int, language: Language) -> str:
    """The time until the last day in time, negative after it."""
    if days == 0:
        return {"nl": "vandaag", "en": "today"}[language]
    told = number_of_days(abs(days), language)
    if days < 0:
        return {"nl": f"{told} te laat", "en": f"{told} late"}[language]
    return {"nl": f"nog {told}", "en": f"{told} left"}[language]


def directorate_label(profile: Profile | None, directorate: str | None) -> Label:
    """The name of a directorate by its organisation's profile, the newest version that has it first."""
    if directorate is None:
        return NOT_ASSIGNED
    for version in reversed(profile.versions if profile else ()):
        for unit in version.directorates:
            if unit.id == directorate:
                return unit.name
    return Label(nl=directorate, en=directorate)


def service_label(profile: Profile | None, service: str | None) -> Label | None:
    """The name of a service; None where there is none."""
    if service is None:
        return None
    for version in reversed(profile.versions if profile else ()):
        for unit in version.directorates:
            for each in unit.services:
                if each.id == service:
                    return each.name
    return Label(nl=service, en=service)
