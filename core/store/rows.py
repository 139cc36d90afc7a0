"""Records to table rows and back. Pure."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row

from core.events import Event, Party, to_json
from core.store.contract import CallSummary

R = TypeVar("R", bound=msgspec.Struct)


def event_row(event: Event) -> dict[str, Any]:
    """A row of ``events``."""
    return {
        "call_id": event.call_id,
        "seq": event.seq,
        "type": type(event).__name__,
        "at": event.at,
        "body": to_json(event).decode(),
    }


def call_row(summary: CallSummary) -> dict[str, Any]:
    """A row of ``calls``."""
    row = {name: _storable(value) for name, value in msgspec.structs.asdict(summary).items() if name != "caller"}
    caller = summary.caller
    row |= {"caller_number": _storable(caller.number), "caller_name": _storable(caller.name)}
    return row | {"caller_anonymous": caller.anonymous}


def call_summary(row: Row[Any]) -> CallSummary:
    """A row of ``calls`` as its record."""
    values = dict(row._mapping)
    caller = Party(
        number=values.pop("caller_number"), name=values.pop("caller_name"), anonymous=values.pop("caller_anonymous")
    )
    return CallSummary(caller=caller, **values)


def record_row(record: msgspec.Struct) -> dict[str, Any]:
    """A row of a table whose columns are the record's fields."""
    return {name: _storable(value) for name, value in msgspec.structs.asdict(record).items()}


def record(kind: type[R], row: Row[Any]) -> R:
    """A row of such a table as its record."""
    return kind(**row._mapping)


def _storable(value: Any) -> Any:
    # PostgreSQL has no NUL in text; a display name from the network may hold one.
    return value.replace("\0", "") if isinstance(value, str) else value
