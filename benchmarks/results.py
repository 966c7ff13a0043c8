"""What was measured, kept as JSON below ``results``: with the command, the machine and the versions."""

import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import psutil
from pymongo import MongoClient

from benchmarks.machine import Machine
from deploy.local.directory import PROJECT
from services.deadlines.settings import DeadlinesSettings
from services.intake.settings import IntakeSettings
from services.reporting.settings import ReportingSettings
from services.routing.settings import RoutingSettings
from shared.settings import ServiceSettings

RESULTS = Path(__file__).parent / "results"
_LIBRARIES = ("faststream", "aio-pika", "pymongo", "motor", "pydantic", "fastapi", "uvicorn", "numpy")


Kept = dict[str, Any]
"""A result as it is kept: ``figure``, ``measured_at``, ``command``, ``revision``, ``options``, ``machine``,
``versions``, ``result``; and ``file``, where it is.
"""


def keep(figure: str, machine: Machine, options: Mapping[str, object], result: Any, home: Path = RESULTS) -> Kept:
    """Writes a figure's result to a file of its own, and gives it as it is read back."""
    at = datetime.now(UTC)
    told = {
        "figure": figure,
        "measured_at": at.isoformat(timespec="seconds"),
        "command": command(),
        "revision": _revision(),
        "options": dict(options),
        "settings": {name: os.environ[name] for name in _settings() if name in os.environ},
        "machine": _machine(),
        "versions": _versions(machine),
        "result": result,
    }
    home.mkdir(exist_ok=True)
    file = home / f"{figure}-{at:%Y%m%dT%H%M%SZ}.json"
    file.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
    return read(file)


def read(file: Path) -> Kept:
    """A result that was kept."""
    told: Kept = orjson.loads(file.read_bytes())
    return told | {"file": str(file)}


def latest(home: Path = RESULTS) -> dict[str, Kept]:
    """The newest result of each figure."""
    kept = (read(file) for file in sorted(home.glob("*-*Z.json")))
    return {told["figure"]: told for told in kept if "figure" in told}


def command() -> str:
    """How this program was started, as one would type it."""
    return shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]])


def _settings() -> list[str]:
    """Variables by which whoever measures may have changed the services."""
    classes: tuple[type[ServiceSettings], ...] = (
        IntakeSettings,
        RoutingSettings,
        DeadlinesSettings,
        ReportingSettings,
    )
    names = {name.upper() for each in classes for name in each.model_fields}
    # Addresses and passwords are the benchmark's own, and nobody's business.
    return sorted(name for name in names if not name.endswith(("_URL", "_PASSWORD", "_FILE", "_PORT", "HOST")))


def _machine() -> dict[str, object]:
    frequency = psutil.cpu_freq()
    return {
        "processors": os.cpu_count(),
        "processor": _processor(),
        "megahertz": round(frequency.current) if frequency else None,
        "memory_gibibytes": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        # Of the last minute and the last quarter: whether there was anything else to do.
        "load": [round(each, 1) for each in os.getloadavg()],
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _versions(machine: Machine) -> dict[str, str]:
    with machine.management() as api:
        broker = api.get("/overview").raise_for_status().json()
    with MongoClient[dict[str, Any]](machine.mongo_url) as client:
        database = client.server_info()["version"]
    return {
        "python": platform.python_version(),
        "rabbitmq": broker["rabbitmq_version"],
        "erlang": broker["erlang_version"],
        "mongodb": database,
        **{name: version(name) for name in _LIBRARIES},
    }


def _revision() -> str:
    """The commit that is checked out, with a plus where files differ from it; none without Git."""
    try:
        name = _git("rev-parse", "--short", "HEAD")
        return f"{name}+" if _git("status", "--porcelain", "--untracked-files=no") else name
    except (OSError, subprocess.CalledProcessError):
        return "none"


def _git(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  Git, with words of our own
        ["git", *arguments],  # noqa: S607  wherever it is installed
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
