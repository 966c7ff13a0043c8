"""What the text answers where no statement does, and where it speaks clearly against one."""

from services.routing.domain.draft import Case, Finding
from shared.contracts.decision import Guess
from shared.contracts.identifiers import Line, Nature

LIKELY = 0.5
MOST_GUESSES = 3
WORTH_TELLING = 0.01


def text_against_declared_nature(case: Case) -> Finding | None:
    """Many a complaint is declared that only reports, and many a question that complains."""
    weighed, declared = case.weighed, case.facts.nature
    if weighed is None or case.facts.historical or declared in (None, weighed.nature):
        return None
    return Finding(
        f"nature={declared}; {_told(case, 'nature')}",
        {"nature": weighed.nature},
        guesses=_ranked("nature", weighed.natures),
    )


def text_tells_nature(case: Case) -> Finding | None:
    weighed = case.weighed
    if weighed is None or case.facts.nature is not None:
        return None
    return Finding(_told(case, "nature"), {"nature": weighed.nature}, guesses=_ranked("nature", weighed.natures))


def text_tells_external_body(case: Case) -> Finding | None:
    weighed = case.weighed
    if weighed is None or (_place_stands(case) and case.facts.historical):
        return None
    body = weighed.place.external_body
    if body is None or body not in case.version.codes["external_body"]:
        return None
    return Finding(
        _told(case, "place"),
        {"line": Line.EXTERNAL, "external_body": body},
        guesses=(
            *_ranked("external_body", weighed.external_bodies),
            *_ranked("directorate", weighed.directorates),
        ),
    )


def text_tells_earlier_contact(case: Case) -> Finding | None:
    """Most who went to the service before say so in the text alone."""
    weighed = case.weighed
    if weighed is None or case.draft.nature is not Nature.COMPLAINT or weighed.alone.second_line <= LIKELY:
        return None
    second = round(weighed.alone.second_line, 2)
    return Finding(
        _told(case, "line"),
        {"line": Line.SECOND},
        guesses=(
            Guess(field="line", value=Line.SECOND, confidence=second),
            Guess(field="line", value=Line.FIRST, confidence=round(1 - second, 2)),
        ),
    )


def text_against_declared_place(case: Case) -> Finding | None:
    """Whose it is, where the text is clear enough to outweigh what was declared."""
    weighed, about = case.weighed, case.facts.about
    if weighed is None or case.facts.historical or not _place_stands(case):
        return None
    declared = about.directorate or case.version.directorate_of(about.service or "")
    place = weighed.place
    if place.directorate in (None, declared):
        return None
    return Finding(
        f"directorate={declared}; {_told(case, 'place')}",
        {"directorate": place.directorate, "service": place.service},
        guesses=_ranked("directorate", weighed.directorates),
    )


def text_tells_service_of_declared_directorate(case: Case) -> Finding | None:
    weighed, about = case.weighed, case.facts.about
    if weighed is None or about.directorate is None or about.service is not None:
        return None
    service = weighed.service_within(about.directorate)
    if service is None:
        return None
    return Finding(
        f"directorate={about.directorate}; {_told(case, 'place')}",
        {"directorate": about.directorate, "service": service},
        guesses=_ranked("directorate", weighed.directorates),
    )


def text_tells_directorate(case: Case) -> Finding | None:
    """The likeliest directorate of ours, even where another body is likelier still: somebody has to look first."""
    weighed = case.weighed
    if weighed is None or not weighed.directorates:
        return None
    directorate = max(weighed.directorates, key=lambda each: weighed.directorates[each])
    return Finding(
        _told(case, "place"),
        {"directorate": directorate, "service": weighed.service_within(directorate)},
        guesses=_ranked("directorate", weighed.directorates),
    )


def text_tells_grounds(case: Case) -> Finding | None:
    """Grounds that only the text tells, each likelier than not; statements about them have spoken already."""
    ours = case.draft.nature is Nature.COMPLAINT and case.draft.line is not Line.EXTERNAL
    if case.weighed is None or not ours:
        return None
    known = case.version.codes["exclusion_ground"] - {*case.draft.exclusion_grounds}
    found = tuple(
        ground for ground, held in case.weighed.alone.grounds.items() if held > LIKELY and ground in known
    )
    if not found:
        return None
    return Finding(
        f"{', '.join(found)}; {_told(case, 'exclusion_grounds')}",
        {"exclusion_grounds": (*case.draft.exclusion_grounds, *found)},
    )


def _place_stands(case: Case) -> bool:
    return bool(case.facts.about.directorate or case.facts.about.service)


def _told(case: Case, question: str) -> str:
    words = case.weighed.alone.words.get(question, ()) if case.weighed else ()
    return f"words: {', '.join(words)}" if words else "the text as a whole"


def _ranked(field: str, held: dict[Nature, float] | dict[str, float]) -> tuple[Guess, ...]:
    likeliest = sorted(held.items(), key=lambda each: (-each[1], each[0]))[:MOST_GUESSES]
    return tuple(
        Guess(field=field, value=value, confidence=round(one, 2))
        for value, one in likeliest
        if one >= WORTH_TELLING
    )
