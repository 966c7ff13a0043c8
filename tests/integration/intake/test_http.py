"""Intake over HTTP, with the real broker and database behind it."""

import orjson
import pytest

from shared.access import Role
from tests.integration.intake.bad_input import NOT_A_SUBMISSION, TOO_LARGE, WRONG_FOLLOW_UPS, WRONG_SUBMISSIONS
from tests.integration.intake.whole import Whole
from tests.unit.intake.messages import CITIZEN, TEXT, follow_up, spelled, submission


async def test_what_is_submitted_can_be_followed(whole: Whole) -> None:
    answer = await whole.call("POST", "/contacts", Role.ADAPTER, spelled(submission()))
    assert answer.status_code == 202
    assert answer.json() == {"reference": "LEU-2021-000001", "status_url": "/contacts/LEU-2021-000001"}
    assert answer.headers["Location"] == "/contacts/LEU-2021-000001"
    await whole.until(lambda: bool(whole.events.messages and whole.routing.messages))

    path = "/contacts/LEU-2021-000001/follow-ups"
    data = {"reason": "verkeerde dienst", "directorate": "politie"}
    message = {
        "kind": "transferred",
        "reference": None,
        "occurred_at": "2021-03-05T10:00:00Z",
        "data": data,
        "actor": "an",
    }
    told = await whole.call("POST", path, Role.HANDLER, spelled(message), Idempotency_Key="k1")
    assert told.status_code == 202
    assert told.json()["follow_up_id"] == "http:k1"
    await whole.until(lambda: len(whole.events.messages) == 2)

    file = (await whole.call("GET", "/contacts/LEU-2021-000001", Role.HANDLER)).json()
    assert file["state"] == "open"
    assert file["submission"]["citizen"]["name"] == CITIZEN["name"]
    assert file["submission"]["text"] == TEXT
    assert file["decision"]["directorate"] == "politie"
    assert [item["type"] for item in file["history"]] == ["contact.registered.v1", "contact.transferred.v1"]
    assert file["history"][1]["private"] == {"reason": "verkeerde dienst", "actor": "an"}

    for_adapters = (await whole.call("GET", "/contacts/LEU-2021-000001", Role.ADAPTER)).json()
    assert for_adapters == {
        "reference": "LEU-2021-000001",
        "organisation": "leuven",
        "state": "open",
        "received_at": "2021-03-04T08:30:00Z",
    }
    assert whole.rejected.messages == []


async def test_every_wrong_body_is_a_problem_that_says_what_is_wrong(whole: Whole) -> None:
    for name, (body, code) in {**NOT_A_SUBMISSION, **WRONG_SUBMISSIONS}.items():
        answer = await whole.call("POST", "/contacts", Role.ADAPTER, body)
        assert answer.status_code == 422, name
        assert answer.headers["content-type"] == "application/problem+json", name
        errors = answer.json()["errors"]
        assert errors[0]["code"] == code, name
        assert all(error.keys() == {"field", "code", "message"} for error in errors), name
    assert (await whole.call("POST", "/contacts", Role.ADAPTER, TOO_LARGE)).status_code == 413
    assert await whole.runtime.store.contacts.count(None, None) == 0
    assert whole.rejected.messages == whole.events.messages == []


async def test_every_wrong_follow_up_is_a_problem(whole: Whole) -> None:
    await whole.call("POST", "/contacts", Role.ADAPTER, spelled(submission()))
    path = "/contacts/LEU-2021-000001/follow-ups"
    contradicting = {
        "another organisation": (spelled(follow_up(organisation="leiden")), "contradicts"),
        "another reference": (spelled(follow_up(submission_id=..., reference="LEU-2021-000009")), "contradicts"),
        "another submission": (spelled(follow_up(submission_id="form-2")), "contradicts"),
        "no id": (spelled(follow_up(follow_up_id=...)), "missing"),
    }
    for name, (body, code) in {**WRONG_FOLLOW_UPS, **contradicting}.items():
        answer = await whole.call("POST", path, Role.HANDLER, body)
        assert answer.status_code == 422, name
        assert answer.json()["errors"][0]["code"] == code, name
    unknown = await whole.call("POST", "/contacts/LEU-2021-000002/follow-ups", Role.HANDLER, spelled(follow_up()))
    assert unknown.status_code == 404
    assert (await whole.runtime.store.follow_up_claims.find(["leuven:fu-1"])) == {}


async def test_the_same_again_gives_the_same_reference_and_other_content_409(whole: Whole) -> None:
    answers = [await whole.call("POST", "/contacts", Role.ADAPTER, spelled(submission())) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    other = await whole.call("POST", "/contacts", Role.ADAPTER, spelled(submission(text="Iets anders")))
    assert other.status_code == 409
    assert other.json()["errors"][0]["code"] == "submission_id_reused"

    path = f"/contacts/{answers[0].json()['reference']}/follow-ups"
    assert (await whole.call("POST", path, Role.HANDLER, spelled(follow_up()))).status_code == 202
    assert (await whole.call("POST", path, Role.HANDLER, spelled(follow_up("withdrawn")))).status_code == 409

    taken = submission(submission_id="old", historical=True, reference=answers[0].json()["reference"])
    answer = await whole.call("POST", "/contacts", Role.ADAPTER, spelled(taken))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "reference_taken")


