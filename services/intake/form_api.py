"""The web form over HTTP: open to everybody, without cookies, sessions or scripts."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, BeforeValidator

from services.intake.admission import check_let_in
from services.intake.domain.form import TYPED, Form, is_form_id
from services.intake.domain.refusal import Refused
from services.intake.form_page import (
    FormView,
    Notice,
    ReceivedView,
    form_page,
    received_address,
    received_page,
)
from services.intake.form_reception import AlreadySent, FormReception
from services.intake.metrics import IntakeMetrics
from shared.clock import Clock
from shared.contracts.identifiers import Channel
from shared.errors import is_infrastructure
from shared.pages import LANGUAGES, SECURITY, Language
from shared.problems import Problem, not_available
from shared.profiles import Profile

MOST_FIELDS = 60
_MEDIA_TYPE = "application/x-www-form-urlencoded"
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["form_id", "text"],
                    "properties": {name: {"type": "string"} for name in sorted(TYPED)},
                }
            }
        },
    }
}
_PAGE: dict[str, Any] = {"content": {"text/html": {}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    303: {"description": "Taken in; the page with the number"},
    409: _PAGE | {"description": "The form was sent before with other content; the page again, with a new id"},
    422: _PAGE | {"description": "The page again, with what is wrong field by field"},
    429: _PAGE | {"description": "Too much at once; the page again, to be sent after Retry-After seconds"},
    503: _PAGE
    | {"description": "Broker or database is away; the page again, to be sent after Retry-After seconds"},
}
_NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "No such organisation, or no such message"}}


def _known_language(given: object) -> object:
    # Links from elsewhere carry all sorts of things; nobody is turned away for them.
    return given if given in LANGUAGES else LANGUAGES[0]


class Asked(BaseModel):
    """What the page's address says."""

    lang: Annotated[Language, BeforeValidator(_known_language)] = LANGUAGES[0]
    received: str | None = None


def form_routes(
    profiles: Mapping[str, Profile], reception: FormReception, clock: Clock, metrics: IntakeMetrics
) -> APIRouter:
    """The form of each organisation that takes contacts over the web."""
    router = APIRouter(tags=["form"])

    @router.get(
        "/form/{organisation}",
        summary="The web form; with received, the page that says that it arrived",
        response_class=HTMLResponse,
        responses=_NOT_FOUND,
    )
    async def form(organisation: str, asked: Annotated[Asked, Query()]) -> Response:
        profile = _profile(organisation, profiles, clock())
        if asked.received is not None:
            return await _received(reception, profile, asked.received, asked.lang)
        return _page(_new(profile, asked.lang, clock()))

    @router.post(
        "/form/{organisation}",
        summary="Hand the web form in",
        response_class=HTMLResponse,
        status_code=303,
        responses=_NOT_FOUND | _RESPONSES,
        openapi_extra=_BODY,
    )
    async def hand_in(organisation: str, request: Request, asked: Annotated[Asked, Query()]) -> Response:
        profile = _profile(organisation, profiles, clock())
        typed = await _typed_in(request)
        view = _again(profile, asked.lang, clock(), typed)
        try:
            check_let_in(request)
            await reception.hand_in(typed, profile)
        except (Refused, AlreadySent, Problem) as why:
            return _refused(view, why, metrics)
        except Exception as error:
            if not is_infrastructure(error):
                raise
            return _refused(view, not_available("The message broker or the database does not answer."), metrics)
        return RedirectResponse(received_address(profile, view.form_id, asked.lang), 303, dict(SECURITY))

    return router


def _profile(organisation: str, profiles: Mapping[str, Profile], now: datetime) -> Profile:
    profile = profiles.get(organisation)
    if profile is None or Channel.WEB_FORM not in profile.version_at(now).channels:
        with_form = sorted(
            each.id for each in profiles.values() if Channel.WEB_FORM in each.version_at(now).channels
        )
        raise Problem(
            404, "Not found", f"There is no form of that organisation; there is one of {', '.join(with_form)}."
        )
    return profile


async def _typed_in(request: Request) -> Form:
    """The fields that the form has. Raises ``Problem`` for what is no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _MEDIA_TYPE:
        raise Problem(415, "Not a form", f"Send the form of this page as {_MEDIA_TYPE}, as a browser does.")
    try:
        body = (await request.body()).decode()
        given = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise Problem(400, "Not a form", "Send the form of this page, as a browser does.") from None
    return Form({name: value.replace("\r\n", "\n") for name, value in given if name in TYPED})


def _new(profile: Profile, language: Language, now: datetime) -> FormView:
    return FormView(profile, profile.version_at(now), language, secrets.token_hex(16))


def _again(profile: Profile, language: Language, now: datetime, form: Form) -> FormView:
    """The same form with what was typed, under its id."""
    return FormView(profile, profile.version_at(now), language, form.id or secrets.token_hex(16), form)


def _refused(view: FormView, why: Refused | AlreadySent | Problem, metrics: IntakeMetrics) -> Response:
    """The page again, with nothing lost and what is to be done."""
    match why:
        case Refused(errors=errors):
            metrics.http_refusals.labels(errors[0]["code"]).inc()
            return _page(replace(view, wrong=errors), 422)
        case AlreadySent(reference=reference):
            metrics.http_refusals.labels("submission_id_reused").inc()
            notice = Notice("already", "already_text", reference)
            return _page(replace(view, form_id=secrets.token_hex(16), notice=notice), 409)
    text = "too_much" if why.status == HTTPStatus.TOO_MANY_REQUESTS else "away"
    notice = Notice("not_yet", text, why.headers["Retry-After"])
    return _page(replace(view, notice=notice), why.status, why.headers)


def _page(view: FormView, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return HTMLResponse(form_page(view), status, {**SECURITY, **(headers or {})})


async def _received(reception: FormReception, profile: Profile, form_id: str, language: Language) -> Response:
    claim = await reception.claimed(profile, form_id) if is_form_id(form_id) else None
    if claim is None:
        raise Problem(404, "Not found", "Nothing was received from that form; check the address.")
    version = profile.version_at(claim.received_at)
    page = received_page(ReceivedView(profile, version, language, claim.reference, form_id))
    return HTMLResponse(page, headers=dict(SECURITY))
