"""Which form a report is sent in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.paper.negotiation import OFFERS, choose

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/*", "json"),
        ("application/json", "json"),
        (CHROME, "html"),
        ("text/html, application/json;q=0.5", "html"),
        ("text/html;q=0.5, application/json", "json"),
        ("TEXT/HTML", "html"),
        ("text/*", "html"),
        ("text/csv", "csv"),
        ("application/zip", "csv"),
        ("image/png, text/csv", "csv"),
        ("application/pdf", "pdf"),
        (XLSX, "xlsx"),
        ("application/json;q=0, */*", "html"),
        ("application/*;q=0.1, text/*;q=0.2", "html"),
        ("*/*;q=0.1, application/pdf;q=0.1, application/json;q=0.05", "html"),
        ("text/html; charset=utf-8; q=0.9, application/pdf; q = 1.000", "pdf"),
        ("application/json;q=0", None),
        ("image/png", None),
        ("text/html;q=nonsense", None),
        ("text/html;q=-1", None),
        ("text", None),
        (",;,", None),
    ],
)
def test_what_is_preferred(accept: str, form: str | None) -> None:
    assert choose(accept) == form


@given(st.text(alphabet="abtexhml/*;,=q.019 -", max_size=60))
def test_any_header_has_an_answer(accept: str) -> None:
    assert choose(accept) in {None, *(offer.form for offer in OFFERS)}


@given(st.permutations([(each.media_types[0], each.form) for each in OFFERS]))
def test_weights_decide_whatever_the_order(order: list[tuple[str, str]]) -> None:
    weighed = [f"{name};q=0.{9 - place}" for place, (name, _) in enumerate(order)]
    for accept in (weighed, weighed[::-1]):
        assert choose(", ".join(accept)) == order[0][1]
