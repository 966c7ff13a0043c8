"""The secret keys that citizens are known again by."""

import re
from pathlib import Path

FEWEST_BYTES = 32
_KEY = re.compile(r"(?:[0-9a-f]{2})+")


class NoKeys(Exception):  # noqa: N818  it is told to the operator as a fact
    """The file of keys cannot be used; what is wrong with it and what would be right, never a key."""


def load_keys(file: Path | None) -> tuple[bytes, ...]:
    """The keys of a file, one a line in hexadecimal, 32 bytes or more; none without a file.

    New marks are made with the first. Citizens who were marked with one of the others are still known again, so
    that a key can be replaced: see the handbook of the service. Raises ``NoKeys``.
    """
    if file is None:
        return ()
    try:
        lines = file.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise NoKeys(
            f"CITIZEN_KEYS_FILE: {file} cannot be read ({type(error).__name__}); give a readable file"
        ) from None
    if not lines or not all(_KEY.fullmatch(line) and len(line) >= 2 * FEWEST_BYTES for line in lines):
        raise NoKeys(
            f"CITIZEN_KEYS_FILE: {file} is not a list of keys; write one a line, each of {FEWEST_BYTES} random "
            "bytes or more in hexadecimal, as openssl rand -hex 32 makes them"
        )
    return tuple(map(bytes.fromhex, lines))
