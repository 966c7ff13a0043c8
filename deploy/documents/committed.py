"""The documents as files: written, and held against what is committed."""

import difflib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from deploy.documents.asyncapi import asyncapi_document
from deploy.documents.metrics_page import metrics_page
from deploy.documents.openapi import APPS, openapi_document
from deploy.documents.schemas import schemas
from deploy.documents.settings_page import settings_page

DOCS = Path(__file__).parents[2] / "docs"
DIRECTORY = DOCS / "contract"
_OURS = ("contract/schemas/*.json", "contract/openapi/*.json", "contract/asyncapi.json")
_PAGES: dict[str, Callable[[], str]] = {
    "operations/settings.md": settings_page,
    "operations/metrics.md": metrics_page,
}


def documents() -> dict[str, str]:
    """Every document's text by its path below ``docs``; the same text for the same code."""
    made: dict[str, Any] = {f"contract/schemas/{name}.json": schema for name, schema in schemas().items()}
    made["contract/asyncapi.json"] = asyncapi_document()
    made |= {f"contract/openapi/{service}.json": openapi_document(service) for service in APPS}
    written = {path: _text(document) for path, document in made.items()}
    return written | {path: page() for path, page in _PAGES.items()}


def write(directory: Path = DOCS) -> list[str]:
    """Writes what differs and deletes what is no longer made; tells which paths changed."""
    made = documents()
    changed = [path for path, _ in _differing(made, directory)]
    for path in changed:
        file = directory / path
        if path in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(made[path], encoding="utf-8")
        else:
            file.unlink()
    return changed


def differences(directory: Path = DOCS) -> str:
    """A unified diff from the committed files to what the code says now; empty when they agree."""
    return "".join(diff for _, diff in _differing(documents(), directory))


def _differing(made: dict[str, str], directory: Path) -> Iterator[tuple[str, str]]:
    there = {str(file.relative_to(directory)) for pattern in (*_OURS, *_PAGES) for file in directory.glob(pattern)}
    for path in sorted(made.keys() | there):
        committed = (directory / path).read_text(encoding="utf-8") if path in there else ""
        wanted = made.get(path, "")
        if committed != wanted:
            lines = difflib.unified_diff(
                committed.splitlines(keepends=True),
                wanted.splitlines(keepends=True),
                f"committed/{path}",
                f"code/{path}",
            )
            yield path, "".join(lines)


def _text(document: Any) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
