"""What has to be on a machine before PDFs can be made on it."""

import ctypes
from typing import Final

LIBRARIES: Final = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libfontconfig.so.1",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
)
"""Opened by WeasyPrint, which lays out text with Pango and keeps of a font what is used of it."""
DEBIAN_PACKAGES: Final = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-liberation")
"""Debian's names for them, the others come along, and for a font that looks like print."""


def missing() -> list[str]:
    """The libraries that cannot be opened here."""
    return [name for name in LIBRARIES if not _opens(name)]


def _opens(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
