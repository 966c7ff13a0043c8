"""YAML files with the lines of their fields."""

from pathlib import Path
from typing import Any

import yaml

from shared.profiles.faults import BrokenProfile, Fault
from shared.profiles.positions import Positions

# In C: the time that a service needs to start is for a good part that of reading profiles.
_QuickLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def bytes_of(file: Path) -> bytes:
    """The file as it is. Raises ``BrokenProfile`` where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"cannot be read ({error.strerror}); name a file that is there"
        raise BrokenProfile([Fault(file, 1, "", "unreadable", message)]) from None


def parsed(file: Path, text: bytes) -> tuple[Any, Positions]:
    """The document, and where in it things stand. Raises ``BrokenProfile`` for what is not YAML."""
    try:
        loader, root = _composed(text)
        positions = Positions(root)
        doubled = [
            Fault(file, line, key, "doubled_key", "is there twice; keep one of them")
            for key, line in positions.doubled_keys()
        ]
        if doubled:
            raise BrokenProfile(doubled)
        return (None if root is None else loader.construct_document(root)), positions
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = f"not YAML: {error.problem}; correct it there"
        raise BrokenProfile([Fault(file, line, "", "not_yaml", message)]) from None
    except (yaml.YAMLError, ValueError) as error:
        message = f"not YAML: {error}; save it as UTF-8 YAML"
        raise BrokenProfile([Fault(file, 1, "", "not_yaml", message)]) from None


def _composed(text: bytes) -> tuple[yaml.SafeLoader, yaml.Node | None]:
    try:
        loader = _QuickLoader(text)
        return loader, loader.get_single_node()
    except yaml.YAMLError:
        # The other one says better what is wrong, and in which line at the end of a file.
        loader = yaml.SafeLoader(text)
        return loader, loader.get_single_node()
