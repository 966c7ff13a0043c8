"""What holds for every organisation's profile."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from services.reporting.domain.annual import Counted, ReportingYear, YearCounts, report_table
from services.reporting.domain.dimensions import DIMENSIONS as COUNTED
from services.reporting.domain.dimensions import Vocabulary
from shared.contracts.identifiers import Channel, Line, Nature
from shared.contracts.submission import About, Submission
from shared.profiles.codes import unknown_codes
from shared.profiles.dimensions import DIMENSIONS, PERIODS, values_by_dimension
from tests.unit.profiles.walking import PROFILES, basics, labels_of, missing_rules, newest, uncounted

ORGANISATIONS = {
    "leuven": ("LEU", "BE", "Europe/Brussels"),
    "antwerpen_stad": ("ANT", "BE", "Europe/Brussels"),
    "antwerpen_politie": ("APO", "BE", "Europe/Brussels"),
    "antwerpen_brandweer": ("ABR", "BE", "Europe/Brussels"),
    "antwerpen_onderwijs": ("AON", "BE", "Europe/Brussels"),
    "antwerpen_woonhaven": ("AWH", "BE", "Europe/Brussels"),
    "antwerpen_zorgbedrijf": ("AZB", "BE", "Europe/Brussels"),
    "leiden": ("LEI", "NL", "Europe/Amsterdam"),
}
RECEIVED = datetime(2023, 6, 1, 10, tzinfo=UTC)
every_organisation = pytest.mark.parametrize("organisation", sorted(ORGANISATIONS))


def test_all_eight_are_there_with_numbers_of_their_own() -> None:
    assert {name: basics(profile) for name, profile in PROFILES.items()} == ORGANISATIONS


@every_organisation
def test_a_person_reads_everything_in_both_languages(organisation: str) -> None:
    for label in labels_of(newest(organisation)):
        assert label.nl.strip() == label.nl
        assert label.en.strip() == label.en


@every_organisation
def test_no_way_in_is_refused(organisation: str) -> None:
    assert set(newest(organisation).channels) == set(Channel)


@every_organisation
def test_every_way_in_and_every_topic_can_be_told(organisation: str) -> None:
    version = newest(organisation)
    given: dict[str, Any] = {
        "submission_id": "s",
        "organisation": organisation,
        "text": "Een tekst",
        "received_at": RECEIVED,
    }
    for way_in in version.access_channels:
        told = Submission(channel=way_in.channel, access_channel=way_in.id, **given)
        assert unknown_codes(told, version) == []
    for topic in version.topics:
        for subtopic in topic.subtopics:
            about = About(
                topic=topic.id, subtopic=subtopic.id, directorate=topic.directorate, service=topic.service
            )
            assert unknown_codes(Submission(channel=Channel.EMAIL, about=about, **given), version) == []


@every_organisation
def test_nature_reads_in_the_organisations_own_words(organisation: str) -> None:
    words = Vocabulary(PROFILES[organisation])
    for nature, label in newest(organisation).natures.items():
        assert words.label("nature", nature) == label


@every_organisation
def test_every_table_of_the_report_is_a_sum_of_counters(organisation: str) -> None:
    assert uncounted(organisation) == []


@every_organisation
def test_printed_figures_stand_beside_the_year_after_them(organisation: str) -> None:
    version, words = newest(organisation), Vocabulary(PROFILES[organisation])
    for table in version.annual_report:
        for printed, rows in table.published.items():
            after = ReportingYear.of(PROFILES[organisation], printed + 1)
            counted = {after.name: YearCounts(Counted(Counter(), 0)), printed: None}
            shown = report_table(table, after, counted, version, words)
            beside = [row["previous"][str(printed)] for row in shown["rows"]]
            assert sum(each["count"] or 0 for each in beside if each) == sum(rows.values())
            assert len([each for each in beside if each and each["count"] is not None]) >= len(rows)


@every_organisation
def test_both_lines_have_the_terms_and_an_external_contact_has_none(organisation: str) -> None:
    for version in PROFILES[organisation].versions:
        assert {term.lines for term in version.terms} == {(Line.FIRST, Line.SECOND)}
        assert any(Nature.COMPLAINT in term.natures for term in version.terms)


@every_organisation
def test_a_citizen_who_is_not_content_can_go_on(organisation: str) -> None:
    for version in PROFILES[organisation].versions:
        assert version.next_stages["service"]  # type: ignore[index]
        reached = {name for names in version.next_stages.values() for name in names}
        assert reached <= version.codes["escalation_target"]
        dealt_with = {each.handled_by for each in version.escalation_targets if each.id in reached}
        assert set(version.next_stages) - {"service"} <= dealt_with


@every_organisation
def test_what_a_profile_may_ask_for_is_what_reports_can_count(organisation: str) -> None:
    words = Vocabulary(PROFILES[organisation])
    values = values_by_dimension(newest(organisation))
    assert set(values) == set(words.dimensions)
    for name in set(values) - set(PERIODS):
        assert set(words.values(name)) <= values[name], name


def test_the_dimensions_of_every_organisation_are_those_of_the_reports() -> None:
    assert set(COUNTED) == DIMENSIONS


def test_every_rule_that_leuven_prints_is_in_its_profile() -> None:
    told = {
        "first_line_acknowledgement_term",
        "first_line_answer_term",
        *(f"exclusion_{ground}" for ground in newest("leuven").codes["exclusion_ground"]),
    }
    assert missing_rules("leuven") == told
    assert {term.id: term.report_thresholds_days for term in newest("leuven").terms} == {
        "acknowledgement": (10,),
        "answer": (45,),
    }


def test_leuven_sends_the_citizen_on_by_its_own_stages() -> None:
    before, since = PROFILES["leuven"].versions
    assert before.next_stages == {
        "service": ("ombudsdienst",),
        "ombuds_service": ("agentschap_binnenlands_bestuur",),
    }
    assert since.next_stages == {
        "service": ("klachtencoordinatie",),
        "complaints_coordination": ("ombudsdienst", "vlaamse_ombudsdienst"),
        "ombuds_service": ("vlaamse_ombudsdienst", "agentschap_binnenlands_bestuur"),
    }
