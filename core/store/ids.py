"""Ids of records that people name and rename: they say nothing, so nothing has to change with a name."""

from __future__ import annotations

import secrets
from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u: read aloud without doubt
_LENGTH: Final = 12


def new_id() -> str:
    """Twelve opaque characters, the first a letter: never taken for the number of an imported row."""
    return secrets.choice(_ALPHABET[10:]) + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH - 1))
