"""The figures in docs/performance.md are those of the results that are committed beside it."""

import shutil
from pathlib import Path

import pytest

from benchmarks.page import BEGIN, END, PAGE, PUBLISHED, figures, publish, with_figures, write
from benchmarks.results import latest


def test_the_page_tells_what_was_measured() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == with_figures(text, figures()), "run ./contactpunt bench page and commit what it wrote"


def test_every_figure_has_its_result_its_command_and_its_plot() -> None:
    found = sorted(PUBLISHED.glob("*.json"))
    assert found
    text = PAGE.read_text(encoding="utf-8")
    for file in found:
        assert file.with_suffix(".svg").exists()
        assert f"({PUBLISHED.name}/{file.stem}.svg)" in text
        assert f"python -m benchmarks {file.stem}" in text


def test_a_newer_result_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    results, published, page = tmp_path / "results", tmp_path / "performance", tmp_path / "performance.md"
    results.mkdir()
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    (costs,) = PUBLISHED.glob("costs.json")
    shutil.copyfile(costs, results / "costs-20260101T000000Z.json")
    newer = costs.read_text(encoding="utf-8").replace('"revision": "', '"revision": "newer-')
    (results / "costs-20260102T000000Z.json").write_text(newer, encoding="utf-8")
    assert latest(results)["costs"]["revision"].startswith("newer-")

    assert publish(results, published) == ["costs"]
    write(page, published)
    once = page.read_text(encoding="utf-8")
    assert "commit newer-" in once
    assert once.startswith("before\n")
    assert once.endswith("\nafter\n")
    assert "old" not in once.split(BEGIN)[1].split(END)[0].split("\n")
    drawn = (published / "costs.svg").read_bytes()
    assert publish(results, published) == ["costs"]
    write(page, published)
    assert page.read_text(encoding="utf-8") == once
    assert (published / "costs.svg").read_bytes() == drawn


def test_a_page_without_marks_is_not_touched() -> None:
    with pytest.raises(ValueError, match="the page has to hold"):
        with_figures("no marks", "figures")
