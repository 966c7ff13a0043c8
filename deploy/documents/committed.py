"""The documents as files: written, and held against what is committed."""

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.documents.asyncapi import asyncapi_document
from deploy.documents.openapi import APPS, openapi_document
from deploy.documents.schemas import schemas

DIRECTORY = Path(__file__).parents[2] / "docs" / "contract"
_OURS = ("schemas/*.json", "openapi/*.json", "asyncapi.json")


def documents() -> dict[str, str]:
    """Every document's text by its path below ``docs/contract``; the same text for the same code."""
    made: dict[str, Any] = {f"schemas/{name}.json": schema for name, schema in schemas().items()}
    made["asyncapi.json"] = asyncapi_document()
    made |= {f"openapi/{service}.json": openapi_document(service) for service in APPS}
    return {path: _text(document) for path, document in made.items()}


def write(directory: Path = DIRECTORY) -> list[str]:
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


def differences(directory: Path = DIRECTORY) -> str:
    """A unified diff from the committed files to what the code says now; empty when they agree."""
    return "".join(diff for _, diff in _differing(documents(), directory))


def _differing(made: dict[str, str], directory: Path) -> Iterator[tuple[str, str]]:
    there = {str(file.relative_to(directory)) for pattern in _OURS for file in directory.glob(pattern)}
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
