"""The dashboard over HTTP: one page, made on the server, that works without scripts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup

from services.reporting.access import readers
from services.reporting.dashboard.asked import Asked, read_asked
from services.reporting.dashboard.gathered import gather
from services.reporting.dashboard.view import View, alone
from services.reporting.dashboard.words import DIMENSIONS, WORDS, span_name
from services.reporting.domain.dimensions import Vocabulary
from services.reporting.domain.monthly.month import Month
from services.reporting.domain.timespan import timespan_of
from services.reporting.reports import Reports
from shared.clock import Clock
from shared.pages import SECURITY, Language, render
from shared.profiles import Profiles

_TEMPLATES: Final = Path(__file__).parent / "templates"
_YEARS: Final = 10
"""So many years can be chosen from; others by their address or by days."""
_PARTS: Final = (
    ("halves", ("H1", "H2")),
    ("quarters", ("Q1", "Q2", "Q3", "Q4")),
    ("months", tuple(f"{month:02d}" for month in range(1, 13))),
)


def dashboard_routes(reports: Reports, profiles: Profiles, clock: Clock) -> APIRouter:
    """``/``."""
    router = APIRouter(tags=["dashboard"])

    @router.get(
        "/",
        summary="The dashboard; a browser asks for the token as a password",
        dependencies=[Depends(readers())],
        response_class=Response,
        responses={200: {"content": {"text/html": {}}, "description": "A page"}},
        openapi_extra={"parameters": _parameters()},
    )
    async def dashboard(request: Request) -> Response:
        now = clock()
        today = {name: profile.local_date(now) for name, profile in profiles.items()}
        asked = read_asked(request.query_params.multi_items(), profiles, reports.vocabularies, today)
        view = View(
            await gather(reports, asked), reports.vocabularies[asked.organisation], today[asked.organisation]
        )
        told = dashboard_page(view, profiles, reports.vocabularies[asked.organisation], today[asked.organisation])
        return Response(told, media_type="text/html; charset=utf-8", headers=dict(SECURITY))

    return router


def _parameters() -> list[dict[str, Any]]:
    told = {
        "organisation": "Id of the organisation; default the first one",
        "period": "2021, 2021-H1, 2021-Q1 or 2021-03; default the year that it is",
        "from": "First local day of receipt, with to, instead of a period",
        "to": "Last local day of receipt, itself included",
        "lang": "nl or en",
    }
    return [
        {"name": name, "in": "query", "required": False, "description": description, "schema": {"type": "string"}}
        for name, description in told.items()
    ]


def dashboard_page(view: View, profiles: Profiles, words: Vocabulary, today: date) -> str:
    """The page, as HTML."""
    asked, language = view.asked, view.asked.language
    other: Language = "en" if language == "nl" else "nl"
    return render(
        _TEMPLATES,
        "dashboard.html",
        language,
        WORDS,
        view=view,
        asked=asked,
        profile=profiles[asked.organisation],
        organisations=sorted(profiles.values(), key=lambda each: str(getattr(each.name, language)).casefold()),
        periods=list(_choices(asked, today)),
        chips=list(_chips(asked, words)),
        clear=alone(asked).address,
        monthly=_monthly(asked),
        other_language=asked.in_language(other).address,
        other=other,
        years=range(asked.span.first.year, min(asked.span.last.year, asked.span.first.year + 2) + 1),
        sheet=Markup((_TEMPLATES / "dashboard.css").read_text(encoding="utf-8")),  # noqa: S704  it is ours
    )


def _monthly(asked: Asked) -> str:
    """Where the monthly reports are: those of the month that is looked at, else the list of months."""
    month = Month.named(asked.span.name)
    place = f"/{month.name}" if month else ""
    return f"/reports/monthly/{asked.organisation}{place}?format=html&lang={asked.language}"


def _choices(asked: Asked, today: date) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The periods that can be chosen, in groups: name and text of each."""
    year = asked.span.first.year
    years = sorted({year, *range(today.year - _YEARS + 1, today.year + 1)}, reverse=True)
    yield "years", [(str(each), str(each)) for each in years]
    for group, parts in _PARTS:
        spans = [(f"{year:04d}-{part}", timespan_of(f"{year:04d}-{part}")) for part in parts]
        yield group, [(name, span_name(span, asked.language)) for name, span in spans if span]


def _chips(asked: Asked, words: Vocabulary) -> Iterator[tuple[str, str]]:
    """The filters: what each says, and the address without it."""
    for name, value in asked.filter_pairs():
        dimension = DIMENSIONS.get(name)
        called = str(getattr(dimension, asked.language)) if dimension else name
        yield f"{called}: {getattr(words.label(name, value), asked.language)}", asked.without(name, value).address
