"""Rules of the house on the running product: which version holds, and what a repetition makes of a report."""

from typing import Any

import pytest

from tests.e2e.product import Product, eventually

LAST_OF_SEPTEMBER = ["2021-09-30T23:59:59+02:00", "2021-09-30T21:59:59Z"]
FIRST_OF_OCTOBER = ["2021-10-01T00:00:00+02:00", "2021-09-30T22:00:00Z"]
GREEN = {"directorate": "openbaar_domein", "service": "groen"}


def _hand_in(product: Product, **told: Any) -> str:
    with product.client("intake", "adapter") as client:
        accepted = client.post("/contacts", json=told)
    assert accepted.status_code == 202, accepted.text
    return str(accepted.json()["reference"])


def _routed(product: Product, reference: str) -> dict[str, Any]:
    """The contact's file, once it has a decision."""

    def look() -> dict[str, Any] | None:
        with product.client("intake", "handler") as client:
            answer = client.get(f"/contacts/{reference}")
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told if told["decision"] else None

    return eventually(look, f"{reference} routed")


def _counted(product: Product, organisation: str, day: str, by: str, **which: str) -> dict[str, int]:
    query = {"organisation": organisation, "from": day, "to": day, "group_by": by, **which}
    with product.client("reporting", "reporting") as client:
        answer = client.get("/reports/contacts", params=query)
    answer.raise_for_status()
    return {row[by]: row["count"] for row in answer.json()["rows"]}


@pytest.mark.parametrize("historical", [False, True], ids=["live", "imported"])
@pytest.mark.parametrize(
    ("received", "handled_by", "valid_from"),
    [
        *((moment, "service", "1995-11-13") for moment in LAST_OF_SEPTEMBER),
        *((moment, "complaints_coordination", "2021-10-01") for moment in FIRST_OF_OCTOBER),
    ],
)
def test_a_first_line_complaint_is_dealt_with_by_the_rules_of_its_day(
    product: Product, received: str, handled_by: str, valid_from: str, *, historical: bool
) -> None:
    reference = _hand_in(
        product,
        submission_id=f"{received} {historical}",
        organisation="leuven",
        channel="email",
        received_at=received,
        nature="complaint",
        text="De haag hangt over het voetpad.",
        about=GREEN,
        historical=historical,
    )
    contact = _routed(product, reference)
    decision, routed = contact["decision"], contact["decisions"][0]
    assert (decision["nature"], decision["line"], decision["handled_by"]) == ("complaint", "first", handled_by)
    assert (decision["directorate"], decision["service"]) == ("openbaar_domein", "groen")
    assert routed["profile_version"].startswith(f"{valid_from}/")
    assert decision["needs_review"] is False


def test_reports_count_each_day_by_who_dealt_with_it_then(product: Product) -> None:
    for day, handled_by in (("2021-09-30", "service"), ("2021-10-01", "complaints_coordination")):

        def counted(day: str = day, handled_by: str = handled_by) -> bool | None:
            return _counted(product, "leuven", day, "handled_by") == {handled_by: 4} or None

        eventually(counted, f"four complaints of {day} with {handled_by}")


DUMPING: dict[str, Any] = {
    "organisation": "antwerpen_stad",
    "nature": "report",
    "text": "Sluikstort aan de glasbollen in de Vaartstraat: een matras en twee zetels.",
    "citizen": {"name": "Roos Tavernier", "phone": "0470 00 11 22"},
}


def test_a_report_that_comes_again_in_vain_is_a_complaint_and_counted_as_repeated(product: Product) -> None:
    first = _hand_in(
        product, submission_id="app-1", channel="app", received_at="2023-03-01T09:00:00+01:00", **DUMPING
    )
    assert _routed(product, first)["decision"]["nature"] == "report"
    again = DUMPING | {
        "text": "Matras en zetels aan de glasbollen Vaartstraat liggen er nog altijd.",
        "citizen": {"name": "Mevr. Tavernier", "phone": "+32 470 00 11 22"},
        "earlier_contact": {"on": "2023-03-01", "result": "no_answer"},
    }
    second = _hand_in(
        product, submission_id="call-2", channel="phone", received_at="2023-03-04T09:00:00+01:00", **again
    )
    contact = _routed(product, second)
    assert contact["links"]["repeat_of"] == first
    decision = contact["decision"]
    assert (decision["nature"], decision["line"], decision["handled_by"]) == ("complaint", "first", "service")
    rules = [reason["rule"] for reason in contact["decisions"][0]["reasons"]]
    assert any(rule.startswith("repeated_report") for rule in rules)
    assert _routed(product, first)["links"]["repeated_by"] == [second]

    def counted() -> bool | None:
        told = _counted(product, "antwerpen_stad", "2023-03-04", "nature", repeated="true")
        return told == {"complaint": 1} or None

    eventually(counted, "the repeated report counted as a complaint")
    assert _counted(product, "antwerpen_stad", "2023-03-01", "repeated") == {"false": 1}


def test_a_tenant_who_complains_again_is_counted_within_the_complaints(product: Product) -> None:
    tenant = {"email": "tenant@example.org"}
    leak = "Er is al weken een lek in de kelder van ons gebouw en niemand komt kijken."
    for number, channel, day in ((1, "email", "01"), (2, "phone", "02"), (3, "letter", "20")):
        _hand_in(
            product,
            submission_id=f"leak-{number}",
            organisation="antwerpen_woonhaven",
            channel=channel,
            received_at=f"2023-05-{day}T09:00:00+02:00",
            nature="complaint",
            text=leak,
            citizen=tenant,
        )

    def counted() -> bool | None:
        query = {"organisation": "antwerpen_woonhaven", "from": "2023-05-01", "to": "2023-05-31"}
        with product.client("reporting", "reporting") as client:
            answer = client.get("/reports/contacts", params={**query, "group_by": "repeated"})
        rows = {row["repeated"]: row["count"] for row in answer.json()["rows"]}
        return rows == {"false": 2, "true": 1} or None

    eventually(counted, "one repeated complaint of three")
