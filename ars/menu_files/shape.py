"""Whether the tables of a menu file have the shape of a menu, and in words what is wrong where. Pure.

msgspec converts quickly but tells its first complaint only, without the names of keys. So a file that it refuses is
walked here along the same types: every mistake is found in one go, each with its place.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import inspect as types

from ars.menu_files.finding import Path, in_words, nearest
from ars.model import LANGUAGES

Complaint = tuple[Path, str, str]
"""Where, the finding's code, what is wrong and what would be right."""

_PATTERNS: Final[Mapping[str, str]] = {
    r"^@?[a-z0-9][a-z0-9_-]{0,63}$": "a short name of small letters, digits, '-' and '_'",
    r"^[a-z0-9_-]{1,40}$": "a short name of small letters, digits, '-' and '_', at most 40",
    r"^[a-z][a-z0-9_]{0,39}$": "a short name of small letters, digits and '_' that begins with a letter",
    r"^[0-9][0-9-]{2,14}$": 'a telephone number of digits and hyphens in quotes, like "031-1234-5678"',
    r"^https://[^\s]+$": "an address that begins with https://, without spaces",
}
"""Patterns of ``ars.model`` in words."""


def complaints(tree: Any, kind: type) -> Iterator[Complaint]:
    """Everything in ``tree`` that is not as the struct ``kind`` wants it."""
    found = False
    for complaint in _walk(tree, types.type_info(kind), ()):
        found = True
        yield complaint
    if found:
        return
    try:
        msgspec.convert(tree, kind)
    except msgspec.ValidationError as wrong:  # a rule of msgspec's that the walk does not know
        yield (), "wrong-value", str(wrong)


def _walk(value: Any, kind: types.Type, path: Path) -> Iterator[Complaint]:
    match kind:
        case types.StructType():
            yield from _struct(value, kind, path)
        case types.UnionType() if any(isinstance(option, types.StructType) for option in kind.types):
            yield from _tagged(value, kind, path)
        case types.UnionType():
            yield from _walk(value, next(o for o in kind.types if not isinstance(o, types.NoneType)), path)
        case types.DictType():
            yield from _dict(value, kind, path)
        case types.VarTupleType():
            yield from _list(value, kind, path)
        case types.Metadata():
            yield from _walk(value, kind.type, path)
        case _:
            if not _fits(value, kind):
                code = "wrong-value" if _is_of(value, kind) else "wrong-type"
                yield path, code, f"{in_words(path)} is {_shown(value)}; it must be {_wanted(kind)}"


def _struct(value: Any, kind: types.StructType, path: Path) -> Iterator[Complaint]:
    where = in_words(path) or "the file"
    if not isinstance(value, dict):
        yield path, "wrong-type", f"{where} is {_shown(value)}; it must be a table{_example(kind)}"
        return
    names = [field.encode_name for field in kind.fields]
    wrong = False
    for name in value:
        if name not in names and name != kind.tag_field:
            wrong = True
            yield (
                (*path, name),
                "unknown-key",
                f"{in_words((*path, name))} is nothing that minwon knows" + nearest(name, names),
            )
    for field in kind.fields:
        if field.encode_name in value:
            for complaint in _walk(value[field.encode_name], field.type, (*path, field.encode_name)):
                wrong = True
                yield complaint
        elif field.required:
            wrong = True
            yield path, "missing", f"{where} has no '{field.encode_name}'; it must be {_wanted(field.type)}"
    if not wrong and path:
        try:
            msgspec.convert(value, kind.cls)
        except msgspec.ValidationError as refused:  # a struct's own rule, such as hours that run backwards
            yield path, "wrong-value", f"{where}: {refused}"


def _tagged(value: Any, kind: types.UnionType, path: Path) -> Iterator[Complaint]:
    """One of several tables, told apart by one of their keys."""
    options = {str(option.tag): option for option in kind.types if isinstance(option, types.StructType)}
    field = next(iter(options.values())).tag_field or ""
    known = ", ".join(sorted(options))
    if not isinstance(value, dict):
        yield path, "wrong-type", f"{in_words(path)} is {_shown(value)}; it must be a table like {{ {field} = ... }}"
    elif field not in value:
        yield path, "missing", f"{in_words(path)} has no '{field}'; it must be one of {known}"
    elif not isinstance(value[field], str) or value[field] not in options:
        named = value[field]
        hint = nearest(named, options) if isinstance(named, str) else f"; known are {known}"
        yield (*path, field), "wrong-value", f"{in_words((*path, field))} is {_shown(named)}, which is none{hint}"
    else:
        yield from _struct(value, options[value[field]], path)


