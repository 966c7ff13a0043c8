"""Each way in which a profile can contradict itself has a name, a line and a cure."""

import re
from pathlib import Path
from typing import get_args

import pytest

from shared.profiles import BrokenProfile, load_profiles
from shared.profiles.consistency import Misfit
from tests.unit.profiles.slips import LEUVEN, SOUND, Slip, changed, faults_of


@pytest.mark.parametrize(
    "slip",
    [
        Slip(
            "{id: sport, name",
            "{id: wijkpolitie, name",
            "doubled_id",
            "versions.0.directorates.12.services.0.id",
            "services: wijkpolitie is there twice",
        ),
        Slip(
            "kind: answer\n        natures: [complaint]",
            "kind: answer\n        met_by_registration: true\n        natures: [complaint]",
            "contradicts",
            "versions.0.terms.1.met_by_registration",
            "an automatic receipt is no answer",
        ),
        Slip(
            "where: {line: [external, first]}",
            "where: {line: [outside, first]}",
            "unknown_code",
            "versions.0.annual_report.1.where.line.0",
            "outside is no value of line; give one of external, first, second, unknown",
        ),
        Slip(
            "where: {line: [external, first]}",
            "where: {lijn: [external, first]}",
            "unknown_dimension",
            "versions.0.annual_report.1.where.lijn",
            "lijn is no dimension; give one of",
        ),
        Slip(
            "        by: [month]\n",
            "        by: [maand]\n",
            "unknown_dimension",
            "versions.0.annual_report.4.by.0",
            "maand is no dimension",
        ),
        Slip(
            "      - [line, nature]\n",
            "      - [line, natuur]\n",
            "unknown_dimension",
            "versions.0.counter_tables.10.1",
            "natuur is no dimension",
        ),
        Slip(
            "values: [other, apology]",
            "values: [other, excuse]",
            "unknown_code",
            "versions.0.annual_report.18.groups.0.values.1",
            "excuse is no value of intervention",
        ),
        Slip(
            "2019: {external: 64, first: 91",
            "2019: {external: 64, firts: 91",
            "unknown_row",
            "versions.0.annual_report.2.published.2019.firts",
            "firts is no row of this table; a row is named by line",
        ),
        Slip(
            '2019: {"01": 23',
            '2019: {"13": 23',
            "unknown_row",
            "versions.0.annual_report.4.published.2019.13",
            "13 is no row of this table; a row is named by month",
        ),
        Slip(
            "{share: {question: 0.07",
            "{part: {question: 0.07",
            "unknown_column",
            "versions.0.annual_report.3.published_figures.2019.part",
            "part is no column of this table; give one of count, share",
        ),
        Slip(
            "{share: {question: 0.07",
            "{share: {questions: 0.07",
            "unknown_row",
            "versions.0.annual_report.3.published_figures.2019.share.questions",
            "questions is no row of this table; a row is named by nature",
        ),
        Slip(
            "contacts_digital: 0.74",
            "contacts_digitally: 0.74",
            "unknown_row",
            "versions.0.annual_report.38.published_figures.2020.share.contacts_digitally",
            "contacts_digitally is no row of this table; a row is named by the id of a line",
        ),
        Slip(
            "{id: external_complaints, name",
            "{id: external_written, name",
            "doubled_id",
            "versions.0.annual_report.38.lines.8.id",
            "annual_report.stated_shares: external_written is there twice",
        ),
        Slip(
            "where: {district: [elsewhere]}",
            "where: {district: [abroad]}",
            "unknown_code",
            "versions.0.annual_report.38.lines.4.where.district.0",
            "abroad is no value of district; give one of",
        ),
        Slip(
            "service: [ombudsdienst]",
            "service: [ombudsman]",
            "unknown_id",
            "versions.0.next_stages.service.0",
            "ombudsman is no escalation target; give one of agentschap_binnenlands_bestuur",
        ),
        Slip(
            "ombuds_service: [agentschap_binnenlands_bestuur]",
            "ombuds_service: [ombudsdienst]",
            "stage_cycle",
            "versions.0.next_stages.ombuds_service",
            "sends the citizen round in a circle",
        ),
        Slip(
            "- {id: taxes, name",
            "- {id: taxes, service: fiscaliteit, name",
            "unknown_id",
            "versions.0.topics.3.service",
            "fiscaliteit is under no directorate; list it under one, or correct it here",
        ),
        Slip(
            "- {id: taxes, name",
            "- {id: taxes, directorate: fiscaliteit, name",
            "unknown_id",
            "versions.0.topics.3.directorate",
            "fiscaliteit is no directorate; give one of",
        ),
        Slip(
            "- {id: taxes, name",
            "- {id: taxes, directorate: politie, service: belastingen, name",
            "contradicts",
            "versions.0.topics.3.directorate",
            "belastingen belongs to financien, not to politie",
        ),
        Slip(
            "valid_from: 2021-10-01",
            "valid_from: 1995-11-13",
            "versions_overlap",
            "versions.1.valid_from",
            "let each day have one version",
        ),
        Slip(
            "valid_from: 2021-10-01",
            "valid_from: 1990-01-01",
            "versions_out_of_order",
            "versions.1.valid_from",
            "order them by date",
        ),
        Slip(
            "first_line_complaints_by: service",
            "first_line_complaints_by: service\n    colour: blue",
            "unknown_field",
            "versions.0.colour",
            "check the spelling or leave it out",
        ),
        Slip(
            "      email: {nl: E-mail, en: E-mail}",
            "      fax: {nl: Fax, en: Fax}",
            "not_on_list",
            "versions.0.channels.fax.[key]",
            "Input should be 'email'",
        ),
    ],
)
def test_a_fault_has_a_name_a_place_and_a_cure(tmp_path: Path, slip: Slip) -> None:
    (fault,) = faults_of(tmp_path, "leuven", changed(LEUVEN, slip.before, slip.after))
    assert (fault.code, fault.field) == (slip.code, slip.field)
    assert slip.says in fault.message


