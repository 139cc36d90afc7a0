"""Authenticated encryption in chunks: any chunk opens alone, and none can be changed, moved, left out or cut off.

The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizar: "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", CRYPTO 2015) over AES-256-GCM, as Tink and age use it. A chunk's nonce is a random prefix of the
file, the chunk's number and whether it is the last; the file's header is authenticated with every chunk.
"""

from __future__ import annotations

import struct
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import BadInput

PREFIX_BYTES: Final = 7
TAG_BYTES: Final = 16
_LAST_NUMBER: Final = 2**32 - 1


class Stream:
    """One file's chunks. A data key is used for one file alone."""

    def __init__(self, key: bytes, prefix: bytes, header: bytes) -> None:
        """``prefix``: ``PREFIX_BYTES`` random bytes; ``header``: what the file says of itself in clear."""
        self._cipher = AESGCM(key)
        self._prefix = prefix
        self._header = header

    def seal(self, number: int, data: bytes, *, last: bool) -> bytes:
        """The chunk, ``TAG_BYTES`` longer. Each number is sealed once."""
        return self._cipher.encrypt(self._nonce(number, last), data, self._header)

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """``BadInput`` ('sealed') when it is not that chunk of that file."""
        try:
            return self._cipher.decrypt(self._nonce(number, last), sealed, self._header)
        except (InvalidTag, ValueError):
            raise BadInput("the recording's file was changed or cut off", code="sealed") from None

    def _nonce(self, number: int, last: bool) -> bytes:
        if number > _LAST_NUMBER:
            raise BadInput("a recording cannot be as long as that", code="too_long")
        return self._prefix + struct.pack(">IB", number, last)
