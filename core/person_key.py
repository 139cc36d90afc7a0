"""Who a telephone number belongs to, without the number: contacts of one person are joined by a keyed hash of it.

HMAC-SHA256 (RFC 2104, FIPS 198-1) under a key of the site. There are only some 10^8 mobile numbers in Korea: a bare
hash could be undone in a second by trying all of them; a keyed one cannot by whoever holds the database alone.
The key lies in ``MINWON_HOME/keys/person.key`` and is never changed: with another one nobody is found again. Nodes that
share a database share it (``records.person_key_file``).
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from pathlib import Path
from typing import Final

from core.errors import EnvironmentFault
from core.phone_numbers import normalised
from core.site_key import KEY_BYTES, site_key

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
    return PersonKeys(site_key(file, "person_key"))
