"""A table of the annual report, with the years before beside it."""

from collections import Counter
from typing import Any

import pytest

from services.reporting.domain.annual import Counted, ReportingYear, YearCounts, report_table
from services.reporting.domain.dimensions import Vocabulary
from shared.profiles.model import ReportTable
from tests.unit.reporting.made_up import LEUVEN

WORDS = Vocabulary(LEUVEN)
VERSION = LEUVEN.versions[-1]
YEAR = ReportingYear.of(LEUVEN, 2021)


def made(table: dict[str, Any], counted: dict[int, Counted | None]) -> dict[str, Any]:
    declared = {"id": "t", "title": {"nl": "Tabel", "en": "Table"}, "section": "1"} | table
    years = {year: counts and YearCounts(counts) for year, counts in counted.items()}
    return report_table(ReportTable.model_validate(declared), YEAR, years, VERSION, WORDS)


def counted(total: int, **groups: int) -> Counted:
    return Counted(Counter({tuple(key.split("|")): count for key, count in groups.items()}), total)


def test_months_of_different_years_share_a_row() -> None:
    table = made(
        {"by": ["month"], "published": {2019: {"01": 23, "02": 20}}},
        {2021: counted(5, **{"2021-01": 3, "2021-03": 2}), 2020: counted(7, **{"2020-01": 7}), 2019: None},
    )
    assert [(row["key"]["month"], row["count"]) for row in table["rows"]] == [
        ("2021-01", 3),
        ("2021-02", 0),
        ("2021-03", 2),
    ]
    january = table["rows"][0]
    assert january["share"] == 0.6
    assert january["previous"] == {"2020": {"count": 7, "share": 1.0}, "2019": {"count": 23, "share": 0.534884}}
    assert table["total"] == 5
    assert table["previous"] == {
        "2020": {"total": 7, "source": "store", "totals": {"count": 7, "share": 1.0}},
        "2019": {"total": 43, "source": "published", "totals": {"count": 43}},
    }


def test_a_year_that_nothing_is_known_of_stays_empty() -> None:
    table = made({"by": ["line"]}, {2021: counted(1, second=1), 2020: None})
    assert table["rows"][0]["previous"] == {"2020": None}
    assert table["rows"][0]["change"] == {"2020": None}
    assert table["previous"] == {"2020": {"total": None, "source": "none", "totals": {}}}


def test_rows_stand_in_the_order_of_the_profile_with_labels_for_people() -> None:
    table = made({"by": ["line"]}, {2021: counted(6, unknown=1, second=2, external=3)})
    assert [row["key"]["line"] for row in table["rows"]] == ["external", "second", "unknown"]
    assert table["rows"][1]["labels"] == {"line": {"nl": "Tweedelijn", "en": "Second line"}}


def test_a_group_of_values_is_one_row() -> None:
    bodies = {
        "by": ["external_body"],
        "groups": [
            {"id": "ombuds", "name": {"nl": "O", "en": "O"}, "values": ["vlaamse_ombudsdienst", "ombudsrail"]}
        ],
    }
    table = made(bodies, {2021: counted(4, vlaamse_ombudsdienst=1, ombudsrail=2, dijledal=1)})
    found = {row["key"]["external_body"]: row["count"] for row in table["rows"]}
    assert found == {"ombuds": 3, "dijledal": 1}


def test_per_thousand_inhabitants_of_the_nearest_year_that_is_known() -> None:
    districts = {"by": ["district"], "per_1000_inhabitants": True}
    table = made(districts, {2021: counted(100, leuven=88, elsewhere=12), 2020: None})
    leuven, elsewhere = table["rows"]
    assert (leuven["inhabitants"], leuven["inhabitants_year"], leuven["per_1000"]) == (30086, 2021, 2.9249)
    assert elsewhere["per_1000"] is None


@pytest.mark.parametrize(("by", "total"), [(["line"], 3), (["norm"], None)])
def test_published_figures_of_several_values_have_no_total(by: list[str], total: int | None) -> None:
    table = made({"by": by, "published": {2020: {"a": 1, "b": 2}}}, {2021: counted(0), 2020: None})
    assert table["previous"]["2020"]["total"] == total


def test_a_table_without_dimensions_is_one_figure() -> None:
    table = made({"published": {2020: {"": 263}}}, {2021: Counted(Counter({(): 252}), 252), 2020: None})
    assert table["rows"] == [
        {
            "key": {},
            "labels": {},
            "count": 252,
            "share": 1.0,
            "previous": {"2020": {"count": 263, "share": 1.0}},
            "change": {"2020": {"count": -11, "percent": -0.041825, "points": 0.0}},
        }
    ]
