"""Where the product runs that a command speaks to, and with which token."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import httpx

from deploy.command_line.failure import CommandError
from deploy.local.directory import PROJECT, RunDirectory

SERVICES: Final = ("intake", "routing", "deadlines", "reporting")
Role = Literal["adapter", "handler", "reporting", "admin"]
_PATIENCE_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Place:
    """Addresses and tokens: those of the environment, and for what is not there those of the local run."""

    values: Mapping[str, str]
    file: Path | None = None
    """Where the local run keeps them, tokens among them; None elsewhere."""

    def get(self, name: str) -> str:
        """A value. Raises ``CommandError`` that says how to give it."""
        if name not in self.values:
            raise CommandError(
                f"{name} is not known: nothing runs here, or it runs elsewhere.",
                f"Start it with ./contactpunt up, or set {name} in the environment.",
            )
        return self.values[name]

    def url(self, service: str) -> str:
        return self.get(f"{service.upper()}_URL")

    def client(self, service: str, role: Role, timeout: float = _PATIENCE_SECONDS) -> httpx.Client:
        """An HTTP client of a service, with the token of a role."""
        token = self.get(f"{role.upper()}_TOKEN")
        url, headers = self.url(service), {"Authorization": f"Bearer {token}"}
        # Loading certificates takes longer than most answers, and the local run has none.
        return httpx.Client(base_url=url, headers=headers, timeout=timeout, verify=url.startswith("https:"))


_NAMES: Final = (
    *(f"{name.upper()}_URL" for name in SERVICES),
    *(f"{role}_TOKEN" for role in ("ADAPTER", "HANDLER", "REPORTING", "ADMIN")),
    *("AMQP_URL", "MONGO_URL", "MONGO_PREFIX"),
)


def find_place() -> Place:
    """The place of this command."""
    # Reading all settings of the local run would take longer than most commands.
    directory = Path(os.environ.get("LOCAL_DIR") or PROJECT / ".local")
    file = RunDirectory(directory.resolve()).environment_file
    there = file.exists()
    lines = file.read_text(encoding="utf-8").splitlines() if there else []
    local = dict(line.split("=", 1) for line in lines if "=" in line)
    given = {name: os.environ[name] for name in _NAMES if os.environ.get(name)}
    return Place(local | given, file if there else None)
