"""The secrets of an installation: one file each, in a directory that its owner alone may enter.

The files themselves are open to read: a container engine puts single ones into containers with the modes that they
have here, and there they are read by users that this machine does not know.
"""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.local.tokens import hashes, make_tokens
from deploy.mongodb.users import USERS as MONGO_USERS
from deploy.rabbitmq.definitions import definitions
from deploy.rabbitmq.users import USERS as AMQP_USERS

AMQP: Final = "amqp_"
MONGO: Final = "mongo_"
MONGO_ROOT: Final = "mongo_root"
MONGO_KEY: Final = "mongo_key"
ERLANG_COOKIE: Final = "erlang_cookie"
GRAFANA: Final = "grafana_admin"
CITIZEN_KEYS: Final = "citizen_keys"
DEFINITIONS: Final = "rabbitmq_definitions.json"
TOKENS: Final = "tokens.json"

PASSWORDS: Final = (
    *(f"{AMQP}{user.name}" for user in AMQP_USERS),
    *(f"{MONGO}{user}" for user in MONGO_USERS),
    *(MONGO_ROOT, MONGO_KEY, ERLANG_COOKIE, GRAFANA, CITIZEN_KEYS),
)
"""Files with a word that was made by chance."""
FILES: Final = (*PASSWORDS, DEFINITIONS, TOKENS)
"""Every file of the directory."""
# Members and nodes know each other by them, and citizens are known again by theirs: see intake for another one.
_STAY: Final = frozenset({MONGO_KEY, ERLANG_COOKIE, CITIZEN_KEYS})


def make(directory: Path) -> dict[str, str]:
    """Makes what is not there yet; what is there stays. The bearer tokens by name, where they were made just now:
    nobody can tell them afterwards.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    for name in PASSWORDS:
        if not (directory / name).exists():
            _write(directory / name, _new())
    write_definitions(directory)
    if (directory / TOKENS).exists():
        return {}
    return _make_tokens(directory)


def renew(directory: Path, name: str) -> dict[str, str]:
    """Puts something new in the place of one secret; the bearer tokens where it was those.

    Raises ``ValueError`` for a name that is no secret or one that cannot be renewed while data stand on it.
    """
    if name == TOKENS:
        return _make_tokens(directory)
    if name not in PASSWORDS or name in _STAY:
        renewable = [each for each in (*PASSWORDS, TOKENS) if each not in _STAY]
        raise ValueError(f"{name} is not one of {', '.join(renewable)}")
    _write(directory / name, _new())
    write_definitions(directory)
    return {}


def write_definitions(directory: Path) -> None:
    """Writes the broker's definitions anew, with the passwords as they are."""
    _write(directory / DEFINITIONS, json.dumps(definitions(amqp_passwords(directory)), indent=2))


def amqp_passwords(directory: Path) -> Mapping[str, str]:
    """The passwords of the broker's users, by name, as far as there are files of them."""
    found = {user.name: directory / f"{AMQP}{user.name}" for user in AMQP_USERS}
    return {name: read(file) for name, file in found.items() if file.exists()}


def read(file: Path) -> str:
    """A secret without the line end that an editor may have put after it."""
    return file.read_text(encoding="utf-8").strip()


def _make_tokens(directory: Path) -> dict[str, str]:
    made = make_tokens()
    _write(directory / TOKENS, hashes(made))
    return {f"{role.upper()}_TOKEN": token for role, token in made.items()}


def _new() -> str:
    # Letters and digits: a key of MongoDB's members knows nothing else, and nobody has to quote it.
    return secrets.token_hex(32)


def _write(file: Path, text: str) -> None:
    # In place: a file that is mounted into a container stays the same file.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
        writing.write(text)
    file.chmod(0o644)
