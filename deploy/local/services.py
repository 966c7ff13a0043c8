"""The four services as rows of the process table, and how one sees that they are ready."""

import os
import sys
from collections.abc import Callable

import httpx

from deploy.local.backends import Backends
from deploy.local.directory import RunDirectory
from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import LOOPBACK, Port
from deploy.local.program import Program
from deploy.local.settings import LocalSettings

SERVICES = ("intake", "routing", "deadlines", "reporting")
ServiceCommand = Callable[[str], tuple[str, ...]]


def service_command(name: str) -> tuple[str, ...]:
    """How the service of that name is started."""
    return (sys.executable, "-m", f"services.{name}.main")


def service_ports(settings: LocalSettings) -> tuple[Port, ...]:
    """What the services listen on."""
    return tuple(Port(settings.service_port(name), name, f"{name.upper()}_PORT") for name in SERVICES)


def service_url(settings: LocalSettings, name: str) -> str:
    """Address of a service."""
    return f"http://{LOOPBACK}:{settings.service_port(name)}"


def service_programs(
    settings: LocalSettings, run: RunDirectory, backends: Backends, command: ServiceCommand, rank: int
) -> tuple[Program, ...]:
    """The services' rows."""
    return tuple(
        Program(
            name,
            command(name),
            rank,
            {
                "AMQP_URL": backends.amqp_url,
                "MONGO_URL": backends.mongo_url,
                "HOST": LOOPBACK,
                f"{name.upper()}_PORT": str(settings.service_port(name)),
                "TOKENS_FILE": str(run.tokens_file),
                "PYTHONUNBUFFERED": "1",
                # A heap for every thread would cost each service 5 to 15 MB, and Python runs one thread at a time.
                "MALLOC_ARENA_MAX": "1",
                **_own(name, run),
            },
            stop_seconds=20,
        )
        for name in SERVICES
    )


def _own(name: str, run: RunDirectory) -> dict[str, str]:
    """What only one of the services is told: the key that it alone may know, where it keeps what it trained."""
    own = {
        "intake": {"CITIZEN_KEYS_FILE": str(run.citizen_keys_file)},
        "routing": {"MODELS_DIR": os.environ.get("MODELS_DIR") or str(run.models)},
    }
    return own.get(name, {})


def is_ready(url: str) -> bool:
    """Whether the service at that address says that it can do its work."""
    try:
        return httpx.get(f"{url}/health/ready", timeout=5, verify=NO_CERTIFICATES).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
