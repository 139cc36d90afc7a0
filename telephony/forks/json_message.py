"""A text message that must be a JSON object."""

from __future__ import annotations

from typing import Any

import msgspec

from core.errors import BadInput

_decoder: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


def json_object(message: str) -> dict[str, Any]:
    """Read it; ``BadInput`` for anything else."""
    try:
        return _decoder.decode(message)
    except (msgspec.MsgspecError, RecursionError):
        raise BadInput("a text message that is no JSON object", code="json") from None
