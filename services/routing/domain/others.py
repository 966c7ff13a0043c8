"""Which directorates besides the leading one a contact concerns: one leads, the others are named."""

from services.routing.domain.draft import Case, Finding
from shared.contracts.identifiers import Line


def text_tells_other_directorates(case: Case) -> Finding | None:
    """Those that the text makes so likely that they have a part in it, after those that were named.

    Not for contacts out of the past, which are counted as they were told.
    """
    if case.weighed is None or case.facts.historical or case.draft.line is Line.EXTERNAL:
        return None
    leading = case.draft.directorate
    told = [each for each in case.weighed.also_likely(leading) if each in case.version.codes["directorate"]]
    named = dict.fromkeys(each for each in case.facts.about.other_directorates if each != leading)
    if leading is None or not set(told) - set(named):
        return None
    beside = tuple(dict.fromkeys([*named, *told]))
    return Finding(f"other_directorates={', '.join(beside)}; the text weighs", {"other_directorates": beside})
