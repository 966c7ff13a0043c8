"""PDFs are made aside, one at a time, and never by the service itself."""

import asyncio
import sys

import pytest

from deploy.local import paper
from services.reporting.paper.libraries import DEBIAN_PACKAGES
from services.reporting.paper.pdf import PdfMaker
from services.reporting.paper.pdf_worker import CANNOT_LOAD
from shared.problems import Problem

PAGE = '<!doctype html><html lang="nl"><title>t</title><h1>Verslag</h1>'


def worker(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


ECHO = worker("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())")


async def refusal(maker: PdfMaker, page: str = PAGE) -> Problem:
    with pytest.raises(Problem) as told:
        await maker.make(page)
    return told.value


async def test_a_page_becomes_a_pdf() -> None:
    paper.ensure_installed(print)
    assert (await PdfMaker().make(PAGE)).startswith(b"%PDF-1.7")


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:1/x.png"])
async def test_nothing_from_elsewhere_gets_into_it(address: str) -> None:
    paper.ensure_installed(print)
    assert "could not be made" in (await refusal(PdfMaker(), f'{PAGE}<img alt="x" src="{address}">')).detail


async def test_where_libraries_are_missing_it_says_what_to_install() -> None:
    problem = await refusal(PdfMaker(worker(f"raise SystemExit({CANNOT_LOAD})")))
    assert problem.status == 503
    assert f"apt-get install {' '.join(DEBIAN_PACKAGES)}" in problem.detail


@pytest.mark.parametrize(
    ("code", "told"), [("raise SystemExit(1)", "could not be made"), ("import time; time.sleep(600)", "too long")]
)
async def test_what_fails_or_takes_too_long_is_given_up(code: str, told: str) -> None:
    maker = PdfMaker(worker(code), patience=2.0)
    problem = await refusal(maker)
    assert problem.status == 503
    assert told in problem.detail
    # The turn is free again.
    assert told in (await refusal(maker)).detail


async def test_many_at_once_take_turns_and_too_many_are_sent_away() -> None:
    maker = PdfMaker(ECHO)
    answers = await asyncio.gather(*(maker.make(PAGE) for _ in range(6)), return_exceptions=True)
    assert sum(answer == PAGE.encode() for answer in answers) == 4
    refused = [answer for answer in answers if isinstance(answer, Problem)]
    assert [each.headers["Retry-After"] for each in refused] == ["5", "5"]
    assert await maker.make(PAGE) == PAGE.encode()


async def test_the_worker_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGO_URL", "mongodb://secret")
    told = await PdfMaker(worker("import os; print(sorted(os.environ))")).make(PAGE)
    assert b"MONGO_URL" not in told
    assert b"PATH" in told


async def test_the_service_does_not_carry_the_library() -> None:
    code = "import sys, services.reporting.main; print('weasyprint' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert (await process.communicate())[0] == b"False\n"
