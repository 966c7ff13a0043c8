"""Whether the codes of a message are on the organisation's lists."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from shared.contracts.follow_up import ClosedData, EscalatedData, FollowUp, TransferredData
from shared.contracts.rejection import FieldError
from shared.contracts.submission import Submission
from shared.profiles.model import ProfileVersion

MOST_TOLD = 20
"""Of a list that is longer, a message tells this many values."""


class _Code(NamedTuple):
    """A code as it was given: in which field, by which of the profile's lists, and how it reads."""

    field: str
    list_name: str
    value: str | None


_TRANSFERRED_LISTS = {
    "directorate": "directorate",
    "service": "service",
    "other_directorates": "directorate",
    "external_body": "external_body",
    "exclusion_grounds": "exclusion_ground",
    "topic": "topic",
}
_CLOSED_LISTS = {
    "qualification": "qualification",
    "intervention": "intervention",
    "outcome": "outcome",
    "norms_violated": "norm",
    "topics": "topic",
    "subtopics": "subtopic",
    "directorates": "directorate",
}
_ABOUT_LISTS = {
    "directorate": "directorate",
    "service": "service",
    "external_body": "external_body",
    "topic": "topic",
    "subtopic": "subtopic",
    "other_directorates": "directorate",
}


def unknown_codes(submission: Submission, version: ProfileVersion) -> list[FieldError]:
    """What of a submission's codes is not on the lists of the version that holds at its receipt."""
    codes = [
        _Code("channel", "channel", submission.channel),
        _Code("access_channel", "access_channel", submission.access_channel),
        _Code("entity", "entity", submission.entity),
    ]
    if submission.about is not None:
        codes += _codes(submission.about, _ABOUT_LISTS, "about")
    return [
        *_not_on_lists(codes, [version]),
        *_wrong_channel(submission, version),
        *_unknown_attributes(submission, version),
    ]


def unknown_follow_up_codes(follow_up: FollowUp, versions: Sequence[ProfileVersion]) -> list[FieldError]:
    """What of a follow-up's codes none of the versions knows.

    The versions are those of the contact's receipt and of the follow-up's own moment: either will do.
    """
    data = follow_up.data
    codes: Iterable[_Code] = ()
    if isinstance(data, TransferredData):
        codes = _codes(data, _TRANSFERRED_LISTS, "data")
    elif isinstance(data, ClosedData):
        codes = _codes(data, _CLOSED_LISTS, "data")
    elif isinstance(data, EscalatedData):
        codes = [_Code("data.to", "escalation_target", data.to)]
    return _not_on_lists(codes, versions)


def _codes(part: object, lists: dict[str, str], path: str) -> list[_Code]:
    found = []
    for name, list_name in lists.items():
        given = getattr(part, name)
        if isinstance(given, list):
            found += [_Code(f"{path}.{name}.{place}", list_name, value) for place, value in enumerate(given)]
        else:
            found.append(_Code(f"{path}.{name}", list_name, given))
    return found


def _not_on_lists(codes: Iterable[_Code], versions: Sequence[ProfileVersion]) -> list[FieldError]:
    errors = []
    for field, list_name, value in codes:
        allowed = frozenset[str]().union(*(version.codes[list_name] for version in versions))
        if value is not None and value not in allowed:
            errors.append(_not_on_list(field, list_name, allowed))
    return errors


def _not_on_list(field: str, list_name: str, allowed: Iterable[str]) -> FieldError:
    return FieldError(
        field=field,
        code="not_on_list",
        message=f"is not on this organisation's list of {list_name.replace('_', ' ')} codes; {_choice(allowed)}",
    )


def _choice(allowed: Iterable[str]) -> str:
    values = sorted(allowed)
    if not values:
        return "it has none, leave it out"
    more = len(values) - MOST_TOLD
    return "give one of " + ", ".join(values[:MOST_TOLD]) + (f" or {more} more" if more > 0 else "")


def _wrong_channel(submission: Submission, version: ProfileVersion) -> list[FieldError]:
    for way_in in version.access_channels:
        if way_in.id == submission.access_channel and way_in.channel is not submission.channel:
            message = f"{way_in.id} is a way in by {way_in.channel.value}; give channel {way_in.channel.value}"
            return [FieldError(field="channel", code="contradicts", message=message)]
    return []


def _unknown_attributes(submission: Submission, version: ProfileVersion) -> list[FieldError]:
    errors = []
    for name, value in (submission.attributes or {}).items():
        allowed = version.attribute_codes.get(name)
        if allowed is None:
            errors.append(_not_on_list(f"attributes.{name}", "attribute", version.attribute_codes))
        elif value not in allowed:
            errors.append(_not_on_list(f"attributes.{name}", f"value of {name}", allowed))
    return errors
