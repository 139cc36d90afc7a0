"""What changed between two versions, for the page that shows an entry's history. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final, Literal

import msgspec

from agent_assist.knowledge.content import FIELDS, Content, lines_of
from core.store.entry import Attachment, Reference
from core.store.resolving import Shelf

_LINES_LIMIT: Final = 2000
"""Longer texts are shown as replaced as a whole."""


class LineChange(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a field, before or after."""

    kind: Literal["same", "removed", "added"]
    text: str


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field that is different now."""

    field: str
    before: str
    """As people read it: names for ids, lists one item a line."""
    after: str
    lines: tuple[LineChange, ...] = ()
    """The same, line by line."""


def changes(before: Content, after: Content, shelf: Shelf) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of the form."""
    found = []
    for name in FIELDS:
        if getattr(before, name) != getattr(after, name):
            old, new = (readable(name, getattr(side, name), shelf) for side in (before, after))
            lines = tuple(_lines(lines_of(old), lines_of(new)))
            found.append(FieldChange(field=name, before=old, after=new, lines=lines))
    return tuple(found)


def readable(name: str, value: Any, shelf: Shelf) -> str:
    """A field's value as people read it."""
    match name:
        case "category_id":
            return shelf.path(value) or value
        case "department_id":
            department = shelf.departments.get(value)
            return department.name if department else value
        case "person_id" | "deputy_id":
            person = shelf.people.get(value)
            return person.name if person else value
    if isinstance(value, tuple):
        return "\n".join(_item(item) for item in value)
    return "" if value is None else str(value)


def _item(item: object) -> str:
    match item:
        case Reference(title=title, url=url):
            return f"{title} <{url}>" if title else url
        case Attachment(name=name, size=size, id=file_id):
            return f"{name} ({size:,} B, {file_id[:8]})"
        case _:
            return str(item)


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[LineChange]:
    if max(len(before), len(after)) > _LINES_LIMIT:
        yield from (LineChange(kind="removed", text=line) for line in before)
        yield from (LineChange(kind="added", text=line) for line in after)
        return
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (LineChange(kind="same", text=line) for line in before[old_from:old_to])
            continue
        yield from (LineChange(kind="removed", text=line) for line in before[old_from:old_to])
        yield from (LineChange(kind="added", text=line) for line in after[new_from:new_to])
