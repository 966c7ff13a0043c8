"""The lists of published tables and of contradictions are complete, and say what the reports do."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.microdata.printed import ORGANISATIONS, printed, tables
from tests.microdata.reading import readings, shown_otherwise
from tests.unit.profiles.walking import newest

DOCUMENTS = Path(__file__).parents[3] / "docs" / "reports"
TITLES = {
    "antwerpen_stad": "City of Antwerp, 2023",
    "antwerpen_politie": "Antwerp police, 2023",
    "antwerpen_brandweer": "Antwerp fire zone, 2023",
    "antwerpen_onderwijs": "Antwerp city education, 2023",
    "antwerpen_woonhaven": "Woonhaven, social housing, 2023",
    "antwerpen_zorgbedrijf": "Antwerp care company, 2023",
    "leiden": "Leiden, 2024",
    "leuven": "Leuven, 2021",
}
every_organisation = pytest.mark.parametrize("organisation", ORGANISATIONS)


def chapter(document: str, organisation: str) -> str:
    text = (DOCUMENTS / document).read_text(encoding="utf-8")
    return text.partition(f"\n## {TITLES[organisation]}\n")[2].partition("\n## ")[0]


def rows(document: str, organisation: str) -> list[list[str]]:
    lines = [line for line in chapter(document, organisation).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@every_organisation
def test_every_printed_table_is_listed_with_where_it_stands(organisation: str) -> None:
    listed = {row[0].strip("`"): row[2] for row in rows("coverage.md", organisation)}
    assert list(listed) == list(tables(organisation))
    assert sorted(listed) == sorted(readings(organisation))
    declared = {table.id: table for table in newest(organisation).annual_report}
    for name, read in readings(organisation).items():
        for each in read:
            named = next((each[how] for how in ("table", "total_of", "least_of", "most_of") if how in each), None)
            if named is not None:
                assert f"`{named}`" in listed[name], name
                assert set(each.get("figures", {}).values()) <= set(declared[named].columns), name


@every_organisation
def test_every_figure_about_no_contact_is_in_the_profile(organisation: str) -> None:
    known = {figure.id for figure in newest(organisation).context}
    for name, read in readings(organisation).items():
        for each in (each for each in read if each.get("context")):
            only = each.get("only", {}).get("figure")
            for row in tables(organisation)[name]["rows"]:
                figure = row["key"]["figure"]
                assert (only and figure not in only) or figure.removesuffix("_2022") in known, figure


@every_organisation
def test_every_contradiction_is_listed_in_the_order_of_the_source(organisation: str) -> None:
    told = printed(organisation)["contradictions"]
    listed = rows("contradictions.md", organisation)
    assert [row[0] for row in listed] == [each["section"] for each in told]
    for row, each in zip(listed, told, strict=True):
        text = " ".join(row)
        for figure in ("printed", "computed"):
            if isinstance(each.get(figure), int | float):
                assert is_told(each[figure], text), (row, each)


@every_organisation
def test_what_is_shown_otherwise_is_a_contradiction_that_is_listed(organisation: str) -> None:
    text = chapter("contradictions.md", organisation)
    for cell in shown_otherwise(organisation):
        if cell["shown"] is None:
            assert any(str(value).replace("_", " ") in text for value in cell["key"].values()), cell
        else:
            assert is_told(cell["shown"], text), cell


def is_told(figure: float, text: str) -> bool:
    """Whether a figure stands in a text, as it is or as a percentage, maybe with more decimals."""
    figure = abs(figure)
    forms = {f"{figure:g}", f"{figure:,}", f"{100 * figure:g} percent"}
    numbers = re.findall(r"\d[\d.,]*\d|\d", text)
    longer = isinstance(figure, float) and any(
        abs(float(number) - figure) <= 0.005 for number in numbers if re.fullmatch(r"\d\.\d+", number)
    )
    return longer or any(form in text for form in forms if " " in form) or not forms.isdisjoint(numbers)


def test_what_is_looked_for_can_be_missing() -> None:
    assert is_told(304, "304 with OS")
    assert not is_told(304, "3040 with OS")
    assert is_told(0.0207, "2.07 percent")
    assert not is_told(0.0207, "20.7 percent")
    assert not any(is_told(figure, "") for figure in (0, 1, 0.5))


def test_the_documents_name_nobody_else() -> None:
    for document in ("coverage.md", "contradictions.md"):
        text = (DOCUMENTS / document).read_text(encoding="utf-8")
        found: Any = re.findall(r"^## (.*)$", text, re.MULTILINE)
        assert sorted(found) == sorted(TITLES.values())