def _dict(value: Any, kind: types.DictType, path: Path) -> Iterator[Complaint]:
    if not isinstance(value, dict):
        yield path, "wrong-type", f"{in_words(path)} is {_shown(value)}; it must be {_wanted(kind)}"
        return
    for name, entry in value.items():
        place = (*path, name)
        if isinstance(kind.key_type, types.LiteralType) and name not in kind.key_type.values:
            yield place, "unknown-language", f"{in_words(place)}: '{name}' is no language; known are {_LANGUAGES}"
        yield from _walk(entry, kind.value_type, place)


def _list(value: Any, kind: types.VarTupleType, path: Path) -> Iterator[Complaint]:
    if not isinstance(value, list):
        yield path, "wrong-type", f"{in_words(path)} is {_shown(value)}; it must be {_wanted(kind)}"
        return
    for place, entry in enumerate(value):
        yield from _walk(entry, kind.item_type, (*path, place))
    if len(value) < (kind.min_length or 0):
        yield path, "wrong-value", f"{in_words(path)} is empty; it must be {_wanted(kind)}"


_LANGUAGES: Final = ", ".join(LANGUAGES)


def _fits(value: Any, kind: types.Type) -> bool:
    """Whether a single value is right."""
    match kind:
        case types.StrType(pattern=str() as pattern):
            return isinstance(value, str) and re.search(pattern, value) is not None
        case types.TupleType():
            return (
                isinstance(value, list)
                and len(value) == len(kind.item_types)
                and all(_fits(entry, item) for entry, item in zip(value, kind.item_types, strict=True))
            )
        case types.IntType() | types.FloatType():
            return (
                _is_of(value, kind) and (kind.ge is None or value >= kind.ge) and (kind.le is None or value <= kind.le)
            )
        case types.LiteralType():
            return isinstance(value, str) and value in kind.values
        case types.DateType():
            return _is_of(value, kind) or (isinstance(value, str) and _is_date(value))
        case _:
            return _is_of(value, kind)


def _is_of(value: Any, kind: types.Type) -> bool:
    """Whether it is at least of the right type."""
    match kind:
        case types.StrType() | types.LiteralType():
            return isinstance(value, str)
        case types.BoolType():
            return isinstance(value, bool)
        case types.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case types.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool) and value == value
        case types.DateType():
            return isinstance(value, dt.date) and not isinstance(value, dt.datetime)
        case types.TupleType():
            return isinstance(value, list)
        case _:
            return True


def _is_date(value: str) -> bool:
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _wanted(kind: types.Type) -> str:
    match kind:
        case types.StrType(pattern=str() as pattern):
            return _PATTERNS.get(pattern, f"text that matches {pattern}")
        case types.StrType():
            return 'text in quotes, like "main"'
        case types.BoolType():
            return "true or false"
        case types.IntType():
            return f"a whole number from {kind.ge} to {kind.le}" if kind.le is not None else "a whole number, 0 or more"
        case types.FloatType():
            return f"a number from {kind.ge:g} to {kind.le:g}" if kind.le is not None else "a number"
        case types.LiteralType():
            return "one of " + ", ".join(f'"{value}"' for value in kind.values)
        case types.DateType():
            return "a day, like 2026-10-09"
        case types.TupleType():
            return "a pair of numbers, like [120, -40]"
        case types.DictType(key_type=types.LiteralType()):
            return 'words by language, like { ko = "여권", en = "Passport" }'
        case types.VarTupleType():
            return f"a list of {_several(kind.item_type)}" + (", not empty" if kind.min_length else "")
        case types.Metadata():
            return _wanted(kind.type)
        case _:
            return "a table"


def _several(kind: types.Type) -> str:
    match kind:
        case types.StrType():
            return "texts in quotes"
        case types.LiteralType():
            return ", ".join(f'"{value}"' for value in kind.values)
        case types.TupleType():
            return "pairs of numbers, like [120, -40]"
        case _:
            return "tables"


def _example(kind: types.StructType) -> str:
    needed = [field.encode_name for field in kind.fields if field.required]
    return f" with {', '.join(needed)}" if needed else ""


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return str(value)[:40]


def _quoted(text: str) -> str:
    """A text in quotes on one line, shortened."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return json.dumps(short, ensure_ascii=False)
