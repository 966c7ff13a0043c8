"""When it happened, where a text tells it by day or month with its year.

Dutch, with some English and French. What has been going on since then ("sinds maart 2019") is no moment: a matter
that still runs is not too old. Neither is the date of a regulation or of a birth.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

_NAMES = (
    "januari january janvier",
    "februari february fevrier",
    "maart march mars",
    "april avril",
    "mei may mai",
    "juni june juin",
    "juli july juillet",
    "augustus august aout",
    "september septembre",
    "oktober october octobre",
    "november novembre",
    "december decembre",
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_A_YEAR = re.compile(r"(?:19|20)\d\d")
"""Most texts have none, and most of the time went into finding that out."""
_PATTERNS = (
    re.compile(rf"\b(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-]{_YEAR}\b"),
    re.compile(rf"\b{_YEAR}-(?P<month>\d{{2}})-(?P<day>\d{{2}})\b"),
    re.compile(rf"\b(?:(?P<day>\d{{1,2}})(?:e|ste|de|st|nd|rd|th|er)? )?(?P<name>{_MONTH}) {_YEAR}\b"),
)
_NO_MOMENT = re.compile(
    r"\b(?:sinds|sedert|vanaf|since|depuis|al|geboren|born|gebouwd|built"
    r"|reglement|verordening|wet|decreet|besluit|regulation|law|decree|act|loi)\b(?:\W+\w+){0,2}\W*$"
)
_BEFORE = 40
_DAYS_OF_A_MONTH = 31


def happened_by(folded: str, received_on: date) -> date | None:
    """The latest day that the text, in lower case without accents, names and that lies before the day of receipt,
    both local; of a month its last.

    ``None`` where it names none. Days that do not exist are left out.
    """
    if not _A_YEAR.search(folded):
        return None
    named = chain.from_iterable(_named(pattern, folded) for pattern in _PATTERNS)
    return max((day for day in named if day < received_on), default=None)


def _named(pattern: re.Pattern[str], folded: str) -> Iterator[date]:
    for match in pattern.finditer(folded):
        if _NO_MOMENT.search(folded[max(0, match.start() - _BEFORE) : match.start()]):
            continue
        day = _day(match.groupdict())
        if day is not None:
            yield day


def _day(told: dict[str, str | None]) -> date | None:
    name, day = told.get("name"), told.get("day")
    month = _MONTHS[name] if name else int(told.get("month") or 0)
    try:
        if day:
            return date(int(told["year"] or 0), month, int(day))
        begun = date(int(told["year"] or 0), month, 1) + timedelta(days=_DAYS_OF_A_MONTH)
    except ValueError:
        return None
    return begun.replace(day=1) - timedelta(days=1)
