"""The comparison tells agreement from difference."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from deploy.sample.comparison import Reports, Table, settled_contacts, tables
from deploy.sample.loading import all_comparisons, wait_until_counted
from deploy.sample.published import leuven_2021
from deploy.sample.result_table import show
from deploy.sample.settings import SampleError, read_settings


def _table(title: str) -> Table:
    return next(each for each in tables(leuven_2021()) if each.title == title)


def _rows(table: Table) -> list[dict[str, Any]]:
    return [
        {**dict(zip(table.by, key, strict=True)), "count": count, "share": 0.0}
        for key, count in table.expected.items()
    ]


def _all_tables() -> list[Table]:
    return [settled_contacts(), *tables(leuven_2021())]


def _answering(answers: dict[str, list[dict[str, Any]]]) -> Reports:
    """Reports that answer each table with these rows, and with the published ones where none are given."""
    by_query = {str(httpx.QueryParams(each.query)): each for each in _all_tables()}

    def answer(request: httpx.Request) -> httpx.Response:
        table = by_query[str(httpx.QueryParams(request.url.query))]
        return httpx.Response(200, json={"rows": answers.get(table.title, _rows(table)), "total": 252})

    return Reports(httpx.Client(transport=httpx.MockTransport(answer), base_url="http://reports.test"))


def test_the_published_figures_agree_with_themselves() -> None:
    assert all(each.agrees for each in all_comparisons(_answering({})))


def test_a_contact_too_few_is_told() -> None:
    rows = [{"line": "external", "count": 38}, {"line": "first", "count": 89}, {"line": "second", "count": 124}]
    comparison = _answering({"contacts by line": rows}).compare(_table("contacts by line"))
    assert not comparison.agrees
    assert comparison.differences() == ["first: published 90, counted 89"]


def test_a_row_too_many_is_told() -> None:
    rows = [*_rows(_table("contacts by channel")), {"channel": "letter", "count": 2}]
    comparison = _answering({"contacts by channel": rows}).compare(_table("contacts by channel"))
    assert comparison.differences() == ["letter: published 0, counted 2"]


def test_contacts_without_a_directorate_are_no_row_of_its_table() -> None:
    rows = [*_rows(_table("contacts by directorate")), {"directorate": "none", "count": 38}]
    assert _answering({"contacts by directorate": rows}).compare(_table("contacts by directorate")).agrees


def test_unknown_residence_is_a_published_row() -> None:
    rows = [each for each in _rows(_table("contacts by district")) if each["district"] != "unknown"]
    comparison = _answering({"contacts by district": rows}).compare(_table("contacts by district"))
    assert comparison.differences() == ["unknown: published 37, counted 0"]


def test_expected_sums_are_those_of_the_report() -> None:
    sums = {each.title: sum(each.expected.values()) for each in tables(leuven_2021())}
    assert sums["contacts by month and line"] == 252
    assert sums["external contacts by body"] == 38
    assert sums["first line by directorate"] == 90
    assert sums["dossiers by service and qualification"] == 124
    assert sums["dossiers by intervention"] == 124
    assert sums["contacts by directorate"] == 214
    assert settled_contacts().expected == {("closed",): 251, ("withdrawn",): 1}


def test_the_result_table_marks_what_differs() -> None:
    console = Console(record=True, width=120)
    rows = [{"line": "external", "count": 40}, {"line": "first", "count": 90}, {"line": "second", "count": 124}]
    agree = show(all_comparisons(_answering({"contacts by line": rows})), console)
    printed = console.export_text()
    assert not agree
    assert printed.count("✗") == 1
    assert "differ" in printed


def test_reports_that_do_not_answer_are_a_clear_error() -> None:
    def refuse(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(503)

    reports = Reports(httpx.Client(transport=httpx.MockTransport(refuse), base_url="http://reports.test"))
    with pytest.raises(SampleError, match="503"):
        all_comparisons(reports)


def test_loading_ends_when_every_table_is_complete() -> None:
    told: list[int] = []
    wait_until_counted(_answering({}), told.append, patience=60)
    assert told == [sum(sum(each.expected.values()) for each in _all_tables())]


def test_loading_that_gets_no_further_says_where_it_stands() -> None:
    rows = [{"state": "closed", "count": 250}, {"state": "open", "count": 1}, {"state": "withdrawn", "count": 1}]
    with pytest.raises(SampleError, match="contacts by state: closed: published 251, counted 250"):
        wait_until_counted(_answering({"contacts by state": rows}), lambda _right: None, patience=0)


def test_missing_addresses_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMQP_URL", "REPORTING_URL", "REPORTING_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "env"
    file.write_text("REPORTING_URL=http://127.0.0.1:1\n", encoding="utf-8")
    with pytest.raises(SampleError, match=r"^AMQP_URL, REPORTING_TOKEN not set"):
        read_settings(file)


def test_the_environment_outranks_the_local_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "env"
    file.write_text("AMQP_URL=amqp://a\nREPORTING_URL=http://b\nREPORTING_TOKEN=c\n", encoding="utf-8")
    monkeypatch.setenv("REPORTING_URL", "http://elsewhere")
    assert read_settings(file).reporting_url == "http://elsewhere"
