"""Leuven's year 2021 as messages: pure, and the same every time."""

from functools import cache

from deploy.sample.assignment import contacts
from deploy.sample.histories import FollowUp, histories
from deploy.sample.published import leuven_2021
from deploy.sample.submissions import Case, Submission, cases
from deploy.sample.texts import all_texts


@cache
def year() -> tuple[Case, ...]:
    """The 252 cases in the order in which they came in."""
    return tuple(cases(contacts(leuven_2021(), all_texts()), all_texts()))


def submissions() -> list[Submission]:
    """The year's submissions, bodies for the wire, in the order in which they came in."""
    return [case.submission for case in year()]


def follow_ups() -> list[FollowUp]:
    """The year's follow-ups, bodies for the wire, in the order in which they happened."""
    return histories(list(year()))
