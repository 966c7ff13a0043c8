"""Charts: what they show is what the table says, and it fits on the narrowest screen."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from services.reporting.domain.report_view import Language, Report, Table, read_annual
from services.reporting.paper.charts import MOST_BARS, chart_of
from services.reporting.paper.page import report_page
from services.reporting.paper.shapes import LETTER, NARROWEST, PATTERNS, Chart, lines_of, reach
from tests.unit.reporting import annual_reports
from tests.unit.reporting.annual_reports import Counts, made_annual, made_table, reports

SVG = "{http://www.w3.org/2000/svg}"


def drawn(table: dict[str, Any], language: Language = "nl") -> Chart | None:
    annual = made_annual(table)
    return chart_of(annual, annual.tables[0], language)


def chart(table: dict[str, Any]) -> Chart:
    found = drawn(table)
    assert found is not None
    return found


def svg(annual: Report) -> list[ET.Element]:
    page = report_page(annual, "nl")
    parts = [part.partition("</svg>")[0] + "</svg>" for part in page.split("<svg")[1:]]
    return [ET.fromstring("<svg" + part) for part in parts]  # noqa: S314


class TestWhatIsDrawn:
    def test_bars_are_as_long_as_their_values_and_say_them(self) -> None:
        shown = chart(made_table(("line",), {("external",): 30, ("first",): 60, ("second",): 120}))
        widths = [rect.width for rect in shown.rects]
        assert [width / widths[0] for width in widths] == pytest.approx([1, 2, 4])
        assert [each.text for each in shown.words if each.strong] == ["30", "60", "120"]
        assert shown.description == "2021: Extern 30; Eerstelijn 60; Tweedelijn 120."

    def test_the_year_before_is_a_mark_and_a_figure(self) -> None:
        before: Counts = {("external",): 60, ("first",): 30}
        shown = chart(made_table(("line",), {("external",): 30, ("first",): 60}, before))
        assert [mark.x for mark in shown.marks] == pytest.approx([shown.rects[1].width, shown.rects[0].width])
        assert [each.light for each in shown.words if each.strong] == [" · 2020: 60", " · 2020: 30"]
        assert shown.description.endswith(" 2020: Extern 60; Eerstelijn 30.")

    def test_a_year_of_which_only_some_rows_were_published_is_left_out(self) -> None:
        table = made_table(("line",), {("external",): 30, ("first",): 60}, {("external",): 60, ("first",): 0})
        table["previous"]["2020"] |= {"source": "published", "total": 100}
        assert chart(table).marks == []

    def test_months_are_columns_in_their_order(self) -> None:
        shown = chart(made_table(("month",), {(f"2021-{month:02}",): month for month in range(1, 13)}))
        assert [rect.height / shown.rects[0].height for rect in shown.rects] == pytest.approx(list(range(1, 13)))
        assert [rect.x for rect in shown.rects] == sorted(rect.x for rect in shown.rects)
        labels = [each.text for each in shown.words if each.anchor == "middle" and not each.strong]
        assert labels == "jan feb mrt apr mei jun jul aug sep okt nov dec".split()  # noqa: SIM905

    @pytest.mark.parametrize(("count", "columns"), [(999, True), (1000, False)])
    def test_months_are_bars_where_figures_have_no_room_beside_each_other(self, count: int, columns: bool) -> None:
        shown = chart(made_table(("month",), {(f"2021-{month:02}",): count for month in range(1, 13)}))
        assert (len({rect.x for rect in shown.rects}) == 12) is columns
        assert (len({rect.y for rect in shown.rects}) == 12) is not columns

    def test_two_dimensions_are_bars_in_parts_that_add_up(self) -> None:
        counts: Counts = {("email", "first"): 10, ("email", "second"): 30, ("phone", "first"): 20}
        shown = chart(made_table(("channel", "line"), counts))
        assert [rect.fill for rect in shown.rects] == ["solid", "stripes", "solid"]
        assert shown.rects[1].x == pytest.approx(shown.rects[0].width)
        assert shown.rects[1].width == pytest.approx(3 * shown.rects[0].width)
        assert [each.text for each in shown.words if each.strong] == ["40", "20"]
        assert (
            shown.description
            == "2021: E-mail 40 (Eerstelijn 10, Tweedelijn 30); Telefoon 20 (Eerstelijn 20, Tweedelijn 0)."
        )

    def test_of_many_values_the_largest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        many = {str(number): f"Dienst {number}" for number in range(40)}
        monkeypatch.setitem(annual_reports.LABELS, "service", many)
        shown = chart(made_table(("service",), {(str(number),): 1 + number for number in range(40)}))
        figures = [each.text for each in shown.words if each.strong]
        assert figures == [str(count) for count in range(40, 40 - MOST_BARS, -1)]
        assert shown.title == f"Tabel t: de {MOST_BARS} grootste van 40"

    @pytest.mark.parametrize(
        "table",
        [
            made_table((), {(): 10}),
            made_table(("line",), {("first",): 10}),
            made_table(("line",), {("first",): 0, ("second",): 0}),
            made_table(("line",), {("first",): 10, ("second",): None}),
            made_table(("channel", "line"), {("email", "first"): 10, ("phone", "second"): None}),
        ],
    )
    def test_no_chart_where_it_would_say_nothing_or_too_much(self, table: dict[str, Any]) -> None:
        assert drawn(table) is None

    def test_rates_are_drawn_where_the_table_is_about_them(self) -> None:
        shown = chart(made_table(("line",), {("first",): 7, ("second",): 14}, rates=True))
        assert [each.text for each in shown.words if each.strong] == ["1,00", "2,00"]


def parts(annual: Report) -> list[tuple[Table, Chart]]:
    found = [(table, chart_of(annual, table, "nl")) for table in annual.tables]
    return [(table, shown) for table, shown in found if shown is not None]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(reports())
def test_any_chart_fits_and_tells_what_it_shows(report: dict[str, Any]) -> None:
    for _, shown in parts(read_annual(report)):
        assert set(shown.patterns) <= {*PATTERNS, "mark"}
        for rect in shown.rects:
            assert rect.x >= 0
            assert (rect.x + rect.width) / 100 * NARROWEST + rect.shift <= NARROWEST
            assert 0 <= rect.y <= rect.y + rect.height <= shown.height
        for words in shown.words:
            left = words.x / 100 * NARROWEST + words.dx
            assert words.anchor == "middle" or left + reach(words) <= NARROWEST + 1, words
            assert 0 < words.y <= shown.height
        for words in shown.words:
            assert not words.strong or words.text in shown.description or words.text == "-"


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(reports())
def test_pages_hold_charts_that_are_whole_and_described(report: dict[str, Any]) -> None:
    annual = read_annual(report)
    found = svg(annual)
    assert len(found) == len(parts(annual))
    ids: list[str] = []
    for root in found:
        title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert title is not None
        assert told is not None
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
        ids += [each.get("id", "") for each in root.iter() if each.get("id")]
        named = {each.get("fill") for each in root.iter() if str(each.get("fill")).startswith("url(")}
        assert named <= {f"url(#{id_})" for id_ in ids}
        assert not {each.tag for each in root.iter()} & {f"{SVG}script", f"{SVG}style", f"{SVG}image", f"{SVG}a"}
    assert len(ids) == len(set(ids))


def test_long_labels_take_several_lines() -> None:
    lines = lines_of("Studiedienst openbare werken en dienst beheer en onderhoud van de wegen")
    assert len(lines) > 1
    assert max(map(len, lines)) * LETTER <= NARROWEST
