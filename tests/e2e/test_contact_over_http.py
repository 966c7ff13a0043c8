"""A contact that comes in over HTTP goes all the way, and its states can be seen."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from deploy.local.plain_http import NO_CERTIFICATES
from tests.e2e.product import Product, eventually

_RECEIVED = datetime.now(UTC) - timedelta(hours=1)
_SUBMISSION = {
    "submission_id": "form-e2e-1",
    "organisation": "leuven",
    "channel": "web_form",
    "received_at": _RECEIVED.isoformat(),
    "nature": "complaint",
    "subject": "Losse tegels",
    "text": "De stoep ligt al weken los en er komt niemand kijken.",
    "citizen": {
        "name": "Roos Tavernier",
        "email": "roos.tavernier@example.org",
        "address": {
            "street": "Lindenhofstraat 3",
            "postal_code": "3010",
            "municipality": "Leuven",
            "country": "BE",
        },
    },
    "about": {"directorate": "openbaar_domein", "service": "wegbeheer"},
    "earlier_contact": {"on": (_RECEIVED - timedelta(days=20)).date().isoformat(), "result": "no_answer"},
}


@pytest.fixture(scope="module")
def reference(product: Product) -> str:
    """The number of a contact that was handed in over HTTP."""
    with product.client("intake", "adapter") as client:
        accepted = client.post("/contacts", json=_SUBMISSION)
    assert accepted.status_code == 202, accepted.text
    return str(accepted.json()["reference"])


def _contact(product: Product, reference: str) -> dict[str, Any]:
    with product.client("intake", "handler") as client:
        answer = client.get(f"/contacts/{reference}")
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told


def _follow_up(product: Product, reference: str, kind: str, data: dict[str, Any], minutes: int) -> None:
    body = {
        "follow_up_id": f"e2e-{kind}",
        "organisation": "leuven",
        "reference": reference,
        "kind": kind,
        "occurred_at": (_RECEIVED + timedelta(minutes=minutes)).isoformat(),
        "data": data,
    }
    with product.client("intake", "handler") as client:
        accepted = client.post(f"/contacts/{reference}/follow-ups", json=body)
    assert accepted.status_code == 202, accepted.text


def _becomes(product: Product, reference: str, state: str) -> None:
    eventually(lambda: _contact(product, reference)["state"] == state or None, f"state {state}")


def _rows(product: Product, **query: str) -> list[dict[str, Any]]:
    day = timedelta(days=1)
    days = {"from": str((_RECEIVED - day).date()), "to": str((_RECEIVED + day).date())}
    with product.client("reporting", "reporting") as client:
        answer = client.get("/reports/contacts", params={"organisation": "leuven", **days, **query})
    answer.raise_for_status()
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def _counted_as(product: Product, expected: dict[str, str]) -> None:
    def counted() -> bool | None:
        rows = _rows(product, group_by=",".join(expected))
        found = [{name: row[name] for name in expected} for row in rows if row["count"] == 1]
        return True if found == [expected] else None

    eventually(counted, f"counted as {expected}")


def test_it_is_routed_timed_and_counted(product: Product, reference: str) -> None:
    _becomes(product, reference, "open")
    _counted_as(product, {"line": "second", "directorate": "openbaar_domein", "service": "wegbeheer"})
    _counted_as(product, {"district": "kessel_lo", "handled_by": "ombuds_service", "answered_in_term": "open"})


def test_handing_it_in_again_gives_the_same_number(product: Product, reference: str) -> None:
    with product.client("intake", "adapter") as client:
        again = client.post("/contacts", json=_SUBMISSION)
        other = client.post("/contacts", json={**_SUBMISSION, "text": "Iets anders."})
    assert again.json()["reference"] == reference
    assert other.status_code == 409
    assert other.headers["content-type"] == "application/problem+json"


def test_its_deadlines_run_from_the_receipt(product: Product, reference: str) -> None:
    def deadlines() -> dict[str, str] | None:
        with product.client("deadlines", "handler") as client:
            answer = client.get(f"/deadlines/{reference}")
        answer.raise_for_status()
        return {each["kind"]: each["state"] for each in answer.json()["deadlines"]} or None

    assert eventually(deadlines, "deadlines") == {"acknowledgement": "open", "answer": "open"}


def test_its_state_follows_what_happens(product: Product, reference: str) -> None:
    _follow_up(product, reference, "acknowledged", {}, minutes=5)
    _follow_up(product, reference, "information_requested", {}, minutes=10)
    _becomes(product, reference, "paused")
    _follow_up(product, reference, "information_received", {}, minutes=15)
    _becomes(product, reference, "open")
    _follow_up(product, reference, "answered", {}, minutes=20)
    _becomes(product, reference, "answered")
    closing = {"qualification": "founded", "intervention": "mediation", "outcome": "resolved"}
    _follow_up(product, reference, "closed", closing, minutes=25)
    _becomes(product, reference, "closed")
    _counted_as(product, {"state": "closed", "qualification": "founded", "answered_in_term": "true"})


def test_the_work_list_shows_nothing_of_it_any_more(product: Product, reference: str) -> None:
    with product.client("deadlines", "handler") as client:
        answer = client.get("/deadlines", params={"organisation": "leuven", "state": "open"})
    answer.raise_for_status()
    assert reference not in answer.text


def test_nothing_is_told_without_a_token(product: Product, reference: str) -> None:
    answer = httpx.get(
        f"{product.environment['INTAKE_URL']}/contacts/{reference}", timeout=10, verify=NO_CERTIFICATES
    )
    assert answer.status_code == 401
    assert "Tavernier" not in answer.text
