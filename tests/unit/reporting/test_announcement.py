"""The event that tells of a report that was made."""

import string
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.reporting.domain.monthly.announcement import announcement, path, subject
from services.reporting.domain.monthly.month import Month
from shared.contracts.events import parse_event
from shared.contracts.identifiers import Reference

ids = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=100)
months = st.builds(Month, st.integers(1901, 2900), st.integers(1, 12))
MADE = datetime(2021, 4, 2, 4, tzinfo=UTC)
TOLD: dict[str, Any] = {"made_at": MADE, "contacts": 3, "events": 17, "profile_version": "v"}


@given(ids, months, ids, st.integers(1, 9))
def test_it_is_an_event_that_can_be_read_again(organisation: str, month: Month, unit: str, edition: int) -> None:
    event = announcement(organisation, month, unit, edition, **TOLD)
    read = parse_event(dict(event.headers()), event.body())
    assert (read.envelope, read.data) == (event.envelope, event.data)
    assert read.envelope.time == MADE
    assert read.envelope.organisation == organisation


@given(st.tuples(ids, months, ids, st.integers(1, 9)), st.tuples(ids, months, ids, st.integers(1, 9)))
def test_two_reports_never_share_an_id_and_one_has_always_the_same(one: Any, other: Any) -> None:
    first, again = announcement(*one, **TOLD), announcement(*one, **TOLD)
    assert (first.headers(), first.body()) == (again.headers(), again.body())
    assert (first.envelope.id == announcement(*other, **TOLD).envelope.id) == (one == other)
    assert UUID(first.envelope.id).version == 5


@given(ids, months, ids)
def test_reports_of_a_month_belong_together(organisation: str, month: Month, unit: str) -> None:
    one, other = (announcement(organisation, month, each, 1, **TOLD) for each in (unit, "other"))
    assert one.envelope.correlation_id == other.envelope.correlation_id == one.envelope.causation_id
    later = announcement(organisation, month.later(1), unit, 1, **TOLD)
    assert later.envelope.correlation_id != one.envelope.correlation_id


@given(months, ids, ids)
def test_the_subject_names_the_report_whatever_its_directorate_is_called(
    month: Month, one: str, other: str
) -> None:
    reference: TypeAdapter[str] = TypeAdapter(Reference)
    names = [reference.validate_python(subject(month, each)) for each in (one, other, one[:40])]
    assert (names[0] == names[1]) == (one == other)
    assert names[2] == f"monthly.{month.name}.{one[:40]}"


def test_a_path_names_its_edition_where_it_is_told() -> None:
    month = Month(2021, 3)
    assert path("leuven", month, "politie") == "/reports/monthly/leuven/2021-03/politie"
    assert path("leuven", month, "politie", 2) == "/reports/monthly/leuven/2021-03/politie?edition=2"
