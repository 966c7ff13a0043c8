"""Who may read reports: holders of a token, and everybody what everybody may see, where the operator opens it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.reporting.domain.question import BadQuestion
from shared.access import Role, require
from shared.contracts.rejection import FieldError

PUBLIC: Final = "public"
_BEARER = HTTPBearer(auto_error=False, description="A token of one of the roles reporting, handler, admin")


def asks_for_everybody(request: Request) -> bool:
    """Whether the figures are for everybody to see. Raises ``BadQuestion`` for an audience that there is not."""
    named = request.query_params.getlist("audience")
    if named and named != [PUBLIC]:
        message = "is not known; give public, once, or leave it out"
        raise BadQuestion([FieldError(field="audience", code="not_on_list", message=message)])
    return bool(named)


def readers(*, open_to_everybody: bool) -> Callable[..., Awaitable[Any]]:
    """A FastAPI dependency: reporting, handler or admin; nobody in particular for public figures that are open."""
    reader = require(Role.REPORTING, Role.HANDLER)
    if not open_to_everybody:
        return reader

    async def anybody(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
    ) -> None:
        if request.query_params.getlist("audience") != [PUBLIC]:
            await reader(request, credentials)

    return anybody
