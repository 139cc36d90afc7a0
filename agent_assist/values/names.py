"""The names that a city gave: what is a department, a street, a district here."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import msgspec

from core.contacts.contact import Places


class Names(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """As they are written; make it once for many texts: what is prepared from it is kept."""

    departments: tuple[str, ...] = ()
    """'민원여권과'."""
    streets: tuple[str, ...] = ()
    """Road names: '한빛대로'."""
    districts: tuple[str, ...] = ()
    """'중앙동'."""

    @cached_property
    def places(self) -> Places:
        """Those that make an address."""
        return Places(streets=frozenset(self.streets), districts=frozenset(self.districts))


NO_NAMES: Final = Names()
"""No city: addresses and departments are known by their shape, or not at all."""
