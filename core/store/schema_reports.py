"""Reports that are sent by themselves, and each sending. The tables."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from core.store.schema import Moment, metadata, text

schedules: Final = Table(
    "report_schedules",
    metadata,
    Column("schedule_id", Text, primary_key=True),
    text("title"),
    text("every"),
    Column("hour", Integer, nullable=False),
    text("department"),
    text("formats"),
    text("to"),
    Column("active", Boolean, nullable=False),
    text("by"),
    Column("at", Moment, nullable=False),
)
"""Which, when, to whom. ``formats`` and ``to`` are JSON."""

sendings: Final = Table(
    "report_sendings",
    metadata,
    Column("schedule_id", Text, primary_key=True),
    Column("due", Moment, primary_key=True),
    text("state"),
    Column("tries", Integer, nullable=False),
    Column("next_at", Moment),
    text("reason"),
    text("to"),
    Column("at", Moment, nullable=False),
    Index(None, "due"),
)
"""Each mail, once."""
