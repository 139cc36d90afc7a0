"""What the room of agents must still know after a restart. Columns are the fields of ``core.store.floor``."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from core.store.schema import Moment, metadata, text

times: Final = Table(
    "agent_times",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("agent_id", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("ms", BigInteger, nullable=False),
)

wrap_ups: Final = Table(
    "open_wrap_ups",
    metadata,
    Column("agent_id", Text, primary_key=True),
    text("contact_id"),
    Column("since", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
)

notes: Final = Table(
    "supervisor_notes",
    metadata,
    Column("note_id", Text, primary_key=True),
    text("agent_id"),
    text("by"),
    text("by_name"),
    text("text"),
    Column("at", Moment, nullable=False),
    Index(None, "at"),
)

cares: Final = Table(
    "alert_cares",
    metadata,
    Column("alert", Text, primary_key=True),
    text("name"),
    Column("at", Moment, nullable=False),
)
