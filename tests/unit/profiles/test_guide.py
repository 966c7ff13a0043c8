"""The guide's own profile can be used, and the guide names every fault."""

import re
from pathlib import Path
from typing import get_args

import pytest

from shared.profiles import load_profile
from shared.profiles.check import main
from shared.profiles.consistency import Misfit

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs/handbook/your-city-in-an-hour.md").read_text(encoding="utf-8")


def test_the_profile_that_the_guide_begins_with_is_fine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown, _ = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    file = tmp_path / "voorbeeldstad.yaml"
    file.write_text(shown, encoding="utf-8")
    assert main([str(file)]) == 0
    assert capsys.readouterr().out.startswith(f"{file}: fine, 1 version(s), 1 directorates, 2 services")
    version = load_profile(file).versions[0]
    assert version.codes["subtopic"] == {"pothole"}


def test_the_rules_that_the_guide_shows_fit_into_its_profile(tmp_path: Path) -> None:
    shown, rules = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    file = tmp_path / "voorbeeldstad.yaml"
    file.write_text(shown.replace("    channels:\n", f"{rules}    channels:\n", 1), encoding="utf-8")
    ids = [rule.id for rule in load_profile(file).versions[0].routing_rules]
    assert ids[:2] == ["street_lights_to_the_network_operator", "anonymous_towards_service_is_complaint"]
    assert "anonymous" in ids
    assert "legal_proceedings" not in ids


def test_every_fault_of_a_profile_is_named_in_the_guide() -> None:
    of_the_file = {"not_yaml", "unreadable", "doubled_key", "wrong_file_name", "no_profiles", "prefix_taken"}
    of_the_file |= {"no_calendar", "no_rule_set", "rule_cycle"}
    assert {name for name in {*get_args(Misfit), *of_the_file} if f"`{name}`" not in GUIDE} == set()