def test_every_fault_is_tried() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert {name for name in get_args(Misfit) if f'"{name}"' not in source} == set()


def test_topics_that_stand_below_each_other_are_a_cycle(tmp_path: Path) -> None:
    before, after = (
        "{nl: Drugs, en: Drugs}, subtopics: [{id: none,",
        "{nl: Drugs, en: Drugs}, subtopics: [{id: traffic,",
    )
    text = changed(SOUND["antwerpen_politie"], before, after)
    text = changed(text, "{id: cyclists, name: {nl: Verkeersgedrag", "{id: drugs, name: {nl: Verkeersgedrag")
    (cycle,) = [fault for fault in faults_of(tmp_path, "antwerpen_politie", text) if fault.code == "topic_cycle"]
    assert re.match(r"(drugs > traffic > drugs|traffic > drugs > traffic) goes round", cycle.message)


def test_a_fault_points_at_its_own_line(tmp_path: Path) -> None:
    text = changed(LEUVEN, "{id: sport, name", "{id: wijkpolitie, name")
    (fault,) = faults_of(tmp_path, "leuven", text)
    assert "id: wijkpolitie" in text.splitlines()[fault.line - 1]
    assert fault.line == text[: text.rindex("{id: wijkpolitie")].count("\n") + 1


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = changed(LEUVEN, "by: [month]", "by: [maand]")
    text = changed(text, "service: [ombudsdienst]", "service: [ombudsman]")
    assert {fault.code for fault in faults_of(tmp_path, "leuven", text)} == {"unknown_dimension", "unknown_id"}


def test_two_organisations_never_number_their_contacts_alike(tmp_path: Path) -> None:
    (tmp_path / "leuven.yaml").write_text(LEUVEN, encoding="utf-8")
    other = changed(SOUND["antwerpen_woonhaven"], "reference_prefix: AWH", "reference_prefix: LEU")
    (tmp_path / "antwerpen_woonhaven.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(BrokenProfile, match="LEU is the prefix of antwerpen_woonhaven already; choose another"):
        load_profiles(tmp_path)
