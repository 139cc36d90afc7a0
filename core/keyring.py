"""Master keys and what they seal: small secrets, and the data keys of large files.

Sealing is AES-256-GCM (NIST SP 800-38D) by the library ``cryptography``. What was sealed tells by which key, so keys
may change: the newest seals, all of them open, and ``rewrap`` moves what is kept to the newest. A ``purpose``
('totp:haneul') is bound to it: what was sealed for one place opens in no other. Files and settings:
``core/master_keys.py``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import BadInput, KeyFault

KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_VERSION: Final = b"\x01"
_HEAD: Final = len(_VERSION) + _ID_BYTES


class MasterKey(msgspec.Struct, frozen=True, kw_only=True):
    """One master key. It shows its secret to no log."""

    secret: bytes
    """32 bytes."""

    def __repr__(self) -> str:
        return f"MasterKey({self.id})"

    @property
    def id(self) -> str:
        """Eight hexadecimal digits, made from the key itself: nobody can give one key's name to another."""
        return _id_of(self.secret).hex()

    @property
    def text(self) -> str:
        """As a key file holds it."""
        return base64.b64encode(self.secret).decode()


class DataKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key for one large file."""

    secret: bytes
    """32 bytes; never kept."""
    wrapped: bytes
    """The same, sealed by a master key: what is kept."""

    def __repr__(self) -> str:
        return "DataKey(...)"


class Keyring:
    """The master keys of this node, the newest first. Without one it seals and opens nothing: ``KeyFault``."""

    def __init__(self, keys: Sequence[MasterKey], *, fault: str = "") -> None:
        """``fault``: why there are none."""
        self._keys = {key.id: key for key in keys}
        self._newest = keys[0] if keys else None
        self.fault = fault or ("" if keys else "there is no master key")

    @property
    def ids(self) -> tuple[str, ...]:
        """Of its keys, the newest first; empty = none."""
        return tuple(self._keys)

    @property
    def newest(self) -> str:
        """Id of the key that seals, '' = none."""
        return self._newest.id if self._newest is not None else ""

    def seal(self, data: bytes, purpose: str) -> bytes:
        """Encrypted and bound to ``purpose``, 33 bytes longer. ``KeyFault`` without a key."""
        if self._newest is None:
            raise KeyFault(f"nothing can be encrypted, {self.fault}: see `minwon check`")
        head = _VERSION + bytes.fromhex(self._newest.id)
        nonce = os.urandom(_NONCE_BYTES)
        return head + nonce + AESGCM(self._newest.secret).encrypt(nonce, data, head + purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed for that purpose. ``KeyFault`` when its key is not here, ``BadInput`` when it was changed or
        sealed for something else."""
        key_id = self.key_of(sealed)
        key = self._keys.get(key_id)
        if key is None:
            why = f" ({self.fault})" if self.fault else ""
            raise KeyFault(f"it was sealed with master key {key_id}, which is not here{why}: add its line to the keys")
        head, nonce, rest = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE_BYTES], sealed[_HEAD + _NONCE_BYTES :]
        try:
            return AESGCM(key.secret).decrypt(nonce, rest, head + purpose.encode())
        except (InvalidTag, ValueError):
            raise BadInput(
                "what was sealed has been changed, or was sealed for something else", code="sealed"
            ) from None

    def key_of(self, sealed: bytes) -> str:
        """Id of the key that sealed it. ``BadInput`` for what was never sealed."""
        if sealed[:1] != _VERSION or len(sealed) < _HEAD + _NONCE_BYTES:
            raise BadInput("this was not sealed by minwon", code="sealed")
        return sealed[1:_HEAD].hex()

    def rewrap(self, sealed: bytes, purpose: str) -> bytes:
        """The same secret under the newest key; what is under it already comes back as it is."""
        return sealed if self.key_of(sealed) == self.newest else self.seal(self.open(sealed, purpose), purpose)

    def data_key(self, purpose: str) -> DataKey:
        """A new key for one file; ``open(wrapped, purpose)`` gives its secret back."""
        secret = os.urandom(KEY_BYTES)
        return DataKey(secret=secret, wrapped=self.seal(secret, purpose))


def new_key() -> MasterKey:
    """From the system's random source."""
    return MasterKey(secret=os.urandom(KEY_BYTES))


def read_keys(text: str) -> list[MasterKey]:
    """The keys of a key file or of the environment: base64 of 32 bytes each, lines or commas between them, '#' begins
    a comment. ``BadInput`` for anything else; it never shows what it has read."""
    lines = [line.partition("#")[0] for line in text.splitlines()]
    words = [word.strip() for line in lines for word in line.split(",") if word.strip()]
    return [MasterKey(secret=_secret_of(number, word)) for number, word in enumerate(words, 1)]


def _secret_of(number: int, word: str) -> bytes:
    try:
        secret = base64.b64decode(word, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise BadInput(f"key {number} is not base64 of {KEY_BYTES} bytes: `minwon keys make` prints one")
    return secret


def _id_of(secret: bytes) -> bytes:
    return hashlib.sha256(b"minwon master key" + secret).digest()[:_ID_BYTES]
