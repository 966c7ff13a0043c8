"""A message that is not taken in, and why."""

from collections.abc import Sequence

from shared.contracts.rejection import FieldError


class Refused(Exception):  # noqa: N818  it is an answer to a sender, not a failure
    """The message is refused; ``errors`` say what is wrong and what would be right, never the value itself."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(", ".join(error["code"] for error in errors))
        self.errors = tuple(errors)


def refused(field: str, code: str, message: str) -> Refused:
    """A refusal for one reason. ``field`` is a dotted path, empty for the message as a whole."""
    return Refused([FieldError(field=field, code=code, message=message)])


def submission_id_reused() -> Refused:
    return refused(
        "submission_id",
        "submission_id_reused",
        "was used before with other content; give a new submission its own submission_id",
    )


def follow_up_id_reused() -> Refused:
    return refused(
        "follow_up_id",
        "follow_up_id_reused",
        "was used before with other content; give a new follow-up its own follow_up_id",
    )


def reference_taken() -> Refused:
    return refused(
        "reference", "reference_taken", "is another contact's number; give the contact's own, or leave it out"
    )


def unknown_contact(field: str) -> Refused:
    """``field`` is the one that should have named the contact."""
    return refused(
        field,
        "unknown_contact",
        "names no contact of this organisation; check it, or send the submission and then the follow-up again",
    )
