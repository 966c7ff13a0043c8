"""The golden messages: examples of every message as it has been on the wire. Add to them; never change one."""

import json
from pathlib import Path
from typing import Any, NamedTuple

GOLDEN = Path(__file__).parent / "golden"


class Golden(NamedTuple):
    """A committed example: ``message`` is the type, as in ``contact.routed.v1``."""

    message: str
    variant: str
    content: Any

    def __str__(self) -> str:
        return f"{self.message}.{self.variant}"


def golden_messages(*prefixes: str) -> list[Golden]:
    """Those whose message begins with one of the prefixes; all of them without."""
    found = []
    for file in sorted(GOLDEN.glob("*.json")):
        message, version, variant = file.stem.rsplit(".", 2)
        found.append(Golden(f"{message}.{version}", variant, json.loads(file.read_text(encoding="utf-8"))))
    return [golden for golden in found if golden.message.startswith(prefixes or ("",))]
