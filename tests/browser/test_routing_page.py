"""The page on which a coordinator tries a message, in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from services.routing.text.readers import Readers
from tests.browser.conftest import Open
from tests.browser.routing_standing import PROFILES, TOKEN, readers, routing_standing
from tests.browser.test_work_list import overflow, violations

_NARROW, _WIDE = 320, 1280
HEDGE = """Goedemiddag,

Ik heb nu al drie keer gemaild dat de takken van de haag over het voetpad hangen en ik krijg geen antwoord.
De groendienst moet dringend komen snoeien, mijn moeder kan met haar rollator niet meer passeren."""
VAGUE = "Het is weer zover en het wordt er niet beter op, kunnen jullie daar eens naar kijken als het past?"


@pytest.fixture(scope="module")
def learnt(models_dir: Path) -> Readers:
    return readers(models_dir)


@pytest.fixture(scope="module")
def routing_url(browser: Browser, learnt: Readers) -> Iterator[str]:
    assert browser
    with routing_standing(learnt) as address:
        yield address


@pytest.fixture
def open_routing(browser: Browser, routing_url: str) -> Iterator[Open]:
    expect.set_options(timeout=30_000)
    contexts = []

    def open_(
        query: str = "organisation=leuven", *, width: int = _WIDE, scheme: str = "light", **more: object
    ) -> Page:
        given: dict[str, object] = {
            "base_url": routing_url,
            "viewport": {"width": width, "height": 800},
            "color_scheme": scheme,
            "http_credentials": {"username": "coordinator", "password": TOKEN},
        }
        context = browser.new_context(**(given | more))  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"/routing?{query}")
        return page

    yield open_
    for context in contexts:
        context.close()


def _try(page: Page, text: str, button: str = "Beslissing tonen") -> Page:
    page.get_by_label("Tekst" if button == "Beslissing tonen" else "Text", exact=True).fill(text)
    page.get_by_role("button", name=button).click()
    return page


def _of(page: Page, name: str) -> str:
    """What the decision says of one question."""
    return page.locator("dt", has_text=name).first.locator("xpath=following-sibling::dd[1]").inner_text()


class TestLogin:
    @pytest.mark.parametrize("given", [None, {"username": "coordinator", "password": "wrong"}])
    def test_nobody_comes_in_without_a_token(
        self, browser: Browser, routing_url: str, given: dict[str, str] | None
    ) -> None:
        context = browser.new_context(http_credentials=given)  # type: ignore[arg-type]
        answer = context.request.get(f"{routing_url}/routing")
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith('Basic realm="Contactpunt"')
        context.close()


class TestForEverybody:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [_NARROW, _WIDE])
    @pytest.mark.parametrize("text", [None, HEDGE, VAGUE, ""])
    def test_axe_finds_nothing_and_all_of_it_fits(
        self, open_routing: Open, width: int, scheme: str, text: str | None
    ) -> None:
        page = open_routing(width=width, scheme=scheme)
        if text is not None:
            _try(page, text)
        assert violations(page) == ""
        assert overflow(page) == 0

    @pytest.mark.parametrize("organisation", sorted(PROFILES))
    def test_every_organisation_in_both_languages(self, open_routing: Open, organisation: str) -> None:
        for language, button in (("nl", "Beslissing tonen"), ("en", "Show the decision")):
            page = open_routing(f"organisation={organisation}&lang={language}", width=_NARROW)
            _try(page, HEDGE, button)
            expect(page.locator("html")).to_have_attribute("lang", language)
            assert (violations(page), overflow(page)) == ("", 0)

    def test_the_browser_has_nothing_to_complain_about(self, open_routing: Open) -> None:
        page = open_routing()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        _try(page, HEDGE)
        expect(page.get_by_role("heading", name="De beslissing")).to_be_visible()
        assert told == []


@pytest.mark.parametrize("scripts", [True, False])
class TestByKeyboard:
    def test_a_message_is_typed_and_decided(self, open_routing: Open, scripts: bool) -> None:
        page = open_routing(width=_NARROW, java_script_enabled=scripts)
        page.get_by_label("Onderwerp").focus()
        page.keyboard.type("Haag")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Tekst", exact=True)).to_be_focused()
        page.keyboard.insert_text(HEDGE)
        for label in ("Kanaal", "Aard", "Dienst", "Eerder bij de dienst geweest"):
            page.keyboard.press("Tab")
            expect(page.get_by_label(label, exact=True)).to_be_focused()
            expect(page.get_by_label(label, exact=True)).to_have_css("outline-style", "solid")
        page.get_by_role("button", name="Beslissing tonen").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="De beslissing")).to_be_visible()

    def test_the_message_is_one_key_away(self, open_routing: Open, scripts: bool) -> None:
        page = open_routing(java_script_enabled=scripts)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Naar het bericht")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Onderwerp")).to_be_focused()


class TestWhatItTells:
    def test_a_decision_in_plain_words_with_its_reasons(self, open_routing: Open) -> None:
        page = _try(open_routing(), HEDGE)
        assert _of(page, "Aard") == "Klacht"
        assert _of(page, "Lijn") == "Tweede lijn: na de dienst"
        assert _of(page, "Wie het behandelt") == "De ombudsdienst"
        assert _of(page, "Directie") == "Openbaar domein"
        assert "text_tells_earlier_contact" in page.locator("ol code").all_inner_texts()
        assert "Op grond van: aard: Klacht; woorden: " in page.locator("ol").inner_text()
        weighed = {each.lower() for each in page.locator("mark").all_inner_texts()}
        assert weighed & {"haag", "takken", "snoeien", "groendienst"}
        assert page.locator(".text").inner_text() == HEDGE
        assert _of(page, "Profiel").startswith("2021-10-01/r")

    def test_what_was_typed_stays(self, open_routing: Open) -> None:
        page = open_routing()
        page.get_by_label("Onderwerp").fill("Haag & <b>tak</b>")
        page.get_by_label("Aard").select_option("report")
        page.get_by_label("Anoniem").check()
        _try(page, HEDGE)
        expect(page.get_by_label("Onderwerp")).to_have_value("Haag & <b>tak</b>")
        expect(page.get_by_label("Aard")).to_have_value("report")
        expect(page.get_by_label("Anoniem")).to_be_checked()
        expect(page.get_by_label("Tekst", exact=True)).to_have_value(HEDGE)

    def test_what_is_unclear_is_for_a_person_with_ranked_guesses(self, open_routing: Open) -> None:
        page = _try(open_routing(), VAGUE)
        expect(page.get_by_text("Een medewerker kijkt dit na")).to_be_visible()
        rows = page.get_by_role("table", name="Wat het kan zijn").locator("tbody tr").all()
        told = [(row.locator("td").first.inner_text(), row.locator("td.number").inner_text()) for row in rows]
        assert {question for question, _ in told} >= {"Directie"}
        for asked in {question for question, _ in told}:
            shares = [int(share.removesuffix(" %")) for question, share in told if question == asked]
            assert shares == sorted(shares, reverse=True)

    def test_another_body_is_named_with_how_it_is_reached(self, open_routing: Open) -> None:
        lamp = "De straatlamp van Fluvius voor mijn deur is al een week stuk, de straatverlichting brandt niet."
        page = _try(open_routing(), lamp)
        assert _of(page, "Doorverwijzen naar") == "Fluvius"
        assert _of(page, "Te bereiken via") == "Geen contactgegevens in het profiel"

    def test_the_day_of_receipt_picks_the_rules(self, open_routing: Open) -> None:
        for day, who in (("2021-09-30", "De dienst"), ("2021-10-01", "De klachtencoördinatie")):
            page = open_routing()
            page.get_by_label("Aard").select_option("complaint")
            page.get_by_label("Dienst", exact=True).select_option("groen")
            page.get_by_label("Ontvangen op").fill(day)
            _try(page, "De haag is te hoog.")
            assert _of(page, "Wie het behandelt") == who

    def test_a_repeated_report_in_antwerp(self, open_routing: Open) -> None:
        page = open_routing("organisation=antwerpen_stad")
        page.get_by_label("Aard").select_option("report")
        page.get_by_label("Dienst", exact=True).select_option("sb_ophaaldiensten")
        page.get_by_label("Kwam hier al eerder mee").check()
        _try(page, "De zetel ligt er nog.")
        assert _of(page, "Aard") == "Eerstelijnsklacht"
        assert page.locator("mark").all_inner_texts() == ["ligt", "er", "nog"]


class TestWhatIsWrong:
    @pytest.mark.parametrize("scripts", [True, False])
    def test_each_field_says_what_would_be_right_and_nothing_is_lost(
        self, open_routing: Open, scripts: bool
    ) -> None:
        page = open_routing(java_script_enabled=scripts)
        page.get_by_label("Onderwerp").fill("y" * 201)
        _try(page, "x" * 20_001)
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("Te lang: hoogstens 20000 tekens.")
        expect(alert).to_contain_text("Te lang: hoogstens 200 tekens.")
        expect(page.get_by_label("Tekst", exact=True)).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Tekst", exact=True)).to_have_value("x" * 20_001)
        alert.get_by_role("link", name="Tekst").click()
        expect(page.get_by_label("Tekst", exact=True)).to_be_focused()

    def test_an_empty_message(self, open_routing: Open) -> None:
        page = _try(open_routing(), "")
        expect(page.locator("#text-error")).to_have_text("Vul dit in.")
        expect(page).to_have_title("Verbeter eerst dit: Proefbericht: wie krijgt het? - Stad Leuven")
