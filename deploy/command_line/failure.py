"""Errors that whoever types a command can mend."""


class CommandError(Exception):
    """``str()`` says what is wrong, ``cure`` what helps."""

    def __init__(self, wrong: str, cure: str) -> None:
        super().__init__(wrong)
        self.cure = cure
