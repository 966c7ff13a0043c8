"""Names of months and days of the week, for whoever spells a date in Dutch or English."""

from collections.abc import Mapping, Sequence
from typing import Final

MONTHS: Final[Mapping[str, Sequence[str]]] = {
    "nl": (
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
    ),
    "en": (
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
    ),
}
"""By language, January first."""
WEEKDAYS: Final[Mapping[str, Sequence[str]]] = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
"""By language, Monday first."""
