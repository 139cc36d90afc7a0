"""What became of a contact, as a site's configuration names it (``records.results``). Pure.

A disposition is what call centres call the coded outcome of a contact.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Disposition(msgspec.Struct, frozen=True, kw_only=True):
    """One outcome."""

    code: str
    """As it is kept and counted."""
    ko: str
    """Its name in Korean."""
    en: str
    """Its name in English."""


def dispositions(written: Iterable[str]) -> tuple[Disposition, ...]:
    """'CODE=한국어/English' as the configuration writes them; without English the Korean name is both."""
    found = []
    for line in written:
        code, _, names = line.partition("=")
        korean, _, english = names.partition("/")
        found.append(Disposition(code=code.strip(), ko=korean.strip(), en=english.strip() or korean.strip()))
    return tuple(found)
