"""What every service promises over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.documents.openapi import APPS, openapi_document

PUBLIC = {"/health/live", "/health/ready", "/metrics"}
PUBLIC_PAGES = {"reporting": {"/"}, "intake": {"/form/{organisation}"}}
PROMISED = {
    "intake": {
        ("post", "/contacts"),
        ("get", "/contacts/{reference}"),
        ("post", "/contacts/{reference}/follow-ups"),
        ("get", "/form/{organisation}"),
    },
    "routing": {("post", "/routing/preview")},
    "deadlines": {
        ("post", "/deadlines/preview"),
        ("get", "/deadlines"),
        ("get", "/deadlines/{reference}"),
    },
    "reporting": {
        ("get", "/reports/contacts"),
        ("get", "/reports/timeliness"),
        ("get", "/reports/annual/{organisation}/{year}"),
    },
}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


@pytest.mark.parametrize("service", APPS)
def test_what_the_contract_promises_is_there(service: str) -> None:
    there = {(method, path) for method, path, _ in operations(openapi_document(service))}
    assert PROMISED[service] | {("get", path) for path in PUBLIC} <= there


@pytest.mark.parametrize("service", APPS)
def test_everything_but_what_is_public_needs_a_token(service: str) -> None:
    open_paths = {
        path for _, path, operation in operations(openapi_document(service)) if not operation.get("security")
    }
    assert open_paths - PUBLIC_PAGES.get(service, set()) == PUBLIC


@pytest.mark.parametrize("service", APPS)
def test_every_reference_leads_somewhere(service: str) -> None:
    document = openapi_document(service)
    for reference in references(document):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        assert target


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    return [found for value in node for found in references(value)] if isinstance(node, list) else []


@pytest.mark.parametrize("service", APPS)
def test_every_operation_says_what_it_does(service: str) -> None:
    for _, path, operation in operations(openapi_document(service)):
        assert operation["summary"], path
