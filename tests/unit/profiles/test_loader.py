"""A profile that is wrong says where: file, line, field, and what would be right."""

from pathlib import Path

import pytest

from shared.profiles import BrokenProfile, load_profile, load_profiles
from shared.profiles.loader import PROFILES

GOOD = (PROFILES / "leuven.yaml").read_text(encoding="utf-8")


def _refusal(directory: Path, text: str | bytes) -> str:
    file = directory / "leuven.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BrokenProfile) as raised:
        load_profile(file)
    return str(raised.value).replace(f"{directory}/", "")


def _line_of(fragment: str) -> int:
    return GOOD[: GOOD.index(fragment)].count("\n") + 1


@pytest.mark.parametrize(
    ("before", "after", "field", "says"),
    [
        ("value: 45", "value: -45", "versions.0.terms.1.length.value", "greater than 0"),
        (
            "time_zone: Europe/Brussels",
            "time_zone: Europe/Leuven",
            "time_zone",
            "give one like Europe/Brussels",
        ),
        ("reference_prefix: LEU", "reference_prefix: leu", "reference_prefix", "pattern"),
        ("complaints_coordination", "complaints_department", "versions.1.first_line_complaints_by", "'service'"),
        ("warn_days: 3", "warm_days: 3", "versions.0.terms.0.warm_days", "check the spelling"),
    ],
)
def test_names_line_and_field(tmp_path: Path, before: str, after: str, field: str, says: str) -> None:
    told = _refusal(tmp_path, GOOD.replace(before, after, 1))
    assert told.startswith(f"leuven.yaml:{_line_of(before)}: {field}: ")
    assert says in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("", (2, 6)),
        ("monthly_reports: {day: 5, hour: 8}", (5, 8)),
        ("monthly_reports: {day: 5}", (5, 6)),
        ("monthly_reports: null", None),
    ],
)
def test_when_monthly_reports_are_made_can_be_said(
    tmp_path: Path, line: str, when: tuple[int, int] | None
) -> None:
    file = tmp_path / "leuven.yaml"
    file.write_text(GOOD.replace("country: BE", f"country: BE\n{line}"), encoding="utf-8")
    told = load_profile(file).monthly_reports
    assert (told and (told.day, told.hour)) == when


def test_monthly_reports_are_made_on_days_that_every_month_has(tmp_path: Path) -> None:
    for wrong, says in (("day: 31", "less than or equal to 28"), ("hour: 24", "less than or equal to 23")):
        told = _refusal(tmp_path, GOOD.replace("country: BE", f"country: BE\nmonthly_reports: {{{wrong}}}"))
        assert told.startswith(f"leuven.yaml:{_line_of('country: BE') + 1}: monthly_reports.{wrong[:-4]}")
        assert says in told


def test_names_every_field_that_is_missing(tmp_path: Path) -> None:
    told = _refusal(tmp_path, "id: leuven\nversions:\n  - valid_from: 2020-01-01\n").splitlines()
    assert "leuven.yaml:1: name: is required; give it" in told
    assert "leuven.yaml:3: versions.0.terms: is required; give it" in told


def test_a_fault_that_later_versions_inherit_is_told_once_where_it_stands(tmp_path: Path) -> None:
    told = _refusal(tmp_path, GOOD.replace("postal_codes: [", "postal_codes: [3009, ", 1))
    assert told == (
        f"leuven.yaml:{_line_of('postal_codes: [')}: versions.0.districts.0.postal_codes.0: "
        "Input should be a valid string"
    )


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("- id: dierenwelzijn", "- id: sport", "directorates: sport is there twice"),
        ("{id: bouwen,", "{id: wonen,", "services: wonen is there twice"),
        ("{id: founded,", "{id: unfounded,", "qualifications: unfounded is there twice"),
        ("{id: equality,", "{id: equity,", "norms: equity is there twice"),
        ("{id: other, name: {nl: Andere, en: Other}}\n", "{id: apology, name: {nl: A, en: A}}\n", "interventions"),
    ],
)
def test_ids_are_unique(tmp_path: Path, before: str, after: str, says: str) -> None:
    assert says in _refusal(tmp_path, GOOD.replace(before, after, 1))


def test_a_key_that_is_there_twice_is_not_quietly_lost(tmp_path: Path) -> None:
    told = _refusal(tmp_path, GOOD.replace("country: BE", "country: BE\nrevision: 7"))
    assert told == f"leuven.yaml:{_line_of('country: BE') + 1}: revision: is there twice; keep one of them"


def test_versions_follow_each_other(tmp_path: Path) -> None:
    told = _refusal(tmp_path, GOOD.replace("valid_from: 2021-10-01", "valid_from: 1995-01-01"))
    assert "order them by date" in told


def test_the_file_is_named_after_the_organisation(tmp_path: Path) -> None:
    told = _refusal(tmp_path, GOOD.replace("id: leuven\n", "id: lauven\n", 1))
    assert told.startswith(f"leuven.yaml:{_line_of('id: leuven')}: id: is lauven;")


@pytest.mark.parametrize(
    "text",
    ["", "- 1", "3", "versions: 3", "versions: [1]", "{[1]: 2}", "a: [", b"\xff", "a: \x01", "a: 2021-13-45"],
)
def test_whatever_a_file_holds_the_answer_is_a_sentence(tmp_path: Path, text: str | bytes) -> None:
    assert _refusal(tmp_path, text).startswith("leuven.yaml:1: ")


def test_a_directory_without_profiles_says_so(tmp_path: Path) -> None:
    with pytest.raises(BrokenProfile, match="PROFILES_DIR"):
        load_profiles(tmp_path)


def test_the_version_name_tells_date_revision_and_content(tmp_path: Path) -> None:
    file = tmp_path / "leuven.yaml"
    file.write_text(GOOD, encoding="utf-8")
    before = load_profile(file)
    file.write_text(GOOD.replace("revision: 3", "revision: 4"), encoding="utf-8")
    after = load_profile(file)
    assert before.version_name(before.versions[0]) == f"1995-11-13/r3#{before.content_hash[:8]}"
    assert after.version_name(after.versions[0]) == f"1995-11-13/r4#{after.content_hash[:8]}"
    assert before.content_hash != after.content_hash
