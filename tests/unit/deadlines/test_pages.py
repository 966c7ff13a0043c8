"""The page and the feed: who may see them, and what a browser and a calendar program make of them."""

import base64
import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import date
from html.parser import HTMLParser

import httpx
import pytest
import vobject
from prometheus_client import CollectorRegistry

from services.deadlines.calendar_feed import calendar_feed
from services.deadlines.domain.timeline import Timeline, follow
from services.deadlines.main import app_for
from services.deadlines.page import MOST_LINES, end_of_week
from services.deadlines.store import Stored
from services.deadlines.work_list import Filter, Line, Place
from shared.access import Role, TokenHash, Tokens
from shared.contracts.identifiers import DeadlineKind, DeadlineState
from shared.profiles import Profiles
from tests.unit.deadlines.courses import LEUVEN, REFERENCE, happened, local, routed

_NOW = local("2026-02-11 09:00")
_TODAY = date(2026, 2, 11)


def line(due_on: date, number: int = 1, **more: object) -> Line:
    given: dict[str, object] = {
        "place": Place(local(f"{due_on} 23:00"), f"LEU-2026-{number:06}", DeadlineKind.ANSWER, 1),
        "organisation": "leuven",
        "directorate": "openbaar_domein",
        "service": "groen",
        "due_on": due_on,
        "state": DeadlineState.OPEN,
        "policy": "answer/1995-11-13",
        "silent": False,
    }
    return Line(**(given | more))  # type: ignore[arg-type]


def handed_over() -> Timeline:
    """A complaint that came to waste disposal on 1 February, and was reopened after an answer."""
    received = local("2026-01-08 10:00")
    events = [
        routed(received),
        happened("acknowledged", local("2026-01-09 10:00")),
        happened(
            "transferred",
            local("2026-02-01 10:00"),
            directorate="openbaar_domein",
            service="afvalbeheer",
            decided=["directorate", "service"],
        ),
        happened("answered", local("2026-02-02 10:00")),
        happened("reopened", local("2026-02-03 10:00")),
    ]
    return follow(None, REFERENCE, events, LEUVEN, _NOW)[0]


class _Stand:
    def __init__(self) -> None:
        self.asked: list[Filter] = []
        self.lines: list[Line] = [line(date(2026, 2, 9), 1), line(_TODAY, 2), line(date(2026, 2, 15), 3)]

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def missing(self) -> list[str]:
        return []

    async def read(self, references: Sequence[str]) -> dict[str, Stored]:
        return {each: Stored(handed_over(), 1) for each in references if each == REFERENCE}

    async def work_list(self, wanted: Filter, most: int) -> list[Line]:
        self.asked.append(wanted)
        return [each for each in self.lines if each.state in wanted.states][:most]


@pytest.fixture
def stand() -> _Stand:
    return _Stand()


@pytest.fixture
async def client(stand: _Stand) -> AsyncIterator[httpx.AsyncClient]:
    hashes = (TokenHash(role=role, name=role, sha256=hashlib.sha256(role.encode()).hexdigest()) for role in Role)
    profiles = Profiles({"leuven": LEUVEN})
    app = app_for(
        stand,
        stand,
        profiles,
        tokens=Tokens(tokens=tuple(hashes)),
        registry=CollectorRegistry(),
        clock=lambda: _NOW,
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://deadlines") as client:
        yield client


def basic(token: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"coordinator:{token}".encode()).decode()}


