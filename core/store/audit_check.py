"""Whether the audit log is whole: walked from its beginning, or its last checkpoint, to its end, past all anchors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import msgspec

from core.store.audit import BEGINNING, Anchor, AuditLine, AuditStore, chained

AT_ONCE: Final = 1000


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    lines: int
    """How many were read and found whole."""
    first: int
    """Number of the first line that is kept, 0 = none."""
    last: int
    """Number of the last line that was read."""
    head: str = ""
    """Its link."""
    head_at: datetime | None = None
    """When it was noted."""
    anchors: int = 0
    """Anchors that were compared."""
    broken: int = 0
    """Number of the first line that is wrong, 0 = the log is whole."""
    why: str = ""
    """What is wrong there."""


async def verify(
    audit: AuditStore,
    anchors: Iterable[Anchor],
    made: Callable[[Anchor], bool],
    follow: Callable[[int], None] = lambda _lines: None,
) -> Verdict:
    """``anchors``: places written down elsewhere; ``made``: whether a seal is ours."""
    checkpoints = await audit.checkpoints()
    for each in checkpoints:
        if not made(each):
            return _broken(each.number, "the checkpoint there was not made by this site's key: lines may be gone")
    begin = checkpoints[-1] if checkpoints else None
    number, link = (begin.number, begin.chain) if begin is not None else (0, BEGINNING)
    first, at = number + 1, None
    places = {each.number: each for each in checkpoints}
    for each in anchors:
        if not made(each):
            return _broken(each.number, f"the anchor of {each.at:%Y-%m-%d %H:%M} was not sealed by this site's key")
        if (there := places.setdefault(each.number, each)).chain != each.chain:
            return _broken(each.number, f"two anchors tell different links, of {there.at} and {each.at}")
    compared = 0
    while lines := await audit.walk(after=number, limit=AT_ONCE):
        for line in lines:
            fault = _fault(line, number, link)
            place = places.get(line.number)
            if not fault and place is not None:
                compared += 1
                if place.chain != line.chain:
                    fault = f"the log was written anew: on {place.at:%Y-%m-%d %H:%M} this line had another link"
            if fault:
                return Verdict(lines=number + 1 - first, first=first, last=number, broken=number + 1, why=fault)
            number, link, at = line.number, line.chain, line.at
        follow(number + 1 - first)
    beyond = max((each for each in places.values() if each.number > number), key=lambda each: each.number, default=None)
    lines_read = number + 1 - first
    if beyond is not None:
        why = f"the end is cut off: on {beyond.at:%Y-%m-%d %H:%M} there were {beyond.number} lines"
        return Verdict(lines=lines_read, first=first, last=number, broken=number + 1, why=why)
    return Verdict(
        lines=lines_read,
        first=first if lines_read else 0,
        last=number,
        head=link,
        head_at=at,
        anchors=compared,
    )


def _fault(line: AuditLine, before: int, link: str) -> str:
    if line.number != before + 1:
        return f"lines {before + 1} to {line.number - 1} are missing"
    if line.chain != chained(link, line.number, line.at, line.note):
        return "it, or its link, is not what was written: it was changed, or slipped in"
    return ""


def _broken(number: int, why: str) -> Verdict:
    return Verdict(lines=0, first=0, last=0, broken=number, why=why)
