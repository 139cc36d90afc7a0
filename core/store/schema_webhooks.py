"""The tables of webhooks going out."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from core.store.schema import Moment, metadata, text

_Count: Final = BigInteger().with_variant(Integer, "sqlite")

subscribers: Final = Table(
    "webhook_subscribers",
    metadata,
    Column("subscriber_id", Text, primary_key=True),
    text("name"),
    text("url"),
    text("topics"),
    Column("words", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("old_sealed", LargeBinary, nullable=False),
    Column("old_until", Moment),
    Column("paused", Boolean, nullable=False),
    Column("dropped", _Count, nullable=False),
    text("by"),
    Column("made", Moment, nullable=False),
)
"""Who is told; topics as JSON."""

due: Final = Table(
    "webhook_due",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Index(None, "at"),
)
"""Events that are still to be told."""

deliveries: Final = Table(
    "webhook_deliveries",
    metadata,
    Column("delivery_id", Text, primary_key=True),
    Column("number", _Count, nullable=False),
    text("subscriber_id"),
    text("topic"),
    text("contact_id"),
    text("body"),
    Column("made", Moment, nullable=False),
    text("state"),
    Column("tries", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("status", Integer, nullable=False),
    text("fault"),
    Column("done", Moment),
    Index(None, "subscriber_id", "number"),
    Index(None, "state", "subscriber_id", "number"),
    Index(None, "number"),
    Index(None, "contact_id"),
)
"""Each message to each receiver."""
