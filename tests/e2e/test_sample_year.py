"""Leuven's year 2021 goes through four services on a real broker and database, and its tables come out.

The tests of this module share one running product and build on each other in the order in which they stand.
"""

import pytest

from tests.e2e.product import Product, depths_of, listen_for_rejections

_REJECTED = "rejected.of.the.year"


@pytest.fixture(scope="module")
def loaded(product: Product) -> Product:
    listen_for_rejections(product.environment["AMQP_URL"], _REJECTED)
    product.run("deploy.sample", "load")
    product.comes_to_rest()
    return product


def _all_is_as_published(product: Product) -> None:
    checked = product.run("deploy.sample", "check")
    assert "differs" not in checked
    assert checked.count("OK") >= 18
    product.run("services.reporting.rebuild", "--compare")
    assert product.waiting() == {}


def test_the_year_comes_out_as_published(loaded: Product) -> None:
    _all_is_as_published(loaded)
    assert "agree" in loaded.run("deploy.sample", "table")


def test_no_message_of_the_year_is_rejected(loaded: Product) -> None:
    assert depths_of(loaded.environment["AMQP_URL"], [_REJECTED]) == {_REJECTED: 0}


def test_the_same_in_another_order_and_twice_changes_nothing(loaded: Product) -> None:
    loaded.run("deploy.sample", "load", "--shuffle", "11", "--repeat", "2")
    loaded.comes_to_rest()
    _all_is_as_published(loaded)


def test_the_annual_report_has_the_year(loaded: Product) -> None:
    with loaded.client("reporting", "reporting") as client:
        report = client.get("/reports/annual/leuven/2021", headers={"Accept": "application/json"})
    assert report.status_code == 200
    assert "contacts_by_line" in report.text


def test_each_contact_has_a_number_of_the_year_of_its_own(loaded: Product) -> None:
    with loaded.client("intake", "handler") as client:
        answer = client.get("/contacts/LEU-2021-000001")
    assert answer.status_code == 200
    assert answer.json()["reference"] == "LEU-2021-000001"
