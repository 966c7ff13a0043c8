"""The annual report in a browser, as councillors and citizens read it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.backends import Broker, own_databases
from tests.browser.conftest import Open
from tests.browser.standing_reports import TOKEN, standing_reports

ANNUAL = "/reports/annual/leuven/2021"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_NARROWEST, _NARROW, _WIDE = 320, 360, 1600
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_OUTSIDE_CHARTS = """[...document.querySelectorAll('svg.chart')].flatMap(chart => {
  const frame = chart.getBoundingClientRect();
  return [...chart.querySelectorAll('text, .part')].filter(each => {
    const box = each.getBoundingClientRect();
    return box.left < frame.left - 2 || box.right > Math.max(frame.right, frame.left + 272) + 2
      || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
  }).map(each => chart.querySelector('title').textContent + ': ' + each.textContent);
})"""
_OVERLAPPING_TEXTS = """[...document.querySelectorAll('svg.chart')].flatMap(chart => {
  const boxes = [...chart.querySelectorAll('text')].map(each => [each, each.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], place) => boxes.slice(place + 1).filter(([, b]) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3
  ).map(([other]) => one.textContent + ' / ' + other.textContent));
})"""
_SHORTER_THAN_TEXT = """[...document.querySelectorAll('svg.chart text')]
  .filter(each => parseFloat(getComputedStyle(each).fontSize) < 11).length"""


@pytest.fixture(scope="module")
def report_url(broker: Broker, mongo_url: str) -> Iterator[str]:
    with (
        broker.clean() as url,
        own_databases(mongo_url) as prefix,
        standing_reports(url, mongo_url, prefix) as address,
    ):
        yield address


@pytest.fixture
def open_report(browser: Browser, report_url: str) -> Iterator[Open]:
    """Opens Leuven's report of 2021 as somebody who is logged in, by default a Dutch one on a desk."""
    contexts = []

    def open_(query: str = "", *, width: int = 1280, scheme: str = "light", **more: object) -> Page:
        given: dict[str, object] = {
            "base_url": report_url,
            "viewport": {"width": width, "height": 800},
            "color_scheme": scheme,
            "http_credentials": {"username": "council", "password": TOKEN},
        }
        context = browser.new_context(**(given | more))  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"{ANNUAL}{query}")
        return page

    yield open_
    for context in contexts:
        context.close()


def violations(page: Page) -> str:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    assert found.response["passes"]
    return str(found.generate_snapshot())


class TestForEverybody:
    # A long page takes axe a while: each width and each scheme once.
    @pytest.mark.parametrize(("width", "scheme"), [(_NARROW, "light"), (_WIDE, "dark")])
    def test_axe_finds_nothing(self, open_report: Open, width: int, scheme: str) -> None:
        assert violations(open_report(width=width, scheme=scheme)) == ""

    def test_nor_in_english(self, open_report: Open) -> None:
        assert violations(open_report("?lang=en")) == ""

    def test_axe_would_find_something(self, open_report: Open) -> None:
        page = open_report()
        page.evaluate("document.querySelectorAll('section.table ~ section.table').forEach(each => each.remove())")
        page.evaluate("document.querySelector('thead th').textContent = ''")
        assert "empty-table-header" in violations(page)

    @pytest.mark.parametrize("language", ["nl", "en"])
    @pytest.mark.parametrize("width", [_NARROWEST, _NARROW, 768, 1199, 1200, _WIDE])
    def test_all_of_it_fits_on_any_screen(self, open_report: Open, width: int, language: str) -> None:
        page = open_report(f"?lang={language}", width=width)
        assert page.evaluate(_OVERFLOW) == 0
        assert page.evaluate(_OUTSIDE_CHARTS) == []
        assert page.evaluate(_OVERLAPPING_TEXTS) == []
        assert page.evaluate(_SHORTER_THAN_TEXT) == 0

    def test_charts_grow_with_the_screen_and_their_text_does_not(self, open_report: Open) -> None:
        page = open_report(width=_NARROW)
        measured = []
        for width in (_NARROW, 1100):
            page.set_viewport_size({"width": width, "height": 800})
            chart = page.locator("#chart-contacts_by_channel-title + desc + defs ~ rect").first
            text = page.locator("svg.chart text").first
            measured.append((chart.bounding_box(), text.bounding_box()))
        (bar, label), (wide_bar, wide_label) = measured
        assert bar
        assert wide_bar
        assert wide_bar["width"] > 1.5 * bar["width"]
        assert label
        assert wide_label
        assert label["height"] == wide_label["height"]

    def test_colours_follow_the_reader_also_in_charts(self, open_report: Open) -> None:
        read = "getComputedStyle(document.querySelector('svg.chart rect.solid')).fill"
        light, dark = (open_report(scheme=scheme).evaluate(read) for scheme in ("light", "dark"))
        assert light != dark
        forced = open_report(forced_colors="active").evaluate(read)
        assert forced not in (light, dark)

    def test_the_browser_has_nothing_to_complain_about(self, open_report: Open) -> None:
        page = open_report()
        told: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Jaarverslag 2021")
        assert told == []
        assert len(asked) == 1


