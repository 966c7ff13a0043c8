"""Whether a message that reads well may be taken in: by the organisation's profile and the moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.intake.domain.refusal import Refused, refused
from shared.contracts.follow_up import ExtendedData, FollowUp
from shared.contracts.rejection import FieldError
from shared.contracts.submission import Submission
from shared.profiles import Profile, ProfileVersion
from shared.profiles.codes import unknown_codes, unknown_follow_up_codes

MOST_AHEAD = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours."""
FIRST_YEAR = 1900


def profile_of(organisation: str, profiles: Mapping[str, Profile]) -> Profile:
    """The organisation's profile. Raises ``Refused`` where there is none."""
    profile = profiles.get(organisation)
    if profile is None:
        known = ", ".join(sorted(profiles))
        raise refused("organisation", "unknown_organisation", f"is not known here; give one of {known}")
    return profile


def check_submission(submission: Submission, profile: Profile, now: datetime) -> None:
    """Raises ``Refused`` where its moment cannot be right or a code is not on the profile's lists."""
    errors = _moment_errors("received_at", submission.received_at, now)
    if not errors:
        errors = unknown_codes(submission, profile.version_at(submission.received_at))
    if errors:
        raise Refused(errors)


def check_follow_up_alone(follow_up: FollowUp, profile: Profile, now: datetime) -> None:
    """What can be told of a follow-up without its contact: it never comes right, whichever contact it is about.

    Raises ``Refused``.
    """
    errors = _moment_errors("occurred_at", follow_up.occurred_at, now)
    errors += unknown_follow_up_codes(follow_up, profile.versions)
    errors += _extension_errors(follow_up, profile, profile.versions)
    if errors:
        raise Refused(errors)


def check_follow_up(follow_up: FollowUp, profile: Profile, received_at: datetime, now: datetime) -> None:
    """Raises ``Refused`` where its moment cannot be right, or where neither the profile of the contact's receipt
    nor that of the follow-up's own moment knows a code or such an extension.

    A follow-up from before the receipt is taken: contacts are registered late.
    """
    errors = _moment_errors("occurred_at", follow_up.occurred_at, now)
    if not errors:
        versions = [profile.version_at(received_at), profile.version_at(follow_up.occurred_at)]
        errors = unknown_follow_up_codes(follow_up, versions) + _extension_errors(follow_up, profile, versions)
    if errors:
        raise Refused(errors)


def _moment_errors(field: str, moment: datetime, now: datetime) -> list[FieldError]:
    if moment.year < FIRST_YEAR:
        message = f"lies before {FIRST_YEAR}; give the moment it happened"
        return [FieldError(field=field, code="too_old", message=message)]
    if moment > now + MOST_AHEAD:
        message = "lies more than 5 minutes in the future; give the moment it happened, and check the clock"
        return [FieldError(field=field, code="in_the_future", message=message)]
    return []


def _extension_errors(
    follow_up: FollowUp, profile: Profile, versions: Sequence[ProfileVersion]
) -> list[FieldError]:
    data = follow_up.data
    if not isinstance(data, ExtendedData):
        return []
    extendable = [term for version in versions for term in version.terms if term.extension is not None]
    if not extendable:
        message = "no term of this organisation can be extended; leave the extension out"
        return [FieldError(field="data", code="extension_not_allowed", message=message)]
    longest = max(term.extension.max_days for term in extendable if term.extension is not None)
    if data.days is not None and data.days > longest:
        message = f"is longer than allowed; give at most {longest} days"
        return [FieldError(field="data.days", code="extension_not_allowed", message=message)]
    if data.until is None:
        return []
    # A term that still runs ends at most its whole length after the day of the extension.
    reach = max(term.reach_days for term in extendable)
    if (data.until - profile.local_date(follow_up.occurred_at)).days > reach:
        message = f"is later than any extension allows; give at most {longest} days more than the term"
        return [FieldError(field="data.until", code="extension_not_allowed", message=message)]
    return []
