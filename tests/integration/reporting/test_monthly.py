"""Monthly reports on the real database: made once in effect, whoever else does, dies or was away."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.reporting.domain.monthly.month import Month
from services.reporting.store import MonthlyStore
from shared.contracts.events import Event, parse_event
from shared.contracts.report import ReportMade
from shared.errors import InfrastructureError
from tests.integration.reporting.conftest import Database, commit_all
from tests.integration.reporting.offices import Clock, Office, Recorder, stored
from tests.unit.reporting.made_up import happened, registered, routed

FEBRUARY, MARCH, APRIL = Month(2021, 2), Month(2021, 3), Month(2021, 4)
SECOND_OF_MAY = datetime(2021, 5, 2, 4, 0, tzinfo=UTC)
"""Six in the morning in Leuven: the reports of April are due."""
UNITS = ("politie", "sport", "burgerzaken")


def contacts() -> list[Event]:
    """Of the three months from February to April 2021, three directorates, and one contact that has none."""
    found: list[Event] = []
    for month in (2, 3, 4):
        for place, unit in enumerate(UNITS):
            for number in range(month + place):
                reference = f"LEU-2021-{month:02d}{place:02d}{number:02d}"
                received = datetime(2021, month, 1 + 3 * number, 12, tzinfo=UTC)
                found += [registered(reference, received), routed(reference, received, directorate=unit)]
        found.append(registered(f"LEU-2021-{month:02d}9999", datetime(2021, month, 9, tzinfo=UTC)))
    return found


@pytest.fixture
async def spring(database: Database) -> Database:
    await commit_all(database.committer(), contacts())
    await MonthlyStore(database.collections).prepare()
    return database


def told(recorder: Recorder) -> list[ReportMade]:
    found = []
    for message in recorder.sent:
        event = parse_event(dict(message.headers), message.body)
        assert isinstance(event.data, ReportMade)
        assert (message.exchange, message.routing_key) == ("contacts.events", "report.made.v1")
        assert message.message_id == event.envelope.id
        found.append(event.data)
    return found


async def behind(database: Database, report: Any) -> int:
    """The events behind the facts that a report counts."""
    of_report = {"received_on": {"$regex": f"^{report['month']}"}, "codes.directorate": report["directorate"]}
    found = database.collections.facts.find(of_report, {"events": 1})
    return sum([fact["events"] async for fact in found])


async def test_every_month_that_is_due_is_made_in_order_and_told(spring: Database) -> None:
    recorder, clock = Recorder(), Clock(SECOND_OF_MAY)
    office = Office(spring, recorder, clock)
    await office.look()
    kept = await stored(spring)
    assert [(each["month"], each["directorate"], each["edition"]) for each in kept] == [
        (month, unit, 1) for month in ("2021-02", "2021-03", "2021-04") for unit in sorted(UNITS)
    ]
    assert [(each.period, each.directorate) for each in told(recorder)] == [
        (each["month"], each["directorate"]) for each in kept
    ]
    for each, event in zip(kept, told(recorder), strict=True):
        content: Any = each["content"]
        assert event.contacts == content["reconciliation"]["contacts"] == each["contacts"]
        assert event.events == content["reconciliation"]["events"] == await behind(spring, each)
        assert event.made_at == datetime.fromisoformat(content["generated_at"]) == SECOND_OF_MAY
        assert event.profile_version == content["profile_version"]
        assert "to_announce" not in each
        assert each["announced_at"] == SECOND_OF_MAY
    months = await office.monthly.store.months("leuven")
    assert [(each.month, each.contacts, each.without_directorate) for each in months.values()] == [
        (APRIL, 16, 1),
        (MARCH, 13, 1),
        (FEBRUARY, 10, 1),
    ]
    assert office.metric("made_total") == office.metric("announced_total") == 9
    assert office.metric("months_waiting") == office.metric("unannounced") == 0


async def test_looking_again_makes_and_tells_nothing(spring: Database) -> None:
    recorder, clock = Recorder(), Clock(SECOND_OF_MAY)
    for _ in range(3):
        await Office(spring, recorder, clock).look()
        clock.now += timedelta(hours=7)
    assert set(recorder.times().values()) == {1}
    assert len(recorder.sent) == len(await stored(spring)) == 9


async def test_nothing_is_made_before_its_hour_and_then_it_is(spring: Database) -> None:
    recorder, clock = Recorder(), Clock(SECOND_OF_MAY - timedelta(seconds=1))
    office = Office(spring, recorder, clock)
    await office.look()
    assert {each.period for each in told(recorder)} == {"2021-02", "2021-03"}
    clock.now = SECOND_OF_MAY
    await office.look()
    assert {each.period for each in told(recorder)[6:]} == {"2021-04"}


async def test_after_downtime_no_more_months_are_made_up_for_than_wanted(spring: Database) -> None:
    recorder = Recorder()
    await Office(spring, recorder, Clock(SECOND_OF_MAY), most_months=2).look()
    assert [each.period for each in told(recorder)] == ["2021-03"] * 3 + ["2021-04"] * 3


async def test_none_is_made_unasked_where_that_is_not_wanted(spring: Database) -> None:
    office = Office(spring, Recorder(), Clock(SECOND_OF_MAY), most_months=0)
    await office.look()
    assert await stored(spring) == []
    assert office.metric("months_waiting") == 0


async def test_replicas_that_look_at_once_make_each_once(spring: Database) -> None:
    recorder = Recorder()
    offices = [Office(spring, recorder, Clock(SECOND_OF_MAY)) for _ in range(4)]
    await asyncio.gather(*(office.look() for office in offices))
    assert len(await stored(spring)) == 9
    assert len(recorder.times()) == 9
    assert sum(office.metric("made_total") or 0 for office in offices) == 9


async def test_makers_that_know_nothing_of_each_other_keep_one_of_each(spring: Database) -> None:
    # The lease keeps replicas from doing the same; where one has lost it, the store still keeps one of each.
    recorder = Recorder()
    offices = [Office(spring, recorder, Clock(SECOND_OF_MAY + timedelta(hours=n))) for n in range(4)]
    made = await asyncio.gather(*(office.monthly.maker.make("leuven", MARCH) for office in offices))
    assert sorted(made) == [0, 0, 0, 3]
    kept = await stored(spring)
    assert len(kept) == 3
    assert len({each["made_at"] for each in kept}) == 1
    await asyncio.gather(*(office.monthly.teller.tell() for office in offices))
    assert len(recorder.times()) == 3
    assert len({(each.message_id, each.body, json.dumps(dict(each.headers))) for each in recorder.sent}) == 3


async def test_what_was_made_and_not_told_is_told_by_the_next(spring: Database) -> None:
    recorder, clock = Recorder(), Clock(SECOND_OF_MAY)
    recorder.before = [InfrastructureError("the broker is away")]
    office = Office(spring, recorder, clock)
    with pytest.raises(InfrastructureError):
        await office.look()
    kept = await stored(spring)
    assert len(kept) == 9
    assert recorder.sent == []
    clock.now += timedelta(days=1)
    await Office(spring, recorder, clock).look()
    assert set(recorder.times().values()) == {1}
    assert [each.made_at for each in told(recorder)] == [SECOND_OF_MAY] * 9
    assert [each["content"] for each in await stored(spring)] == [each["content"] for each in kept]


async def test_who_dies_before_marking_has_it_told_again_to_the_last_byte(spring: Database) -> None:
    recorder, clock = Recorder(), Clock(SECOND_OF_MAY)
    recorder.after = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        await Office(spring, recorder, clock).look()
    assert len(recorder.sent) == 9
    clock.now += timedelta(days=3)
    office = Office(spring, recorder, clock)
    await office.look()
    assert set(recorder.times().values()) == {2}
    assert len({(each.message_id, each.body, json.dumps(dict(each.headers))) for each in recorder.sent}) == 9
    await office.look()
    assert len(recorder.sent) == 18


async def test_who_died_with_the_lease_is_followed_when_it_has_run_out(spring: Database) -> None:
    clock = Clock(SECOND_OF_MAY)
    dead = Office(spring, Recorder(), clock)
    assert await dead.monthly.store.take_lease(clock.now, clock.now + timedelta(minutes=2))
    recorder = Recorder()
    office = Office(spring, recorder, clock)
    await office.look()
    assert recorder.sent == []
    # It cannot make them, and says all the same that they wait.
    assert office.metric("months_waiting") == 3
    clock.now += timedelta(minutes=2)
    await office.look()
    assert len(recorder.sent) == 9
    assert office.metric("months_waiting") == 0


async def test_a_month_whose_contacts_are_still_coming_is_waited_for(spring: Database) -> None:
    recorder, clock = Recorder(), Clock(SECOND_OF_MAY)
    office = Office(spring, recorder, clock, settle=900)
    await office.look()
    assert recorder.sent == []
    for number in range(5):
        # A contact of March: its month and the one after it are held up, the one before is not.
        clock.now += timedelta(minutes=10)
        reference = f"LEU-2021-77{number:04d}"
        await commit_all(spring.committer(), [routed(reference, datetime(2021, 3, 9, tzinfo=UTC))])
        await office.look()
        assert {each.period for each in told(recorder)} == ({"2021-02"} if number else set())
    clock.now += timedelta(minutes=14)
    await office.look()
    assert {each.period for each in told(recorder)} == {"2021-02"}
    assert office.metric("months_waiting") == 2
    # Another replica goes on from what was seen before.
    clock.now += timedelta(minutes=1)
    await Office(spring, recorder, clock, settle=900).look()
    assert {each.period for each in told(recorder)} == {"2021-02", "2021-03"}
    clock.now += timedelta(minutes=15)
    await office.look()
    assert {each.period for each in told(recorder)} == {"2021-02", "2021-03", "2021-04"}
    march = [each.contacts for each in told(recorder) if (each.period, each.directorate) == ("2021-03", "politie")]
    assert march == [3 + 5]


async def test_what_cannot_be_made_of_one_keeps_nobody_else_waiting(
    spring: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder()
    office = Office(spring, recorder, Clock(SECOND_OF_MAY))
    assert await office.monthly.maker.make("leuven", FEBRUARY) == 3

    async def odd(*_: object) -> int:
        raise ValueError("odd")

    with monkeypatch.context() as patched:
        patched.setattr(office.monthly.maker, "make", odd)
        await office.look()
    assert len(recorder.sent) == 3
    assert office.registry.get_sample_value("contactpunt_reporting_monthly_failures_total") == 1
    assert office.metric("months_waiting") == 2
    await office.look()
    assert len(recorder.sent) == 9


async def test_a_month_tells_how_far_its_reports_are(spring: Database) -> None:
    clock = Clock(SECOND_OF_MAY - timedelta(seconds=1))
    office = Office(spring, Recorder(), clock, most_months=2)
    read = office.monthly.reports

    async def states() -> list[str]:
        return [
            (await read.month("leuven", each))["state"] for each in (Month(2021, 1), MARCH, APRIL, Month(2021, 5))
        ]

    assert await states() == ["by_hand", "due", "not_due", "running"]
    clock.now = SECOND_OF_MAY
    assert await states() == ["by_hand", "due", "due", "running"]
    await office.look()
    assert await states() == ["by_hand", "made", "made", "running"]
    unasked = Office(spring, Recorder(), clock, most_months=0)
    assert (await unasked.monthly.reports.month("leuven", FEBRUARY))["state"] == "by_hand"


async def test_what_was_made_stays_as_it_was_and_says_what_has_moved(spring: Database) -> None:
    office = Office(spring, Recorder(), Clock(SECOND_OF_MAY))
    await office.look()
    made = await office.monthly.reports.report("leuven", MARCH, "politie", None)
    assert made is not None
    events = made["reconciliation"]["events"]
    assert made["since"] == {"moved": [], "contacts": 3, "events": events, "editions": [1]}
    late = datetime(2021, 3, 31, 21, 30, tzinfo=UTC)
    await commit_all(spring.committer(), [routed("LEU-2021-700001", late, directorate="politie")])
    now = await office.monthly.reports.report("leuven", MARCH, "politie", None)
    assert now is not None
    assert {name: value for name, value in now.items() if name != "since"} == {
        name: value for name, value in made.items() if name != "since"
    }
    assert (now["since"]["contacts"], now["since"]["events"]) == (4, events + 1)
    assert {"contacts", "channel", "nature_and_line"} <= set(now["since"]["moved"])
    # One of April shows March beside it.
    april = await office.monthly.reports.report("leuven", APRIL, "politie", None)
    assert april is not None
    assert "contacts" in april["since"]["moved"]
    assert april["since"]["contacts"] == april["reconciliation"]["contacts"]


async def test_by_hand_only_what_has_moved_gets_another_edition(spring: Database) -> None:
    recorder, clock = Recorder(), Clock(SECOND_OF_MAY)
    office = Office(spring, recorder, clock)
    await office.look()
    maker = office.monthly.maker
    assert await maker.make("leuven", MARCH) == 0
    assert await maker.make("leuven", MARCH, again=True) == 0
    await commit_all(spring.committer(), [happened("closed", 1, "LEU-2021-030000", outcome="x")])
    reference, received = "LEU-2021-030000", datetime(2021, 3, 1, 12, tzinfo=UTC)
    await commit_all(spring.committer(), [routed(reference, received, revision=2, directorate="sport")])
    clock.now += timedelta(days=1)
    assert await maker.make("leuven", MARCH, again=True, only="burgerzaken") == 0
    assert await maker.make("leuven", MARCH, again=True, only="sport") == 1
    assert await maker.make("leuven", MARCH, again=True) == 1
    assert await maker.make("leuven", MARCH, again=True) == 0
    editions = {
        (each["directorate"], each["edition"]): each["contacts"] for each in await stored(spring, month="2021-03")
    }
    assert editions == {
        ("burgerzaken", 1): 5,
        ("politie", 1): 3,
        ("politie", 2): 2,
        ("sport", 1): 4,
        ("sport", 2): 5,
    }
    await office.look()
    assert [(each.directorate, each.edition) for each in told(recorder)[9:]] == [("politie", 2), ("sport", 2)]
    assert set(recorder.times().values()) == {1}
    first = await office.monthly.reports.report("leuven", MARCH, "sport", 1)
    assert first is not None
    assert first["since"]["editions"] == [1, 2]
    assert first["reconciliation"]["contacts"] == 4


async def test_a_directorate_that_has_lost_all_contacts_is_told_so_in_its_next_edition(spring: Database) -> None:
    office = Office(spring, Recorder(), Clock(SECOND_OF_MAY))
    await office.look()
    moves = [
        routed(
            f"LEU-2021-0200{number:02d}",
            datetime(2021, 2, 1 + 3 * number, 12, tzinfo=UTC),
            revision=2,
            directorate="sport",
        )
        for number in range(2)
    ]
    await commit_all(spring.committer(), moves)
    assert await office.monthly.maker.make("leuven", FEBRUARY, again=True) == 2
    politie = await office.monthly.reports.report("leuven", FEBRUARY, "politie", 2)
    assert politie is not None
    assert politie["reconciliation"]["contacts"] == 0
    assert politie["since"]["moved"] == []


async def test_a_directorate_whose_first_contact_comes_late_gets_its_report_by_hand(spring: Database) -> None:
    recorder = Recorder()
    office = Office(spring, recorder, Clock(SECOND_OF_MAY))
    await office.look()
    await commit_all(spring.committer(), [routed("LEU-2021-700001", directorate="financien")])
    await office.look()
    month = await office.monthly.reports.month("leuven", MARCH)
    late = next(each for each in month["reports"] if each["directorate"] == "financien")
    assert (late["contacts_now"], late["made"]) == (1, None)
    assert month["reconciliation"] == {
        "contacts": 14,
        "without_directorate": 1,
        "contacts_when_made": 13,
        "without_directorate_when_made": 1,
    }
    assert await office.monthly.maker.make("leuven", MARCH) == 1
    assert len(await stored(spring, month="2021-03")) == 4


async def test_a_month_without_contacts_gets_none_until_it_has_some(database: Database) -> None:
    await MonthlyStore(database.collections).prepare()
    recorder, clock = Recorder(), Clock(SECOND_OF_MAY)
    office = Office(database, recorder, clock)
    await office.look()
    assert await stored(database) == []
    assert office.metric("months_waiting") == 0
    await commit_all(database.committer(), contacts())
    await office.look()
    assert len(recorder.sent) == 9


async def test_a_contact_at_the_last_local_minute_of_a_month_is_of_that_month(database: Database) -> None:
    await MonthlyStore(database.collections).prepare()
    # 23:59:59 on 31 March in Leuven, where summer time has begun, and the second after.
    last = datetime(2021, 3, 31, 21, 59, 59, tzinfo=UTC)
    events = [
        routed("LEU-2021-000001", last, directorate="politie"),
        routed("LEU-2021-000002", last + timedelta(seconds=1), directorate="politie"),
    ]
    await commit_all(database.committer(), events)
    recorder = Recorder()
    await Office(database, recorder, Clock(SECOND_OF_MAY)).look()
    assert [(each.period, each.contacts) for each in told(recorder)] == [("2021-03", 1), ("2021-04", 1)]
