"""Tokens and passwords, made afresh: the local run has no default password."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass

from deploy.local.directory import RunDirectory, write_private
from shared.access import Role, TokenHash, Tokens

_HOLDER = "local"


def make_tokens() -> dict[Role, str]:
    """One new token per role."""
    return {role: secrets.token_urlsafe(32) for role in Role}


def hashes(tokens: dict[Role, str]) -> str:
    """What services are given of the tokens: JSON that holds nothing but their hashes."""
    known = Tokens(
        tokens=tuple(
            TokenHash(role=role, name=_HOLDER, sha256=hashlib.sha256(token.encode()).hexdigest())
            for role, token in tokens.items()
        )
    )
    return known.model_dump_json(indent=2) + "\n"


def make_citizen_keys(run: RunDirectory) -> None:
    """Makes the key that intake knows citizens again by, where there is none yet."""
    if not run.citizen_keys_file.exists():
        write_private(run.citizen_keys_file, f"{secrets.token_hex(32)}\n")


@dataclass(frozen=True)
class Credentials:
    """Passwords of the private broker and database."""

    rabbitmq: str
    mongod: str


def credentials(run: RunDirectory) -> Credentials:
    """Those that the data were made with, or new ones where there are no data."""
    try:
        return Credentials(**json.loads(run.credentials_file.read_bytes()))
    except FileNotFoundError:
        # Hexadecimal, since the passwords stand in URLs and in configuration files.
        made = Credentials(rabbitmq=secrets.token_hex(24), mongod=secrets.token_hex(24))
        write_private(run.credentials_file, json.dumps(asdict(made)))
        return made
