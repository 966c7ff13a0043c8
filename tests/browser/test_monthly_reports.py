"""Monthly reports in a browser: from the dashboard to a directorate's report, as its director reads it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.backends import Broker, own_databases
from tests.browser.conftest import Open
from tests.browser.standing_reports import TOKEN, standing_reports

MONTHS = "/reports/monthly/leuven"
MONTH = f"{MONTHS}/2021-10"
REPORT = f"{MONTH}/openbaar_domein"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def reports_url(broker: Broker, mongo_url: str) -> Iterator[str]:
    at_once = {"reporting_monthly_settle_seconds": 0, "reporting_monthly_seconds": 0.2}
    with (
        broker.clean() as url,
        own_databases(mongo_url) as prefix,
        standing_reports(url, mongo_url, prefix, **at_once) as address,
    ):
        yield address


@pytest.fixture
def open_reports(browser: Browser, reports_url: str) -> Iterator[Open]:
    """Opens a page as somebody who is logged in, by default a Dutch one on a desk."""
    contexts = []

    def open_(path: str, *, width: int = 1280, scheme: str = "light", **more: object) -> Page:
        given: dict[str, object] = {
            "base_url": reports_url,
            "viewport": {"width": width, "height": 800},
            "color_scheme": scheme,
            "http_credentials": {"username": "director", "password": TOKEN},
        }
        context = browser.new_context(**(given | more))  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(autouse=True)
def _made(open_reports: Open) -> None:
    """Waits until the year's reports were made, unasked; all twelve are there at the last look."""
    page = open_reports(f"{MONTHS}?format=html")
    for _ in range(300):
        if page.get_by_role("row").count() == 13:
            return
        page.wait_for_timeout(200)
        page.reload()
    raise AssertionError(page.content())


@pytest.mark.parametrize("path", [MONTHS, MONTH, REPORT])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_everybody_can_read_them(open_reports: Open, path: str, width: int, scheme: str) -> None:
    page = open_reports(f"{path}?format=html", width=width, scheme=scheme)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    assert found.response["passes"]
    assert found.violations_count == 0, found.generate_snapshot()
    assert page.evaluate(_OVERFLOW) == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_dashboard_to_the_report_of_a_directorate_by_keyboard(open_reports: Open, scripts: bool) -> None:
    page = open_reports("/?organisation=leuven&period=2021-10", width=360, java_script_enabled=scripts)
    for link, heading in (
        ("Maandverslagen oktober 2021", "Maandverslagen oktober 2021: Stad Leuven"),
        ("Openbaar domein", "Maandverslag oktober 2021: Openbaar domein"),
    ):
        page.get_by_role("link", name=link, exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_links_lead_to_the_other_forms_and_language(open_reports: Open) -> None:
    page = open_reports(f"{REPORT}?format=html")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel (XLSX)").click()
    assert download.value.suggested_filename == "maandverslag-leuven-2021-10-openbaar_domein-1.xlsx"
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Monthly report October 2021: Public space")
    page = open_reports(f"{MONTHS}?format=html&lang=en")
    page.get_by_role("link", name="Nederlands").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maandverslagen: Stad Leuven")
