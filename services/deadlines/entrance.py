"""Who may read pages and feeds: the tokens of everywhere, in the ways that browsers and calendar programs have.

A browser asks for a user and a password (HTTP Basic): the password is the token, the user is anything. A calendar
program can only keep an address: the feed, and nothing else, takes the token from it.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable

from fastapi import Request

from shared.access import Role, TokenHash, Tokens
from shared.problems import Problem

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Contactpunt", charset="UTF-8"'}


def entrance(*roles: Role, in_address: bool = False) -> Callable[..., Awaitable[TokenHash]]:
    """A FastAPI dependency: one of the roles, or ``admin``. Answers 401 with the browser's own question for a
    password, and 403 for a token of another role.
    """
    allowed = {*roles, Role.ADMIN}

    async def caller(request: Request) -> TokenHash:
        tokens: Tokens = request.app.state.tokens
        given = _from_header(request.headers.get("authorization", ""))
        if given is None and in_address:
            given = request.query_params.get("token")
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


def _from_header(header: str) -> str | None:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return decoded.partition(":")[2] or None
