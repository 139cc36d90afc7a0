"""Records of the consultation database to table rows and back. Pure.

Whatever goes in is cleaned: no NUL (PostgreSQL has none in text), no personal number in any words. Ids stay as they
are; they hold no words, and a hash may look like anything.
"""

from __future__ import annotations

import re
import typing
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import Row

from core.personal import without_personal_number
from core.store.entry import Attachment
from core.store.rows import R

_NO_WORDS: Final = frozenset({"id", "by", "done_by", "digest", "state", "kind"})
_EMPTY_LIST: Final = "[]"
_DIGIT: Final = re.compile(r"\d")
"""Words without one hold no number: most are not looked at twice."""


def to_row(record: msgspec.Struct) -> dict[str, Any]:
    """The record as a row, cleaned; lists as JSON."""
    return cleaned_row(cleaned(record))


def cleaned_row(record: msgspec.Struct) -> dict[str, Any]:
    """The row of a record that is clean already."""
    lists = _lists(type(record))
    return {
        name: _json(getattr(record, name)) if name in lists else getattr(record, name)
        for name in record.__struct_fields__
    }


def to_record(kind: type[R], row: Row[Any]) -> R:
    """A row as its record. Columns that the record has no field for are left out."""
    return kind(**record_values(kind, row))


def record_values(kind: type[R], row: Row[Any]) -> dict[str, Any]:
    """Its fields, as far as the row has them."""
    lists = _lists(kind)
    values = {name: value for name, value in row._mapping.items() if name in kind.__struct_fields__}
    for name, decoder in lists.items():
        values[name] = _from_json(decoder, values[name])
    return values


def cleaned(record: R) -> R:
    """The record as it will come back from the database."""
    lists = _lists(type(record))
    values: dict[str, Any] = {}
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if name in lists:
            if value:
                values[name] = tuple(_clean_item(item) for item in value)
        elif isinstance(value, str) and value:
            values[name] = _clean(name, value)
    return msgspec.structs.replace(record, **values)


def _clean(name: str, value: str) -> str:
    return value.replace("\0", "") if name in _NO_WORDS or name.endswith("_id") else _clean_item(value)


def _clean_item(item: Any) -> Any:
    if isinstance(item, str):
        item = item.replace("\0", "")
        return without_personal_number(item) if _DIGIT.search(item) else item
    if isinstance(item, Attachment):
        return msgspec.structs.replace(item, name=_clean("name", item.name))
    if isinstance(item, tuple):
        return tuple(_clean_item(each) for each in item)
    if not isinstance(item, msgspec.Struct):
        return item
    fields = {name: _clean_item(getattr(item, name)) for name in item.__struct_fields__}
    return msgspec.structs.replace(item, **fields)


def _json(items: tuple[Any, ...]) -> str:
    return msgspec.json.encode(items).decode() if items else _EMPTY_LIST


def _from_json(decoder: msgspec.json.Decoder[Any], text: str) -> Any:
    return () if text == _EMPTY_LIST else decoder.decode(text)


@cache
def _lists(kind: type[msgspec.Struct]) -> dict[str, msgspec.json.Decoder[Any]]:
    return {
        field.name: msgspec.json.Decoder(field.type)
        for field in msgspec.structs.fields(kind)
        if typing.get_origin(field.type) is tuple
    }
