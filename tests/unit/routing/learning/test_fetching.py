"""Fetching the export: whole lines only, on through interruptions, and a refusal in plain words."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from services.routing.learning.fetching import TRIES, NotFetched, admin_client, fetched
from tests.unit.routing.learning.past import past

CONTACTS = [past(number, asked={"text": f"een{chr(0x85)}twee{chr(0x2028)}drie"}) for number in range(1, 8)]
LINES = [each.model_dump_json(by_alias=True).encode() for each in CONTACTS]
Answers = Callable[[httpx.Request], httpx.Response]


def client_of(answers: Answers) -> httpx.Client:
    return httpx.Client(base_url="http://intake", transport=httpx.MockTransport(answers))


def lines_of(answers: Answers, **wanted: object) -> list[bytes]:
    with client_of(answers) as client:
        return list(fetched(client, "leuven", pause=lambda _: None, **wanted))


def after(request: httpx.Request) -> bytes:
    reference = request.url.params.get("after", "")
    return b"".join(line + b"\n" for line, each in zip(LINES, CONTACTS, strict=True) if each.reference > reference)


def broken_off(content: bytes, at: int) -> Iterator[bytes]:
    yield content[:at]
    raise httpx.ReadError("gone")


def test_every_line_comes_as_it_was_written() -> None:
    assert lines_of(lambda request: httpx.Response(200, content=after(request))) == LINES


def test_what_is_wanted_is_asked_for() -> None:
    asked: list[httpx.Request] = []

    def answers(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    assert lines_of(answers, corrected=True) == []
    assert dict(asked[0].url.params) == {"organisation": "leuven", "corrected": "true"}


@pytest.mark.parametrize("at", [0, 1, len(LINES[0]), len(LINES[0]) + 1, len(LINES[0]) + 5])
def test_a_stream_that_breaks_off_goes_on_where_it_was(at: int) -> None:
    calls = 0

    def answers(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        whole = after(request)
        return httpx.Response(200, content=broken_off(whole, at) if calls < TRIES else whole)

    assert lines_of(answers) == LINES


def test_an_answer_that_ends_within_a_line_is_not_taken_for_whole() -> None:
    with pytest.raises(NotFetched, match="does not answer"):
        lines_of(lambda _: httpx.Response(200, content=LINES[0][:-1]))


def test_an_intake_that_is_away_is_given_up_in_the_end() -> None:
    calls = 0

    def answers(_: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        raise httpx.ConnectError("away")

    with pytest.raises(NotFetched, match="see whether it runs"):
        lines_of(answers)
    assert calls == TRIES


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(403, json={"detail": "Your token has the role handler"}), "(403): Your token has"),
        (
            httpx.Response(
                422, json={"detail": "d", "errors": [{"field": "organisation", "message": "is unknown"}]}
            ),
            "(422): organisation: is unknown",
        ),
        (httpx.Response(404, content=b"<html>"), "whether the address is that of intake"),
    ],
)
def test_a_refusal_is_told(answer: httpx.Response, told: str) -> None:
    with pytest.raises(NotFetched) as raised:
        lines_of(lambda _: answer)
    assert told in str(raised.value)


def test_the_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADMIN_TOKEN", raising=False)
    with pytest.raises(NotFetched, match="set ADMIN_TOKEN"):
        admin_client("http://intake")
    monkeypatch.setenv("ADMIN_TOKEN", "secret")
    with admin_client("http://intake") as client:
        assert client.headers["Authorization"] == "Bearer secret"
