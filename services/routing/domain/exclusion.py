"""Grounds on which a complaint is excluded. They are told; alone they move no complaint to another line."""

from datetime import date

from services.routing.domain.draft import Case, Finding
from shared.contracts.identifiers import Line, Nature


def anonymous(case: Case) -> Finding | None:
    if not case.facts.anonymous:
        return None
    return _ground(case, "anonymous", "citizen=null")


def older_than_one_year(case: Case) -> Finding | None:
    """The years are calendar years from the day of the facts; what happened on 29 February is a year old on the
    28th.
    """
    years, facts_on = case.version.facts_excluded_after_years, case.facts.facts_on
    if years is None or facts_on is None or facts_on >= case.received_on:
        return None
    if case.received_on <= _years_after(facts_on, years):
        return None
    return _ground(case, "older_than_one_year", f"facts_on={facts_on}; received on {case.received_on}")


def legal_proceedings(case: Case) -> Finding | None:
    if not case.facts.legal_proceedings:
        return None
    return _ground(case, "legal_proceedings", "legal_proceedings=true")


def _ground(case: Case, ground: str, evidence: str) -> Finding | None:
    ours = case.draft.nature is Nature.COMPLAINT and case.draft.line is not Line.EXTERNAL
    if not ours or ground not in case.version.codes["exclusion_ground"]:
        return None
    return Finding(evidence, {"exclusion_grounds": (*case.draft.exclusion_grounds, ground)})


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
