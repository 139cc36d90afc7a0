"""What is wrong with a menu file, and where: for the engineer, in English, one line each. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec
from rapidfuzz import fuzz, process

Level = Literal["error", "warning"]
Path = tuple[str | int, ...]
"""A place in the file as keys and places in lists, from 0: ``("screens", "main", "choices", 2, "go")``."""

ALIKE: Final = 55.0
"""Per cent that an unknown name must share with the one that was probably meant."""
MANY: Final = 12
"""More names than these are not listed."""
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


class Finding(msgspec.Struct, frozen=True):
    """One thing to mend."""

    line: int
    """From 1; 0 = the file as a whole."""
    level: Level
    """With an error the menu isn't taken into force, with a warning it is."""
    code: str
    """Short and stable, for machines: 'unknown-target'. Those of the KCC's ARS guideline begin with 'guideline-'."""
    message: str
    """What is wrong and what would be right; begins with the place in words where there is one."""
    path: str = ""
    """The place as ``in_words`` writes it, '' = none."""


def in_words(path: Path) -> str:
    """``screens.main.choices[3].go``: lists are counted from 1, as people do, and as ``[[agents]]`` of the settings."""
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f"[{part + 1}]"
        else:
            shown = part if _BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False)
            words += f".{shown}" if words else shown
    return words


def nearest(name: str, known: Iterable[str]) -> str:
    """'; did you mean 'tax'?', or what there is; to be put behind a complaint about a name that is unknown."""
    there = list(known) if isinstance(known, Mapping) else sorted(known)
    close = process.extractOne(name, there, scorer=fuzz.ratio, score_cutoff=ALIKE)
    if close is not None:
        return f"; did you mean '{close[0]}'?"
    if not there:
        return "; there is none at all"
    return f"; known are {', '.join(sorted(there))}" if len(there) <= MANY else ""


def line_of(name: str, finding: Finding) -> str:
    """As compilers write it, so that editors can jump there: ``menu.toml:123: error unknown-target: ...``."""
    place = f"{name}:{finding.line}" if finding.line else name
    return f"{place}: {finding.level} {finding.code}: {finding.message}"
