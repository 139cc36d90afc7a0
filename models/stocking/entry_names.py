"""Where an archive's entry may be written: below the folder that it is unpacked to, and nowhere else. Pure."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

DEEPEST: Final = 12
"""Folders within folders; models have three."""
LONGEST: Final = 255
"""Bytes of one part of a name, as Linux has it."""

_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_JUNK: Final = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db"})


class UnsafeEntry(ValueError):
    """An entry that must not be written; the message tells which and why."""


def place_of(name: str) -> PurePosixPath | None:
    """The entry's place below the folder; None when there is nothing to write: the folder itself, other systems' junk.

    A backslash counts as a slash: archives from Windows have them, and names that climb out by them as well. Raises
    ``UnsafeEntry``.
    """
    slashed = name.replace("\\", "/")
    parts = [part for part in slashed.split("/") if part not in ("", ".")]
    if slashed.startswith("/") or any(_DRIVE.match(part) for part in parts[:1]):
        raise UnsafeEntry(f"{name!r} is an absolute path")
    if ".." in parts:
        raise UnsafeEntry(f"{name!r} climbs out of the archive's folder")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        raise UnsafeEntry(f"{name!r} has control characters")
    if len(parts) > DEEPEST:
        raise UnsafeEntry(f"{name!r} is more than {DEEPEST} folders deep")
    if any(len(part.encode("utf-8", "surrogateescape")) > LONGEST for part in parts):
        raise UnsafeEntry(f"a name in {name[:40]!r}... is longer than {LONGEST} bytes")
    if not parts or _JUNK.intersection(parts):
        return None
    return PurePosixPath(*parts)
