"""The committed documents say what the code does, and can be read by others."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic_settings import BaseSettings
from typer.testing import CliRunner

from deploy.documents import __main__ as command
from deploy.documents import committed
from deploy.documents.asyncapi import asyncapi_document
from deploy.documents.flow import ADDRESSES, CONSUMES, SENDS, UNREAD, arrives, matches
from deploy.documents.metrics_page import metrics_of
from deploy.documents.schemas import schemas
from deploy.documents.settings_page import SERVICES, all_settings
from services.intake.domain.rejection import reject
from services.intake.telling import rejection_message
from shared.contracts.rejection import FieldError
from shared.messaging import topology


def test_committed_documents_are_those_of_the_code() -> None:
    assert committed.differences() == ""


def test_same_code_gives_same_documents() -> None:
    assert committed.documents() == committed.documents()


def test_check_tells_what_differs(tmp_path: Path) -> None:
    committed.write(tmp_path)
    (tmp_path / "contract" / "schemas" / "decision.v1.json").write_text("{}\n")
    (tmp_path / "contract" / "schemas" / "gone.v1.json").write_text("{}\n")
    told = committed.differences(tmp_path)
    assert "committed/contract/schemas/decision.v1.json" in told
    assert "committed/contract/schemas/gone.v1.json" in told
    assert committed.write(tmp_path) == [
        "contract/schemas/decision.v1.json",
        "contract/schemas/gone.v1.json",
    ]
    assert committed.differences(tmp_path) == ""
    assert committed.write(tmp_path) == []


@pytest.mark.parametrize(("diff", "code"), [("", 0), ("-old\n+new\n", 1)])
def test_check_fails_on_a_difference(diff: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committed, "differences", lambda: diff)
    result = CliRunner().invoke(command.app, ["check"])
    assert result.exit_code == code
    assert result.stdout == diff


@pytest.mark.parametrize("name", schemas())
def test_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schemas()[name])


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    return [found for value in node for found in references(value)] if isinstance(node, list) else []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi_document()
    for reference in set(references(document)):
        file, _, pointer = reference.partition("#")
        target = json.loads((committed.DIRECTORY / file).read_text()) if file else document
        for step in pointer.split("/")[1:]:
            target = target[step.replace("~1", "/").replace("~0", "~")]
        assert target


def test_asyncapi_names_the_whole_topology() -> None:
    document = asyncapi_document()
    assert {each["name"] for each in document["x-exchanges"]} == {each.name for each in topology.EXCHANGES}
    assert {queue.name for queue in topology.QUEUES} <= document["channels"].keys()
    bound = {(each["source"], each["key"], each["destination"]) for each in document["x-bindings"]}
    for working in topology.WORKING_QUEUES:
        assert {(*source, working.name) for source in working.sources} <= bound
        assert (topology.CONTACTS_DEAD, working.name, topology.dead_queue(working.name)) in bound


def test_every_message_has_one_sender_and_reaches_somebody() -> None:
    sent = [message for messages in SENDS.values() for message in messages]
    addressed = {message for address in ADDRESSES for message in address.messages}
    assert len(sent) == len(set(sent))
    assert set(sent) == addressed
    read = {message for queues in CONSUMES.values() for queue in queues for message in arrives(queue)}
    assert addressed - read == UNREAD
    assert {queue for queues in CONSUMES.values() for queue in queues} == {
        working.name for working in topology.WORKING_QUEUES
    }


@pytest.mark.parametrize(
    ("pattern", "key", "through"),
    [
        ("contact.#", "contact.routed.v1", True),
        ("contact.#", "contact", True),
        ("contact.#", "deadline.met.v1", False),
        ("deadline.*.v1", "deadline.met.v1", True),
        ("deadline.*.v1", "deadline.met.v2", False),
        ("deadline.*", "deadline.met.v1", False),
        ("#", "", True),
        ("#.v1", "contact.routed.v1", True),
        ("a.*.c", "a.c", False),
    ],
)
def test_keys_match_as_in_a_topic_exchange(pattern: str, key: str, through: bool) -> None:
    assert matches(pattern, key) is through


def test_a_rejection_has_the_headers_that_are_documented() -> None:
    refused = reject(
        b"{}",
        "submission.leuven.email",
        (FieldError(field="text", code="missing", message="is required; give it"),),
        organisations={"leuven"},
        now=datetime(2021, 3, 4, tzinfo=UTC),
        content_type="application/json",
        correlation_id="c",
    )
    documented = asyncapi_document()["components"]["messages"]["rejection.v1"]["headers"]
    headers = rejection_message(refused).headers
    Draft202012Validator(documented).validate(dict(headers))
    assert headers.keys() == documented["properties"].keys()


@pytest.mark.parametrize("settings", all_settings())
def test_every_setting_says_what_it_means(settings: type[BaseSettings]) -> None:
    assert [name for name, told in settings.model_fields.items() if not told.description] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_metric_says_what_it_counts(service: str) -> None:
    found = metrics_of(service)
    assert {"contactpunt_ready", "contactpunt_messages_handled_total"} <= {each.name for each in found}
    assert [each.name for each in found if not each.help] == []
    assert next(each.labels for each in found if each.name == "contactpunt_queue_messages") == ("queue",)


def test_the_pages_of_reference_name_what_operators_look_for() -> None:
    pages = committed.documents()
    for setting in ("AMQP_URL", "REPORTING_COLUMNS_MAX_MB", "CITIZEN_KEYS_FILE", "MONGO_PORT"):
        assert f"| `{setting}` |" in pages["operations/settings.md"]
    for metric in ("contactpunt_deadlines_open", "contactpunt_reporting_events_total", "contactpunt_build_info"):
        assert f"| `{metric}` |" in pages["operations/metrics.md"]
