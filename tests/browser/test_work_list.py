"""The work list in a browser, as coordinators use it."""

from pathlib import Path
from typing import get_args

import pytest
import vobject
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from services.deadlines.page import MOST_LINES, WorkListView, work_list_page
from shared.pages import Language
from tests.browser.conftest import Open
from tests.browser.standing import NOW, PROFILES
from tests.unit.deadlines.test_pages import line

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_SUMMARY = "Aantallen per directie"
_NARROWEST, _NARROW, _WIDE = 320, 360, 1600
_CELLS_TOO_SMALL = """[...document.querySelectorAll('tbody th, td')]
.filter(each => each.scrollWidth > each.clientWidth).map(each => each.innerText)"""


def violations(page: Page) -> str:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    assert found.response["passes"]
    return str(found.generate_snapshot())


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def references(page: Page) -> list[str]:
    return page.locator("main section").get_by_role("rowheader").all_inner_texts()


class TestLogin:
    @pytest.mark.parametrize("given", [None, {"username": "coordinator", "password": "wrong"}])
    def test_nobody_comes_in_without_a_token(
        self, browser: Browser, service_url: str, given: dict[str, str] | None
    ) -> None:
        context = browser.new_context(http_credentials=given)  # type: ignore[arg-type]
        answer = context.request.get(f"{service_url}/worklist")
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith('Basic realm="Contactpunt"')
        context.close()

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_who_cancels_the_question_reads_why(self, browser: Browser, service_url: str, scheme: str) -> None:
        context = browser.new_context(color_scheme=scheme, viewport={"width": _NARROWEST, "height": 600})  # type: ignore[arg-type]
        page = context.new_page()
        # The driver answers the question itself; this is what stands there when nobody does.
        answer = context.request.get(f"{service_url}/worklist", headers={"Accept": "text/html,*/*;q=0.8"})
        assert answer.status == 401
        page.set_content(answer.text())
        expect(page.get_by_role("heading", level=1)).to_have_text("Hiervoor is een wachtwoord nodig")
        assert violations(page) == ""
        assert overflow(page) == 0
        context.close()

    def test_a_browser_answers_with_the_token_as_the_password(self, open_page: Open) -> None:
        expect(open_page().get_by_role("heading", level=1)).to_have_text("Werklijst termijnen - Stad Leuven")


