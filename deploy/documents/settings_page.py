"""The reference of all settings, as the code reads them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from deploy.local.directory import PROJECT
from deploy.local.settings import LocalSettings
from services.deadlines.settings import DeadlinesSettings
from services.intake.settings import IntakeSettings
from services.reporting.settings import ReportingSettings
from services.routing.settings import RoutingSettings
from shared.settings import ServiceSettings

SERVICES: Final[Mapping[str, type[ServiceSettings]]] = {
    "intake": IntakeSettings,
    "routing": RoutingSettings,
    "deadlines": DeadlinesSettings,
    "reporting": ReportingSettings,
}
_HEAD: Final = """# Settings

Made from the code by `make documents`; a test holds it against the code.

Settings are variables of the environment. An empty one is as good as one that is not there in the local run. A
service that cannot use one does not start, and says in one line which and why.
"""
_LIMITS: Final = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "pattern": "matches"}


def settings_page() -> str:
    """The page, as Markdown."""
    parts = [_HEAD, "## Every service\n", _table(ServiceSettings.model_fields)]
    for name, settings in SERVICES.items():
        own = {
            field: told
            for field, told in settings.model_fields.items()
            if repr(told) != repr(ServiceSettings.model_fields.get(field))
        }
        parts += [f"## {name.capitalize()}\n", _table(own)]
    parts += ["## The local run\n", "Of `./contactpunt up`, and so of `make run NAME=value`.\n"]
    return "\n".join([*parts, _table(LocalSettings.model_fields)])


def all_settings() -> Iterable[type[BaseSettings]]:
    """Every class of settings that the page tells of."""
    return (*SERVICES.values(), LocalSettings)


def _table(fields: Mapping[str, FieldInfo]) -> str:
    rows = [f"| `{name.upper()}` | {_default(told)} | {_meaning(told)} |" for name, told in fields.items()]
    return "\n".join(["| name | default | meaning |", "|---|---|---|", *rows, ""])


def _default(told: FieldInfo) -> str:
    value: Any = told.default
    if value is PydanticUndefined:
        return "required"
    if isinstance(value, SecretStr):
        value = value.get_secret_value() or None
    if isinstance(value, Path) and value.is_relative_to(PROJECT):
        value = value.relative_to(PROJECT)
    if isinstance(value, bool):
        value = int(value)
    return "none" if value is None else f"`{value}`"


def _meaning(told: FieldInfo) -> str:
    limits = [
        f"{words} {f'`{limit}`' if name == 'pattern' else f'{limit:g}'}"
        for rule in told.metadata
        for name, words in _LIMITS.items()
        if (limit := getattr(rule, name, None)) is not None
    ]
    return f"{told.description}{' (' + ', '.join(limits) + ')' if limits else ''}"
