"""The table of the audit log. Triggers of its migration let nobody change or delete a line."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, Table

from core.store.schema import Moment, metadata, text

audit: Final = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    text("who"),
    text("deed"),
    text("thing"),
    text("subject"),
    text("person"),
    text("address"),
    text("reason"),
    text("detail"),
    text("chain"),
    Index(None, "at"),
    Index(None, "who", "number"),
    Index(None, "subject", "number"),
    Index(None, "person", "number"),
)
"""One line per deed, in the order in which they were noted."""
