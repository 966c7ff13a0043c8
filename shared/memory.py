"""Memory: giving back what is not needed any more, and seldom looking through what is."""

import ctypes
import gc
from typing import Final

_GARBAGE_AFTER: Final = 10_000
"""Objects; by default Python looks for garbage after 700. More would keep what a failure holds on to for too long:
a message can have a mebibyte.
"""


def give_back() -> None:
    """Returns to the system what starting took and the process does not need, where its C library can do that."""
    gc.collect()
    trim()


def trim() -> None:
    """Returns what was freed already, which the C library would keep for the next one who asks."""
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)


def look_for_garbage_less_often() -> None:
    """To be called once, when what stays for good has been made.

    A group of contacts, or an answer of tens of thousands of rows, is alive until it is done with: to look
    through all of it for circles again and again, and through the profiles with it, takes as long as making it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE_AFTER, 20, 20)
