"""The tables of legal holds, purges, and of the audit log's checkpoints and reviews."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text

from core.store.schema import Moment, metadata, text

holds: Final = Table(
    "legal_holds",
    metadata,
    Column("hold_id", Text, primary_key=True),
    text("title"),
    text("subjects"),
    text("reason"),
    text("by"),
    Column("at", Moment, nullable=False),
    Column("until", Date),
    text("ended_by"),
    Column("ended_at", Moment),
    text("ended_why"),
)
"""What must be kept; ``subjects`` as JSON. Rows are never deleted."""

reports: Final = Table(
    "purge_reports",
    metadata,
    Column("report_id", Text, primary_key=True),
    Column("begun", Moment, nullable=False),
    Column("beat", Moment, nullable=False),
    text("state"),
    text("by"),
    Column("dry", Boolean, nullable=False),
    text("kinds"),
    Index(None, "begun"),
)
"""What was destroyed: figures only, kept for good."""

marks: Final = Table(
    "purge_marks",
    metadata,
    Column("step", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    text("line"),
)
"""How far each step has come: everything that began earlier is done, but what was passed over."""

passed: Final = Table(
    "purge_passed",
    metadata,
    Column("step", Text, primary_key=True),
    Column("line", Text, primary_key=True),
)
"""Lines that were passed over, held or not over yet: they are looked at again in every purge."""

checkpoints: Final = Table(
    "audit_checkpoints",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    text("chain"),
    Column("at", Moment, nullable=False),
    text("seal"),
)
"""Up to which line the audit log was purged by its age, sealed. Rows are only added."""

reviews: Final = Table(
    "audit_reviews",
    metadata,
    Column("month", Text, primary_key=True),
    Column("at", Moment, primary_key=True),
    text("by"),
    text("remarks"),
    Column("last", Integer, nullable=False),
)
"""Who has read a month's log, and what was noticed. Rows are only added."""
