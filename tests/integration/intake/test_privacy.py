"""What citizens and handlers wrote stays in intake: not in events, not in logs, not in metrics."""

import io

from shared.access import Role
from tests.integration.intake.whole import Whole
from tests.unit.intake.messages import CITIZEN, TEXT, follow_up, spelled, submission

PRIVATE = [
    str(CITIZEN["name"]),
    str(CITIZEN["email"]),
    str(CITIZEN["phone"]),
    "Tiensevest",
    TEXT,
    "Vuilnis voor de deur",
    "reden van de behandelaar",
    "behandelaar.an",
    "foto van mijn deur.jpg",
]


async def fill_in_forms(whole: Whole) -> list[str]:
    """The same citizen on the web form: taken in, refused, sent again with other words, and in a rush."""
    form = {
        "form_id": "0" * 32,
        "text": TEXT,
        "subject": "Vuilnis voor de deur",
        "name": str(CITIZEN["name"]),
        "email": str(CITIZEN["email"]),
        "phone": str(CITIZEN["phone"]),
        "street": "Tiensevest 170",
    }
    wrong: list[dict[str, str]] = [{"topic": TEXT}, {"facts_on_day": TEXT}, {"nature": TEXT}, {TEXT: TEXT}]
    sent = [form, *(form | each | {"form_id": "1" * 32, "text": ""} for each in wrong)]
    sent.append(form | {"subject": str(CITIZEN["name"])})
    answers = [await whole.http.post("/form/leuven", data=each) for each in sent]
    whole.runtime.admission.in_hand += 1000
    answers.append(await whole.http.post("/form/leuven", data=form))
    whole.runtime.admission.in_hand -= 1000
    assert [each.status_code for each in answers] == [303, 422, 422, 422, 422, 409, 429]
    return [*(str(each.headers) for each in answers), (await whole.http.get(answers[0].headers["Location"])).text]


async def test_nothing_private_leaves_intake(logs: io.StringIO, whole: Whole) -> None:
    attachment = {
        "name": "foto van mijn deur.jpg",
        "media_type": "image/jpeg",
        "size": 1,
        "sha256": "0" * 64,
        "url": "https://files.example.org/1",
    }
    good = submission(subject="Vuilnis voor de deur", attachments=[attachment])
    await whole.send(good)
    transfer = {"reason": "reden van de behandelaar", "directorate": "politie"}
    await whole.send(follow_up("transferred", transfer, actor="behandelaar.an"))
    await whole.send(good | {"submission_id": "wrong", "about": {"directorate": TEXT}})
    await whole.send(good | {"submission_id": "wrong", "nature": TEXT})
    await whole.call("POST", "/contacts", Role.ADAPTER, spelled(good | {"channel": TEXT}))
    said_to_citizens = await fill_in_forms(whole)
    await whole.until(lambda: len(whole.events.messages) >= 3 and len(whole.rejected.messages) >= 2)

    metrics = (await whole.call("GET", "/metrics", None)).text
    events = "".join(f"{message.body.decode()}{message.headers}" for message in whole.events.messages)
    refusals = "".join(str(message.headers) for message in whole.rejected.messages)
    assert "contact registered" in logs.getvalue()
    assert "LEU-2021-000001" in logs.getvalue()
    assert "message refused" in logs.getvalue()
    claims = whole.runtime.store.claims
    marks = [
        mark for found in (await claims.traced(["LEU-2021-000001"])).values() for mark in found.trace.marks.all
    ]
    assert len(marks) == 4
    answer = (await whole.call("GET", "/contacts/LEU-2021-000001", Role.HANDLER)).text
    for said in (logs.getvalue(), metrics, events, refusals, answer, whole.routing.messages[0].body.decode()):
        assert not any(mark.hex() in said or str(mark) in said for mark in marks)
    for private in PRIVATE:
        for said in (logs.getvalue(), metrics, events, refusals, *said_to_citizens):
            assert private not in said
    asked = whole.routing.messages[0].body.decode()
    assert TEXT in asked
    assert str(CITIZEN["name"]) not in asked
