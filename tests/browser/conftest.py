"""One service and one browser for all tests in a browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.backends import Broker, own_databases
from tests.browser.chromium import FLAGS, ensure_installed
from tests.browser.standing import PATIENCE, TOKEN, standing

Open = Callable[..., Page]


@pytest.fixture(scope="package")
def service_url(broker: Broker, mongo_url: str) -> Iterator[str]:
    with broker.clean() as url, own_databases(mongo_url) as prefix, standing(url, mongo_url, prefix) as address:
        yield address


@pytest.fixture(scope="package")
def browser(service_url: str) -> Iterator[Browser]:
    # After the service, and gone before other tests: while it runs, this thread counts as having an event loop.
    assert service_url
    path = ensure_installed(print)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), timeout=PATIENCE * 1000)
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture
def open_page(browser: Browser, service_url: str) -> Iterator[Open]:
    """Opens a page as somebody who is logged in, by default a Dutch one on a desk."""
    expect.set_options(timeout=30_000)
    contexts = []

    def open_(query: str = "", *, width: int = 1280, scheme: str = "light", **more: object) -> Page:
        given: dict[str, object] = {
            "base_url": service_url,
            "viewport": {"width": width, "height": 800},
            "color_scheme": scheme,
            "http_credentials": {"username": "coordinator", "password": TOKEN},
        }
        context = browser.new_context(**(given | more))  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"/worklist?{query or 'organisation=leuven'}")
        return page

    yield open_
    for context in contexts:
        context.close()
