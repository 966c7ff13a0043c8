"""One machine and one running product for all figures; each counts what it adds."""

from collections.abc import Iterator

import pytest

from benchmarks.machine import Machine, private_machine
from benchmarks.product import Product, running_product


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with private_machine(print) as machine:
        yield machine


@pytest.fixture(scope="module")
def product(machine: Machine) -> Iterator[Product]:
    with running_product(machine, "figures", environment={"HTTP_IN_HAND_MOST": "4"}) as product:
        yield product
