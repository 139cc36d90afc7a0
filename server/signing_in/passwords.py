"""Passwords at rest: argon2id (RFC 9106, by argon2-cffi), as text that carries its own costs.

Hashes of earlier versions (scrypt, RFC 7914: ``scrypt$16384$8$5$<salt>$<hash>`` with salt and hash in base64) are still
verified, and are replaced by the new kind when their owner signs in (:func:`outdated`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from core.errors import BadInput, ConfigError

COST: Final = (19 * 1024, 2, 1)
"""Memory in KiB, passes, lanes: the OWASP Password Storage Cheat Sheet's first choice for argon2id; some 30 ms."""
SHORTEST: Final = 8
"""Characters that a hash is made of at least; ``sign_in.password_length`` asks for more."""
NOBODY: Final = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""Checked for accounts that do not exist, so that the answer's time does not tell which do."""
_LARGEST: Final = 256 * 2**20


def hash_password(password: str, *, cost: tuple[int, int, int] = COST) -> str:
    """The text for ``password_hash``. Raises ``BadInput`` for a password that is too short."""
    if len(password) < SHORTEST:
        raise BadInput(f"choose a password of at least {SHORTEST} characters")
    return _hasher(cost).hash(password)


def verify(password: str, password_hash: str) -> bool:
    """Whether the password belongs to the hash. Takes time and memory on purpose: call it off the event loop.

    Raises ``ConfigError`` when the hash is not one of ours.
    """
    if password_hash.startswith("scrypt$"):
        return _verify_scrypt(password, password_hash)
    try:
        return _hasher(COST).verify(password_hash, password)
    except VerifyMismatchError:
        return False
    except (InvalidHashError, VerificationError) as wrong:
        raise _unreadable() from wrong


def outdated(password_hash: str) -> bool:
    """Whether it was made with other costs than today's, or by scrypt: to be made anew when the password is known."""
    return password_hash.startswith("scrypt$") or _hasher(COST).check_needs_rehash(password_hash)


def _hasher(cost: tuple[int, int, int]) -> PasswordHasher:
    memory_kib, passes, lanes = cost
    return PasswordHasher(memory_cost=memory_kib, time_cost=passes, parallelism=lanes, type=Type.ID)


def _verify_scrypt(password: str, password_hash: str) -> bool:
    try:
        _kind, n, r, p, salt, expected = password_hash.split("$")
        found = hashlib.scrypt(
            password.encode(),
            salt=base64.b64decode(salt, validate=True),
            n=int(n),
            r=int(r),
            p=int(p),
            maxmem=_LARGEST,
            dklen=32,
        )
        return hmac.compare_digest(found, base64.b64decode(expected, validate=True))
    except (ValueError, binascii.Error) as wrong:
        raise _unreadable() from wrong


def _unreadable() -> ConfigError:
    return ConfigError("password_hash is not readable: make one with `minwon password`")
