"""Columns in a file without a name, of which the system keeps in memory what is being read.

Facts only ever become more. Held by the process they would make it grow for as long as it runs; so what is sorted
and stays as it is lies on disk, and what the system has of it in its cache it may drop whenever memory is needed.
"""

import mmap
import os
from collections.abc import Callable, Iterable, Mapping
from tempfile import TemporaryFile
from typing import Final

import numpy as np
import structlog

from services.reporting.columns.rows import Array

_ALIGNED: Final = 64
_log = structlog.get_logger()


def laid_down(columns: Mapping[str, Callable[[], Array]], directory: str | None) -> dict[str, Array]:
    """The columns, made one after another so that no more than one of them is in memory besides its file.

    In memory where no directory is given, or where it cannot be written to: that costs memory, not answers.
    The file is gone with the last of its columns, and with the process. There has to be at least one row.
    """
    if directory is not None:
        try:
            return _in_file(((name, make()) for name, make in columns.items()), directory)
        except OSError as error:
            _log.warning(
                "columns could not be laid down in a file and take memory instead",
                error=error.strerror,
                directory=directory,
                setting="REPORTING_COLUMNS_DIRECTORY",
            )
    return {name: make() for name, make in columns.items()}


def _in_file(columns: Iterable[tuple[str, Array]], directory: str) -> dict[str, Array]:
    places: dict[str, tuple[np.dtype[np.generic], int, int]] = {}
    with TemporaryFile(dir=directory or None) as file:
        for name, array in columns:
            file.write(bytes(-file.tell() % _ALIGNED))
            places[name] = (array.dtype, len(array), file.tell())
            file.write(array.data)
            # Or it would stay while the next one is made.
            del array
        file.flush()
        # A disk that takes bytes and cannot keep them says so here; later it could only read back something else.
        os.fdatasync(file.fileno())
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return {name: np.frombuffer(held, *place) for name, place in places.items()}
