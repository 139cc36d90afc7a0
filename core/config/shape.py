"""What a setting may be, read from the sections' types: shared by the loader's messages and the reference."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import inspect as types

from core.config.section import Section
from core.config.sections import Config

LISTS: Final = ("agents", "languages", "peers")
"""Arrays of tables: only the file can tell them, they have no environment twins."""


class Leaf(msgspec.Struct, frozen=True):
    """One setting: a field that is not a table."""

    key: str
    """'sip.register.user'; of an agent, 'agents.uri'."""
    type: types.Type
    default: Any
    """``msgspec.NODEFAULT`` when it must be given."""
    annotation: Any
    """The type as written, for conversion."""
    examples: tuple[Any, ...] = ()

    @property
    def variable(self) -> str:
        """Its environment twin; '' in an array of tables."""
        if self.key.partition(".")[0] in LISTS:
            return ""
        return "MINWON_" + self.key.replace(".", "_").upper()


@cache
def leaves(section: type[Section] = Config, prefix: str = "") -> tuple[Leaf, ...]:
    """Every setting below a section, in the order of the file."""
    found: list[Leaf] = []
    for field in fields_of(section).values():
        key = prefix + field.name
        inner = subsection(field.type)
        if inner is not None:
            found += leaves(inner, key + ".")
        else:
            kind, examples = _without_metadata(field.type)
            found.append(Leaf(key, kind, field.default, annotations_of(section)[field.name], examples))
    return tuple(found)


@cache
def fields_of(section: type[Section]) -> Mapping[str, types.Field]:
    """What a table holds, by name: msgspec reads all types anew whenever it is asked."""
    return {field.name: field for field in types.type_info(section).fields}  # type: ignore[attr-defined]


@cache
def annotations_of(section: type[Section]) -> Mapping[str, Any]:
    """The types of its fields as msgspec converts to them, limits included."""
    return {field.name: field.type for field in msgspec.structs.fields(section)}


def subsection(kind: types.Type) -> type[Section] | None:
    """The table's struct when a field is a table, an optional table or an array of tables."""
    if isinstance(kind, types.UnionType):
        return next((found for option in kind.types if (found := subsection(option))), None)
    if isinstance(kind, types.VarTupleType):
        return subsection(kind.item_type)
    if isinstance(kind, types.StructType) and issubclass(kind.cls, Section):
        return kind.cls
    return None


def wanted(kind: types.Type) -> str:
    """What would be right, in words: 'a whole number from 0 to 65535'."""
    kind, _examples = _without_metadata(kind)
    match kind:
        case types.BoolType():
            return "true or false"
        case types.IntType():
            return "a whole number" + _limits(kind)
        case types.FloatType():
            return "a number" + _limits(kind)
        case types.LiteralType():
            return "one of " + ", ".join(map(str, kind.values))
        case types.VarTupleType():
            filled = "a list, not empty, of " if kind.min_length else "a list of "
            return filled + wanted(kind.item_type).removeprefix("one of ")
        case types.StrType(min_length=1):
            return "text, not empty"
        case _:
            return "text"


def _limits(kind: types.IntType | types.FloatType) -> str:
    if kind.ge is not None and kind.le is not None:
        return f" from {kind.ge:g} to {kind.le:g}"
    if kind.ge is not None:
        return f", {kind.ge:g} or more"
    return f" above {kind.gt:g}" if kind.gt is not None else ""


def _without_metadata(kind: types.Type) -> tuple[types.Type, tuple[Any, ...]]:
    if isinstance(kind, types.Metadata):
        extra = kind.extra_json_schema or {}
        return kind.type, tuple(extra.get("examples", ()))
    return kind, ()