@pytest.mark.parametrize("scripts", [True, False])
class TestReading:
    def test_findings_lead_to_their_tables(self, open_report: Open, scripts: bool) -> None:
        page = open_report(java_script_enabled=scripts)
        finding = page.get_by_role("listitem").filter(has_text="tweedelijnsdossiers steeg met 16, van 108 in 2020")
        finding.get_by_role("link", name="Tabel 13").click()
        expect(page.get_by_role("heading", name="13. Tweedelijnsdossiers", exact=True)).to_be_in_viewport()

    def test_figures_are_in_tables_with_heads(self, open_report: Open, scripts: bool) -> None:
        page = open_report(java_script_enabled=scripts)
        table = page.get_by_role("table", name="Tabel 3. Contacten per lijn, 2021")
        row = table.get_by_role("row", name="Tweedelijn")
        expect(row.get_by_role("cell")).to_have_text(
            ["124", "49,2\u00a0%", "108", "142", "+16", "+14,8\u00a0%", "+8,1"]
        )
        expect(table.get_by_role("columnheader", name="Aandeel")).to_be_visible()

    def test_charts_are_images_with_words(self, open_report: Open, scripts: bool) -> None:
        page = open_report(java_script_enabled=scripts)
        chart = page.get_by_role("img", name="Contacten per lijn")
        expect(chart.first).to_be_visible()
        assert "Tweedelijn 124" in (chart.first.locator("desc").text_content() or "")

    def test_links_lead_to_the_other_forms_and_language(self, open_report: Open, scripts: bool) -> None:
        page = open_report(java_script_enabled=scripts)
        with page.expect_download() as download:
            page.get_by_role("link", name="Excel (XLSX)").click()
        assert download.value.suggested_filename == "jaarverslag-leuven-2021.xlsx"
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Annual report 2021")
        expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("scripts", [True, False])
def test_by_keyboard_every_stop_is_seen(open_report: Open, scripts: bool) -> None:
    page = open_report(width=_NARROW, java_script_enabled=scripts)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar het verslag")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    for name in ("English", "PDF", "Excel (XLSX)", "CSV (zip)", "JSON", "Alle contacten"):
        page.keyboard.press("Tab")
        stop = page.get_by_role("link", name=name, exact=True).first
        expect(stop).to_be_focused()
        expect(stop).to_be_in_viewport()


def test_a_table_that_is_wider_than_the_screen_scrolls_by_keyboard(open_report: Open) -> None:
    page = open_report(width=_NARROWEST)
    region = page.get_by_role("region", name="Tabel 3. Contacten per lijn, 2021")
    region.focus()
    expect(region).to_be_focused()
    assert region.evaluate("each => each.scrollWidth > each.clientWidth")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("each => each.scrollLeft > 0", arg=region.element_handle())


def test_on_paper_there_are_no_links_and_heads_repeat(open_report: Open) -> None:
    page = open_report(scheme="dark")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Excel (XLSX)")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll tr')).breakInside") == "avoid"
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')") == "#fff"
    assert page.pdf().startswith(b"%PDF")
