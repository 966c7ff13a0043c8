"""Education: 215 signals by nature, their days, and the judged ones by theme."""

from typing import Any

from tests.microdata.cases import Cases
from tests.microdata.printed import rows

ORGANISATION = "antwerpen_onderwijs"
# The one base near 51 percent of 215 of which the printed shares of themes are whole numbers.
_FOUNDED = 109
_THEMES = {"daily_working": 32, "about_staff": 24, "about_the_building": 18, "unwanted_behaviour": 11}
_INADMISSIBLE = 8


def cases() -> Cases:
    dealt = Cases(ORGANISATION)
    for row in rows(ORGANISATION, "signals_by_nature"):
        _with_days(dealt, row)
    judged = {"nature": ("complaint", "report")}
    dealt.deal(
        "qualification",
        {"founded": _FOUNDED - 40, "partly_founded": 40, "inadmissible": _INADMISSIBLE},
        **judged,
    )
    dealt.rest("qualification", "unfounded", **judged)
    dealt.deal("topic", _THEMES, qualification=("founded", "partly_founded"))
    return dealt


def _with_days(dealt: Cases, row: Any) -> None:
    nature, term = row["key"]["nature"], row["term_days"]
    total = round(row["mean_days"] * row["count"])
    # One day late each; those in time share the other days evenly.
    late = row["outside_term"]
    dealt.add(late, nature=nature, answered_in_term="false", days=term + 1)
    days, more = divmod(total - late * (term + 1), row["within_term"])
    dealt.add(row["within_term"] - more, nature=nature, answered_in_term="true", days=days)
    dealt.add(more, nature=nature, answered_in_term="true", days=days + 1)
