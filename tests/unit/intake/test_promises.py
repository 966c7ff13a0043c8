"""What an organisation says it owes to whoever sends a message."""

import pytest

from services.intake.domain.promises import promises
from services.intake.form_page import FormView, ReceivedView, form_page, received_page
from shared.contracts.identifiers import Nature
from shared.profiles import ProfileVersion
from tests.unit.intake.messages import LEUVEN, PROFILES

VERSION = LEUVEN.versions[-1]


def with_terms(**changes: object) -> ProfileVersion:
    """Leuven's version with one thing about each of its terms changed."""
    return VERSION.model_copy(update={"terms": tuple(term.model_copy(update=changes) for term in VERSION.terms)})


def owed(version: ProfileVersion) -> dict[Nature, tuple[int | None, int | None]]:
    return {
        each.nature: (
            each.acknowledgement.length.value if each.acknowledgement else None,
            each.answer.length.value if each.answer else None,
        )
        for each in promises(version)
    }


def test_both_terms_of_a_complaint_in_leuven() -> None:
    assert owed(VERSION) == {Nature.COMPLAINT: (10, 45)}


def test_each_nature_has_its_own_in_education() -> None:
    told = owed(PROFILES["antwerpen_onderwijs"].versions[-1])
    assert told == {
        Nature.QUESTION: (None, 8),
        Nature.REPORT: (None, 21),
        Nature.COMPLAINT: (None, 28),
        Nature.SUGGESTION: (None, 14),
    }


@pytest.mark.parametrize("changes", [{"start": "transferred"}, {"met_by_registration": True}, {"lines": ()}])
def test_what_may_never_run_is_not_promised(changes: dict[str, object]) -> None:
    assert owed(with_terms(**changes)) == {}


def test_of_two_terms_the_longer_one_is_told() -> None:
    answer = next(term for term in VERSION.terms if term.kind == "answer")
    longer = answer.model_copy(update={"length": answer.length.model_copy(update={"value": 60})})
    version = VERSION.model_copy(update={"terms": (*VERSION.terms, longer)})
    assert owed(version) == {Nature.COMPLAINT: (10, 60)}


def received(organisation: str, version: ProfileVersion | None = None) -> str:
    profile = PROFILES[organisation]
    return received_page(ReceivedView(profile, version or profile.versions[-1], "nl", "X-2026-000001", "0" * 32))


@pytest.mark.parametrize(
    ("organisation", "told"),
    [
        ("leuven", "een ontvangstmelding binnen 10 dagen, een antwoord binnen 45 dagen"),
        ("antwerpen_stad", "een antwoord binnen 21 werkdagen"),
        ("antwerpen_onderwijs", "een antwoord binnen 8 dagen, vakanties niet meegeteld"),
        ("antwerpen_politie", "we streven naar een antwoord binnen 45 dagen"),
        ("leiden", "een antwoord binnen 6 weken"),
    ],
)
def test_how_it_reads(organisation: str, told: str) -> None:
    assert told in received(organisation)


def test_without_terms_none_is_told() -> None:
    page = received("leuven", with_terms(lines=()))
    assert "Voor berichten geldt geen vaste termijn." in page
    assert "<dl>" not in page


def test_who_does_not_deal_with_anonymous_complaints_says_so_beforehand() -> None:
    for organisation, excludes in (("leuven", True), ("leiden", False)):
        profile = PROFILES[organisation]
        page = form_page(FormView(profile, profile.versions[-1], "nl", "0" * 32))
        assert ("een anonieme klacht kunnen we niet behandelen" in page) is excludes
