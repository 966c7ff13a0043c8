"""The dashboard in a browser, as a council member meets it."""

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import free_port
from deploy.local.rabbitmq import run_aside
from services.reporting.domain.counting import tables_of
from services.reporting.main import build_app
from services.reporting.settings import ReportingSettings
from services.reporting.store import Collections, Committer, Slot, prepare
from shared.access import Tokens
from shared.clock import system_clock
from shared.mongo import open_client, open_database
from tests import organisations
from tests.backends import Broker, own_databases
from tests.browser.standing import PATIENCE, TOKEN
from tests.browser.test_work_list import overflow, violations
from tests.integration.reporting.conftest import NOW, commit_all, made_up_events

_YEAR = "organisation=leuven&period=2021"
Open = Callable[..., Page]


@contextmanager
def dashboard_standing(amqp_url: str, mongo_url: str, prefix: str) -> Iterator[str]:
    """Reporting with made-up contacts of three years, for as long as the block lasts."""
    run_aside(_fill(mongo_url, prefix))
    hashed = hashlib.sha256(TOKEN.encode()).hexdigest()
    tokens = Tokens.model_validate({"tokens": [{"role": "reporting", "name": "council", "sha256": hashed}]})
    given = {"amqp_url": amqp_url, "mongo_url": mongo_url, "mongo_prefix": prefix}
    app = build_app(ReportingSettings.model_validate(given), organisations.PROFILES, tokens, lambda: NOW)
    port = free_port(15_500)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        run_aside(_until_ready(f"http://127.0.0.1:{port}"))
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


async def _fill(mongo_url: str, prefix: str) -> None:
    client = open_client(mongo_url, "test")
    collections = Collections(open_database(client, prefix, "reporting"))
    profiles = organisations.PROFILES
    await prepare(collections, {name: tables_of(profile) for name, profile in profiles.items()})
    slot = Slot(collections, system_clock)
    await commit_all(Committer(collections, slot, profiles, system_clock), made_up_events(400))
    await slot.release()
    client.close()


async def _until_ready(url: str) -> None:
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=url, verify=NO_CERTIFICATES) as client:
        while not await _is_ready(client):  # noqa: ASYNC110  the service tells when it is asked
            await asyncio.sleep(0.1)


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def dashboard_url(broker: Broker, mongo_url: str) -> Iterator[str]:
    with (
        broker.clean() as url,
        own_databases(mongo_url) as prefix,
        dashboard_standing(url, mongo_url, prefix) as address,
    ):
        yield address


@pytest.fixture
def open_dashboard(dashboard_url: str, browser: Browser) -> Iterator[Open]:
    """Opens the dashboard as somebody who is logged in."""
    expect.set_options(timeout=30_000)
    contexts = []

    def open_(query: str = _YEAR, *, width: int = 1280, scheme: str = "light", **more: object) -> Page:
        given: dict[str, object] = {
            "base_url": dashboard_url,
            "viewport": {"width": width, "height": 800},
            "color_scheme": scheme,
            "http_credentials": {"username": "council", "password": TOKEN},
        }
        context = browser.new_context(**(given | more))  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"/?{query}")
        return page

    yield open_
    for context in contexts:
        context.close()


class TestForEverybody:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [320, 360, 1600])
    def test_axe_finds_nothing_and_all_of_it_fits(self, open_dashboard: Open, width: int, scheme: str) -> None:
        page = open_dashboard(width=width, scheme=scheme)
        for summary in page.locator("summary").all():
            summary.click()
        assert violations(page) == ""
        assert overflow(page) == 0

    @pytest.mark.parametrize(
        "query",
        [
            f"{_YEAR}&lang=en&line=second&channel=email&channel=letter",
            "organisation=leuven&from=2020-11-05&to=2021-03-20",
            "organisation=leuven&from=2019-01-01&to=2021-12-31",
            "organisation=leuven",
            "organisation=leiden&period=2021&lang=en",
        ],
    )
    def test_nor_with_filters_nor_on_other_days_nor_where_nothing_is(
        self, open_dashboard: Open, query: str
    ) -> None:
        page = open_dashboard(query, width=320)
        assert violations(page) == ""
        assert overflow(page) == 0

    def test_bars_are_seen_where_the_reader_chooses_the_colours(self, open_dashboard: Open) -> None:
        page = open_dashboard(forced_colors="active")
        bar = page.locator("#line .fill").first
        assert bar.evaluate("each => getComputedStyle(each).fill") != page.locator("body").evaluate(
            "each => getComputedStyle(each).backgroundColor"
        )

    def test_the_browser_has_nothing_to_complain_about(self, open_dashboard: Open) -> None:
        page = open_dashboard()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Stad Leuven: 2021")
        assert told == []


