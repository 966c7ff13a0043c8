"""What status reads out of health and metrics, and what it calls wrong."""

from collections.abc import Callable

import httpx
import pytest

from deploy.command_line import status
from deploy.command_line.place import Place

_URLS = {f"{name.upper()}_URL": f"http://{name}" for name in ("intake", "routing", "deadlines", "reporting")}
_WELL = """\
process_resident_memory_bytes 5.0e+07
contactpunt_queue_messages{queue="intake.live.v1"} 3
contactpunt_queue_messages{queue="intake.live.v1.dead"} 0
contactpunt_queue_consumers{queue="intake.live.v1"} 2
contactpunt_queue_oldest_message_seconds{queue="intake.live.v1"} 0.25
contactpunt_deadlines_open{organisation="leuven",kind="answer",state="missed"} 4
contactpunt_deadlines_open{organisation="leuven",kind="answer",state="open"} 9
contactpunt_reporting_reviews_waiting{organisation="leuven"} 7
contactpunt_reporting_reviews_waiting{organisation="leiden"} 0
"""

Answer = Callable[[httpx.Request], httpx.Response]


def answering(metrics: str, missing: list[str] | None = None) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/metrics":
            return httpx.Response(200, text=metrics if request.url.host == "intake" else "")
        return httpx.Response(503 if missing else 200, json={"missing": missing or []})

    return answer


def looking(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> status.Seen:
    real = httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **given: real(**given, transport=httpx.MockTransport(answer)))
    return status.look(Place(_URLS))


def test_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = looking(monkeypatch, answering(_WELL))
    assert seen.wrong == ()
    assert {each.state for each in seen.services} == {"ready"}
    assert seen.services[0].memory_mb == 50.0
    assert seen.queues == (status.QueueSeen("intake.live.v1", 3, 2, 0.2, 0),)
    assert seen.overdue == {"leuven answer": 4}
    assert seen.reviews == {"leuven": 7}


def test_what_waits_for_a_person_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status.show(looking(monkeypatch, answering(_WELL)))
    told = capsys.readouterr().out
    assert "Overdue deadlines: leuven answer: 4\n" in told
    assert "Waiting for a person's review: leuven: 7\n" in told


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('contactpunt_queue_consumers{queue="intake.live.v1"} 0', "nobody consumes it"),
        ('contactpunt_queue_oldest_message_seconds{queue="intake.live.v1"} 61', "messages wait 61 seconds"),
        ('contactpunt_queue_messages{queue="intake.live.v1.dead"} 2', "2 dead letters"),
    ],
)
def test_what_is_wrong_with_a_queue_is_told(line: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = line.split(" ", maxsplit=1)[0]
    others = [each for each in _WELL.splitlines() if not each.startswith(name)]
    (wrong,) = looking(monkeypatch, answering("\n".join([*others, line, ""]))).wrong
    assert wrong.startswith("intake.live.v1: ")
    assert says in wrong


def test_imports_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = _WELL.replace("intake.live.v1", "intake.import.v1").replace("} 0.25", "} 4000")
    assert looking(monkeypatch, answering(waiting)).wrong == ()


def test_what_a_service_lacks_is_told_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = looking(monkeypatch, answering(_WELL, ["the database does not answer"]))
    assert seen.wrong[0] == "intake: the database does not answer"
    assert len(seen.wrong) == 4
    assert {each.state for each in seen.services} == {"not ready"}


def test_a_service_that_does_not_answer_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    seen = looking(monkeypatch, answer)
    assert seen.services[3].state == "away"
    assert seen.wrong[3] == "reporting: does not answer (ConnectError)"


@pytest.mark.parametrize("answer", [httpx.Response(200, text="<html>"), httpx.Response(200, json=[])])
def test_another_program_at_the_address_is_no_service(
    answer: httpx.Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = looking(monkeypatch, lambda _request: answer)
    assert seen.wrong[0] == "intake: something else answers at its address"


def test_nothing_runs(capsys: pytest.CaptureFixture[str]) -> None:
    seen = status.look(Place({}))
    assert len(seen.wrong) == 4
    status.show(seen)
    assert capsys.readouterr().out == "Nothing runs here; ./contactpunt up starts it.\n"
