"""What has changed between two pictures, as a JSON merge patch (RFC 7396). Pure.

A row is written without the fields that have their default, so a field that goes back to it is a null in the patch; a
row that is gone is a null, too. A page applies a patch by the RFC's own ten lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec

from agent_assist.wall.rows import Key, Row, Section, Sections
from agent_assist.wall.sight import Sight, sees

Patch = dict[str, Any]
SECTIONS: Final[tuple[Section, ...]] = ("agents", "calls", "alerts", "written", "issues", "house")


def empty() -> Sections:
    """A picture with nothing in it."""
    return {section: {} for section in SECTIONS}


def difference(told: Sections, now: Sections, touched: Iterable[Key], sight: Sight = None) -> Patch:
    """What to say so that who knows ``told`` knows ``now``, as far as ``touched`` may differ and she sees it; {} =
    nothing. A row that has left her sight is gone for her.

    ``told`` is brought up to date along.
    """
    patch: Patch = {}
    for section, row_id in touched:
        before, after = told[section].get(row_id), now[section].get(row_id)
        if after is None or not sees(sight, (section, row_id), after):
            if before is not None:
                del told[section][row_id]
                patch.setdefault(section, {})[row_id] = None
            continue
        changed = fields(after) if before is None else changes(before, after)
        if changed or before is None:
            told[section][row_id] = after
            patch.setdefault(section, {})[row_id] = changed
    return patch


def fields(row: Row) -> Patch:
    """A row as the page gets it first. (msgspec's own ``omit_defaults`` asks whether a float *is* the default.)"""
    there = ((name, getattr(row, name), default) for name, default in _defaults(type(row)))
    return {name: msgspec.to_builtins(value) for name, value, default in there if value != default}


def changes(before: Row, after: Row) -> Patch:
    """The fields of a row that have changed; null = it has its default again."""
    changed: Patch = {}
    for name, default in _defaults(type(after)):
        value = getattr(after, name)
        if value != getattr(before, name):
            changed[name] = None if value == default else msgspec.to_builtins(value)
    return changed


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396 section 2: what the page does. For those who check it."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def whole(sections: Sections) -> Patch:
    """A picture as the page gets it first."""
    return {section: {row_id: fields(row) for row_id, row in rows.items()} for section, rows in sections.items()}


@lru_cache(maxsize=16)
def _defaults(kind: type[Row]) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in msgspec.structs.fields(kind))
