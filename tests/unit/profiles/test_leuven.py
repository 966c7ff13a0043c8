"""Leuven's profile against the facts that its sources print, copied here."""

from datetime import UTC, date, datetime

import pytest

from shared.contracts.identifiers import Channel, HandledBy, Line, Nature
from shared.profiles import Profile, ProfileVersion
from tests import organisations

SERVICES_BY_DIRECTORATE = {
    "politie": ["interne_controle_politie", "algemeen_politie", "wijkpolitie", "gas_verkeer", "fietscentrale"],
    "openbaar_domein": ["groen", "afvalbeheer", "rioolbeheer", "wegbeheer", "signalisatie", "studiedienst"],
    "financien": ["debiteurenbeheer", "belastingen"],
    "ruimtelijke_ontwikkeling": ["bouwen", "wonen", "duurzaamheid", "milieu"],
    "burgerzaken": ["contactbeheer", "burgerlijke_stand", "niet_belgen", "bevolking"],
    "samenleving": ["gebiedsgerichte_werking", "sociale_zaken"],
    "veiligheid_preventie": ["verkeer", "vergunningen"],
    "ocmw": ["ocmw"],
    "communicatie": ["evenementen"],
    "agsl": ["agsl"],
    "gebouwen": ["staf_gebouwen"],
    "personeel": [],
    "sport": ["sport"],
    "dierenwelzijn": ["dierenwelzijn"],
    "allerlei": ["allerlei"],
    "beleid": [],
    "andere_directies": [],
}
CODES = {
    "external_body": {
        "federale_ombudsman",
        "vlaamse_ombudsdienst",
        "ombudsman_energie",
        "consumentenombudsdienst",
        "ombudsman_telecom",
        "ombudsrail",
        "de_lijn",
        "hulpkas",
        "unia",
        "ecowerf",
        "dijledal",
        "fluvius",
        "wegen_en_verkeer",
        "sociale_dienstverlening",
        "juridische_hulp",
        "andere_gemeente",
        "agentschap_binnenlands_bestuur",
    },
    "exclusion_ground": {
        "anonymous",
        "older_than_one_year",
        "general_regulation",
        "general_policy",
        "outside_competence",
        "supervisory_or_administrative_appeal",
        "legal_proceedings",
    },
    "topic": {
        "no_answer_or_unclear_information",
        "unfriendliness_or_misunderstanding",
        "retributions_resident_parking_fines",
        "taxes",
        "signage_or_dangerous_situation",
        "sewers_waste_green",
        "various_discussions",
    },
    "qualification": {"founded", "partly_founded", "no_judgement", "unfounded"},
    "intervention": {"mediation", "information", "other", "apology"},
    "outcome": {"resolved", "partly_resolved", "not_resolved", "not_applicable"},
}
NORMS_BY_GROUP = {
    "law": [
        "conformity_with_rules",
        "equality",
        "duty_to_give_reasons",
        "openness",
        "ethics",
        "internal_complaint_handling",
        "privacy",
    ],
    "service": ["correct_treatment", "flexibility", "active_service", "coordination", "accessibility"],
    "good_administration": [
        "legal_certainty",
        "legitimate_expectations",
        "reasonableness",
        "due_care",
        "impartiality",
        "adequate_communication",
        "sound_file_handling",
        "consistent_conduct",
        "sustainability",
    ],
    "equity": ["equity"],
}
DISTRICTS = {
    "leuven": (("3000",), 30086),
    "kessel_lo": (("3010",), 30558),
    "heverlee": (("3001",), 26727),
    "wilsele": (("3012",), 9961),
    "wijgmaal": (("3018",), 3738),
}
PUBLISHED_TOTALS = {
    "contacts_total": (297, 263),
    "immediate_services": (155, 155),
    "contacts_by_line": (297, 263),
    "contacts_by_month": (297, 263),
    "immediate_services_by_month": (155, 155),
    "contacts_by_channel": (297, 263),
    "dossiers": (142, 108),
    "dossiers_by_month": (142, 108),
}


@pytest.fixture(scope="module")
def leuven() -> Profile:
    return organisations.PROFILES["leuven"]


@pytest.fixture(scope="module", params=["1995-11-13", "2021-10-01"])
def version(leuven: Profile, request: pytest.FixtureRequest) -> ProfileVersion:
    return leuven.version_on(date.fromisoformat(request.param))


def test_the_organisation(leuven: Profile) -> None:
    assert leuven.reference_prefix == "LEU"
    assert leuven.time_zone == "Europe/Brussels"
    assert [version.valid_from for version in leuven.versions] == [date(1995, 11, 13), date(2021, 10, 1)]


def test_every_service_is_under_its_directorate(version: ProfileVersion) -> None:
    found = {unit.id: [service.id for service in unit.services] for unit in version.directorates}
    assert found == SERVICES_BY_DIRECTORATE


