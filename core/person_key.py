"""Who a telephone number belongs to, without the number: contacts of one person are joined by a keyed hash of it.

HMAC-SHA256 (RFC 2104, FIPS 198-1) under a key of the site. There are only some 10^8 mobile numbers in Korea: a bare
hash could be undone in a second by trying all of them; a keyed one cannot by whoever holds the database alone.
The key lies in ``MINWON_HOME/keys/person.key`` and is never changed: with another one nobody is found again. Nodes that
share a database share it (``records.person_key_file``).
"""

from __future__ import annotations

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

from core.errors import EnvironmentFault
from core.phone_numbers import normalised

KEY_BYTES: Final = 32
"""As long as the hash (RFC 2104, section 3)."""
_KEPT: Final = 32
"""Hexadecimal digits of the hash that are kept: 128 bits, so that no two numbers ever meet."""


class PersonKeys:
    """Makes person keys."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < KEY_BYTES:
            raise EnvironmentFault(f"the person key has {len(secret)} bytes and needs {KEY_BYTES}", code="person_key")
        self._secret = secret

    def key(self, number: str) -> str:
        """The same for each way of writing one number; '' for a withheld one or what is no number."""
        digits = normalised(number)
        return hmac.new(self._secret, digits.encode(), sha256).hexdigest()[:_KEPT] if digits else ""


def open_person_keys(file: Path) -> PersonKeys:
    """With the key in that file, which is made at first use, readable by us alone.

    Raises ``EnvironmentFault`` when it can't be made or read, or others may read it.
    """
    try:
        if not file.exists():
            _make(file)
        if file.stat().st_mode & 0o077:
            raise EnvironmentFault(f"others may read {file}; run: chmod 600 {file}", code="person_key")
        secret = file.read_bytes()
    except OSError as fault:
        way_out = "see that its folder may be written, or bring the file back from the backup"
        raise EnvironmentFault(f"cannot use {file} ({fault.strerror}): {way_out}", code="person_key") from fault
    return PersonKeys(secret)


def _make(file: Path) -> None:
    """Whole or not at all, and whoever comes second takes the key of the first."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(secrets.token_bytes(KEY_BYTES))
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(new, file)
    except FileExistsError:
        pass
    finally:
        new.unlink()
