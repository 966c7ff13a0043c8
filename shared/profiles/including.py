"""Sets of rules that a profile names by ``use``, put where they are named, with the place that each came from."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from shared.profiles.documents import bytes_of, parsed
from shared.profiles.faults import BrokenProfile, Fault
from shared.profiles.positions import Positions, Step
from shared.profiles.rules import AS_TEXT_TELLS

RULE_SETS = Path(__file__).parent / "rule_sets"
UNLESS_GIVEN = ({"use": "common"},)
"""What decides for an organisation that has no ``routing_rules`` of its own."""
_FIELD = "routing_rules"


class Origin(NamedTuple):
    """Where a part of a document stands."""

    file: Path
    positions: Positions
    path: tuple[Step, ...]

    def fault(self, below: tuple[Step, ...], code: str, message: str) -> Fault:
        path = (*self.path, *below)
        return Fault(self.file, self.positions.line(path), ".".join(map(str, path)), code, message)


class _Entry(NamedTuple):
    rule: Any
    origin: Origin
    of_a_set: bool


class Inclusion:
    """The rule sets of one profile's document."""

    def __init__(self, file: Path, positions: Positions) -> None:
        self._root = Origin(file, positions, ())
        self._folders = (file.parent / "rule_sets", RULE_SETS)
        self._origins: dict[tuple[Step, ...], Origin] = {}
        self._read: dict[str, tuple[bytes, list[_Entry]]] = {}

    def completed(self, document: Any) -> Any:
        """The document with each ``use`` replaced by the rules of that set.

        A rule of a set about a ground of exclusion that the version does not have is left out. Raises
        ``BrokenProfile`` for a set that is not there, is no list of rules, or uses itself.
        """
        versions = document.get("versions") if isinstance(document, dict) else None
        if not isinstance(versions, list) or not all(isinstance(version, dict) for version in versions):
            return document
        return document | {"versions": [self._version(at, version) for at, version in enumerate(versions)]}

    def origin(self, path: tuple[Step, ...]) -> tuple[Origin, tuple[Step, ...]]:
        """Where a field of the completed document was written, and the way from there."""
        held = self._origins.get(path[:4])
        return (held, path[4:]) if held else (self._root, path)

    @property
    def content(self) -> bytes:
        """Tells whether a set that was used has changed."""
        return b"".join(hashlib.sha256(self._read[name][0]).digest() for name in sorted(self._read))

    def _version(self, at: int, version: dict[str, Any]) -> dict[str, Any]:
        entries = version.get(_FIELD, list(UNLESS_GIVEN))
        if not isinstance(entries, list):
            return version
        base = self._root._replace(path=("versions", at, _FIELD))
        grounds = version.get("exclusion_grounds")
        known = {each.get("id") for each in grounds if isinstance(each, dict)} if isinstance(grounds, list) else {}
        held = [each for each in self._expanded(entries, base, ()) if not each.of_a_set or _concerns(each, known)]
        for place, each in enumerate(held):
            self._origins["versions", at, _FIELD, place] = each.origin
        return version | {_FIELD: [each.rule for each in held]}

    def _expanded(self, entries: list[Any], base: Origin, way: tuple[str, ...]) -> Iterator[_Entry]:
        for place, entry in enumerate(entries):
            origin = base._replace(path=(*base.path, place))
            if not (isinstance(entry, dict) and "use" in entry):
                yield _Entry(entry, origin, bool(way))
                continue
            if set(entry) != {"use"} or not isinstance(entry["use"], str):
                message = "stands alone, with the name of one set of rules; write - use: common"
                raise BrokenProfile([origin.fault(("use",), "wrong_form", message)])
            yield from self._of_set(entry["use"], origin, way)

    def _of_set(self, name: str, origin: Origin, way: tuple[str, ...]) -> list[_Entry]:
        if name in way:
            message = f"{' > '.join([*way, name])} goes round in a circle; a set must not use itself"
            raise BrokenProfile([origin.fault(("use",), "rule_cycle", message)])
        if name in self._read:
            return self._read[name][1]
        file = next((found for folder in self._folders if (found := folder / f"{name}.yaml").is_file()), None)
        if file is None:
            known = ", ".join(sorted({each.stem for folder in self._folders for each in folder.glob("*.yaml")}))
            message = f"{name} is no set of rules; give one of {known}"
            raise BrokenProfile([origin.fault(("use",), "no_rule_set", message)])
        text = bytes_of(file)
        document, positions = parsed(file, text)
        rules = document.get("rules") if isinstance(document, dict) and set(document) == {"rules"} else None
        if not isinstance(rules, list):
            message = "holds rules and nothing else; begin it with rules: and list them below"
            raise BrokenProfile([Fault(file, 1, "rules", "wrong_form", message)])
        held = list(self._expanded(rules, Origin(file, positions, ("rules",)), (*way, name)))
        self._read[name] = text, held
        return held


def _concerns(entry: _Entry, grounds: object) -> bool:
    then = entry.rule.get("then") if isinstance(entry.rule, dict) else None
    ground = then.get("exclusion_ground") if isinstance(then, dict) else None
    return ground in (None, AS_TEXT_TELLS) or ground in grounds  # type: ignore[operator]
