"""Reports that come once more: some organisations take the second, with word that nothing was done, for more."""

from services.routing.domain.draft import Case, Finding
from shared.contracts.identifiers import Line, Nature


def repeated_report_in_vain(case: Case) -> Finding | None:
    """What the profile says of a report of the same citizen about the same matter that went unheard before."""
    becomes = case.version.repeated_report_in_vain
    facts = case.facts
    if becomes is None or facts.repeat_of is None or facts.nature is not Nature.REPORT:
        return None
    heard = _told_to_have_been_in_vain(case)
    if heard is None:
        return None
    return Finding(f"repeat_of={facts.repeat_of}; {heard}", {"nature": becomes})


def repeated_report_is_first_line(case: Case) -> Finding | None:
    """What the service heard before was a report; that this is a complaint it hears for the first time."""
    found = repeated_report_in_vain(case)
    if found is None or case.draft.nature is not Nature.COMPLAINT:
        return None
    return Finding(found.evidence, {"line": Line.FIRST})


def _told_to_have_been_in_vain(case: Case) -> str | None:
    earlier = case.facts.earlier_contact
    if earlier is not None:
        return f"earlier_contact={earlier.result} on {earlier.on}"
    if case.weighed is not None and case.weighed.nature is Nature.COMPLAINT:
        return "the text complains"
    return None
