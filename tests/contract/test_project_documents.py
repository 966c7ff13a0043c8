"""The project's own pages lead where they say."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DECISIONS = PROJECT / "docs" / "decisions"
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "services/*/*.md", "benchmarks/*.md", "deploy/**/*.md")
    for page in PROJECT.glob(pattern)
)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def decisions() -> list[Path]:
    return sorted(DECISIONS.glob("[0-9]*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in _LINK.findall(text):
        target, _, heading = link.partition("#")
        if target.startswith(("http://", "https://")):
            continue
        file = page.parent / target if target else page
        assert file.exists(), f"{page}: {link}"
        if heading:
            assert heading in headings(file), f"{page}: {link}"


def headings(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_index_of_decisions_is_complete() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([0-9][^)]*\.md)\)", index)) == {decision.name for decision in decisions()}


@pytest.mark.parametrize("decision", decisions(), ids=lambda page: page.stem)
def test_a_decision_says_why_and_until_when(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert text.startswith(f"# {decision.name[:4]} ")
    told = headings(decision)
    assert {"context", "decision", "consequences", "rejected", "revisit-when"} <= told
