"""Who may read reports: holders of a token, and everybody what everybody may see, where the operator opens it."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import Request

from services.reporting.domain.question import BadQuestion
from shared.access import Role
from shared.contracts.rejection import FieldError
from shared.entrance import entrance

PUBLIC: Final = "public"


def asks_for_everybody(request: Request) -> bool:
    """Whether the figures are for everybody to see. Raises ``BadQuestion`` for an audience that there is not."""
    named = request.query_params.getlist("audience")
    if named and named != [PUBLIC]:
        message = "is not known; give public, once, or leave it out"
        raise BadQuestion([FieldError(field="audience", code="not_on_list", message=message)])
    return bool(named)


def readers(*, open_to_everybody: bool = False) -> Callable[..., Awaitable[Any]]:
    """A FastAPI dependency: reporting, handler or admin, in a browser with the token as the password; nobody in
    particular for public figures, where these are open.
    """

    def is_open(request: Request) -> bool:
        return open_to_everybody and request.query_params.getlist("audience") == [PUBLIC]

    return entrance(Role.REPORTING, Role.HANDLER, unless=is_open)
