"""Every figure, very small: that it counts what there is, and finds something wrong where something is."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks import contacts
from benchmarks.contacts import FOLLOW_UPS, write
from benchmarks.costs import costs
from benchmarks.counting import PAST, Counter, WrongCountError, expected_of, month_of, now
from benchmarks.drain import drain
from benchmarks.latency import latency
from benchmarks.loading import generate, inbound
from benchmarks.machine import Machine
from benchmarks.memory import memory
from benchmarks.noop import running_noop
from benchmarks.overload import overload
from benchmarks.plots import plot
from benchmarks.product import Product
from benchmarks.results import keep, latest
from benchmarks.tables import tables_of
from benchmarks.throughput import burst
from benchmarks.year_import import year_import
from deploy.local.services import SERVICES

EVERYTHING = {*SERVICES, "broker", "database"}


def say(_: str) -> None:
    """Nobody listens."""


@pytest.fixture
def told(machine: Machine, tmp_path: Path) -> Any:
    """Keeps a result, reads it back, and makes a table and a plot of it."""

    def tell(figure: str, result: Any) -> None:
        keep(figure, machine, {}, result, tmp_path)
        kept = latest(tmp_path)[figure]
        assert kept["versions"]["rabbitmq"]
        assert kept["machine"]["processors"]
        for table in tables_of(kept):
            assert table.rows
            assert all(len(row) == len(table.columns) for row in table.rows)
        assert plot(kept, tmp_path / "plot.svg")
        assert "<svg" in (tmp_path / "plot.svg").read_text(encoding="utf-8")

    return tell


def test_a_burst_is_counted_to_the_contact(product: Product) -> None:
    measured = burst(product, 30, "burst")
    assert measured.contacts == 30
    assert 0 < measured.published <= measured.seconds


def test_one_contact_too_many_is_found(product: Product) -> None:
    received_at = now()
    with Counter(product, month_of(received_at)) as counter:
        before = counter.counts()
        file = write(contacts.live(3, received_at, "too-many"), product.machine.home / "too-many.messages")
        generate(product.amqp_url, inbound(file))
        assert counter.check(before, expected_of(3)).counted == 3
        with pytest.raises(WrongCountError, match="counted is 3 and not 2"):
            counter.check(before, expected_of(2), patience=0)
        with pytest.raises(WrongCountError, match="timed is 3 and not 4"):
            counter.check(before, expected_of(4), patience=0)


def test_the_same_twice_is_counted_once(product: Product) -> None:
    received_at = now()
    with Counter(product, month_of(received_at)) as counter:
        before = counter.counts()
        file = write(contacts.live(3, received_at, "twice"), product.machine.home / "twice.messages")
        for _ in range(2):
            assert generate(product.amqp_url, inbound(file)).published == 3
        counter.check(before, expected_of(3))


def test_nothing_passes_everything_on(machine: Machine) -> None:
    file = write(contacts.live(30, now(), "noop"), machine.home / "noop.messages")
    with running_noop(machine, "nothing", 30) as noop:
        for measured in (noop.measure(file), noop.measure(file)):
            assert measured.contacts == 30
            assert measured.seconds > 0


def test_latency(product: Product, told: Any) -> None:
    found = latency(product, [10.0, 20.0], 1.0, 1, say, warm_up=0.5)
    assert [(one.rate, one.contacts) for one in found] == [(10.0, 10), (20.0, 20)]
    for one in found:
        assert 0 < one.confirmed.p50 <= one.whole.p99 <= one.whole.most
        assert one.counted.count == one.whole.count == one.contacts
        assert one.counted.most <= one.whole.most
        assert one.looks >= 1
    told("latency", found)


def test_drain(product: Product, told: Any) -> None:
    found = drain(product, 30, 10.0, say, lead=1.0)
    assert found.drained.contacts == 30
    assert found.live == found.whole.count == len(found.course) > 0
    assert found.remaining[-1][1] == 0
    told("drain", found)


def test_import(product: Product, told: Any) -> None:
    with Counter(product, PAST) as counter:
        before = counter.counts()
        found = year_import(product, 10, say)
        came = counter.counts().since(before)
    assert (came.counted, came.closed, came.follow_ups) == (10, 10, 10 * FOLLOW_UPS)
    assert found.course[-1][1] == 10
    assert found.milliseconds.keys() == EVERYTHING
    told("import", found)


def test_costs(product: Product, told: Any) -> None:
    found = costs(product, 20, 20.0, 1.0)
    assert [one.rate for one in found.costs] == [0.0, 20.0]
    for one in found.costs:
        assert one.milliseconds.keys() == EVERYTHING
        # What is told at once travels in bundles.
        assert 0 < one.published["intake contacts.routing"] <= 1
        assert 0 < one.handled["routing routing.requested.v1 acked"] <= 1
        assert one.published["intake contacts.events"] == 1
        assert one.handled["intake intake.live.v1 acked"] == 1
        assert one.oplog > 0
    told("costs", found)


def test_memory(product: Product, told: Any) -> None:
    found = memory(product, 20.0, 2.0, 0.1, say)
    assert found.of.keys() == EVERYTHING
    for each in found.of.values():
        assert 0 < each.idle <= each.most
        assert each.most >= each.loaded > 0
    told("memory", found)


def test_ten_times_the_load(product: Product, told: Any) -> None:
    found = overload(product, 10.0, 1.0, 20, say)
    http = found.http
    assert http.offered == http.accepted + http.turned_away + sum(http.failed.values())
    assert http.accepted > 0
    # It deals with four at a time, and many more come at once.
    assert http.turned_away > 0
    assert http.same_number == min(http.accepted, 500)
    assert http.taken_later > 0
    assert sum(second.offered for second in http.course) == http.offered
    assert found.amqp.offered > 0
    told("overload", found)