class TestEntrance:
    @pytest.mark.parametrize("path", ["/worklist", "/deadlines.ics"])
    async def test_a_browser_is_asked_for_a_password(self, client: httpx.AsyncClient, path: str) -> None:
        for headers in ({}, basic("wrong"), {"Authorization": "Basic ???"}, {"Authorization": "Digest x"}):
            answer = await client.get(path, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == 'Basic realm="Contactpunt", charset="UTF-8"'

    @pytest.mark.parametrize("path", ["/worklist", "/deadlines.ics"])
    @pytest.mark.parametrize(("role", "status"), [("handler", 200), ("admin", 200), ("adapter", 403)])
    async def test_the_token_is_the_password(
        self, client: httpx.AsyncClient, path: str, role: str, status: int
    ) -> None:
        assert (await client.get(path, headers=basic(role))).status_code == status
        bearer = {"Authorization": f"Bearer {role}"}
        assert (await client.get(path, headers=bearer)).status_code == status

    async def test_only_the_feed_takes_the_token_from_the_address(self, client: httpx.AsyncClient) -> None:
        assert (await client.get("/deadlines.ics?token=handler")).status_code == 200
        assert (await client.get("/deadlines.ics?token=adapter")).status_code == 403
        assert (await client.get("/worklist?token=handler")).status_code == 401
        assert (await client.get("/deadlines?token=handler")).status_code == 401


class TestFeed:
    async def test_it_opens_in_another_library(self, client: httpx.AsyncClient, stand: _Stand) -> None:
        stand.lines.append(line(date(2026, 2, 1), 4, state=DeadlineState.MET))
        answer = await client.get("/deadlines.ics?token=handler&organisation=leuven&directorate=openbaar_domein")
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        calendar = vobject.readOne(answer.text)
        assert calendar.validate()
        assert calendar.x_wr_calname.value == "Termijnen Stad Leuven, Openbaar domein"
        assert calendar.method.value == "PUBLISH"
        assert calendar.contents["x-published-ttl"][0].value == "PT1H"
        assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in answer.text
        events = calendar.vevent_list
        assert [each.dtstart.value for each in events] == [date(2026, 2, day) for day in (9, 11, 15, 1)]
        assert [each.dtend.value for each in events] == [date(2026, 2, day) for day in (10, 12, 16, 2)]
        assert [each.status.value for each in events] == ["CONFIRMED"] * 3 + ["CANCELLED"]
        assert len({each.uid.value for each in events}) == 4
        assert events[0].summary.value == "Antwoord LEU-2026-000001 (lopend)"
        assert events[0].description.value.splitlines() == [
            "Dossier: LEU-2026-000001",
            "Directie: Openbaar domein",
            "Dienst: Dienst groenaanleg en -onderhoud",
            "Stand: lopend",
        ]
        assert stand.asked[0].directorate == "openbaar_domein"

    def test_lines_are_folded_and_ended_as_the_format_wants(self) -> None:
        told = calendar_feed([line(_TODAY)], {"leuven": LEUVEN}, "Één; twee, drie" * 10, "Europe/Brussels", _NOW)
        assert all(len(each) <= 75 for each in told.split(b"\r\n"))
        assert b"\n" not in told.replace(b"\r\n", b"")
        assert vobject.readOne(told.decode()).x_wr_calname.value == "Termijnen " + "Één; twee, drie" * 10

    def test_the_same_list_has_the_same_ids(self) -> None:
        first, second = (
            vobject.readOne(calendar_feed([line(_TODAY)], {}, "Leuven", None, now).decode())
            for now in (_NOW, local("2026-02-12 09:00"))
        )
        assert first.vevent.uid.value == second.vevent.uid.value
        assert first.uid.value == second.uid.value

    async def test_an_empty_list_is_a_calendar_too(self, client: httpx.AsyncClient, stand: _Stand) -> None:
        stand.lines = []
        answer = await client.get("/deadlines.ics?token=handler&organisation=&directorate=")
        assert answer.status_code == 200
        assert "BEGIN:VCALENDAR" in answer.text
        assert "VEVENT" not in answer.text


class _Outline(HTMLParser):
    """What a screen reader would go by."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.labels: set[str] = set()
        self.fields: set[str] = set()
        self.links: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if tag == "html":
            self.language = given["lang"] or ""
        if tag == "a":
            self.links.append(given["href"] or "")
        if tag == "label":
            self.labels.add(given["for"] or "")
        if tag == "select":
            self.fields.add(given["id"] or "")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def outline(document: str) -> _Outline:
    found = _Outline()
    found.feed(document)
    return found


class TestPage:
    async def test_overdue_today_and_this_week(self, client: httpx.AsyncClient, stand: _Stand) -> None:
        answer = await client.get("/worklist", headers=basic("handler"))
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        found = outline(answer.text)
        assert found.language == "nl"
        assert found.fields == found.labels == {"organisation", "directorate"}
        assert found.tags.count("h1") == 1
        assert found.tags.count("h2") == 1
        assert "script" not in found.tags
        for text in ("Over tijd (1)", "Vandaag (1)", "Later deze week (1)", "2 dagen te laat", "nog 4 dagen"):
            assert text in found.texts
        assert stand.asked[0].organisation == "leuven"
        # Sunday's deadlines are late from Monday's first moment on.
        assert stand.asked[0].before is not None
        assert stand.asked[0].before > local("2026-02-16 00:00")

    async def test_in_english(self, client: httpx.AsyncClient) -> None:
        found = outline((await client.get("/worklist?lang=en", headers=basic("handler"))).text)
        assert found.language == "en"
        assert "Overdue (1)" in found.texts
        assert "Public space" in found.texts

    async def test_nothing_to_do_is_said(self, client: httpx.AsyncClient, stand: _Stand) -> None:
        stand.lines = []
        found = outline((await client.get("/worklist?directorate=sport", headers=basic("handler"))).text)
        assert "Er is niets over tijd en deze week loopt niets af." in found.texts
        assert "table" not in found.tags

    async def test_what_was_asked_for_cannot_become_markup(self, client: httpx.AsyncClient) -> None:
        answer = await client.get('/worklist?directorate="><script>', headers=basic("handler"))
        assert "script" not in outline(answer.text).tags

    @pytest.mark.parametrize("path", ["/worklist?organisation=atlantis", "/worklist?lang=fr"])
    async def test_what_is_not_there_is_told(self, client: httpx.AsyncClient, path: str) -> None:
        answer = await client.get(path, headers=basic("handler"))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["message"]

    async def test_a_longer_list_goes_on_on_the_next_page(self, client: httpx.AsyncClient, stand: _Stand) -> None:
        stand.lines = [line(_TODAY, number) for number in range(MOST_LINES + 1)]
        first = await client.get("/worklist?directorate=openbaar_domein&lang=en", headers=basic("handler"))
        found = outline(first.text)
        assert any(text.startswith("There is more") for text in found.texts)
        assert "Numbers on this page, by directorate" in found.texts
        address, again = [each for each in found.links if "after=" in each]
        assert address == again
        second = await client.get(address, headers=basic("handler"))
        assert stand.asked[-1].after == stand.lines[MOST_LINES - 1].place
        assert stand.asked[-1].directorate == "openbaar_domein"
        back = "/worklist?organisation=leuven&directorate=openbaar_domein&lang=en"
        assert back in outline(second.text).links
        assert "Back to the first page" in outline(second.text).texts

    async def test_what_has_no_directorate_yet_can_be_chosen(
        self, client: httpx.AsyncClient, stand: _Stand
    ) -> None:
        stand.lines = [line(_TODAY, directorate=None, service=None)]
        answer = await client.get("/worklist?directorate=none", headers=basic("handler"))
        assert stand.asked[0].directorate == "none"
        assert "Nog niet toegewezen - Werklijst termijnen - Stad Leuven" in outline(answer.text).texts
        assert '<option value="none" selected>Nog niet toegewezen</option>' in answer.text
        assert "directorate=none" in next(each for each in outline(answer.text).links if ".ics" in each)

    async def test_who_cancels_the_password_reads_why(self, client: httpx.AsyncClient) -> None:
        answer = await client.get("/worklist", headers={"Accept": "text/html,*/*;q=0.8"})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic")
        assert "Hiervoor is een wachtwoord nodig" in outline(answer.text).texts


class TestContact:
    async def test_whose_it_is_since_when_and_how_its_dates_came_about(self, client: httpx.AsyncClient) -> None:
        listed = outline((await client.get("/worklist", headers=basic("handler"))).text)
        address = f"/worklist/{REFERENCE}?lang=nl"
        assert address in listed.links
        answer = await client.get(address, headers=basic("handler"))
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        found = outline(answer.text)
        texts = [text.strip() for text in found.texts]
        assert (found.tags.count("h1"), found.tags.count("h2")) == (1, 3)
        assert "zondag 1 februari 2026" in texts
        assert "(10 dagen)" in texts
        assert "Dienst afvalbeheer" in texts
        assert "Antwoord (na heropening)" in texts
        # Reopened on 3 February: 45 days later is 20 March, 37 days from now.
        assert "vrijdag 20 maart 2026" in texts
        assert "nog 37 dagen" in texts
        assert "Handed over to afvalbeheer on Sunday 2026-02-01: the clock goes on, 21 days left." in texts
        assert "/worklist?organisation=leuven&directorate=openbaar_domein&lang=nl" in found.links

    async def test_in_english(self, client: httpx.AsyncClient) -> None:
        found = outline((await client.get(f"/worklist/{REFERENCE}?lang=en", headers=basic("handler"))).text)
        assert found.language == "en"
        assert "How the date came about" in found.texts

    async def test_who_may_see_it(self, client: httpx.AsyncClient) -> None:
        for role, status in (("handler", 200), ("admin", 200), ("reporting", 403)):
            assert (await client.get(f"/worklist/{REFERENCE}", headers=basic(role))).status_code == status
        assert (await client.get(f"/worklist/{REFERENCE}")).status_code == 401

    async def test_an_unknown_one_is_told_to_a_browser(self, client: httpx.AsyncClient) -> None:
        headers = basic("handler") | {"Accept": "text/html"}
        answer = await client.get("/worklist/LEU-2026-999999", headers=headers)
        assert answer.status_code == 404
        assert "Niet gevonden" in outline(answer.text).texts


def test_the_week_ends_on_sunday() -> None:
    assert [end_of_week(date(2026, 2, day)) for day in (9, 15, 16)] == [
        date(2026, 2, 15),
        date(2026, 2, 15),
        date(2026, 2, 22),
    ]
