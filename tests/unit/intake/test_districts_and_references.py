from datetime import datetime
from typing import Any

import pytest

from services.intake.domain.districts import district_of
from services.intake.domain.references import NumberSeries, series_of
from shared.contracts.submission import Address, Citizen
from tests.unit.intake.messages import LEUVEN


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ({"district": "kessel_lo"}, "kessel_lo"),
        ({"district": "KESSEL-LO"}, "kessel_lo"),
        ({"district": "Késsel Lo"}, "kessel_lo"),
        ({"district": "nowhere", "postal_code": "3010"}, "kessel_lo"),
        ({"postal_code": " 30 10 "}, "kessel_lo"),
        ({"postal_code": "1000"}, "elsewhere"),
        ({"municipality": "Brussel"}, "elsewhere"),
        ({"municipality": "leuven"}, "unknown"),
        ({"municipality": "Leuven", "postal_code": "1000"}, "elsewhere"),
        ({"street": "Tiensevest 170"}, "unknown"),
        ({}, "unknown"),
        (None, "unknown"),
    ],
)
def test_a_district_is_all_that_is_told_of_an_address(address: dict[str, Any] | None, district: str) -> None:
    citizen = Citizen(address=None if address is None else Address(**address))
    assert district_of(citizen, LEUVEN.versions[0]) == district


def test_an_anonymous_contact_has_no_district() -> None:
    assert district_of(None, LEUVEN.versions[0]) == "unknown"


def test_a_reference_tells_organisation_and_year() -> None:
    series = NumberSeries("LEU", 2021)
    assert series.reference(123) == "LEU-2021-000123"
    assert series.reference(1_234_567) == "LEU-2021-1234567"


@pytest.mark.parametrize(("received_at", "year"), [("2021-12-31T22:59:59Z", 2021), ("2021-12-31T23:00:00Z", 2022)])
def test_the_year_is_the_organisations_own(received_at: str, year: int) -> None:
    assert series_of(LEUVEN, datetime.fromisoformat(received_at)).year == year
