"""Who may read pages and feeds: the tokens of everywhere, in the ways that browsers and calendar programs have.

A browser asks for a user and a password (HTTP Basic): the password is the token, the user is anything. A calendar
program can only keep an address: the feed, and nothing else, takes the token from it.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyQuery, HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.http import HTTPBase

from shared.access import Role, TokenHash, Tokens
from shared.problems import Problem

_BEARER = HTTPBearer(auto_error=False)
_BASIC = HTTPBase(
    scheme="basic", scheme_name="HTTPBasic", description="The password is the token", auto_error=False
)
_IN_ADDRESS = APIKeyQuery(
    name="token", auto_error=False, description="The token, for programs that only keep an address"
)
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Contactpunt", charset="UTF-8"'}


def entrance(
    *roles: Role, in_address: bool = False, unless: Callable[[Request], bool] | None = None
) -> Callable[..., Awaitable[TokenHash | None]]:
    """A FastAPI dependency: one of the roles, or ``admin``. Answers 401 with the browser's own question for a
    password, and 403 for a token of another role. ``unless`` tells the requests that are open to everybody.
    """
    allowed = {*roles, Role.ADMIN}

    async def from_header(
        _bearer: Annotated[object, Depends(_BEARER)],
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BASIC)],
    ) -> str | None:
        return _token(credentials)

    async def from_either(
        in_header: Annotated[str | None, Depends(from_header)], token: Annotated[str | None, Depends(_IN_ADDRESS)]
    ) -> str | None:
        return in_header or token

    async def caller(
        request: Request, given: Annotated[str | None, Depends(from_either if in_address else from_header)]
    ) -> TokenHash | None:
        if unless is not None and unless(request):
            return None
        tokens: Tokens = request.app.state.tokens
        holder = tokens.holder(given) if given else None
        if holder is None:
            detail = (
                "Log in with any user name and your token as the password, or send Authorization: Bearer <token>."
            )
            raise Problem(401, "No valid token", detail, headers=_CHALLENGE)
        if holder.role not in allowed:
            named = ", ".join(sorted(allowed))
            raise Problem(403, "Not allowed", f"Your token has the role {holder.role}; this needs one of {named}.")
        return holder

    return caller


def _token(credentials: HTTPAuthorizationCredentials | None) -> str | None:
    if credentials is None:
        return None
    if credentials.scheme.lower() == "bearer":
        return credentials.credentials.strip() or None
    if credentials.scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(credentials.credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return decoded.partition(":")[2] or None
