"""The OpenAPI 3.1 document, made from the table of routes and the wire models."""

from typing import Any

from pydantic.json_schema import models_json_schema

from auth.permissions import RULES, Permission
from signaling.http.pipeline import COOKIE
from signaling.http.route import Route
from signaling.http.table import PREFIX, ROUTES
from signaling.wire.base import ErrorReply

REFS = "#/components/schemas/{model}"


def document(version: str) -> dict[str, Any]:
    """Return the document as JSON values."""
    models = [(ErrorReply, "serialization")]
    models += [(route.body, "validation") for route in ROUTES if route.body]  # type: ignore[misc]
    models += [(route.answers, "serialization") for route in ROUTES if route.answers]  # type: ignore[misc]
    references, schema = models_json_schema(models, ref_template=REFS, by_alias=True)  # type: ignore[arg-type]
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(route, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Plenum", "version": version, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": schema["$defs"],
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": COOKIE}},
        },
    }


def _operation(route: Route, references: Any) -> dict[str, Any]:
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    operation: dict[str, Any] = {
        "operationId": route.handler.__module__.rsplit(".", 1)[-1] + "_" + route.handler.__name__,
        "summary": route.summary,
        "description": _permission(route.permission),
        "parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names],
        "responses": {
            **_success(route, references),
            "default": {
                "description": "What went wrong, with a stable code",
                "content": {"application/json": {"schema": references[ErrorReply, "serialization"]}},
            },
        },
        "security": [] if route.permission is Permission.PUBLIC else [{"session": []}],
    }
    if route.body is not None:
        content = {"application/json": {"schema": references[route.body, "validation"]}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _permission(permission: Permission) -> str:
    rule = RULES.get(permission)
    fresh = "; a fresh step-up is needed" if rule is not None and rule.step_up else ""
    return f"Permission `{permission.value}`{fresh}."


def _success(route: Route, references: Any) -> dict[str, Any]:
    if route.answers is not None:
        content = {"application/json": {"schema": references[route.answers, "serialization"]}}
        return {"200": {"description": "Done", "content": content}}
    if route.media_types:
        return {"200": {"description": "A file", "content": {one: {} for one in route.media_types}}}
    if route.path == "/live":
        return {"101": {"description": "Switched to WebSocket"}}
    return {"204": {"description": "Done"}}
