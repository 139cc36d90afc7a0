"""Passwords at rest: scrypt (RFC 7914), as text that carries its own costs.

scrypt$16384$8$5$<salt>$<hash>          (salt and hash in base64)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Final

from core.errors import BadInput, ConfigError

COST: Final = (2**14, 8, 5)
"""n, r, p: 16 MiB and about 0.2 s of one core, OWASP's recommendation for this amount of memory."""
SHORTEST: Final = 8
_LARGEST: Final = 256 * 2**20


def hash_password(password: str, *, cost: tuple[int, int, int] = COST) -> str:
    """The text for ``password_hash`` in the configuration. Raises ``BadInput`` for a password that is too short."""
    if len(password) < SHORTEST:
        raise BadInput(f"choose a password of at least {SHORTEST} characters")
    salt = secrets.token_bytes(16)
    n, r, p = cost
    return f"scrypt${n}${r}${p}${_text(salt)}${_text(_scrypt(password, salt, n, r, p))}"


def verify(password: str, password_hash: str) -> bool:
    """Whether the password belongs to the hash. Takes 0.2 s on purpose: call it off the event loop.

    Raises ``ConfigError`` when the hash is not one of ours.
    """
    try:
        kind, n, r, p, salt, expected = password_hash.split("$")
        if kind != "scrypt":
            raise ValueError(kind)
        found = _scrypt(password, base64.b64decode(salt, validate=True), int(n), int(r), int(p))
        return hmac.compare_digest(found, base64.b64decode(expected, validate=True))
    except (ValueError, binascii.Error) as wrong:
        raise ConfigError("password_hash is not readable: make one with `minwon password`") from wrong


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=_LARGEST, dklen=32)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
