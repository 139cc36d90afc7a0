"""Records of the consultation database to table rows and back. Pure.

Whatever goes in is cleaned: no NUL (PostgreSQL has none in text), no resident number in any words. Ids stay as they
are; they hold no words, and a hash may look like anything.
"""

from __future__ import annotations

import typing
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import Row

from core.personal import without_resident_number
from core.store.contract import Attachment
from core.store.rows import R

_NO_WORDS: Final = frozenset({"id", "by", "done_by", "digest", "state", "kind"})
_EMPTY_LIST: Final = "[]"


def to_row(record: msgspec.Struct) -> dict[str, Any]:
    """The record as a row, cleaned; lists as JSON."""
    lists = _lists(type(record))
    row: dict[str, Any] = {}
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if name in lists:
            row[name] = _json(value)
        elif isinstance(value, str) and value:
            row[name] = _clean(name, value)
        else:
            row[name] = value
    return row


def to_record(kind: type[R], row: Row[Any]) -> R:
    """A row as its record. Columns that the record has no field for are left out."""
    values = row._mapping
    lists = _lists(kind)
    return kind(
        **{
            name: _from_json(lists[name], values[name]) if name in lists else values[name]
            for name in kind.__struct_fields__
            if name in values
        }
    )


def cleaned(record: R) -> R:
    """The record as it will come back from the database."""
    lists = _lists(type(record))
    values: dict[str, Any] = {}
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if name in lists:
            values[name] = tuple(_clean_item(item) for item in value)
        elif isinstance(value, str):
            values[name] = _clean(name, value)
    return msgspec.structs.replace(record, **values)


def _clean(name: str, value: str) -> str:
    value = value.replace("\0", "")
    return value if name in _NO_WORDS or name.endswith("_id") else without_resident_number(value)


def _clean_item(item: Any) -> Any:
    if isinstance(item, str):
        return without_resident_number(item.replace("\0", ""))
    if isinstance(item, Attachment):
        return msgspec.structs.replace(item, name=_clean("name", item.name))
    fields = {name: _clean_item(getattr(item, name)) for name in item.__struct_fields__}
    return msgspec.structs.replace(item, **fields)


def _json(items: tuple[Any, ...]) -> str:
    if not items:
        return _EMPTY_LIST
    return msgspec.json.encode([_clean_item(item) for item in items]).decode()


def _from_json(decoder: msgspec.json.Decoder[Any], text: str) -> Any:
    return () if text == _EMPTY_LIST else decoder.decode(text)


@cache
def _lists(kind: type[msgspec.Struct]) -> dict[str, msgspec.json.Decoder[Any]]:
    return {
        field.name: msgspec.json.Decoder(field.type)
        for field in msgspec.structs.fields(kind)
        if typing.get_origin(field.type) is tuple
    }