class TestForEverybody:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [_NARROW, _WIDE])
    def test_axe_finds_nothing(self, open_page: Open, width: int, scheme: str) -> None:
        assert violations(open_page(width=width, scheme=scheme)) == ""

    @pytest.mark.parametrize("query", ["lang=en", "directorate=ruimtelijke_ontwikkeling"])
    def test_nor_in_english_nor_where_there_is_nothing_to_do(self, open_page: Open, query: str) -> None:
        assert violations(open_page(f"organisation=leuven&{query}")) == ""

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_all_of_it_fits_on_any_screen(self, open_page: Open, language: str) -> None:
        page = open_page(f"organisation=leuven&lang={language}", width=_NARROW)
        for width in (320, _NARROW, 768, 992, 1000, 1024, _WIDE):
            page.set_viewport_size({"width": width, "height": 800})
            assert overflow(page) == 0
            assert page.evaluate(_CELLS_TOO_SMALL) == []

    @pytest.mark.parametrize("organisation", sorted(PROFILES))
    def test_the_names_of_every_organisation_fit(self, open_page: Open, organisation: str) -> None:
        profile = PROFILES[organisation]
        lines = [line(NOW.date(), directorate=unit.id) for unit in profile.versions[-1].directorates]
        page = open_page(width=_NARROW)
        for language in get_args(Language):
            page.set_content(
                work_list_page(WorkListView(profile, dict(PROFILES), None, language, NOW.date(), lines))
            )
            expect(page.get_by_role("heading", level=2)).to_have_count(len(lines))
            assert overflow(page) == 0

    def test_axe_would_find_something(self, open_page: Open) -> None:
        page = open_page()
        page.evaluate("document.documentElement.removeAttribute('lang'); document.body.style.width = '3000px'")
        assert "html-has-lang" in violations(page)
        assert overflow(page) > 0

    def test_colours_follow_the_reader(self, open_page: Open) -> None:
        light, dark = (
            open_page(scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
            for scheme in ("light", "dark")
        )
        assert light != dark

    def test_the_browser_has_nothing_to_complain_about(self, open_page: Open) -> None:
        page = open_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert told == []


@pytest.mark.parametrize("scripts", [True, False])
class TestByKeyboard:
    def test_every_stop_is_seen_and_in_order(self, open_page: Open, scripts: bool) -> None:
        page = open_page(width=_NARROW, java_script_enabled=scripts)
        stops = [
            page.get_by_role("link", name="Naar de lijst"),
            page.get_by_role("link", name="English"),
            page.get_by_role("link", name="Als agenda (iCalendar)"),
            page.get_by_label("Organisatie"),
            page.get_by_label("Directie", exact=True),
            page.get_by_role("button", name="Tonen"),
            *page.get_by_role("table", name=_SUMMARY).get_by_role("link").all(),
        ]
        assert len(stops) == 6 + 4
        for stop in stops:
            page.keyboard.press("Tab")
            expect(stop).to_be_focused()
            expect(stop).to_be_in_viewport()
            expect(stop).to_have_css("outline-style", "solid")
            expect(stop).to_have_css("outline-width", "3px")

    def test_the_list_is_one_key_away(self, open_page: Open, scripts: bool) -> None:
        page = open_page(java_script_enabled=scripts)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("table", name=_SUMMARY).get_by_role("link").first).to_be_focused()

    def test_a_directorate_is_chosen(self, open_page: Open, scripts: bool) -> None:
        page = open_page(java_script_enabled=scripts)
        page.get_by_label("Directie", exact=True).focus()
        page.keyboard.type("Politie")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page).to_have_title("Politie - Werklijst termijnen - Stad Leuven")
        expect(page.get_by_role("heading", level=2)).to_have_text(["Politie"])
        expect(page.get_by_label("Directie", exact=True)).to_have_value("politie")
        assert references(page) == ["LEU-2026-000006", "LEU-2026-000005"]


