"""Statements that the profile does not know. Intake refuses them; a profile may have changed in between."""

from services.routing.domain.draft import Finding
from services.routing.domain.facts import Facts
from shared.profiles.model import ProfileVersion

_LISTS = {"directorate": "directorate", "service": "service", "external_body": "external_body"}


def without_unknown_codes(facts: Facts, version: ProfileVersion) -> tuple[Facts, list[Finding]]:
    """The facts without codes that are not on the version's lists, and a finding for each that was left out."""
    findings: list[Finding] = []
    kept: dict[str, object] = {}
    for field, list_name in _LISTS.items():
        value = getattr(facts.about, field)
        if value is not None and value not in version.codes[list_name]:
            findings.append(Finding(f"{field}={value}", doubts=(field,)))
            kept[field] = None
    others = facts.about.other_directorates
    known = tuple(other for other in others if other in version.codes["directorate"])
    if known != others:
        findings.append(Finding("other_directorates", doubts=("other_directorates",)))
        kept["other_directorates"] = known
    return facts._replace(about=facts.about.model_copy(update=kept)), findings