@pytest.mark.parametrize("name", sorted(CODES))
def test_a_list_holds_what_the_sources_name(version: ProfileVersion, name: str) -> None:
    assert version.codes[name] == CODES[name]


def test_the_ombuds_norms_are_in_their_groups(version: ProfileVersion) -> None:
    groups: dict[str | None, list[str]] = {}
    for norm in version.norms:
        groups.setdefault(norm.group, []).append(norm.id)
    assert groups == NORMS_BY_GROUP


def test_districts_have_their_postal_code_and_inhabitants(version: ProfileVersion) -> None:
    found = {each.id: (each.postal_codes, each.inhabitants[2021]) for each in version.districts}
    assert found == DISTRICTS


def test_no_way_in_is_refused(version: ProfileVersion) -> None:
    assert set(version.channels) == set(Channel)


def test_every_label_is_there_in_both_languages(version: ProfileVersion) -> None:
    items = [
        *version.directorates,
        *(service for unit in version.directorates for service in unit.services),
        *version.external_bodies,
        *version.topics,
        *version.exclusion_grounds,
        *version.norms,
        *version.outcomes,
    ]
    labels = [item.name for item in items] + [table.title for table in version.annual_report]
    assert all(label.nl.strip() and label.en.strip() for label in labels)


def test_first_line_complaints_changed_hands_on_the_first_of_october_2021(leuven: Profile) -> None:
    last_moment = datetime(2021, 9, 30, 21, 59, 59, tzinfo=UTC)
    first_moment = datetime(2021, 9, 30, 22, 0, tzinfo=UTC)
    assert leuven.version_at(last_moment).first_line_complaints_by is HandledBy.SERVICE
    assert leuven.version_at(first_moment).first_line_complaints_by is HandledBy.COMPLAINTS_COORDINATION


def test_a_complaint_has_ten_days_for_the_receipt_and_forty_five_for_the_answer(version: ProfileVersion) -> None:
    terms = {term.id: term for term in version.terms}
    assert {name: term.length.value for name, term in terms.items()} == {"acknowledgement": 10, "answer": 45}
    for term in version.terms:
        assert term.natures == (Nature.COMPLAINT,)
        assert term.lines == (Line.FIRST, Line.SECOND)
        assert term.length.unit == "calendar_days"
        assert term.warn_days == 3
        assert term.extension is None
    assert [terms["acknowledgement"].pauses, terms["answer"].pauses] == [False, True]


def test_published_figures_add_up_to_the_published_totals(version: ProfileVersion) -> None:
    tables = {table.id: table for table in version.annual_report}
    for name, (in_2019, in_2020) in PUBLISHED_TOTALS.items():
        published = {year: sum(rows.values()) for year, rows in tables[name].published.items()}
        assert published == {2019: in_2019, 2020: in_2020}, name


def test_rows_that_are_published_in_part_have_their_published_total(version: ProfileVersion) -> None:
    tables = {table.id: table for table in version.annual_report}
    assert tables["dossiers_by_directorate"].published_totals == {2019: 142, 2020: 108}


def test_published_figures_stand_under_rows_that_can_occur(version: ProfileVersion) -> None:
    allowed = version.codes | {
        "line": frozenset(Line),
        "month": frozenset(f"{month:02}" for month in range(1, 13)),
    }
    for table in version.annual_report:
        for rows in table.published.values():
            for key in rows:
                values = key.split("|") if table.by else []
                groups = {group.id for group in table.groups}
                assert all(
                    value in allowed[dimension] | groups for dimension, value in zip(table.by, values, strict=True)
                ), (table.id, key)


def test_every_table_of_the_report_is_a_sum_of_counters(version: ProfileVersion) -> None:
    counted = [set(dimensions) for dimensions in version.counter_tables]
    for table in version.annual_report:
        asked = (set(table.by) | set(table.where)) - {"month"}
        assert any(asked <= dimensions for dimensions in counted), table.id


def test_filters_and_groups_use_codes_that_exist(version: ProfileVersion) -> None:
    allowed = version.codes | {"line": frozenset(Line)}
    for table in version.annual_report:
        for dimension, values in table.where.items():
            assert set(values) <= allowed[dimension], table.id
        for group in table.groups:
            assert set(group.values) <= allowed[table.by[-1]], table.id


def test_apologies_are_in_the_row_that_the_report_puts_them_in(version: ProfileVersion) -> None:
    tables = {table.id: table for table in version.annual_report}
    assert tables["dossiers_by_intervention"].row_key(["apology"]) == "other"
    assert tables["founded_dossiers_by_intervention"].row_key(["apology"]) == "apology"
    assert tables["contacts_by_month_and_line"].row_key(["03", "second"]) == "03|second"
    assert tables["contacts_total"].row_key([]) == ""
