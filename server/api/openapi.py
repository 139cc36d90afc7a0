"""The HTTP part as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from core.version import VERSION
from server.api.routes import Answer, Given, Route, given_in_path
from server.api.schemas import Schemas

_SECURITY: Final = {
    "agent": {
        "type": "apiKey",
        "in": "cookie",
        "name": "minwon",
        "description": "Set by POST /signin. What changes something must come from our own page (Origin), too.",
    },
    "link": {
        "type": "apiKey",
        "in": "cookie",
        "name": "minwon_visit",
        "description": "Tells browsers apart: the first one that does something with a link has it. The link's token "
        "itself is in the path.",
    },
}


_TOKEN: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "Made by an administrator on /records#/tokens or with `minwon token make`, with its scopes.",
}


def openapi(routes: Sequence[Route], cookies: dict[str, str], *, title: str, about: str) -> dict[str, Any]:
    """The document. ``cookies``: names of the cookies of 'agent' and 'link'."""
    types = dict.fromkeys(
        body
        for route in routes
        for body in (route.sends, *(answer.body for answer in route.answers.values()))
        if body is not None and not isinstance(body, dict)
    )
    schemas = Schemas(types)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": VERSION,
            "description": about,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "The node itself, or the TLS proxy before it."}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {
                needs: {**_SECURITY[needs], "name": cookies[needs]}
                for needs in _SECURITY
                if any(route.needs == needs for route in routes)
            }
            | ({"token": _TOKEN} if any(route.needs == "token" for route in routes) else {}),
        },
    }


def _operation(route: Route, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": route.id, "summary": route.summary, "tags": [route.tag]}
    operation["security"] = [{route.needs: []}] if route.needs in _SECURITY else []
    if route.needs == "token":
        operation["security"] = [{"token": [route.scope]}]
    names = re.findall(r"\{(\w+)\}", route.path)
    parameters = [_parameter(given_in_path(name), "path") for name in names]
    parameters += [_parameter(given, "query") for given in route.query]
    parameters += [_parameter(given, "header") for given in route.headers]
    if parameters:
        operation["parameters"] = parameters
    if route.sends is not None:
        content = {"application/json": {"schema": _schema(route.sends, schemas)}}
        operation["requestBody"] = {"required": True, "content": content}
    elif route.form:
        properties = {name: {"type": "string", "description": text} for name, text in route.form.items()}
        form = {"schema": {"type": "object", "properties": properties}}
        kinds = ["application/x-www-form-urlencoded", *(["multipart/form-data"] if route.files else [])]
        operation["requestBody"] = {"content": dict.fromkeys(kinds, form)}
    elif route.uploads:
        operation["requestBody"] = {"required": True, "content": {route.uploads: {}}}
    operation["responses"] = {str(status): _answer(answer, schemas) for status, answer in route.answers.items()}
    return operation


def _parameter(given: Given, place: str) -> dict[str, Any]:
    return {
        "name": given.name,
        "in": place,
        "required": place in ("path", "header"),
        "description": given.meaning,
        "schema": given.schema,
    }


def _answer(answer: Answer, schemas: Schemas) -> dict[str, Any]:
    response: dict[str, Any] = {"description": answer.meaning}
    content: dict[str, Any] = {answer.content: {}} if answer.content else {}
    if answer.body is not None:
        kind = "application/problem+json" if answer.problem else "application/json"
        content[kind] = {"schema": _schema(answer.body, schemas)}
    return {**response, "content": content} if content else response


def _schema(body: Any, schemas: Schemas) -> dict[str, Any]:
    return body if isinstance(body, dict) else schemas.of(body)
