"""Rules, alerts and dashboards, held against promtool, the runbook and each other."""

import json
import re
from typing import Any

import pytest
import yaml

from deploy.local.directory import PROJECT
from tests.prometheus import (
    CONFIGURATION,
    DASHBOARDS,
    RULES,
    alerts,
    panel_queries,
    promtool,
    recordings,
)

RUNBOOK = (PROJECT / "docs" / "operations" / "runbook.md").read_text(encoding="utf-8")
TESTS: dict[str, Any] = yaml.safe_load((CONFIGURATION / "tests" / "alerts_test.yml").read_text(encoding="utf-8"))


def test_promtool_finds_nothing_wrong_with_the_rules() -> None:
    checked = promtool("check", "rules", *(str(file) for file in RULES))
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("SUCCESS") == len(RULES)


def test_promtool_finds_nothing_wrong_with_the_configuration() -> None:
    checked = promtool("check", "config", "prometheus.yml")
    assert checked.returncode == 0, checked.stdout


def test_every_alert_fires_and_stays_silent_as_its_tests_say() -> None:
    tested = promtool("test", "rules", "tests/alerts_test.yml")
    assert tested.returncode == 0, tested.stdout


def test_every_alert_has_a_test_that_it_fires_and_one_that_it_stays_silent() -> None:
    fires: set[str] = set()
    silent: set[str] = set()
    for case in TESTS["tests"]:
        name, _, what = case["name"].partition(" ")
        asked = [each for each in case["alert_rule_test"] if each["alertname"] == name]
        expected = any(each["exp_alerts"] for each in asked)
        assert expected == (what == "fires"), case["name"]
        (fires if expected else silent).add(name)
    assert fires == silent == {rule["alert"] for rule in alerts()}


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: str(rule["alert"]))
def test_every_alert_says_how_bad_what_it_means_and_where_to_read_on(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("critical", "warning", "info")
    assert rule["annotations"].keys() == {"summary", "meaning", "runbook"}
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert page == "docs/operations/runbook.md"
    assert anchor == rule["alert"].lower()
    assert f"\n## {rule['alert']}\n" in RUNBOOK


def test_the_runbook_has_a_section_for_every_alert_and_no_other() -> None:
    assert set(re.findall(r"^## (\w+)$", RUNBOOK, re.MULTILINE)) == {rule["alert"] for rule in alerts()}


def test_what_is_recorded_is_used() -> None:
    asked = " ".join([*(rule["expr"] for rule in alerts()), *(query for _, query in panel_queries({}))])
    unused = {rule["record"] for rule in recordings() if rule["record"] not in asked}
    # The short window of a service level is for people who ask.
    assert unused == {"contactpunt:visible_within_5s:ratio_rate5m"}


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: str(file.stem))
def test_a_dashboard_has_panels_that_are_named_and_do_not_overlap(file: Any) -> None:
    board = json.loads(file.read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert panel["title"]
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
