"""The process itself: what was built, how much it uses."""

import platform
from importlib.metadata import version
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Info
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

REVISION_FILE: Final = Path(__file__).resolve().parents[2] / "REVISION"
"""Written into the image when it is built; a checkout has none."""
_NO_REVISION: Final = "checkout"


def tell_process(registry: CollectorRegistry, service: str) -> None:
    """Adds processor time, memory, open files and collections of the process, and what it was built from."""
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    built = Info(
        "contactpunt_build",
        "What this process was built from: revision of the source, Python, and the libraries that carry it.",
        registry=registry,
    )
    built.info(
        {
            "service": service,
            "revision": _revision(),
            "python": platform.python_version(),
            "faststream": version("faststream"),
            "pydantic": version("pydantic"),
        }
    )


def _revision() -> str:
    try:
        return REVISION_FILE.read_text(encoding="ascii").strip() or _NO_REVISION
    except OSError:
        return _NO_REVISION
