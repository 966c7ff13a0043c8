"""``kill -9`` of each service, of broker and database in the middle of loading loses and doubles nothing.

Every message is handed in until the broker has confirmed it and not once more, so one that is lost stays lost.
"""

import asyncio
from pathlib import Path

from deploy.sample.comparison import Reports, settled_contacts, tables
from deploy.sample.published import leuven_2021
from deploy.sample.publishing import Handover, handovers, publish
from tests.e2e.conftest import Place
from tests.e2e.product import Product, depths_of, eventually, listen_for_rejections, running

_REJECTED = "rejected.while.killing"


def test_nothing_is_lost_or_doubled(place: Place, tmp_path: Path) -> None:
    with place() as given, running(tmp_path, given) as product:
        listen_for_rejections(product.environment["AMQP_URL"], _REJECTED)
        messages = handovers(shuffle=2021)
        victims = product.own_programs()
        share = len(messages) // len(victims) + 1
        for part, victim in enumerate(victims):
            _hand_in_and_kill(product, messages[part * share : (part + 1) * share], victim)
        product.becomes_ready()
        _wait_until_counted(product)
        product.comes_to_rest()
        assert "differs" not in product.run("deploy.sample", "check")
        product.run("services.reporting.rebuild", "--compare")
        assert product.waiting() == {}
        assert depths_of(product.environment["AMQP_URL"], [_REJECTED]) == {_REJECTED: 0}


def _hand_in_and_kill(product: Product, messages: list[Handover], victim: str) -> None:
    killed: list[int] = []

    def in_the_middle(_confirmed: int) -> None:
        if not killed:
            killed.append(product.kill(victim))

    asyncio.run(publish(product.environment["AMQP_URL"], messages, in_the_middle))
    product.is_back(victim, killed[0])


def _wait_until_counted(product: Product) -> None:
    awaited = [settled_contacts(), *tables(leuven_2021())]
    with product.client("reporting", "reporting") as client:
        reports = Reports(client)
        eventually(
            lambda: all(reports.compare(table).agrees for table in awaited) or None,
            "every contact counted after all that was killed",
        )
