"""The commands that the README, the handbook and the pages for operations tell their readers to type."""

import re
from pathlib import Path

from deploy.local.directory import PROJECT

PAGES = (
    PROJECT / "README.md",
    *sorted((PROJECT / "docs" / "handbook").glob("*.md")),
    *sorted((PROJECT / "docs" / "operations").glob("*.md")),
)
TYPED = "sh"
WITH_CONTAINERS = "shell"
"""What is typed where there is a container engine: its grammar is looked at, and it is not run."""
LANGUAGES = {TYPED, WITH_CONTAINERS, "json", "yaml", "python", "mermaid", "text"}
"""Of fenced blocks: what is typed, what stands in files, pictures, and what is only to be read."""
_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: Path) -> list[tuple[str, str]]:
    """Language and text of each fenced block of a page, in order."""
    return _FENCE.findall(page.read_text(encoding="utf-8"))


def typed(page: Path) -> list[str]:
    """The lines of a page that are typed, in order."""
    return [line for language, text in blocks(page) if language == TYPED for line in text.splitlines()]


def command(line: str) -> str:
    """A line without the remark behind it."""
    return re.sub(r"\s+# .*$", "", line).strip()


def name(page: Path) -> str:
    """What a page is called below the project."""
    return str(page.relative_to(PROJECT))
