"""What a contact is, in which line it is dealt with and by whom."""

from services.routing.domain.draft import Case, Finding, guess
from shared.contracts.identifiers import HandledBy, Line, Nature


def anonymous_towards_service_is_complaint(case: Case) -> Finding | None:
    """Who must be kept from the service complains of it, whatever it was called; praise needs no shelter."""
    facts = case.facts
    if not facts.anonymous_towards_service_alone or facts.about.external_body or facts.nature is Nature.COMPLIMENT:
        return None
    return Finding(
        f"anonymous_towards_service; nature={_said(facts.nature)}",
        {"nature": Nature.COMPLAINT},
    )


def declared_nature_against_earlier_contact(case: Case) -> Finding | None:
    """Somebody who went to the service in vain is dissatisfied, and that makes a complaint; yet it was called
    something else. What was declared stands until a person has looked.
    """
    facts = case.facts
    if (
        facts.earlier_contact is None
        or facts.about.external_body
        or facts.nature not in (Nature.QUESTION, Nature.REPORT, Nature.SUGGESTION)
    ):
        return None
    return Finding(
        f"nature={facts.nature}; {_earlier(case)}",
        {"nature": facts.nature},
        doubts=("nature", "line"),
        guesses=(*guess("nature", Nature.COMPLAINT, facts.nature), *guess("line", Line.SECOND, Line.FIRST)),
    )


def declared_nature(case: Case) -> Finding | None:
    if case.facts.nature is None:
        return None
    return Finding(f"nature={case.facts.nature}", {"nature": case.facts.nature})


def earlier_contact_is_complaint(case: Case) -> Finding | None:
    """No answer, a late one or one that does not satisfy: whoever comes with that is dissatisfied."""
    if case.facts.earlier_contact is None:
        return None
    return Finding(_earlier(case), {"nature": Nature.COMPLAINT})


def nature_not_told(case: Case) -> Finding:  # noqa: ARG001  a rule like the others
    return Finding("no nature declared, and nothing else tells it")


def external_body_is_named(case: Case) -> Finding | None:
    """The matter is another body's: referred to it, no directorate carries it."""
    about = case.facts.about
    if about.external_body is None:
        return None
    answers = {"line": Line.EXTERNAL, "external_body": about.external_body}
    if about.directorate is None and about.service is None:
        return Finding(f"external_body={about.external_body}", answers)
    ours = about.directorate or (about.service and case.version.directorate_of(about.service))
    return Finding(
        f"external_body={about.external_body}; directorate={_said(about.directorate)}; "
        f"service={_said(about.service)}",
        answers,
        doubts=("line",),
        guesses=(*guess("external_body", about.external_body), *guess("directorate", ours)),
    )


def anonymous_towards_service_is_second_line(case: Case) -> Finding | None:
    """The service cannot deal with somebody it may not know: the ombuds service does."""
    if not (case.facts.anonymous_towards_service_alone and case.draft.nature is Nature.COMPLAINT):
        return None
    return Finding("anonymous_towards_service; citizen known", {"line": Line.SECOND})


def earlier_contact_is_second_line(case: Case) -> Finding | None:
    """A complaint is second-line when it was first put to the service itself, without a result that satisfies."""
    if case.facts.earlier_contact is None or case.draft.nature is not Nature.COMPLAINT:
        return None
    return Finding(_earlier(case), {"line": Line.SECOND})


def complaint_not_put_to_service_is_first_line(case: Case) -> Finding | None:
    if case.draft.nature is not Nature.COMPLAINT:
        return None
    return Finding("nature=complaint; no earlier_contact", {"line": Line.FIRST})


def no_complaint_is_first_line(case: Case) -> Finding | None:
    """Questions, reports, suggestions and compliments are the service's own."""
    if case.draft.nature is None:
        return None
    return Finding(f"nature={case.draft.nature}", {"line": Line.FIRST})


def line_follows_from_nature(case: Case) -> Finding:  # noqa: ARG001  a rule like the others
    return Finding("the nature is not decided, so neither is the line")


def external_body_deals_with_it(case: Case) -> Finding | None:
    if case.draft.line is not Line.EXTERNAL:
        return None
    return Finding("line=external", {"handled_by": HandledBy.EXTERNAL_BODY})


def ombuds_service_deals_with_second_line(case: Case) -> Finding | None:
    if case.draft.line is not Line.SECOND:
        return None
    return Finding("line=second", {"handled_by": HandledBy.OMBUDS_SERVICE})


def first_line_complaints_by_profile(case: Case) -> Finding | None:
    """Who deals with first-line complaints changes with the organisation: the day of receipt picks the version."""
    if case.draft.line is not Line.FIRST or case.draft.nature is not Nature.COMPLAINT:
        return None
    return Finding(
        f"line=first; nature=complaint; profile valid from {case.version.valid_from}",
        {"handled_by": case.version.first_line_complaints_by},
    )


def service_deals_with_first_line(case: Case) -> Finding | None:
    if case.draft.line is not Line.FIRST:
        return None
    return Finding(f"line=first; nature={_said(case.draft.nature)}", {"handled_by": HandledBy.SERVICE})


def _earlier(case: Case) -> str:
    earlier = case.facts.earlier_contact
    return f"earlier_contact={earlier.result} on {earlier.on}" if earlier else "no earlier_contact"


def _said(code: str | None) -> str:
    return code or "not declared"
