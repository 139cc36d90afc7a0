"""The sockets as AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from core.version import VERSION
from server.api.routes import given_in_path
from server.api.schemas import Schemas, meaning
from server.api.sockets import Socket


def asyncapi(sockets: Sequence[Socket]) -> dict[str, Any]:
    """The document. 'send' is what the node sends, 'receive' what it hears."""
    types = dict.fromkeys(kind for socket in sockets for kind in (*socket.from_node, *socket.from_page))
    schemas = Schemas(types)
    messages = {schemas.name(kind): _message(kind, schemas) for kind in types}
    for ask in sorted({socket.asks for socket in sockets if socket.asks}):
        messages["Ask"] = {
            "name": "Ask",
            "summary": "Asks for a sign of life: a frame of this alone.",
            "contentType": "text/plain",
            "payload": {"type": "string", "const": ask},
        }
    operations: dict[str, Any] = {}
    for socket in sockets:
        operations[f"{socket.id}Says"] = _operation(socket, "send", socket.from_node, schemas)
        if socket.from_page or socket.asks:
            operations[f"{socket.id}Hears"] = _operation(socket, "receive", socket.from_page, schemas)
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "minwon's sockets",
            "version": VERSION,
            "description": "JSON text frames with a 'type' between node and pages. The HTTP part is in openapi.json.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {socket.id: _channel(socket, schemas) for socket in sockets},
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas.components},
    }
    plain: dict[str, Any] = _plain_discriminators(document)
    return plain


def _plain_discriminators(node: Any) -> Any:
    """OpenAPI's discriminator is an object, AsyncAPI's the property's name alone."""
    if isinstance(node, list):
        return [_plain_discriminators(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    return {
        key: inner["propertyName"]
        if key == "discriminator" and isinstance(inner, dict) and "propertyName" in inner
        else _plain_discriminators(inner)
        for key, inner in node.items()
    }


def _message(kind: type, schemas: Schemas) -> dict[str, Any]:
    name = schemas.name(kind)
    summary = meaning(kind).partition("\n")[0]
    return {"name": name, "summary": summary, "contentType": "application/json", "payload": schemas.of(kind)}


def _names(socket: Socket, kinds: Sequence[type], schemas: Schemas, *, asks: bool) -> list[str]:
    return [*(schemas.name(kind) for kind in kinds), *(["Ask"] if asks and socket.asks else [])]


def _channel(socket: Socket, schemas: Schemas) -> dict[str, Any]:
    names = _names(socket, (*socket.from_node, *socket.from_page), schemas, asks=True)
    channel: dict[str, Any] = {
        "address": socket.address,
        "summary": socket.summary,
        "description": socket.description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }
    if parts := re.findall(r"\{(\w+)\}", socket.address):
        channel["parameters"] = {part: {"description": given_in_path(part).meaning} for part in parts}
    if not socket.events:
        binding: dict[str, Any] = {"method": "GET", "bindingVersion": "0.1.0"}
        if socket.query:
            properties = {given.name: {**given.schema, "description": given.meaning} for given in socket.query}
            binding["query"] = {"type": "object", "properties": properties}
        channel["bindings"] = {"ws": binding}
    return channel


def _operation(socket: Socket, action: str, kinds: Sequence[type], schemas: Schemas) -> dict[str, Any]:
    names = _names(socket, kinds, schemas, asks=action == "receive")
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{socket.id}"},
        "summary": f"What the {'node' if action == 'send' else 'page'} says.",
        "messages": [{"$ref": f"#/channels/{socket.id}/messages/{name}"} for name in names],
    }
