"""Memory that was needed once and is not needed any more."""

import ctypes
import gc


def give_back() -> None:
    """Returns to the system what starting took and the process does not need, where its C library can do that."""
    gc.collect()
    trim()


def trim() -> None:
    """Returns what was freed already, which the C library would keep for the next one who asks."""
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)
