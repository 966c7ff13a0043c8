"""The web form over HTTP, with the real broker and database behind it."""

import asyncio
import re

import httpx
import orjson
import pytest

from services.intake.domain.form import TYPED
from shared.access import Role
from shared.errors import InfrastructureError
from tests.integration.intake.whole import Whole, running
from tests.unit.intake.messages import TEXT

ID = "0123456789abcdef" * 2
FORM = {"form_id": ID, "text": TEXT, "name": "Wannes Vercruysse", "language": "nl"}
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
_NUMBER = re.compile(r'class="number-given">([^<]+)<')
_HIDDEN = re.compile(r'name="form_id" value="([0-9a-f]{32})"')


async def hand_in(whole: Whole, organisation: str = "leuven", **changes: str) -> httpx.Response:
    return await whole.http.post(f"/form/{organisation}", data=FORM | changes)


async def number(whole: Whole, answer: httpx.Response) -> str:
    """What stands on the page that the answer leads to."""
    assert answer.status_code == 303, answer.text
    page = await whole.http.get(answer.headers["Location"])
    (found,) = _NUMBER.findall(page.text)
    return str(found)


async def submission(whole: Whole, reference: str) -> dict[str, object]:
    await whole.until(lambda: reference in {each.headers["subject"] for each in whole.events.messages})
    told: dict[str, object] = (await whole.call("GET", f"/contacts/{reference}", Role.HANDLER)).json()[
        "submission"
    ]
    return told


async def registered(whole: Whole, count: int) -> None:
    """Waits until so many contacts are: no test ends with messages in hand."""
    await whole.until(lambda: len({each.headers["id"] for each in whole.events.messages}) == count)


def hidden(answer: httpx.Response) -> str:
    (found,) = _HIDDEN.findall(answer.text)
    return str(found)


async def test_what_a_citizen_sends_is_a_submission(whole: Whole) -> None:
    page = await whole.http.get("/form/leuven")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    answer = await hand_in(whole, form_id=hidden(page), text="Eerste regel\r\nTweede regel")
    assert answer.headers["Location"] == f"/form/leuven?received={hidden(page)}&lang=nl"
    reference = await number(whole, answer)
    told = await submission(whole, reference)
    assert told["submission_id"] == f"form:{hidden(page)}"
    assert (told["channel"], told["text"]) == ("web_form", "Eerste regel\nTweede regel")
    (event,) = whole.events.messages
    assert orjson.loads(event.body)["channel"] == "web_form"
    (asked,) = whole.routing.messages
    assert "Vercruysse" not in asked.body.decode()
    assert whole.rejected.messages == []


