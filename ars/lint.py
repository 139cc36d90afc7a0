"""Whether a menu is right: everything that its shape alone does not tell. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from ars.finding import Finding, Path
from ars.model import Menu

LineOf = Callable[[Path], int]


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What a menu refers to outside of its file; None = not known, so not checked."""

    icons: frozenset[str] | None = None
    """Names of the pictures in ``web/icons``."""
    recordings: frozenset[str] | None = None
    """Names of the files in the folder of recordings: 'main.ko.wav'."""


NOTHING: Final = Around()


def lint(menu: Menu, line_of: LineOf, around: Around = NOTHING) -> list[Finding]:
    """Everything that is wrong with it."""
    return []
