"""Faults of an organisation's own lists: attributes, topics, ways in."""

from pathlib import Path

import pytest

from tests.unit.profiles.slips import SOUND, Slip, changed, faults_of


@pytest.mark.parametrize(
    ("profile", "slip"),
    [
        (
            "antwerpen_woonhaven",
            Slip(
                "    attributes:\n      - id: stock\n",
                "    attributes:\n      - id: outcome\n",
                "reserved_id",
                "versions.0.attributes.0.id",
                "give the attribute another id",
            ),
        ),
        (
            "antwerpen_woonhaven",
            Slip(
                "{id: letter, channel: letter,",
                "{id: letter, channel: fax,",
                "not_on_list",
                "versions.0.access_channels.5.channel",
                "Input should be 'email'",
            ),
        ),
        (
            "antwerpen_woonhaven",
            Slip(
                "      letter: {nl: Brief, en: Letter}\n",
                "",
                "unknown_channel",
                "versions.0.access_channels.5.channel",
                "letter comes by letter, which is not among channels; add it there",
            ),
        ),
        (
            "antwerpen_woonhaven",
            Slip(
                "{id: repeated, name",
                "{id: share, name",
                "reserved_id",
                "versions.0.annual_report.3.parts.0.id",
                "share is a column that every table may have; give this one another id",
            ),
        ),
        (
            "antwerpen_politie",
            Slip(
                "        by: [nature]\n",
                "        by: [month]\n",
                "contradicts",
                "versions.0.annual_report.1",
                "tells a month, which the reporting year that begins on 01-19 cuts in two",
            ),
        ),
        (
            "antwerpen_stad",
            Slip(
                "half_year: [H2]}",
                "half_year: [H3]}",
                "unknown_code",
                "versions.0.annual_report.7.where.half_year.0",
                "H3 is no value of half_year; give one of H1, H2",
            ),
        ),
        (
            "antwerpen_zorgbedrijf",
            Slip(
                "where: {topic: [care]}",
                "where: {topic: [care], nature: [question]}",
                "contradicts",
                "versions.0.annual_report.6.lines.0.where.nature.0",
                "question is left out by the table's own where; give one of complaint, report",
            ),
        ),
        (
            "antwerpen_woonhaven",
            Slip(
                "{id: de_ideale_woning, name",
                "{id: woonhaven, name",
                "doubled_id",
                "versions.0.attributes.0.values.1.id",
                "attributes.stock: woonhaven is there twice",
            ),
        ),
        (
            "antwerpen_woonhaven",
            Slip(
                "{id: projects, name",
                "{id: technical, name",
                "topic_cycle",
                "versions.0.topics.0.subtopics",
                "technical > technical goes round in a circle",
            ),
        ),
        (
            "antwerpen_politie",
            Slip(
                "{id: parking, name: {nl: Parkeerdruk/overlast",
                "{id: general, name: {nl: Parkeerdruk/overlast",
                "two_names",
                "versions.0.topics.29.subtopics.3.name",
                "general has another name under another topic",
            ),
        ),
        (
            "antwerpen_politie",
            Slip(
                "{id: youth, name",
                "{id: hospitality, name",
                "doubled_id",
                "versions.0.topics.27.subtopics.2.id",
                "topics.nuisance: hospitality is there twice",
            ),
        ),
    ],
)
def test_a_fault_of_attributes_topics_and_ways_in(tmp_path: Path, profile: str, slip: Slip) -> None:
    faults = faults_of(tmp_path, profile, changed(SOUND[profile], slip.before, slip.after))
    told = {(fault.code, fault.field): fault.message for fault in faults}
    assert slip.says in told[slip.code, slip.field]
