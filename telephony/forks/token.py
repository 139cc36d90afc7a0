"""The token of WebSocket streams: in a header where an exchange can set one, in the address where it cannot."""

from __future__ import annotations

import base64
import binascii
import hmac
from contextlib import suppress
from urllib.parse import parse_qs


def shows(token: str, authorization: str, path: str) -> bool:
    """Whether a request shows the token: ``Authorization: Bearer``, ``Basic`` (Asterisk's and jambonz' clients know no
    other; as password, with any user), or ``?token=`` in its address. All are compared in constant time."""
    expected = token.encode()
    given = [each.encode("utf-8", "surrogateescape") for each in _given(authorization, path)]
    fits = [hmac.compare_digest(each, expected) for each in given]
    return any(fits)


def _given(authorization: str, path: str) -> list[str]:
    scheme, _, value = authorization.strip().partition(" ")
    given: list[str] = []
    if scheme.lower() == "bearer":
        given.append(value.strip())
    elif scheme.lower() == "basic":
        given.append(_password(value.strip()))
    with suppress(ValueError):
        given += parse_qs(path.partition("?")[2], max_num_fields=32).get("token", [])[:1]
    return given


def _password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
