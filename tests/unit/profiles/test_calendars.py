"""Public holidays by the library, dated days by their rule, and what is not known as an error."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.profiles import BrokenProfile, load_profile
from shared.profiles.calendar import BeyondCalendar, Calendar, DaySet, PublicHolidays
from shared.profiles.loader import CALENDARS, read_day_set
from tests.unit.deadlines.days_off import public_holidays, school_holidays
from tests.unit.deadlines.test_examples import ORGANISATIONS

_YEARS = range(2015, 2041)
BELGIUM = PublicHolidays(country="BE")
NETHERLANDS = PublicHolidays(country="NL", categories=("public", "optional"))


def on_weekdays(found: PublicHolidays, year: int) -> set[date]:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    return {day for day in days if day.year == year and found.label(day) and day.weekday() < 5}


@pytest.mark.parametrize("year", _YEARS)
def test_belgium_has_its_ten_legal_holidays(year: int) -> None:
    legal = public_holidays("BE", year)
    assert len(legal) == 10
    assert on_weekdays(BELGIUM, year) == {day for day in legal if day.weekday() < 5}


@pytest.mark.parametrize("year", _YEARS)
def test_the_netherlands_have_the_days_of_the_law_on_terms(year: int) -> None:
    calendar = load_profile(ORGANISATIONS / "leiden.yaml").calendar
    equal = {day.first for day in calendar.day_sets["equal_days"].days}
    assert on_weekdays(NETHERLANDS, year) == {
        day for day in public_holidays("NL", year) - equal if day.weekday() < 5
    }


def test_five_may_is_a_holiday_every_year() -> None:
    assert all(NETHERLANDS.label(date(year, 5, 5)) for year in _YEARS)


def test_the_kings_birthday_is_never_on_a_sunday() -> None:
    assert NETHERLANDS.label(date(2025, 4, 26))
    assert NETHERLANDS.label(date(2025, 4, 27)) is None


def test_belgium_has_no_feast_that_is_not_in_the_law() -> None:
    # Good Friday, the day after Ascension Day, All Souls, Boxing Day, the Flemish feast day.
    feasts = ((4, 3), (5, 15), (11, 2), (12, 26), (7, 11))
    assert [BELGIUM.label(date(2026, *each)) for each in feasts] == [None] * len(feasts)


def test_names_are_dutch_and_english() -> None:
    label = BELGIUM.label(date(2026, 11, 11))
    assert label is not None
    assert (label.nl, label.en) == ("Wapenstilstand", "Armistice Day")


def test_school_holidays_are_those_of_the_decree() -> None:
    dated = read_day_set(CALENDARS / "flemish_school_holidays.yaml")
    day = dated.known_from
    while day <= dated.known_until:
        assert (dated.label(day) is not None) == (day in school_holidays(day.year)), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        # As schools and the government have announced them.
        ("2020-11-02", "2020-11-15"),
        ("2019-12-23", "2020-01-05"),
        ("2022-12-26", "2023-01-08"),
        ("2024-04-01", "2024-04-14"),
        ("2025-03-03", "2025-03-09"),
        ("2025-12-22", "2026-01-04"),
        ("2026-02-16", "2026-02-22"),
        ("2026-04-06", "2026-04-19"),
        ("2026-11-02", "2026-11-08"),
        ("2027-03-29", "2027-04-11"),
    ],
)
def test_school_holidays_as_announced(first: str, last: str) -> None:
    dated = read_day_set(CALENDARS / "flemish_school_holidays.yaml")
    assert (date.fromisoformat(first), date.fromisoformat(last)) in {
        (each.first, each.last) for each in dated.days
    }


def test_equal_days_are_working_days_but_for_their_decree() -> None:
    for each in read_day_set(CALENDARS / "netherlands_equal_days.yaml").days:
        assert each.first == each.last
        assert each.first.weekday() < 5
        assert NETHERLANDS.label(each.first) is None


@pytest.mark.parametrize(
    ("year", "decreed"),
    [
        (2017, ["04-28", "05-26"]),
        (2018, ["05-11", "12-24", "12-31"]),
        (2019, ["05-31", "12-27"]),
        (2020, ["05-22"]),
        (2021, ["05-14"]),
        (2022, ["05-27"]),
        (2023, ["04-28", "05-19"]),
        (2024, ["05-10", "12-27"]),
        (2025, ["05-30"]),
        (2026, ["01-02", "05-15"]),
        (2027, ["05-07"]),
        (2028, ["04-28", "05-26"]),
    ],
)
def test_days_made_equal_are_those_of_the_decrees(year: int, decreed: list[str]) -> None:
    days = read_day_set(CALENDARS / "netherlands_equal_days.yaml").days
    assert [f"{each.first:%m-%d}" for each in days if each.first.year == year] == decreed


def test_what_is_not_known_is_an_error_that_names_the_horizon() -> None:
    dated = read_day_set(CALENDARS / "flemish_school_holidays.yaml")
    assert dated.label(dated.known_until) is not None
    with pytest.raises(BeyondCalendar, match="flemish_school_holidays is known from 2018-09-01 until 2030-08-31"):
        dated.label(dated.known_until + timedelta(days=1))
    with pytest.raises(BeyondCalendar):
        dated.label(dated.known_from - timedelta(days=1))
    with pytest.raises(BeyondCalendar, match="public_holidays_be"):
        BELGIUM.label(BELGIUM.known_until + timedelta(days=1))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([("2026-01-05", "2026-01-02")], "ends before it begins"),
        ([("2025-12-30", "2026-01-02")], "lies outside"),
        ([("2026-01-05", "2026-01-09"), ("2026-01-09", "2026-01-12")], "order them"),
    ],
)
def test_dated_days_that_contradict_themselves_are_refused(days: list[tuple[str, str]], told: str) -> None:
    name = {"nl": "Vrij", "en": "Off"}
    given = [{"first": first, "last": last, "name": name} for first, last in days]
    whole = {"id": "x", "name": name, "source": "a test", "known_from": "2026-01-01", "known_until": "2026-12-31"}
    with pytest.raises(ValidationError, match=told):
        DaySet.model_validate(whole | {"days": given})


def test_a_country_that_the_library_does_not_know_is_refused() -> None:
    with pytest.raises(ValidationError, match="give an ISO 3166 code"):
        PublicHolidays(country="XX")


def test_closing_days_must_be_among_the_sets() -> None:
    with pytest.raises(ValidationError, match="closing_days: bridge is not among day_sets"):
        Calendar(closing_days=("bridge",))


def _changed(tmp_path: Path, old: str, new: str) -> Path:
    text = (ORGANISATIONS / "antwerpen_onderwijs.yaml").read_text()
    assert old in text
    file = tmp_path / "antwerpen_onderwijs.yaml"
    file.write_text(text.replace(old, new))
    return file


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("school_holidays: flemish_school_holidays", "school_holidays: nowhere", "nowhere is no calendar"),
        ("not_counted: [school_holidays]", "not_counted: [fridays]", "does not count fridays"),
        ("unit: calendar_days", "unit: working_days", None),
        ("public_holidays: {country: BE}", "public_holidays: {country: XX}", "give an ISO 3166 code"),
    ],
)
def test_a_profile_must_know_the_days_of_its_terms(tmp_path: Path, old: str, new: str, told: str | None) -> None:
    file = _changed(tmp_path, old, new)
    if told is None:
        assert load_profile(file).calendar.public_holidays == BELGIUM
        return
    with pytest.raises(BrokenProfile, match=told):
        load_profile(file)


def test_working_days_need_public_holidays(tmp_path: Path) -> None:
    text = (ORGANISATIONS / "antwerpen_stad.yaml").read_text()
    file = tmp_path / "antwerpen_stad.yaml"
    file.write_text(text.replace("calendar:\n  public_holidays: {country: BE}\n", ""))
    with pytest.raises(BrokenProfile, match="term answer needs working days; name the public_holidays"):
        load_profile(file)


def test_a_calendar_beside_the_profiles_goes_before_the_one_that_comes_along(tmp_path: Path) -> None:
    file = _changed(tmp_path, "flemish_school_holidays", "our_own")
    (tmp_path / "calendars").mkdir()
    own = (CALENDARS / "flemish_school_holidays.yaml").read_text().replace("2030-08-31", "2030-09-30", 1)
    (tmp_path / "calendars" / "our_own.yaml").write_text(own)
    assert load_profile(file).calendar.day_sets["school_holidays"].known_until == date(2030, 9, 30)
    (tmp_path / "calendars" / "our_own.yaml").write_text(
        own.replace("known_until: 2030-09-30", "known_until: never")
    )
    with pytest.raises(BrokenProfile, match=r"our_own.yaml:\d+: known_until"):
        load_profile(file)


@pytest.mark.parametrize(
    ("organisation", "reach"),
    [("antwerpen_politie", 45), ("antwerpen_zorgbedrijf", 20), ("leiden", 77), ("antwerpen_stad", 112)],
)
def test_how_long_a_term_can_last_at_the_longest(organisation: str, reach: int) -> None:
    (term,) = load_profile(ORGANISATIONS / f"{organisation}.yaml").versions[0].terms
    assert term.reach_days == reach
