"""The tables of calls and visits, as all migrations together leave them (a test compares the two on both databases)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Boolean, Column, DateTime, Dialect, Index, Integer, MetaData, Table, Text, TypeDecorator
from sqlalchemy import text as sqltext
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


def text(name: str) -> Column[str]:
    """A text that is always there, perhaps empty."""
    return Column(name, Text, nullable=False)


events: Final = Table(
    "events",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    text("type"),
    Column("at", Moment, nullable=False),
    text("body"),
    # Lines by their beginning: whoever goes through all of them by age.
    Index(
        "ix_events_first",
        "at",
        "call_id",
        sqlite_where=sqltext("seq = 1"),
        postgresql_where=sqltext("seq = 1"),
    ),
)
"""What happened, as it happened. ``body`` is the event's JSON; the other columns are for finding it."""

calls: Final = Table(
    "calls",
    metadata,
    Column("call_id", Text, primary_key=True),
    text("caller_number"),
    text("caller_name"),
    Column("caller_anonymous", Boolean, nullable=False),
    text("called"),
    Column("started", Moment, nullable=False),
    text("agent_id"),
    text("agent_name"),
    Column("joined", Moment),
    Column("ended", Moment),
    text("reason"),
    Column("last_seq", Integer, nullable=False),
    text("topic"),
    Index(None, "started"),
    Index(None, "agent_id", "started"),
    Index(None, "caller_number", "started"),
    Index(None, "ended"),
)
"""One line per call, drawn from its events and kept up to date with them (``projection.py``)."""

revisions: Final = Table(
    "revisions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)
"""How often a part was changed ('entries', 'records'), so that a node notices what another process wrote."""

links: Final = Table(
    "links",
    metadata,
    Column("token_hash", Text, primary_key=True),
    text("browser_hash"),
    text("visit_id"),
    text("call_id"),
    text("menu"),
    text("language"),
    Column("ends", Moment, nullable=False),
    Index(None, "ends"),
)
"""Links to visits, by the hash of their token."""

messages: Final = Table(
    "messages",
    metadata,
    Column("message_id", Text, primary_key=True),
    text("to"),
    text("text"),
    text("kind"),
    text("state"),
    text("reference"),
    text("reason"),
    Column("tries", Integer, nullable=False),
    text("call_id"),
    text("by"),
    Column("at", Moment, nullable=False),
    Column("next_at", Moment),
    Column("tried", Moment),
    Column("blanked", Boolean, nullable=False),
    text("sender"),
    text("entry_id"),
    text("purpose"),
    text("subject"),
    Index(None, "at"),
    Index(None, "call_id", "at"),
    Index(None, "to", "at"),
    Index(None, "next_at"),
)
"""Text messages to callers, and how far each is."""

callbacks: Final = Table(
    "callbacks",
    metadata,
    Column("callback_id", Text, primary_key=True),
    text("number"),
    text("call_id"),
    text("queue"),
    Column("since", Moment, nullable=False),
    text("state"),
    Column("tries", Integer, nullable=False),
    Column("next_at", Moment),
    text("agent_id"),
    Index(None, "since"),
    Index(None, "state", "since"),
    Index(None, "number"),
)
"""Callbacks that were booked."""
