"""What people read on the page and in their calendars, in Dutch and English."""

from datetime import date
from typing import Literal

from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.profiles import Profile
from shared.profiles.label import Label

Language = Literal["nl", "en"]
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
NO_DIRECTORATE = Label(nl="Nog niet toegewezen", en="Not assigned yet")

_WEEKDAYS = {
    "nl": ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_MONTHS = {
    "nl": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def long_day(day: date, language: Language) -> str:
    """The day in full: ``maandag 23 november 2026``."""
    return f"{_WEEKDAYS[language][day.weekday()]} {day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def directorate_label(profile: Profile | None, directorate: str | None) -> Label:
    """The name of a directorate by its organisation's profile, the newest version that has it first."""
    if directorate is None:
        return NO_DIRECTORATE
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
