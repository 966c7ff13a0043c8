"""Tests in several processes: the tests of a folder stay together, and folders that take long begin first."""

from collections.abc import Sequence

import pytest
from xdist.scheduler import LoadScopeScheduling

_LONGEST_FIRST = ("tests/e2e", "tests/browser", "tests/integration", "tests/contract", "tests/unit")


class FolderByFolder(LoadScopeScheduling):  # type: ignore[misc]  # the library tells no types
    """Hands out folders. The tests of one share what takes long to start: the product, a browser, a model."""

    def _split_scope(self, nodeid: str) -> str:
        return folder(nodeid)


def folder(nodeid: str) -> str:
    """The folder of a test's file."""
    return nodeid.partition("::")[0].rpartition("/")[0]


def turn(item: pytest.Item) -> int:
    """Where a test's turn comes: at the end there should be short ones, for whichever process has time."""
    kinds: Sequence[str] = _LONGEST_FIRST
    return next((at for at, kind in enumerate(kinds) if item.nodeid.startswith(kind)), len(kinds))
