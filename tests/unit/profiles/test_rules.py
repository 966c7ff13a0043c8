"""Rules are data: what is wrong with one has a name, a line and a cure."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from shared.profiles import BrokenProfile, load_profile
from shared.profiles.loader import PROFILES, Fault
from shared.profiles.rules import RoutingRule
from tests import organisations

ORGANISATIONS = organisations.PROFILES
LEUVEN = (PROFILES / "leuven.yaml").read_text(encoding="utf-8")
FIRST_RULE = "      - use: nature\n"
OWN = """      - id: own
        name: {nl: Eigen regel, en: A rule of our own}
        when: WHEN
        then: THEN
        source: Council decision
"""


def _own(when: str, then: str = "{line: first}") -> str:
    return OWN.replace("WHEN", when).replace("THEN", then)


def _load(directory: Path, text: str) -> Any:
    file = directory / "leuven.yaml"
    file.write_text(text, encoding="utf-8")
    return load_profile(file)


def _faults(directory: Path, text: str) -> tuple[Fault, ...]:
    with pytest.raises(BrokenProfile) as raised:
        _load(directory, text)
    return raised.value.faults


def _line_of(text: str, what: str) -> int:
    return text[: text.index(what)].count("\n") + 1


class Slip(NamedTuple):
    when: str
    then: str
    code: str
    field: str
    says: str


@pytest.mark.parametrize(
    "slip",
    [
        Slip(
            "{topic: gardens}", "{line: first}", "unknown_id", "when.topic.0", "gardens is no topic; give one of"
        ),
        Slip("{declared_service: parks}", "{line: first}", "unknown_id", "when.declared_service.0", "parks is no"),
        Slip("{}", "{directorate: parks}", "unknown_id", "then.directorate", "parks is no directorate"),
        Slip("{}", "{exclusion_ground: boring}", "unknown_id", "then.exclusion_ground", "boring is no exclusion"),
        Slip(
            "{}",
            "{review: [line], guesses: {line: [third]}}",
            "unknown_id",
            "then.guesses.line.0",
            "third is no line; give one of external, first, second",
        ),
        Slip(
            "{}",
            "{directorate: politie, service: groen}",
            "contradicts",
            "then.directorate",
            "groen belongs to openbaar_domein, not to politie; give directorate: openbaar_domein",
        ),
        Slip("{weather: rain}", "{line: first}", "unknown_field", "when.weather", "is not a field"),
        Slip("{nature: grumble}", "{line: first}", "not_on_list", "when.nature.0", "'complaint'"),
        Slip(
            "{facts_older_than_years: two}",
            "{line: first}",
            "invalid",
            "when.facts_older_than_years",
            "as_profile_says",
        ),
        Slip("{anonymous: 7}", "{line: first}", "wrong_type", "when.anonymous", "bool"),
        Slip("{facts_older_than_years: 0}", "{line: first}", "invalid", "when.facts_older_than_years", "1 to 100"),
        Slip("{}", "{line: sideways}", "not_on_list", "then.line", "'external', 'first' or 'second'"),
        Slip("{}", "{}", "invalid", "then", "says nothing; give an answer, leaves_open or review"),
        Slip(
            "{line: first}",
            "{handled_by: service}",
            "unreachable_rule",
            "when.line",
            "no rule further up answers line, so this one never speaks; move it below those that do",
        ),
        Slip("{nature: other_than_declared}", "{line: first}", "unknown_id", "when", "compares text_nature"),
    ],
)
def test_a_broken_rule_is_told_with_its_place_and_its_cure(tmp_path: Path, slip: Slip) -> None:
    text = LEUVEN.replace(FIRST_RULE, _own(slip.when, slip.then) + FIRST_RULE, 1)
    found = {each.field: each for each in _faults(tmp_path, text)}
    fault = next(
        each for field, each in found.items() if field.startswith(f"versions.0.routing_rules.0.{slip.field}")
    )
    assert (fault.code, fault.file.name) == (slip.code, "leuven.yaml")
    assert slip.says in fault.message
    part = slip.field.split(".")[0]
    assert fault.line == _line_of(text, f"        {part}: {slip.when if part == 'when' else slip.then}")


@pytest.mark.parametrize(
    ("earlier", "later", "shadowed"),
    [
        ("{channel: phone}", "{channel: phone}", True),
        ("{channel: [phone, email]}", "{channel: phone, anonymous: true}", True),
        ("{channel: phone}", "{channel: [phone, email]}", False),
        ("{channel: phone}", "{anonymous: true}", False),
        ("{}", "{anonymous: true}", True),
        ("{declared_nature: any}", "{declared_nature: [report, question]}", True),
        ("{declared_nature: any}", "{declared_nature: [report, none]}", False),
        ("{declared_nature: [any, none]}", "{declared_nature: [report, none]}", True),
        (
            "{declared_nature: [question, report, complaint, suggestion, compliment]}",
            "{declared_nature: any}",
            True,
        ),
        ("{declared_service: any}", "{declared_service: groen}", True),
        ("{declared_service: groen}", "{declared_service: any}", False),
        ("{facts_older_than_years: 2}", "{facts_older_than_years: 3}", True),
        ("{facts_older_than_years: 3}", "{facts_older_than_years: 2}", False),
        ("{facts_older_than_years: as_profile_says}", "{facts_older_than_years: 2}", False),
        ("{text_earlier_contact_above: 0.5}", "{text_earlier_contact_above: 0.9}", True),
        ("{text_earlier_contact_above: 0.9}", "{text_earlier_contact_above: 0.5}", False),
    ],
)
def test_a_rule_that_another_always_speaks_before_is_found(
    tmp_path: Path, earlier: str, later: str, shadowed: bool
) -> None:
    second = _own(later).replace("id: own", "id: later")
    text = LEUVEN.replace(FIRST_RULE, _own(earlier) + second + FIRST_RULE, 1)
    file = tmp_path / "leuven.yaml"
    file.write_text(text, encoding="utf-8")
    told: list[Fault] = []
    try:
        load_profile(file)
    except BrokenProfile as broken:
        told = [each for each in broken.faults if each.field == "versions.0.routing_rules.1.when"]
    assert [each.code for each in told] == ["unreachable_rule"] * shadowed
    assert all("own further up always speaks first" in each.message for each in told)


def test_a_ground_does_not_keep_another_from_being_told(tmp_path: Path) -> None:
    grounds = _own("{channel: phone}", "{exclusion_ground: general_policy}") + _own(
        "{channel: phone}", "{exclusion_ground: general_regulation}"
    ).replace("id: own", "id: later")
    profile = _load(tmp_path, LEUVEN.replace(FIRST_RULE, grounds + FIRST_RULE, 1))
    assert [rule.id for rule in profile.versions[0].routing_rules[:2]] == ["own", "later"]


def test_the_same_id_twice_is_one_too_many(tmp_path: Path) -> None:
    own = _own("{channel: phone}").replace("id: own", "id: declared_nature")
    (fault,) = _faults(tmp_path, LEUVEN.replace(FIRST_RULE, own + FIRST_RULE, 1))
    assert (fault.code, fault.file.name) == ("doubled_id", "nature.yaml")
    assert "routing_rules: declared_nature is there twice" in fault.message


class TestSets:
    def test_one_that_is_not_there(self, tmp_path: Path) -> None:
        text = LEUVEN.replace(FIRST_RULE, "      - use: natures\n", 1)
        (fault,) = _faults(tmp_path, text)
        assert (fault.code, fault.line) == ("no_rule_set", _line_of(text, "- use: natures"))
        assert "natures is no set of rules; give one of common, grounds," in fault.message

    def test_one_that_uses_itself(self, tmp_path: Path) -> None:
        folder = tmp_path / "rule_sets"
        folder.mkdir()
        (folder / "ours.yaml").write_text("rules:\n  - use: theirs\n", encoding="utf-8")
        (folder / "theirs.yaml").write_text("rules:\n  - use: line\n  - use: ours\n", encoding="utf-8")
        (fault,) = _faults(tmp_path, LEUVEN.replace(FIRST_RULE, "      - use: ours\n", 1))
        assert (fault.code, fault.file.name, fault.line) == ("rule_cycle", "theirs.yaml", 3)
        assert "ours > theirs > ours goes round in a circle" in fault.message

    @pytest.mark.parametrize("content", ["- use: line\n", "rules: nature\n", "rules: []\nmore: 1\n"])
    def test_one_that_is_no_list_of_rules(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "rule_sets").mkdir()
        (tmp_path / "rule_sets" / "ours.yaml").write_text(content, encoding="utf-8")
        (fault,) = _faults(tmp_path, LEUVEN.replace(FIRST_RULE, "      - use: ours\n", 1))
        assert (fault.code, fault.file.name) == ("wrong_form", "ours.yaml")

    def test_one_with_something_beside_its_name(self, tmp_path: Path) -> None:
        text = LEUVEN.replace(FIRST_RULE, "      - {use: nature, id: own}\n", 1)
        (fault,) = _faults(tmp_path, text)
        assert (fault.code, fault.field) == ("wrong_form", "versions.0.routing_rules.0.use")

    def test_a_fault_within_one_is_told_in_its_own_file(self, tmp_path: Path) -> None:
        (tmp_path / "rule_sets").mkdir()
        (tmp_path / "rule_sets" / "ours.yaml").write_text(
            "rules:\n  - use: line\n"
            + _own("{topic: gardens}").replace("      - ", "  - ").replace("        ", "    "),
            encoding="utf-8",
        )
        (fault,) = _faults(tmp_path, LEUVEN.replace("      - use: line\n", "      - use: ours\n", 1))
        assert (fault.code, fault.file.name, fault.line) == ("unknown_id", "ours.yaml", 5)
        assert fault.field == "rules.1.when.topic.0"

    def test_the_content_of_those_in_use_is_part_of_the_profiles(self, tmp_path: Path) -> None:
        (tmp_path / "rule_sets").mkdir()
        ours = tmp_path / "rule_sets" / "ours.yaml"
        ours.write_text("rules: [{use: line}]\n", encoding="utf-8")
        text = LEUVEN.replace("      - use: line\n", "      - use: ours\n", 1)
        before = _load(tmp_path, text).content_hash
        ours.write_text("rules: [{use: line}] # the same\n", encoding="utf-8")
        assert _load(tmp_path, text).content_hash != before

    def test_rules_about_grounds_that_an_organisation_does_not_have_are_left_out(self, tmp_path: Path) -> None:
        start, end = LEUVEN.index("    routing_rules:"), LEUVEN.index("    # The report counts four ways in")
        without = LEUVEN[:start] + LEUVEN[end:]
        all_of_them = _load(tmp_path, without).versions[0].routing_rules
        assert {"anonymous", "older_than_one_year"} <= {rule.id for rule in all_of_them}
        ground = "      - {id: anonymous, name: {nl: Anonieme klacht, en: Anonymous complaint}}\n"
        assert ground in without
        fewer = _load(tmp_path, without.replace(ground, "")).versions[0].routing_rules
        assert [rule.id for rule in all_of_them if rule not in fewer] == ["anonymous"]


def test_a_version_may_have_rules_of_its_own(tmp_path: Path) -> None:
    rules = (
        "    routing_rules:\n      - use: nature\n      - use: line\n"
        + _own("{line: first, nature: complaint}", "{handled_by: ombuds_service}")
        + "      - use: place\n"
    )
    before, since = _load(
        tmp_path, LEUVEN.replace("  - valid_from: 2021-10-01\n", f"  - valid_from: 2021-10-01\n{rules}")
    ).versions
    assert "own" not in {rule.id for rule in before.routing_rules}
    assert "own" in {rule.id for rule in since.routing_rules}
    assert "anonymous" not in {rule.id for rule in since.routing_rules}


@pytest.mark.parametrize("organisation", sorted(ORGANISATIONS))
def test_every_organisation_has_rules_for_every_question(organisation: str) -> None:
    for version in ORGANISATIONS[organisation].versions:
        settled: set[str] = set().union(*(rule.then.settles for rule in version.routing_rules))
        assert {"nature", "line", "handled_by", "directorate", "external_body"} <= settled
        assert all(rule.name.nl and rule.name.en and rule.source for rule in version.routing_rules)
        grounds = {each.removeprefix("ground:") for each in settled if each.startswith("ground:")}
        assert grounds <= version.codes["exclusion_ground"] | {"as_text_tells"}


def test_one_value_is_a_list_of_one() -> None:
    told = {"id": "own", "name": {"nl": "a", "en": "b"}, "then": {"line": "first"}, "source": "c"}
    assert RoutingRule.model_validate(told | {"when": {"nature": "report"}}) == RoutingRule.model_validate(
        told | {"when": {"nature": ["report"]}}
    )
