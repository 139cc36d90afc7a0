"""Whether a menu is right: everything that the shape of its tables does not tell. Pure.

findings = lint(menu, lines.of)

Each rule takes a :class:`Look` and yields :class:`Flaw`; the rules lie by subject in the files of this folder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from ars.menu_files.finding import Finding, Path, in_words
from ars.menu_files.lint import forms, guideline, messages, times, ways, words
from ars.menu_files.lint.rule import NOTHING, Around, Flaw, Look
from ars.model import Menu

__all__ = ["NOTHING", "Around", "lint"]

RULES: Final[tuple[Callable[[Look], Iterator[Flaw]], ...]] = (
    *ways.RULES,
    *times.RULES,
    *words.RULES,
    *forms.RULES,
    *messages.RULES,
    *guideline.RULES,
)


def lint(
    menu: Menu, line_of: Callable[[Path], int], around: Around = NOTHING, *, own: Collection[str] | None = None
) -> list[Finding]:
    """Everything that is wrong with a menu, in the order of the rules.

    ``line_of`` gives the line of a place in the file. ``own`` are the screens that the file itself writes; the others
    are those that every menu has, and not for the engineer to mend. None = all are the file's.
    """
    look = Look(menu, around, frozenset(menu.screens if own is None else own))
    return [
        Finding(line_of(flaw.path), flaw.level, flaw.code, flaw.message, in_words(flaw.path))
        for rule in RULES
        for flaw in rule(look)
    ]
