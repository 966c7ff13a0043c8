"""The messages' schemas in the OpenAPI document: bodies are read strictly from their bytes, not by FastAPI."""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from shared.contracts.follow_up import FOLLOW_UP
from shared.contracts.submission import Submission

_TEMPLATE = "#/components/schemas/{model}"


def tell_message_schemas(app: FastAPI) -> None:
    """Adds ``Submission`` and ``FollowUp`` to the schemas of the app's document."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for name, schema in _message_schemas().items():
            schemas.setdefault(name, schema)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _message_schemas() -> dict[str, Any]:
    adapters: dict[str, TypeAdapter[Any]] = {"Submission": TypeAdapter(Submission), "FollowUp": FOLLOW_UP}
    schemas: dict[str, Any] = {}
    for name, adapter in adapters.items():
        schema = adapter.json_schema(ref_template=_TEMPLATE, schema_generator=GenerateJsonSchema)
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    return schemas
