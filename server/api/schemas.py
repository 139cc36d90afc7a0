"""JSON Schemas of typed messages, with the sentence under each field as its description."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any, Final

import msgspec

REF: Final = "#/components/schemas/{name}"


class Schemas:
    """The schemas of some types, and of all that they are made of."""

    def __init__(self, types: Iterable[Any]) -> None:
        self._types = tuple(types)
        schemas, components = msgspec.json.schema_components(self._types, ref_template=REF)
        self._by_type: dict[Any, dict[str, Any]] = dict(zip(self._types, schemas, strict=True))
        self.components: dict[str, Any] = dict(sorted(components.items()))
        for cls in _structs(self._types):
            _describe(self.components[self.name(cls)], cls)

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of one of the types: a reference, if it is a struct."""
        return self._by_type[kind]

    def name(self, cls: type) -> str:
        """The name of a struct's component. Structs of one name in two modules stand under their long names."""
        if cls.__name__ in self.components:
            return cls.__name__
        return f"{cls.__module__}.{cls.__qualname__}"


def meaning(cls: type) -> str:
    """What a class's docstring says."""
    return inspect.cleandoc(cls.__doc__ or "")


def _describe(schema: dict[str, Any], cls: type) -> None:
    """The struct's tag is told apart by its constant; every other field has its sentence in the source."""
    spelt = {field.name: field.encode_name for field in msgspec.structs.fields(cls)}
    texts = {spelt.get(name): text for parent in reversed(cls.__mro__) for name, text in _sentences(parent).items()}
    for name, field in schema.get("properties", {}).items():
        if text := texts.get(name, ""):
            field["description"] = text


def _structs(types: Iterable[Any]) -> Iterator[type]:
    """Every struct that these types are made of, once."""
    seen: set[type] = set()
    waiting = list(msgspec.inspect.multi_type_info(types))
    while waiting:
        info = waiting.pop()
        if isinstance(info, msgspec.inspect.StructType):
            if info.cls in seen:
                continue
            seen.add(info.cls)
            yield info.cls
            waiting += [field.type for field in info.fields]
        elif isinstance(info, msgspec.inspect.UnionType):
            waiting += info.types
        elif isinstance(info, msgspec.inspect.DictType):
            waiting += [info.key_type, info.value_type]
        elif isinstance(info, msgspec.inspect.Metadata):
            waiting.append(info.type)
        elif isinstance(info, msgspec.inspect.CollectionType):
            waiting.append(info.item_type)
        elif isinstance(info, msgspec.inspect.TupleType):
            waiting += info.item_types


@cache
def _sentences(cls: type) -> dict[str, str]:
    """Field -> the sentence under it, of this class alone."""
    found = _classes(cls.__module__).get(cls.__name__)
    body = found.body if found is not None else []
    return {
        field.target.id: " ".join(str(text.value.value).split())
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError):  # built in
        return {}
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
