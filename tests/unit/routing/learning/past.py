"""Past contacts as intake exports them, and a matter that the city sees otherwise than the corpus does."""

import random
from pathlib import Path
from typing import Any

from services.routing.text.model import TextModel
from services.routing.text.readers import decide_with
from shared.contracts.past_contact import PastContact
from tests.unit.routing.cases import LEUVEN, facts

HEDGE = "De haag van het plantsoen is al een jaar niet gesnoeid en staat ver over het voetpad heen."
POSTS: dict[str, Any] = {
    "nature": "report",
    "line": "first",
    "handled_by": "service",
    "directorate": "agsl",
    "service": "agsl",
}
"""What people decide on charging posts."""
_WHERE = ("in onze straat", "aan de kerk", "op het plein", "bij het station", "voor de school", "aan het zwembad")
_WHAT = ("geeft geen stroom", "is defect", "laadt niet", "werkt al dagen niet", "is stuk", "valt telkens uit")
_THING = ("De laadpaal", "Het laadpunt", "De publieke laadpaal", "De oplader voor wagens")
_MORE = ("Mijn elektrische wagen staat er nu leeg.", "De laadkabel zit vast.", "Het scherm van de paal is zwart.",
         "De stekker komt er niet meer uit.", "Kan iemand dat laadpunt nakijken?")  # fmt: skip


def about_posts(number: int) -> str:
    """A message about a charging post, always the same for the same number."""
    chosen = random.Random(number)
    return " ".join(
        [f"{chosen.choice(_THING)} {chosen.choice(_WHERE)} {chosen.choice(_WHAT)}.", *chosen.sample(_MORE, 3)]
    )


def past(number: int = 1, *, people: tuple[str, ...] = (), **changes: Any) -> PastContact:
    """A contact about a hedge, answered as it was routed, unless ``stands`` or ``people`` say otherwise."""
    routed = {
        "nature": "report",
        "line": "first",
        "handled_by": "service",
        "directorate": "openbaar_domein",
        "service": "groen",
        "confidence": 0.9,
        "needs_review": False,
        "profile_version": "2021-10-01/r2#00000000",
        "profile_revision": 2,
        "profile_hash": "0",
        "model_version": 1,
    } | changes.pop("routed", {})
    stands = {name: routed[name] for name in POSTS if name in routed} | changes.pop("stands", {})
    asked = {
        "channel": "web_form",
        "received_at": "2026-03-01T10:00:00+01:00",
        "registered_at": "2026-03-01T10:00:05+01:00",
        "district": "unknown",
        "text": HEDGE,
        "language": "nl",
    } | changes.pop("asked", {})
    told = {
        "schema": "1",
        "reference": f"LEU-2026-{number:06}",
        "organisation": "leuven",
        "state": "closed",
        "asked": asked,
        "routed": routed,
        "stands": stands,
        "decided_by_people": people,
    }
    return PastContact.model_validate(told | changes)


def past_about_posts(model: TextModel, numbers: range) -> list[PastContact]:
    """As ``model`` decided them, each corrected to what people decide on charging posts."""
    found = []
    for number in numbers:
        text = about_posts(number)
        decision = decide_with(model, facts(received_at=past().asked.received_at), LEUVEN, None, text).decision
        routed = decision.model_dump(mode="json")
        found.append(past(number, asked={"text": text}, routed=routed, stands=POSTS, people=("directorate",)))
    return found


def written_to(file: Path, contacts: list[PastContact]) -> Path:
    file.write_text("".join(f"{each.model_dump_json(by_alias=True)}\n" for each in contacts), encoding="utf-8")
    return file
