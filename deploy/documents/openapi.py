"""The OpenAPI document of each service, as it serves it itself."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI

from services.deadlines import main as deadlines
from services.intake import main as intake
from services.reporting import main as reporting
from services.routing import main as routing

APPS: Final[dict[str, Callable[[], FastAPI]]] = {
    "intake": intake.openapi_app,
    "routing": routing.openapi_app,
    "deadlines": deadlines.openapi_app,
    "reporting": reporting.openapi_app,
}


def openapi_document(service: str) -> dict[str, Any]:
    """What the service answers at ``/openapi.json``, without broker and database."""
    return APPS[service]().openapi()
