"""Who may call what over HTTP: bearer tokens, each with a role, kept only as hashes."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.contracts.rejection import field_errors
from shared.problems import Problem


class Role(StrEnum):
    """What the holder of a token is."""

    ADAPTER = "adapter"
    HANDLER = "handler"
    REPORTING = "reporting"
    ADMIN = "admin"


class TokenHash(BaseModel):
    # Who puts the token itself where its hash belongs must not find it in the log.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    role: Role
    name: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Tokens(BaseModel):
    """The hashes of all tokens that are valid. Tokens are random and long, so a plain hash keeps them."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    tokens: tuple[TokenHash, ...] = ()

    def holder(self, token: str) -> TokenHash | None:
        """Whose token it is. Compares with every hash in constant time, so that timing tells nothing."""
        presented = hashlib.sha256(token.encode()).hexdigest()
        found = None
        for known in self.tokens:
            if hmac.compare_digest(known.sha256, presented):
                found = known
        return found


class NoTokens(Exception):  # noqa: N818  it is told to the operator as a fact
    """There are no tokens to check callers against; the service must not start open."""


def load_tokens(file: Path | None) -> Tokens:
    """Reads the hashes. Raises ``NoTokens`` with what to do where there are none or they cannot be read."""
    if file is None:
        raise NoTokens('set TOKENS_FILE to a JSON file {"tokens": [{"role": …, "name": …, "sha256": …}]}')
    try:
        return Tokens.model_validate_json(file.read_bytes())
    except OSError as error:
        raise NoTokens(f"{file} cannot be used: {error}") from None
    except ValidationError as error:
        told = "; ".join(f"{each['field']}: {each['message']}" for each in field_errors(error))
        raise NoTokens(f"{file} cannot be used: {told}") from None


_BEARER = HTTPBearer(
    auto_error=False, description="A token of one of the roles adapter, handler, reporting, admin"
)


def require(*roles: Role) -> Callable[..., Awaitable[TokenHash]]:
    """A FastAPI dependency: the caller's token must have one of the roles; ``admin`` always may.

    Answers 401 without a valid token and 403 with one of another role.
    """
    allowed = {*roles, Role.ADMIN}

    async def caller(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
    ) -> TokenHash:
        tokens: Tokens = request.app.state.tokens
        holder = tokens.holder(credentials.credentials) if credentials else None
        if holder is None:
            raise Problem(
                401,
                "No valid token",
                "Send a valid token in the header Authorization: Bearer <token>.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        if holder.role not in allowed:
            named = ", ".join(sorted(allowed))
            raise Problem(403, "Not allowed", f"Your token has the role {holder.role}; this needs one of {named}.")
        return holder

    return caller
