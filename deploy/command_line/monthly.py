"""The monthly reports of ``report``: which there are, and making them by hand."""

from typing import Any, Final

from deploy.command_line.answers import answer_of, console, tell_json, tell_table
from deploy.command_line.place import find_place

Month = dict[str, Any]
_NOT_MADE: Final = {
    "running": "The month is not over; its reports are due at {}.",
    "not_due": "Its reports are due at {}; --make makes them now.",
    "due": "Its reports are made as soon as no more contacts of the month come in; --make makes them now.",
    "by_hand": "Its reports are not made unasked; --make makes them.",
}


def month_of(organisation: str, month: str) -> Month:
    """The reports that there are of a month."""
    with find_place().client("reporting", "reporting", timeout=120) as client:
        return answer_of(client.get(f"/reports/monthly/{organisation}/{month}", params={"format": "json"}))


def make_monthly(organisation: str, month: str, directorate: str | None, *, again: bool) -> Month:
    """Has the reports of a month made that are not there, or again those whose figures have moved."""
    params = {"again": "true"} if again else {}
    if directorate is not None:
        params["directorate"] = directorate
    with find_place().client("reporting", "admin", timeout=120) as client:
        return answer_of(client.post(f"/reports/monthly/{organisation}/{month}", params=params))


def tell_month(month: Month, language: str, *, as_json: bool) -> None:
    """The directorates of a month: contacts now, and of what is made edition, contacts and when."""
    if as_json:
        tell_json(month)
        return
    rows = [
        (
            each["directorate"],
            each["label"][language],
            each["contacts_now"],
            *((made["contacts"], made["edition"], made["made_at"]) if (made := each["made"]) else ("", "", "")),
        )
        for each in month["reports"]
    ]
    made = f", {month['reports_made']} made now" if "reports_made" in month else ""
    heads = ("directorate", "name", "contacts now", "when made", "edition", "made at")
    tell_table(f"{month['organisation']} {month['month']}{made}", heads, rows)
    if month["state"] in _NOT_MADE:
        console.print(_NOT_MADE[month["state"]].format(month["due_at"]), markup=False, highlight=False)