async def test_each_page_is_a_new_form_and_keeps_nothing(whole: Whole) -> None:
    pages = [await whole.http.get("/form/leuven") for _ in range(5)]
    assert len(set(map(hidden, pages))) == 5
    for answer in (*pages, await hand_in(whole), await hand_in(whole, text="")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
    for page in pages:
        assert "<script" not in page.text
    await registered(whole, 1)


async def test_the_way_in_is_the_organisations_own_where_it_has_one(whole: Whole) -> None:
    for organisation, way_in in (("antwerpen_politie", "citizen_portal"), ("leiden", None)):
        reference = await number(whole, await hand_in(whole, organisation))
        assert (await submission(whole, reference))["access_channel"] == way_in


async def test_a_form_sent_many_times_at_once_is_one_contact(whole: Whole) -> None:
    answers = await asyncio.gather(*(hand_in(whole) for _ in range(20)))
    assert len({await number(whole, answer) for answer in answers}) == 1
    await registered(whole, 1)
    later = await hand_in(whole)
    assert await number(whole, later) == await number(whole, answers[0])
    assert await whole.runtime.store.contacts.count(None, None) == 1
    assert len({each.headers["id"] for each in whole.events.messages}) == 1
    assert whole.rejected.messages == []


async def test_other_words_under_the_same_id_are_given_back_under_a_new_one(whole: Whole) -> None:
    first = await number(whole, await hand_in(whole))
    other = await hand_in(whole, text="Iets heel anders")
    assert other.status_code == 409
    assert first in other.text
    assert "Iets heel anders</textarea>" in other.text
    assert hidden(other) != ID
    second = await number(whole, await hand_in(whole, form_id=hidden(other), text="Iets heel anders"))
    assert second != first
    await registered(whole, 2)


async def test_while_the_broker_is_away_nothing_is_lost_or_double(
    whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_messages: object) -> None:
        raise InfrastructureError("the broker is away")

    with monkeypatch.context() as patched:
        patched.setattr(whole.runtime.messaging.publisher, "publish_all", away)
        answer = await hand_in(whole)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert f"{TEXT}</textarea>" in answer.text
    assert hidden(answer) == ID
    reference = await number(whole, await hand_in(whole))
    assert (await submission(whole, reference))["text"] == TEXT
    assert await number(whole, await hand_in(whole)) == reference


async def test_what_is_wrong_is_told_and_nothing_is_kept(whole: Whole) -> None:
    wrong = await hand_in(whole, text=" \n", email="geen adres", nature="nonsense")
    assert wrong.status_code == 422
    for told in ("Schrijf uw bericht", "naam@voorbeeld.be", "Kies een van de mogelijkheden"):
        assert told in wrong.text
    assert 'value="geen adres"' in wrong.text
    assert hidden(wrong) == ID
    metrics = whole.runtime.messaging.registry
    refused = metrics.get_sample_value("contactpunt_intake_http_refusals_total", {"code": "missing"})
    assert refused == 1
    assert (await whole.http.get(f"/form/leuven?received={ID}")).status_code == 404
    assert await whole.runtime.store.contacts.count(None, None) == 0


@pytest.mark.parametrize("given", ["", "form-2021-000043", "0" * 31, "0" * 33, "A" * 32])
async def test_nobody_takes_an_id_that_is_not_a_forms(whole: Whole, given: str) -> None:
    answer = await hand_in(whole, form_id=given)
    assert answer.status_code == 422
    assert await number(whole, await hand_in(whole, form_id=hidden(answer)))
    await registered(whole, 1)


async def test_what_was_typed_stays_what_it_is(whole: Whole) -> None:
    nasty = '"><script>alert(1)</script>&amp;{{ 7 * 7 }}'
    answer = await hand_in(whole, **dict.fromkeys(TYPED - {"form_id", "text"}, nasty))
    assert answer.status_code == 422
    assert "<script" not in answer.text
    assert "{{ 7 * 7 }}" in answer.text


async def test_what_is_no_form(whole: Whole) -> None:
    urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
    many = "&".join(f"x{place}=1" for place in range(100)).encode()
    for content, headers, status in (
        (b"{}", {"Content-Type": "application/json"}, 415),
        (b"text=%ff", urlencoded, 400),
        (many, urlencoded, 400),
        (b"text=" + b"x" * 1024 * 1024, urlencoded, 413),
    ):
        answer = await whole.http.post("/form/leuven", content=content, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        page = await whole.http.post("/form/leuven", content=content, headers=headers | {"Accept": BROWSER})
        assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "path", ["/form/gent", f"/form/leuven?received={ID}", "/form/leuven?received=LEU-2021-000001"]
)
async def test_what_is_not_there(whole: Whole, path: str) -> None:
    told = await whole.http.get(path)
    assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")
    page = await whole.http.get(path, headers={"Accept": BROWSER})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_links_from_elsewhere_lead_to_the_form(whole: Whole) -> None:
    for query in ("utm_source=brief", "lang=fr", "lang="):
        page = await whole.http.get(f"/form/leuven?{query}")
        assert (page.status_code, '<html lang="nl">' in page.text) == (200, True)


async def test_in_a_rush_a_form_is_given_back_and_gets_its_number_later(
    broker_url: str, mongo_url: str, mongo_prefix: str
) -> None:
    async with running(broker_url, mongo_url, mongo_prefix, http_in_hand_most=2) as whole:
        answers = await asyncio.gather(*(hand_in(whole, form_id=f"{place:032x}") for place in range(30)))
        turned_away = [answer for answer in answers if answer.status_code != 303]
        assert turned_away
        for answer in turned_away:
            assert answer.status_code == 429
            assert int(answer.headers["Retry-After"]) > 0
            assert f"{TEXT}</textarea>" in answer.text
        # As many as are dealt with at a time get back what they typed; a flood gets no more than the word.
        admission = whole.runtime.admission
        admission.in_hand, admission.forms_given_back = 2, 2
        flooded = await hand_in(whole)
        assert (flooded.status_code, flooded.headers["content-type"]) == (429, "application/problem+json")
        # Who only opens the page is served.
        assert (await whole.http.get("/form/leuven")).status_code == 200
        admission.in_hand, admission.forms_given_back = 0, 0
        numbers = {await number(whole, await hand_in(whole, form_id=f"{place:032x}")) for place in range(30)}
        assert len(numbers) == 30
        await registered(whole, 30)
