"""Two people changed the same text: one text with both changes, and what could not be decided. Pure.

Three-way merge by field. Texts of several lines are merged by lines (diff3, with the matching of ``difflib``), sets of
words by what each side added and took away. Nothing is lost: every line that one side wrote stands in the result, or in
a conflict with both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final, TypeVar

import msgspec

from agent_assist.knowledge.content import FIELDS, Content, lines_of
from agent_assist.knowledge.validation import MARKS

T = TypeVar("T")

_BY_LINES: Final = frozenset({"body", "message"})
_SETS: Final = frozenset({"keywords", "excludes", "links", "attachments"})
_LINES_LIMIT: Final = 2000
"""Longer texts are not compared line by line: if both sides changed one, it is one conflict."""
_MINE = f"{MARKS[0]} 내 내용 / mine"
_BETWEEN = MARKS[1]
_THEIRS = f"{MARKS[2]} 먼저 저장된 내용 / saved first"


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of lines: decided, or a conflict."""

    lines: tuple[str, ...] = ()
    """The decided lines."""
    base: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    conflict: bool = False
    """Both sides changed these lines, differently: ``lines`` is empty, the sides stand in the other three."""


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Where both sides changed the same, differently."""

    field: str
    """Which field; one of several lines may have several conflicts."""
    base: str
    """What it was before, as text; ids as ids."""
    theirs: str
    mine: str


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    content: Content
    """With both sides' changes. In conflict: single values are mine, texts hold both sides between marks, steps of a
    procedure both, mine first."""
    conflicts: tuple[Conflict, ...] = ()
    taken: tuple[str, ...] = ()
    """Fields that hold something of theirs that I did not have."""


def merge(base: Content, theirs: Content, mine: Content) -> Merged:
    """Both changes of ``base`` in one content."""
    values: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for name in FIELDS:
        old, other, own = (getattr(side, name) for side in (base, theirs, mine))
        if other in (old, own):
            values[name] = own
        elif own == old:
            values[name] = other
        elif name in _SETS:
            values[name] = _merged_set(old, other, own)
        elif name in _BY_LINES:
            regions = merge_lines(*(lines_of(text) for text in (old, other, own)))
            values[name] = "\n".join(_marked(regions))
            conflicts += _conflicts(name, regions)
        elif name == "procedure":
            regions = merge_lines(old, other, own)
            values[name] = tuple(line for region in regions for line in region.lines or (*region.mine, *region.theirs))
            conflicts += _conflicts(name, regions)
        else:
            values[name] = own
            conflicts.append(Conflict(field=name, base=_text(old), theirs=_text(other), mine=_text(own)))
    content = Content(**values)
    taken = tuple(name for name in FIELDS if getattr(content, name) != getattr(mine, name))
    return Merged(content=content, conflicts=tuple(conflicts), taken=taken)


def merge_lines(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> tuple[Region, ...]:
    """Diff3: between the stretches that all three share, what one side changed is taken, what both changed alike is
    taken once, what both changed differently is a conflict."""
    regions: list[Region] = []
    base_at = theirs_at = mine_at = 0
    for base_from, theirs_from, mine_from, length in (
        *_shared(base, theirs, mine),
        (len(base), len(theirs), len(mine), 0),
    ):
        region = _decide(
            tuple(base[base_at:base_from]), tuple(theirs[theirs_at:theirs_from]), tuple(mine[mine_at:mine_from])
        )
        if region.conflict or region.lines:
            regions.append(region)
        if length:
            regions.append(Region(lines=tuple(base[base_from : base_from + length])))
        base_at, theirs_at, mine_at = base_from + length, theirs_from + length, mine_from + length
    return tuple(regions)


def _decide(base: tuple[str, ...], theirs: tuple[str, ...], mine: tuple[str, ...]) -> Region:
    if mine in (base, theirs):
        return Region(lines=theirs)
    if theirs == base:
        return Region(lines=mine)
    return Region(base=base, theirs=theirs, mine=mine, conflict=True)


def _shared(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of base that both sides kept: where they begin in base, theirs and mine, and their length."""
    if max(len(base), len(theirs), len(mine)) > _LINES_LIMIT:
        return
    in_theirs, in_mine = _matches(base, theirs), _matches(base, mine)
    at, other = 0, 0
    while at < len(in_theirs) and other < len(in_mine):
        (base_a, theirs_from, length_a), (base_b, mine_from, length_b) = in_theirs[at], in_mine[other]
        start, end = max(base_a, base_b), min(base_a + length_a, base_b + length_b)
        if start < end:
            yield start, theirs_from + start - base_a, mine_from + start - base_b, end - start
        if base_a + length_a < base_b + length_b:
            at += 1
        else:
            other += 1


def _matches(base: Sequence[str], side: Sequence[str]) -> list[tuple[int, int, int]]:
    blocks = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks if block.size]


def _merged_set(base: Sequence[T], theirs: Sequence[T], mine: Sequence[T]) -> tuple[T, ...]:
    kept = [item for item in mine if item in theirs or item not in base]
    added = [item for item in theirs if item not in base]
    return tuple(dict.fromkeys((*kept, *added)))


def _marked(regions: Sequence[Region]) -> Iterator[str]:
    for region in regions:
        if region.conflict:
            yield from (_MINE, *region.mine, _BETWEEN, *region.theirs, _THEIRS)
        else:
            yield from region.lines


def _conflicts(name: str, regions: Sequence[Region]) -> list[Conflict]:
    return [
        Conflict(field=name, base="\n".join(region.base), theirs="\n".join(region.theirs), mine="\n".join(region.mine))
        for region in regions
        if region.conflict
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)
