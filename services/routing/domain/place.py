"""Which directorate and service carry a contact."""

from services.routing.domain.draft import Case, Finding, guess
from shared.contracts.identifiers import Line


def external_has_no_directorate(case: Case) -> Finding | None:
    if case.draft.line is not Line.EXTERNAL:
        return None
    return Finding("line=external")


def service_outside_its_directorate(case: Case) -> Finding | None:
    """The directorate stands, being the wider statement; which of the two was meant is for a person to say."""
    about = case.facts.about
    of_service = case.version.directorate_of(about.service) if about.service else None
    if about.directorate is None or of_service in (None, about.directorate):
        return None
    return Finding(
        f"directorate={about.directorate}; service={about.service} belongs to {of_service}",
        {"directorate": about.directorate},
        doubts=("directorate", "service"),
        guesses=(*guess("directorate", about.directorate, of_service), *guess("service", about.service)),
    )


def declared_directorate(case: Case) -> Finding | None:
    about = case.facts.about
    if about.directorate is None:
        return None
    evidence = f"directorate={about.directorate}" + (f"; service={about.service}" if about.service else "")
    return Finding(evidence, {"directorate": about.directorate, "service": about.service})


def service_tells_directorate(case: Case) -> Finding | None:
    service = case.facts.about.service
    directorate = case.version.directorate_of(service) if service else None
    if directorate is None:
        return None
    return Finding(f"service={service} belongs to {directorate}", {"directorate": directorate, "service": service})


def directorate_not_told(case: Case) -> Finding:
    """Directorates that are named besides the leading one are the likeliest to lead."""
    return Finding(
        "no directorate and no service declared",
        guesses=guess("directorate", *dict.fromkeys(case.facts.about.other_directorates)),
    )


def other_directorates_declared(case: Case) -> Finding | None:
    """A case over several directorates is still assigned to one; the others are kept, each once."""
    others = tuple(dict.fromkeys(case.facts.about.other_directorates))
    beside = tuple(other for other in others if other != case.draft.directorate)
    if case.draft.line is Line.EXTERNAL or not beside:
        return None
    return Finding(f"other_directorates={', '.join(beside)}", {"other_directorates": beside})
