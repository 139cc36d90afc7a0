"""The tables, as all migrations together leave them (a test compares the two on both databases)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Boolean, Column, Date, DateTime, Dialect, Index, Integer, MetaData, Table, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

# Named constraints, so that migrations can change them on every database.
metadata: Final = MetaData(naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"})


class Moment(TypeDecorator[datetime]):
    """A point in time with its zone. SQLite knows no zones: there it is UTC, and comes back as such."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


events: Final = Table(
    "events",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _text("type"),
    Column("at", Moment, nullable=False),
    _text("body"),
)
"""What happened, as it happened. ``body`` is the event's JSON; the other columns are for finding it."""

calls: Final = Table(
    "calls",
    metadata,
    Column("call_id", Text, primary_key=True),
    _text("caller_number"),
    _text("caller_name"),
    Column("caller_anonymous", Boolean, nullable=False),
    _text("called"),
    Column("started", Moment, nullable=False),
    _text("agent_id"),
    _text("agent_name"),
    Column("joined", Moment),
    Column("ended", Moment),
    _text("reason"),
    Column("last_seq", Integer, nullable=False),
    _text("topic"),
    Index(None, "started"),
    Index(None, "agent_id", "started"),
    Index(None, "caller_number", "started"),
    Index(None, "ended"),
)
"""One line per call, drawn from its events and kept up to date with them (``projection.py``)."""

entries: Final = Table(
    "entries",
    metadata,
    Column("id", Text, primary_key=True),
    _text("title"),
    _text("category"),
    _text("department"),
    _text("person"),
    _text("deputy"),
    _text("phone"),
    _text("procedure"),
    _text("body"),
    _text("keywords"),
    _text("message"),
    Column("updated", Date),
)
"""The consultation database. ``procedure`` and ``keywords`` are JSON lists."""

revisions: Final = Table(
    "revisions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)
"""How often a part was changed ('entries'), so that a node notices what another process wrote."""

links: Final = Table(
    "links",
    metadata,
    Column("token_hash", Text, primary_key=True),
    _text("browser_hash"),
    _text("visit_id"),
    _text("call_id"),
    _text("menu"),
    _text("language"),
    Column("ends", Moment, nullable=False),
    Index(None, "ends"),
)
"""Links to visits, by the hash of their token."""

messages: Final = Table(
    "messages",
    metadata,
    Column("message_id", Text, primary_key=True),
    _text("to"),
    _text("text"),
    _text("kind"),
    _text("state"),
    _text("reference"),
    _text("reason"),
    Column("tries", Integer, nullable=False),
    _text("call_id"),
    _text("by"),
    Column("at", Moment, nullable=False),
    Column("next_at", Moment),
    Column("tried", Moment),
    Column("blanked", Boolean, nullable=False),
    Index(None, "at"),
    Index(None, "call_id", "at"),
    Index(None, "next_at"),
)
"""Text messages to callers, and how far each is."""

callbacks: Final = Table(
    "callbacks",
    metadata,
    Column("callback_id", Text, primary_key=True),
    _text("number"),
    _text("call_id"),
    _text("queue"),
    Column("since", Moment, nullable=False),
    _text("state"),
    Column("tries", Integer, nullable=False),
    Column("next_at", Moment),
    _text("agent_id"),
    Index(None, "since"),
    Index(None, "state", "since"),
)
"""Callbacks that were booked."""