@pytest.mark.parametrize("scripts", [True, False])
class TestByKeyboard:
    def test_the_first_stops_are_seen_and_in_order(self, open_dashboard: Open, scripts: bool) -> None:
        page = open_dashboard(width=360, java_script_enabled=scripts)
        stops = [
            page.get_by_role("link", name="Naar de cijfers"),
            page.get_by_role("link", name="English"),
            page.get_by_role("link", name="Jaarverslag 2021", exact=True),
            *(page.get_by_role("link", name=f"Jaarverslag 2021 {format_}") for format_ in ("PDF", "XLSX", "CSV")),
            page.get_by_role("link", name="Maandverslagen"),
            page.get_by_label("Organisatie", exact=True),
            page.get_by_label("Periode", exact=True),
            page.get_by_role("button", name="Tonen"),
            page.get_by_text("Andere dagen"),
        ]
        for stop in stops:
            page.keyboard.press("Tab")
            expect(stop).to_be_focused()
            expect(stop).to_be_in_viewport()
            expect(stop).to_have_css("outline-style", "solid")

    def test_a_bar_filters_and_its_chip_takes_that_back(self, open_dashboard: Open, scripts: bool) -> None:
        page = open_dashboard(java_script_enabled=scripts)
        whole = page.locator("#key-contacts data").inner_text()
        bar = page.locator("#line").get_by_role("link", name="Tweedelijn")
        count = bar.locator("data").inner_text()
        bar.focus()
        page.keyboard.press("Enter")
        chip = page.get_by_role("link", name="Lijn: Tweedelijn")
        expect(chip).to_be_visible()
        expect(page.locator("#key-contacts data")).to_have_text(count)
        chip.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#key-contacts data")).to_have_text(whole)

    def test_another_period_keeps_filter_and_language(self, open_dashboard: Open, scripts: bool) -> None:
        page = open_dashboard(f"{_YEAR}&lang=en&line=second", java_script_enabled=scripts)
        page.get_by_label("Period", exact=True).select_option("2021-Q2")
        page.get_by_role("button", name="Show").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("City of Leuven: second quarter of 2021")
        expect(page.get_by_role("link", name="Line: Second line")).to_be_visible()
        expect(page.locator("#trend [aria-current]")).to_have_count(3)

    def test_other_days_can_be_given(self, open_dashboard: Open, scripts: bool) -> None:
        page = open_dashboard(java_script_enabled=scripts)
        page.get_by_text("Andere dagen").click()
        page.get_by_label("Van").fill("2021-02-03")
        page.get_by_label("Tot en met").fill("2021-05-04")
        page.get_by_role("button", name="Tonen").last.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Stad Leuven: 3 februari 2021 tot en met 4 mei 2021"
        )


def test_the_json_beside_a_figure_opens_in_the_browser(open_dashboard: Open) -> None:
    page = open_dashboard()
    count = page.locator("#key-contacts data").get_attribute("value")
    page.locator("#key-contacts").get_by_role("link", name="Cijfers als JSON").click()
    expect(page.locator("body")).to_contain_text(f'"total":{count}')


@pytest.mark.parametrize("selector", ["#directorate a", "#trend a", ".json", "summary", ".links a"])
def test_targets_are_large_enough(open_dashboard: Open, selector: str) -> None:
    page = open_dashboard(width=320)
    for target in page.locator(selector).all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 24
        assert box["width"] >= 24
