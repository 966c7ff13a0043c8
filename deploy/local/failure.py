"""What can go wrong on this machine, told so that the reader can mend it."""


class LocalRunError(Exception):
    """The local run cannot go on. The text says what is wrong and what to do about it."""