class TestWhatItTells:
    @pytest.mark.parametrize("width", [_NARROW, _WIDE])
    def test_tables_by_directorate(self, open_page: Open, width: int) -> None:
        page = open_page(width=width)
        expect(page.locator("html")).to_have_attribute("lang", "nl")
        units = ["Financiën", "Nog niet toegewezen", "Openbaar domein", "Politie"]
        expect(page.get_by_role("heading", level=2)).to_have_text(units)
        summary = page.get_by_role("table", name=_SUMMARY)
        columns = ["Directie", "Over tijd", "Vandaag", "Later deze week"]
        expect(summary.get_by_role("columnheader")).to_have_text(columns)
        assert summary.get_by_role("cell").all_inner_texts() == [*"010", *"001", *"211", *"101"]
        late = page.get_by_role("table", name="Over tijd (2)")
        expect(late.get_by_role("columnheader")).to_have_text(
            ["Dossier", "Termijn", "Laatste dag", "Tijd", "Stand", "Dienst"]
        )
        expect(late.get_by_role("rowheader")).to_have_text(["LEU-2026-000001", "LEU-2026-000002"])
        expect(late.get_by_role("row").nth(2).get_by_role("cell")).to_have_text(
            ["Antwoord", "maandag 23 november 2026", "2 dagen te laat", "over tijd", "Dienst afvalbeheer"]
        )
        today = page.get_by_role("table", name="Vandaag (1)").first
        expect(today.get_by_role("cell", name="vandaag", exact=True)).to_be_visible()
        # Next week's are not for this list.
        expect(page.get_by_text("LEU-2026-000009")).to_have_count(0)

    def test_the_language_changes_and_nothing_else(self, open_page: Open) -> None:
        page = open_page("organisation=leuven&directorate=openbaar_domein")
        before = references(page)
        page.get_by_role("link", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page).to_have_title("Public space - Deadlines to be met - City of Leuven")
        expect(page.get_by_label("Directorate")).to_have_value("openbaar_domein")
        expect(page.get_by_role("cell", name="Monday 23 November 2026")).to_be_visible()
        assert references(page) == before
        page.get_by_role("button", name="Show").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("link", name="Nederlands").click()
        expect(page.get_by_label("Directie", exact=True)).to_have_value("openbaar_domein")

    def test_nothing_to_do_is_said(self, open_page: Open) -> None:
        page = open_page("organisation=leuven&directorate=ruimtelijke_ontwikkeling")
        expect(page.get_by_text("Er is niets over tijd en deze week loopt niets af.")).to_be_visible()
        expect(page.get_by_role("table")).to_have_count(0)

    def test_another_organisation_has_other_directorates(self, open_page: Open) -> None:
        page = open_page("organisation=leuven&directorate=politie")
        page.get_by_label("Organisatie").select_option("leiden")
        page.get_by_role("button", name="Tonen").click()
        expect(page.get_by_label("Directie", exact=True)).to_have_value("")
        expect(page.get_by_role("heading", level=2)).to_have_text(["Nog niet toegewezen"])

    def test_a_long_list_goes_on_on_the_next_page(self, open_page: Open) -> None:
        page = open_page("organisation=leiden", width=_NARROW)
        expect(page.get_by_role("status")).to_contain_text("meer dan op dit blad past")
        shown = references(page)
        assert overflow(page) == 0
        page.get_by_role("status").get_by_role("link", name="Volgend blad").click()
        expect(page.get_by_role("link", name="Terug naar het eerste blad")).to_be_visible()
        expect(page.get_by_role("status")).to_have_count(0)
        last = references(page)
        assert (len(shown), len(last)) == (MOST_LINES, 1)
        assert not set(last) & set(shown)
        page.get_by_role("link", name="Terug naar het eerste blad").click()
        expect(page.get_by_role("status")).to_be_visible()

    def test_what_is_not_assigned_yet_is_chosen(self, open_page: Open) -> None:
        page = open_page()
        page.get_by_label("Directie", exact=True).select_option(label="Nog niet toegewezen")
        page.get_by_role("button", name="Tonen").click()
        expect(page).to_have_title("Nog niet toegewezen - Werklijst termijnen - Stad Leuven")
        expect(page.get_by_role("heading", level=2)).to_have_text(["Nog niet toegewezen"])
        assert references(page) == ["LEU-2026-000008"]


class TestOneContact:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [_NARROWEST, _WIDE])
    def test_axe_finds_nothing(self, open_page: Open, width: int, scheme: str) -> None:
        page = open_page(width=width, scheme=scheme)
        page.goto("/worklist/LEU-2026-000002")
        assert violations(page) == ""
        assert overflow(page) == 0

    def test_from_the_list_and_back(self, open_page: Open) -> None:
        page = open_page("organisation=leuven&directorate=openbaar_domein")
        page.get_by_role("link", name="LEU-2026-000002").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Termijnen - LEU-2026-000002")
        expect(page.get_by_text("2 dagen te laat")).to_be_visible()
        expect(page.get_by_text("Day 0 is Friday 2026-10-09").first).to_be_visible()
        page.get_by_role("link", name="English").click()
        expect(page.get_by_text("2 days late")).to_be_visible()
        page.get_by_role("link", name="Deadlines to be met").click()
        expect(page).to_have_title("Public space - Deadlines to be met - City of Leuven")


def test_the_feed_of_what_is_on_the_page(open_page: Open, tmp_path: Path) -> None:
    page = open_page("organisation=leuven&directorate=politie")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Als agenda (iCalendar)").click()
    assert downloading.value.suggested_filename == "termijnen.ics"
    downloading.value.save_as(tmp_path / "feed.ics")
    calendar = vobject.readOne((tmp_path / "feed.ics").read_text(encoding="utf-8"))
    told = [each for each in calendar.vevent_list if each.status.value == "CONFIRMED"]
    assert [each.summary.value.split()[1] for each in told] == references(page)
