"""The web form in a browser, as citizens use it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.backends import Broker, own_databases
from tests.browser.conftest import Open
from tests.browser.form_standing import PROFILES, Standing, form_standing
from tests.browser.test_work_list import overflow, violations

_NARROW, _WIDE = 320, 1280
TEXT = "De glasbol in de Tiensestraat zit al een week vol.\nEr staan flessen naast."
REFERENCE = re.compile(r"^LEU-2026-\d{6}$")
A_DATE = "geef dag, maand en een jaar van vier cijfers, zoals 27 3 2026"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False])


@pytest.fixture(scope="module")
def intake(browser: Browser, broker: Broker, mongo_url: str) -> Iterator[Standing]:
    assert browser
    with (
        broker.clean() as url,
        own_databases(mongo_url) as prefix,
        form_standing(url, mongo_url, prefix) as stands,
    ):
        yield stands


@pytest.fixture
def open_form(browser: Browser, intake: Standing) -> Iterator[Open]:
    expect.set_options(timeout=30_000)
    contexts = []

    def open_(path: str = "/form/leuven", *, width: int = _WIDE, scheme: str = "light", **more: object) -> Page:
        given: dict[str, object] = {
            "base_url": intake.url,
            "viewport": {"width": width, "height": 800},
            "color_scheme": scheme,
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


@pytest.fixture
def rush(intake: Standing) -> Iterator[None]:
    """As many are in hand as can be dealt with."""
    intake.runtime.admission.in_hand += 10_000
    yield
    intake.runtime.admission.in_hand -= 10_000


def send(page: Page, button: str = "Versturen") -> Page:
    page.get_by_role("button", name=button, exact=True).click()
    return page


def message(page: Page) -> Locator:
    return page.locator("#text")


def number(page: Page) -> str:
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw bericht is ontvangen")
    return page.locator(".number-given").inner_text()


def wrong(page: Page) -> Page:
    """Everything that can be wrong at once."""
    message(page).fill("x" * 20_001)
    page.get_by_label("Onderwerp (niet verplicht)").fill("y" * 201)
    page.get_by_role("group", name="Wanneer gebeurde het?").get_by_label("Dag").fill("31")
    page.get_by_role("group", name="Wanneer gebeurde het?").get_by_label("Maand").fill("2")
    page.get_by_role("group", name="Wanneer gebeurde het?").get_by_label("Jaar").fill("2026")
    page.get_by_label("Ja, maar ik kreeg geen antwoord").check()
    page.get_by_label("E-mailadres").fill("jan bij voorbeeld")
    page.get_by_label("Telefoonnummer").fill("0" * 51)
    return send(page)


class TestForEverybody:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [_NARROW, _WIDE])
    def test_axe_finds_nothing_and_all_of_it_fits(self, open_form: Open, width: int, scheme: str) -> None:
        page = open_form(width=width, scheme=scheme)
        assert (violations(page), overflow(page)) == ("", 0)
        wrong(page)
        assert (violations(page), overflow(page)) == ("", 0)
        page.goto("/form/leuven")
        message(page).fill(TEXT)
        send(page)
        assert REFERENCE.match(number(page))
        assert (violations(page), overflow(page)) == ("", 0)

    @pytest.mark.parametrize("organisation", sorted(PROFILES))
    def test_every_organisation_in_both_languages(self, open_form: Open, organisation: str) -> None:
        for language, button in (("nl", "Versturen"), ("en", "Send")):
            page = open_form(f"/form/{organisation}?lang={language}", width=_NARROW)
            expect(page.locator("html")).to_have_attribute("lang", language)
            assert (violations(page), overflow(page)) == ("", 0)
            message(page).fill(TEXT)
            send(page, button)
            expect(page.locator("html")).to_have_attribute("lang", language)
            expect(page.locator(".number-given")).to_contain_text(PROFILES[organisation].reference_prefix)
            assert (violations(page), overflow(page)) == ("", 0)

    def test_text_twice_as_large_fits_a_phone(self, open_form: Open) -> None:
        page = open_form(width=_NARROW)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow(page) == 0

    def test_what_is_to_be_hit_is_large_enough(self, open_form: Open) -> None:
        page = open_form(width=_NARROW)
        for each in page.locator("input:not([type=hidden]), select, textarea, button").all():
            if each.is_visible():
                box = each.bounding_box()
                assert box is not None
                assert min(box["width"], box["height"]) >= 24

    def test_the_browser_has_nothing_to_complain_about(self, open_form: Open) -> None:
        page = open_form()
        told: list[str] = []
        page.on("console", lambda said: told.append(said.text))
        page.reload()
        message(page).fill(TEXT)
        send(page)
        number(page)
        assert told == []
        assert page.context.cookies() == []

    def test_the_language_changes(self, open_form: Open) -> None:
        page = open_form()
        page.get_by_role("link", name="English").click()
        expect(page).to_have_title("Message to City of Leuven")
        expect(page.get_by_label("Language of your message")).to_have_value("en")
        page.get_by_role("link", name="Nederlands").click()
        expect(page).to_have_title("Bericht aan Stad Leuven")


@SCRIPTS
class TestByKeyboard:
    def test_the_form_is_one_key_away_and_every_stop_is_seen(self, open_form: Open, scripts: bool) -> None:
        page = open_form(width=_NARROW, java_script_enabled=scripts)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Naar het formulier")).to_be_focused()
        page.keyboard.press("Enter")
        facts, came = (
            page.get_by_role("group", name=name) for name in ("Wanneer gebeurde het?", "Wanneer was dat?")
        )
        # A group of radio buttons is one stop, at the one that is chosen; what does not apply is none.
        stops = [
            message(page),
            page.get_by_label("Onderwerp (niet verplicht)"),
            page.get_by_label("Iets anders, of dat weet ik niet"),
            page.get_by_label("Onderwerp uit onze lijst"),
            *(facts.get_by_label(part) for part in ("Dag", "Maand", "Jaar")),
            page.get_by_label("Hierover loopt een zaak bij de rechtbank"),
            page.get_by_label("Taal van uw bericht"),
            page.get_by_label("Nee, of dat weet ik niet"),
            page.get_by_label("Iedereen die mijn bericht behandelt"),
            page.get_by_label("Naam"),
            page.get_by_label("E-mailadres"),
            page.get_by_label("Telefoonnummer"),
            page.get_by_label("Straat en nummer"),
            page.locator("#postal_code"),
            page.locator("#municipality"),
            page.get_by_label("Deelgemeente of district"),
            page.get_by_role("button", name="Versturen"),
        ]
        for stop in stops:
            page.keyboard.press("Tab")
            expect(stop).to_be_focused()
            expect(stop).to_be_in_viewport()
            expect(stop).to_have_css("outline-style", "solid")
        expect(came).to_be_hidden()

    def test_a_message_is_typed_and_sent(self, open_form: Open, intake: Standing, scripts: bool) -> None:
        page = open_form(java_script_enabled=scripts)
        message(page).focus()
        page.keyboard.insert_text(TEXT)
        page.keyboard.press("Tab")
        page.keyboard.type("Glasbol")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_label("Iets melden waaraan iemand iets moet doen")).to_be_checked()
        page.get_by_role("button", name="Versturen").focus()
        page.keyboard.press("Enter")
        told = intake.file(number(page))["submission"]
        assert (told["text"], told["subject"], told["nature"]) == (TEXT, "Glasbol", "report")


class TestWhatIsSent:
    def test_all_of_it_arrives(self, open_form: Open, intake: Standing) -> None:
        page = open_form()
        message(page).fill(TEXT)
        page.get_by_label("Onderwerp (niet verplicht)").fill("Glasbol & <b>flessen</b>")
        page.get_by_label("Een klacht indienen").check()
        page.get_by_label("Onderwerp uit onze lijst").select_option("sewers_waste_green")
        for part, value in (("Dag", "5"), ("Maand", "11"), ("Jaar", "2026")):
            page.get_by_role("group", name="Wanneer gebeurde het?").get_by_label(part).fill(value)
        page.get_by_label("Hierover loopt een zaak").check()
        page.get_by_label("Taal van uw bericht").select_option("fr")
        page.get_by_label("Ja, maar ik ben niet tevreden").check()
        for part, value in (("Dag", "09"), ("Maand", "11"), ("Jaar", "2026")):
            page.get_by_role("group", name="Wanneer was dat?").get_by_label(part).fill(value)
        page.get_by_label("Nummer van dat contact").fill("LEU-2026-999999")
        page.get_by_label("Alleen het contactpunt").check()
        page.get_by_label("Naam").fill("Jan Voorbeeld")
        page.get_by_label("E-mailadres").fill(" jan@example.org ")
        page.get_by_label("Telefoonnummer").fill("016 00 00 00 na zes")
        page.get_by_label("Straat en nummer").fill("Naamsestraat 1")
        page.locator("#postal_code").fill("3000")
        page.locator("#municipality").fill("Leuven")
        page.get_by_label("Deelgemeente of district").select_option("Heverlee")
        told = intake.file(number(send(page)))["submission"]
        assert told["submission_id"].startswith("form:")
        given = {name: value for name, value in told.items() if value is not None}
        given.pop("submission_id")
        assert given.pop("received_at").startswith("2026-11-22T12:00:00")
        assert given == {
            "organisation": "leuven",
            "channel": "web_form",
            "nature": "complaint",
            "subject": "Glasbol & <b>flessen</b>",
            "text": TEXT,
            "language": "fr",
            "citizen": {
                "name": "Jan Voorbeeld",
                "email": "jan@example.org",
                "phone": "016 00 00 00 na zes",
                "address": {
                    "street": "Naamsestraat 1",
                    "postal_code": "3000",
                    "municipality": "Leuven",
                    "district": "heverlee",
                    "country": None,
                },
            },
            "anonymous_towards_service": True,
            "about": {
                "directorate": None,
                "service": None,
                "external_body": None,
                "topic": "sewers_waste_green",
                "subtopic": None,
                "other_directorates": None,
            },
            "facts_on": "2026-11-05",
            "earlier_contact": {"on": "2026-11-09", "result": "dissatisfied", "reference": "LEU-2026-999999"},
            "legal_proceedings": True,
            "historical": False,
        }

    @SCRIPTS
    def test_who_stays_anonymous_gives_nothing(self, open_form: Open, intake: Standing, scripts: bool) -> None:
        page = open_form(java_script_enabled=scripts)
        message(page).fill(TEXT)
        page.get_by_label("Naam").fill("Jan Voorbeeld")
        page.get_by_label("Niemand: ik blijf anoniem").check()
        expect(page.get_by_label("Naam")).to_be_hidden()
        assert intake.file(number(send(page)))["submission"]["citizen"] is None

    def test_the_page_with_the_number_says_what_happens_next_and_nothing_else(self, open_form: Open) -> None:
        page = open_form()
        message(page).fill(TEXT)
        page.get_by_label("Naam").fill("Jan Voorbeeld")
        page.get_by_label("E-mailadres").fill("jan@example.org")
        reference = number(send(page))
        shown = page.locator("main").inner_text()
        assert "een ontvangstmelding binnen 10 dagen, een antwoord binnen 45 dagen" in shown
        for private in ("Jan", "jan@", "glasbol", "22 november"):
            assert private not in shown + page.url
        assert reference not in page.url
        page.get_by_role("link", name="English").click()
        expect(page.locator(".number-given")).to_have_text(reference)
        page.get_by_role("link", name="Send another message").click()
        expect(page.locator("#text")).to_have_value("")


class TestSentTwice:
    def test_a_double_click_is_one_message(self, open_form: Open, intake: Standing) -> None:
        page = open_form()
        message(page).fill(TEXT)
        page.get_by_role("button", name="Versturen").dblclick()
        first = number(page)
        intake.file(first)
        page.reload()
        assert number(page) == first

    def test_the_same_form_again_gets_the_same_number(self, open_form: Open, intake: Standing) -> None:
        page = open_form()
        message(page).fill(TEXT)
        typed: dict[str, str | float | bool] = {
            "form_id": page.locator("[name=form_id]").input_value(),
            "text": TEXT,
            "language": "nl",
        }
        first = number(send(page))
        intake.clock.now += timedelta(minutes=7)
        again = page.context.request.post("/form/leuven", form=typed)
        assert (again.status, first in again.text()) == (200, True)
        changed = page.context.request.post("/form/leuven", form=typed | {"text": "Iets anders."})
        assert changed.status == 409
        page.set_content(changed.text())
        expect(page.get_by_role("alert")).to_contain_text(first)
        expect(message(page)).to_have_value("Iets anders.")
        assert page.locator("[name=form_id]").input_value() != typed["form_id"]
        assert violations(page) == ""


class TestWhatIsWrong:
    @SCRIPTS
    def test_each_field_says_what_would_be_right_and_nothing_is_lost(self, open_form: Open, scripts: bool) -> None:
        page = wrong(open_form(java_script_enabled=scripts))
        expect(page).to_have_title("Fout: Bericht aan Stad Leuven")
        summary = page.get_by_role("alert")
        expect(summary).to_be_focused()
        expect(summary.get_by_role("link")).to_have_text(
            [
                "Uw bericht: dit zijn 20.001 tekens; maak het korter, tot hoogstens 20.000",
                "Onderwerp: dit zijn 201 tekens; maak het korter, tot hoogstens 200",
                f"De dag waarop het gebeurde bestaat niet; {A_DATE}",
                "Vul in wanneer u contact had met de dienst: dag, maand en jaar; ongeveer mag ook",
                "Geef een e-mailadres zoals naam@voorbeeld.be, of laat het open",
                "Telefoonnummer: dit zijn 51 tekens; maak het korter, tot hoogstens 50",
            ]
        )
        expect(message(page)).to_have_value("x" * 20_001)
        expect(page.get_by_label("E-mailadres")).to_have_value("jan bij voorbeeld")
        expect(page.get_by_label("Ja, maar ik kreeg geen antwoord")).to_be_checked()
        facts = page.get_by_role("group", name="Wanneer gebeurde het?")
        expect(facts.get_by_label("Dag")).to_have_value("31")
        expect(facts.get_by_label("Dag")).to_have_attribute("aria-invalid", "true")
        for name in ("text", "email"):
            described = page.locator(f"#{name}").get_attribute("aria-describedby")
            assert described == f"{name}-hint {name}-error"
        for place, field in ((4, "#email"), (2, "#facts_on"), (3, "#earlier_on")):
            summary.get_by_role("link").nth(place).click()
            expect(page.locator(field)).to_be_focused()

    def test_an_empty_form(self, open_form: Open) -> None:
        page = send(open_form())
        expect(page.locator("#text-error")).to_have_text("Fout: Schrijf uw bericht")
        message(page).fill(TEXT)
        assert REFERENCE.match(number(send(page)))

    def test_in_english(self, open_form: Open) -> None:
        page = send(open_form("/form/leuven?lang=en"), "Send")
        expect(page.get_by_role("alert")).to_contain_text("Write your message")
        expect(page).to_have_title("Error: Message to City of Leuven")

    @pytest.mark.parametrize("path", ["/form/gent?lang=nl", f"/form/leuven?lang=nl&received={'0' * 32}"])
    def test_what_is_not_there_is_said_in_a_page(self, open_form: Open, path: str) -> None:
        page = open_form(path, width=_NARROW)
        expect(page.get_by_role("heading", level=1)).to_have_text("Niet gevonden")
        assert (violations(page), overflow(page)) == ("", 0)


@SCRIPTS
@pytest.mark.usefixtures("rush")
def test_in_a_rush_nothing_that_was_typed_is_lost(open_form: Open, intake: Standing, scripts: bool) -> None:
    page = open_form(width=_NARROW, java_script_enabled=scripts)
    message(page).fill(TEXT)
    page.get_by_label("Naam").fill("Jan Voorbeeld")
    with page.expect_response("**/form/leuven*") as answered:
        send(page)
    assert answered.value.status == 429
    seconds = answered.value.headers["retry-after"]
    expect(page.get_by_role("alert")).to_contain_text(f"Wacht {seconds} seconden")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(message(page)).to_have_value(TEXT)
    expect(page.get_by_label("Naam")).to_have_value("Jan Voorbeeld")
    if scripts:
        assert (violations(page), overflow(page)) == ("", 0)
    intake.runtime.admission.in_hand -= 10_000
    try:
        assert REFERENCE.match(number(send(page)))
    finally:
        intake.runtime.admission.in_hand += 10_000
