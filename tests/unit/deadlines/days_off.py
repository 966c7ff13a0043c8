"""Days off, reckoned a second time from the laws themselves and without the library or the dated data."""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter


def is_working_day(country: str, day: date) -> bool:
    return day.weekday() < 5 and day not in public_holidays(country, day.year)


@lru_cache
def public_holidays(country: str, year: int) -> frozenset[date]:
    sunday = easter(year)
    after_easter = {"BE": (1, 39, 50), "NL": (-2, 1, 39, 50)}[country]
    fixed = {
        "BE": ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)),
        "NL": ((1, 1), (5, 5), (12, 25), (12, 26)),
    }[country]
    days = {sunday + timedelta(days=number) for number in after_easter}
    days |= {date(year, *month_and_day) for month_and_day in fixed}
    if country == "NL":
        birthday = date(year, 4, 27)
        days.add(birthday - timedelta(days=birthday.weekday() == 6))
        days |= {each for each in _EQUAL if each.year == year}
    return frozenset(days)


_EQUAL = (
    *(date(2017, 4, 28), date(2017, 5, 26), date(2018, 5, 11), date(2018, 12, 24), date(2018, 12, 31)),
    *(date(2019, 5, 31), date(2019, 12, 27), date(2021, 5, 14), date(2022, 5, 27)),
    *(date(2023, 4, 28), date(2023, 5, 19), date(2024, 5, 10), date(2024, 12, 27), date(2025, 5, 30)),
    *(date(2026, 1, 2), date(2026, 5, 15), date(2027, 5, 7), date(2028, 4, 28), date(2028, 5, 26)),
)


@lru_cache
def school_holidays(year: int) -> frozenset[date]:
    """Those of a calendar year: the Christmas holiday of the year before reaches into it."""
    days = {date(year, 7, 1) + timedelta(days=number) for number in range(62)}
    for first, length in (_autumn(year), _christmas(year), _christmas(year - 1), _spring(year), _easter(year)):
        days |= {first + timedelta(days=number) for number in range(length)}
    return frozenset(day for day in days if day.year == year)


def _autumn(year: int) -> tuple[date, int]:
    saints = date(year, 11, 1)
    first = date(year, 11, 2) if saints.isoweekday() == 7 else _monday(saints)
    # In 2020 a second week was added against the spread of COVID-19.
    return first, 14 if year == 2020 else 7


def _christmas(year: int) -> tuple[date, int]:
    christmas = date(year, 12, 25)
    return _monday(christmas + timedelta(days=2 if christmas.isoweekday() > 5 else 0)), 14


def _spring(year: int) -> tuple[date, int]:
    return _monday(easter(year)) - timedelta(weeks=6), 7


def _easter(year: int) -> tuple[date, int]:
    sunday = easter(year)
    if sunday.month == 3:
        return sunday + timedelta(days=1), 14
    if sunday > date(year, 4, 15):
        # Easter Monday is added to the two weeks.
        return _monday(sunday) - timedelta(weeks=1), 15
    return _monday(date(year, 4, 7)), 14


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
