"""Published figures that are about no contact, beside the tables."""

from typing import Any

from shared.profiles import ProfileVersion


def context(version: ProfileVersion, year: int) -> list[dict[str, Any]]:
    """Each figure of the profile as of the latest year up to the reported one; those of later years alone are left
    out.
    """
    shown = []
    for figure in version.context:
        known = max((each for each in figure.values if each <= year), default=None)
        if known is not None:
            shown.append(
                {
                    "id": figure.id,
                    "label": figure.name.model_dump(),
                    "section": figure.section,
                    "unit": figure.unit,
                    "year": known,
                    "value": figure.values[known],
                }
            )
    return shown
