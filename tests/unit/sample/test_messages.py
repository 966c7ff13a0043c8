"""The sample year's messages are ones that intake takes, and read as if citizens had written them."""

import re
from datetime import datetime

import orjson

from deploy.sample import leuven_2021
from deploy.sample.leuven_2021 import follow_ups, submissions
from deploy.sample.moments import EDGES
from deploy.sample.publishing import handovers
from shared.contracts.follow_up import FOLLOW_UP
from shared.contracts.submission import Submission
from tests import organisations
from tests.unit.sample.tally import BRUSSELS, by, counted


def test_every_submission_is_valid_on_the_wire() -> None:
    parsed = [Submission.model_validate_json(orjson.dumps(each)) for each in submissions()]
    assert all(each.historical and each.reference is None for each in parsed)
    assert len({each.submission_id for each in parsed}) == 252


def test_every_follow_up_is_valid_on_the_wire_and_belongs_to_a_submission() -> None:
    parsed = [FOLLOW_UP.validate_json(orjson.dumps(each)) for each in follow_ups()]
    assert len({each.follow_up_id for each in parsed}) == len(parsed)
    assert {each.submission_id for each in parsed} == {each["submission_id"] for each in submissions()}


def test_codes_are_on_the_organisations_lists() -> None:
    profile = organisations.PROFILES["leuven"]
    lists = {
        "directorate": "directorate", "service": "service", "external_body": "external_body",
        "other_directorates": "directorate", "qualification": "qualification", "intervention": "intervention",
        "outcome": "outcome", "topics": "topic", "norms_violated": "norm",
    }  # fmt: skip
    told = [(each["received_at"], each["about"]) for each in submissions()]
    told += [(each["occurred_at"], each["data"]) for each in follow_ups()]
    for moment, data in told:
        codes = profile.version_at(datetime.fromisoformat(moment)).codes
        for name in data.keys() & lists.keys():
            given = data[name] if isinstance(data[name], list) else [data[name]]
            assert set(given) <= codes[lists[name]], (name, given)


def test_a_service_belongs_to_its_directorate_once_mistakes_are_corrected() -> None:
    version = organisations.PROFILES["leuven"].versions[0]
    for each in counted():
        if each.service:
            assert version.directorate_of(each.service) == each.directorate


def test_the_same_year_every_time() -> None:
    before = (submissions(), follow_ups())
    leuven_2021.year.cache_clear()
    assert (submissions(), follow_ups()) == before


def test_every_text_is_its_own_and_complete() -> None:
    texts = [each["text"] for each in submissions()]
    assert len(set(texts)) == 252
    assert not [text for text in texts if re.search(r"[{}]", text)]


def test_languages_are_mostly_dutch() -> None:
    languages = [each["language"] for each in submissions()]
    assert set(languages) == {"nl", "en", "fr"}
    assert languages.count("nl") > 200


def test_people_are_invented() -> None:
    citizens = [each["citizen"] for each in submissions() if each["citizen"]]
    assert all(each.get("email", "@example.org").endswith("@example.org") for each in citizens)
    # No Belgian subscriber number begins with a zero.
    assert all(each.get("phone", "+32 16 0").startswith("+32 16 0") for each in citizens)
    assert len({each["name"] for each in citizens}) == len(citizens)


def test_moments_at_which_utc_would_be_wrong() -> None:
    moments = {each["received_at"] for each in submissions()}
    assert set(EDGES) <= moments
    wrong_by_utc = [
        each
        for each in EDGES
        if (moment := datetime.fromisoformat(each)).utctimetuple()[:2]
        != moment.astimezone(BRUSSELS).timetuple()[:2]
    ]
    assert len(wrong_by_utc) >= 5


def test_follow_ups_come_after_the_receipt() -> None:
    received = {each["submission_id"]: datetime.fromisoformat(each["received_at"]) for each in submissions()}
    for each in follow_ups():
        assert datetime.fromisoformat(each["occurred_at"]) > received[each["submission_id"]]


def test_each_contact_is_closed_in_the_end_or_withdrawn() -> None:
    last: dict[str, str] = {}
    for each in follow_ups():
        if each["kind"] != "surveyed":
            last[each["submission_id"]] = each["kind"]
    kinds = list(last.values())
    assert (kinds.count("closed"), kinds.count("withdrawn"), len(kinds)) == (251, 1, 252)


def test_some_acknowledgements_and_answers_are_late() -> None:
    received = {each["submission_id"]: datetime.fromisoformat(each["received_at"]) for each in submissions()}
    days = {
        kind: [
            (datetime.fromisoformat(each["occurred_at"]) - received[each["submission_id"]]).days
            for each in follow_ups()
            if each["kind"] == kind
        ]
        for kind in ("acknowledged", "answered")
    }
    assert 0 < sum(each > 10 for each in days["acknowledged"]) < 20
    assert 5 < sum(each > 45 for each in days["answered"]) < 40


def test_everything_goes_to_the_import_keys_whatever_the_order() -> None:
    straight, shuffled = handovers(), handovers(shuffle=1)
    assert {each.routing_key for each in straight} == {
        "import.leuven.email", "import.leuven.web_form", "import.leuven.phone", "import.leuven.visit",
        "import.leuven.follow_up",
    }  # fmt: skip
    assert shuffled != straight
    assert sorted(each.body for each in shuffled) == sorted(each.body for each in straight)
    assert handovers(shuffle=1) == shuffled
    assert len(handovers(repeat=3)) == 3 * len(straight)


def test_dossiers_without_earlier_contact_are_of_citizens_who_stay_unnamed() -> None:
    unnamed = [each for each in submissions() if each.get("anonymous_towards_service")]
    assert len(unnamed) == 4
    assert all("earlier_contact" not in each and each["citizen"] for each in unnamed)
    assert by(counted(), "line")["second"] == 124
