"""What was found of a person's telephone, address or vehicle."""

from __future__ import annotations

from typing import Final

import msgspec


class Contact(msgspec.Struct, frozen=True):
    """One of them in a text."""

    start: int
    """Characters."""
    end: int
    value: str
    """As it is written: '010-1234-5678', '한빛로23길 15', '12가 3456'."""


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Names that make a word a place: without them more must be said before something counts as an address."""

    streets: frozenset[str] = frozenset()
    """Road names as on the sign: '한빛대로'."""
    districts: frozenset[str] = frozenset()
    """Parts of the city: '중앙동', '빛가람동'."""


NO_PLACES: Final = Places()
