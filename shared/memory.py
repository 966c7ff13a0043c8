"""Memory that was needed once, while starting."""

import ctypes
import gc


def give_back() -> None:
    """Returns to the system what the process does not need any more, where its C library can do that."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