@pytest.mark.parametrize(
    ("submission_id", "key", "status", "claimed"),
    [
        (None, "k1", 202, "leuven:http:k1"),
        ("http:k1", "k1", 202, "leuven:http:k1"),
        ("k1", "k1", 202, "leuven:k1"),
        ("k2", "k1", 422, None),
        (None, None, 422, None),
        (None, "k" * 200, 422, None),
    ],
)
async def test_the_id_may_come_in_the_header(
    whole: Whole, submission_id: str | None, key: str | None, status: int, claimed: str | None
) -> None:
    body = spelled({name: value for name, value in submission(submission_id=submission_id).items() if value})
    headers = {"Idempotency_Key": key} if key else {}
    answer = await whole.call("POST", "/contacts", Role.ADAPTER, body, **headers)
    assert answer.status_code == status, answer.text
    if claimed:
        await whole.until(lambda: bool(whole.events.messages))
        assert claimed in await whole.runtime.store.claims.find([claimed])
        assert whole.rejected.messages == []


async def test_who_may_do_what(whole: Whole) -> None:
    await whole.call("POST", "/contacts", Role.ADAPTER, spelled(submission()))
    contact = "/contacts/LEU-2021-000001"
    allowed = {
        ("POST", "/contacts"): {Role.ADAPTER, Role.HANDLER, Role.ADMIN},
        ("GET", contact): {Role.ADAPTER, Role.HANDLER, Role.ADMIN},
        ("POST", f"{contact}/follow-ups"): {Role.HANDLER, Role.ADMIN},
        ("GET", "/rejections"): {Role.ADMIN},
        ("GET", "/rejections/00000000-0000-0000-0000-000000000000"): {Role.ADMIN},
    }
    for (method, path), roles in allowed.items():
        assert (await whole.call(method, path, None)).status_code == 401
        for role in Role:
            refused = (await whole.call(method, path, role)).status_code == 403
            assert refused is (role not in roles), (method, path, role)


@pytest.mark.parametrize(
    ("path", "status"), [("LEU-2021-999999", 404), ("%7B%22$gt%22:1%7D", 422), ("a%00b", 422)]
)
async def test_a_reference_that_nobody_has(whole: Whole, path: str, status: int) -> None:
    answer = await whole.call("GET", f"/contacts/{path}", Role.HANDLER)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_refusals_can_be_found(whole: Whole) -> None:
    for number in range(5):
        await whole.send(b"nonsense %d" % number, "submission.leuven.email")
    await whole.until(lambda: len(whole.rejected.messages) == 5)
    found: list[str] = []
    after = ""
    while after is not None:
        page = (await whole.call("GET", f"/rejections?limit=2&organisation=leuven{after}", Role.ADMIN)).json()
        found += [rejection["id"] for rejection in page["rejections"]]
        after = page["next_after"] and "&after=" + page["next_after"].replace("+", "%2B")
    assert sorted(found) == sorted(str(message.message_id) for message in whole.rejected.messages)
    whole_one = (await whole.call("GET", f"/rejections/{found[0]}", Role.ADMIN)).json()
    assert whole_one["errors"][0]["code"] == "not_json"
    assert whole_one["body_base64"].startswith("bm9uc2Vuc2Ug")
    unknown = await whole.call("GET", "/rejections/00000000-0000-0000-0000-000000000000", Role.ADMIN)
    assert unknown.status_code == 404
    assert (await whole.call("GET", "/rejections?after=x", Role.ADMIN)).status_code == 422


async def test_the_numbers_can_be_scraped(whole: Whole) -> None:
    await whole.send(submission())
    await whole.send(b"", "submission.leuven.email")
    await whole.until(lambda: bool(whole.events.messages and whole.rejected.messages))
    metrics = (await whole.call("GET", "/metrics", None)).text
    assert 'contactpunt_intake_contacts_registered_total{channel="web_form",organisation="leuven"} 1.0' in metrics
    assert 'contactpunt_intake_rejections_total{code="not_json",organisation="leuven"} 1.0' in metrics


async def test_the_messages_are_in_the_document(whole: Whole) -> None:
    document = (await whole.call("GET", "/openapi.json", None)).json()
    body = document["paths"]["/contacts"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Submission"}
    schemas = document["components"]["schemas"]
    assert "submission_id" in schemas["Submission"]["properties"]
    assert "FollowUp" in schemas
    for reference in _references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas


def _references(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [each for value in part.values() for each in _references(value)]
    return [each for value in part for each in _references(value)] if isinstance(part, list) else []


async def test_a_body_that_is_refused_says_so_in_json(whole: Whole) -> None:
    answer = await whole.call("POST", "/contacts", Role.ADAPTER, b"")
    assert orjson.loads(answer.content)["errors"] == [
        {"field": "", "code": "not_json", "message": answer.json()["errors"][0]["message"]}
    ]
