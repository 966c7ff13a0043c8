"""Each way in which a profile can contradict itself has a name, a line and a cure."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from shared.profiles import BrokenProfile, load_profile, load_profiles
from shared.profiles.check import main
from shared.profiles.consistency import Misfit
from shared.profiles.loader import PROFILES, Fault

SOUND = {file.stem: file.read_text(encoding="utf-8") for file in PROFILES.glob("*.yaml")}
LEUVEN = SOUND["leuven"]


def _faults(directory: Path, name: str, text: str) -> list[Fault]:
    file = directory / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenProfile) as raised:
        load_profile(file)
    return list(raised.value.faults)


def _changed(text: str, before: str, after: str) -> str:
    assert text.count(before) >= 1, before
    return text.replace(before, after, 1)


class Slip(NamedTuple):
    """A slip in one of the profiles, and what is to be said of it."""

    before: str
    after: str
    code: str
    field: str
    says: str


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
    (fault,) = _faults(tmp_path, "leuven", _changed(LEUVEN, slip.before, slip.after))
    assert (fault.code, fault.field) == (slip.code, slip.field)
    assert slip.says in fault.message


@pytest.mark.parametrize(
    ("profile", "slip"),
    [
        (
            "antwerpen_woonhaven",
            Slip(
                "    attributes:\n      - id: stock\n",
                "    attributes:\n      - id: outcome\n",
                "reserved_id",
                "versions.0.attributes.0.id",
                "give the attribute another id",
            ),
        ),
        (
            "antwerpen_woonhaven",
            Slip(
                "{id: letter, channel: letter,",
                "{id: letter, channel: fax,",
                "not_on_list",
                "versions.0.access_channels.5.channel",
                "Input should be 'email'",
            ),
        ),
        (
            "antwerpen_woonhaven",
            Slip(
                "      letter: {nl: Brief, en: Letter}\n",
                "",
                "unknown_channel",
                "versions.0.access_channels.5.channel",
                "letter comes by letter, which is not among channels; add it there",
            ),
        ),
        (
            "antwerpen_woonhaven",
            Slip(
                "{id: repeated, name",
                "{id: share, name",
                "reserved_id",
                "versions.0.annual_report.3.parts.0.id",
                "share is a column that every table may have; give this one another id",
            ),
        ),
        (
            "antwerpen_politie",
            Slip(
                "        by: [nature]\n",
                "        by: [month]\n",
                "contradicts",
                "versions.0.annual_report.1",
                "tells a month, which the reporting year that begins on 01-19 cuts in two",
            ),
        ),
        (
            "antwerpen_stad",
            Slip(
                "half_year: [H2]}",
                "half_year: [H3]}",
                "unknown_code",
                "versions.0.annual_report.7.where.half_year.0",
                "H3 is no value of half_year; give one of H1, H2",
            ),
        ),
        (
            "antwerpen_zorgbedrijf",
            Slip(
                "where: {topic: [care]}",
                "where: {topic: [care], nature: [question]}",
                "contradicts",
                "versions.0.annual_report.6.lines.0.where.nature.0",
                "question is left out by the table's own where; give one of complaint, report",
            ),
        ),
        (
            "antwerpen_woonhaven",
            Slip(
                "{id: de_ideale_woning, name",
                "{id: woonhaven, name",
                "doubled_id",
                "versions.0.attributes.0.values.1.id",
                "attributes.stock: woonhaven is there twice",
            ),
        ),
        (
            "antwerpen_woonhaven",
            Slip(
                "{id: projects, name",
                "{id: technical, name",
                "topic_cycle",
                "versions.0.topics.0.subtopics",
                "technical > technical goes round in a circle",
            ),
        ),
        (
            "antwerpen_politie",
            Slip(
                "{id: parking, name: {nl: Parkeerdruk/overlast",
                "{id: general, name: {nl: Parkeerdruk/overlast",
                "two_names",
                "versions.0.topics.29.subtopics.3.name",
                "general has another name under another topic",
            ),
        ),
        (
            "antwerpen_politie",
            Slip(
                "{id: youth, name",
                "{id: hospitality, name",
                "doubled_id",
                "versions.0.topics.27.subtopics.2.id",
                "topics.nuisance: hospitality is there twice",
            ),
        ),
    ],
)
def test_a_fault_of_attributes_topics_and_ways_in(tmp_path: Path, profile: str, slip: Slip) -> None:
    faults = _faults(tmp_path, profile, _changed(SOUND[profile], slip.before, slip.after))
    told = {(fault.code, fault.field): fault.message for fault in faults}
    assert slip.says in told[slip.code, slip.field]


def test_every_fault_is_tried() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert {name for name in get_args(Misfit) if f'"{name}"' not in source} == set()


def test_topics_that_stand_below_each_other_are_a_cycle(tmp_path: Path) -> None:
    before, after = (
        "{nl: Drugs, en: Drugs}, subtopics: [{id: none,",
        "{nl: Drugs, en: Drugs}, subtopics: [{id: traffic,",
    )
    text = _changed(SOUND["antwerpen_politie"], before, after)
    text = _changed(text, "{id: cyclists, name: {nl: Verkeersgedrag", "{id: drugs, name: {nl: Verkeersgedrag")
    (cycle,) = [fault for fault in _faults(tmp_path, "antwerpen_politie", text) if fault.code == "topic_cycle"]
    assert re.match(r"(drugs > traffic > drugs|traffic > drugs > traffic) goes round", cycle.message)


def test_a_fault_points_at_its_own_line(tmp_path: Path) -> None:
    text = _changed(LEUVEN, "{id: sport, name", "{id: wijkpolitie, name")
    (fault,) = _faults(tmp_path, "leuven", text)
    assert "id: wijkpolitie" in text.splitlines()[fault.line - 1]
    assert fault.line == text[: text.rindex("{id: wijkpolitie")].count("\n") + 1


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = _changed(LEUVEN, "by: [month]", "by: [maand]")
    text = _changed(text, "service: [ombudsdienst]", "service: [ombudsman]")
    assert {fault.code for fault in _faults(tmp_path, "leuven", text)} == {"unknown_dimension", "unknown_id"}


def test_two_organisations_never_number_their_contacts_alike(tmp_path: Path) -> None:
    (tmp_path / "leuven.yaml").write_text(LEUVEN, encoding="utf-8")
    other = _changed(SOUND["antwerpen_woonhaven"], "reference_prefix: AWH", "reference_prefix: LEU")
    (tmp_path / "antwerpen_woonhaven.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(BrokenProfile, match="LEU is the prefix of antwerpen_woonhaven already; choose another"):
        load_profiles(tmp_path)


def test_the_command_tells_that_all_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(list(PROFILES.glob("*.yaml")))
    assert all(": fine, " in line for line in printed)


def test_the_command_tells_every_fault_of_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken, fine, gone = tmp_path / "leuven.yaml", tmp_path / "leiden.yaml", tmp_path / "gone.yaml"
    broken.write_text(_changed(LEUVEN, "by: [month]", "by: [maand]"), encoding="utf-8")
    shutil.copy(PROFILES / "leiden.yaml", fine)
    assert main([str(broken), str(fine), str(gone)]) == 1
    printed = capsys.readouterr().out
    assert re.search(
        rf"^{broken}:\d+: versions\.0\.annual_report\.4\.by\.0: maand is no dimension; .* \[unknown_dimension\]$",
        printed,
        re.MULTILINE,
    )
    assert f"{fine}: fine, 1 version(s)" in printed
    assert (
        f"{gone}:1: cannot be read (No such file or directory); name a file that is there [unreadable]" in printed
    )


def test_the_command_finds_prefixes_that_two_files_share(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "leiden.yaml"
    file.write_text(_changed(SOUND["leiden"], "reference_prefix: LEI", "reference_prefix: LEU"), encoding="utf-8")
    assert main([str(PROFILES / "leuven.yaml"), str(file)]) == 1
    assert f"{file}:10: reference_prefix: LEU is the prefix of leuven already" in capsys.readouterr().out


def test_the_command_runs_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "leuven.yaml"
    file.write_text("id: leuven\n", encoding="utf-8")
    command = [sys.executable, "-m", "shared.profiles.check", str(file)]
    root = Path(__file__).parents[3]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, env=dict(os.environ))
    assert ended.returncode == 1
    assert f"{file}:1: versions: is required; give it [missing]" in ended.stdout
    assert ended.stderr == ""
