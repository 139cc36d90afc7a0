"""Written contacts that came in: texts and pictures, threaded, and who has them. The tables."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from core.store.schema import Moment, metadata, text

written_contacts: Final = Table(
    "written_contacts",
    metadata,
    Column("contact_id", Text, primary_key=True),
    text("channel"),
    text("number"),
    text("name"),
    Column("anonymous", Boolean, nullable=False),
    text("to"),
    text("language"),
    text("queue"),
    text("reply_to"),
    Column("opened", Moment, nullable=False),
    text("state"),
    Column("since", Moment, nullable=False),
    text("agent_id"),
    text("agent_name"),
    Column("owed_since", Moment),
    Column("first_answer", Moment),
    Column("texts", Integer, nullable=False),
    Column("photos", Integer, nullable=False),
    text("last_text"),
    text("last_by"),
    Column("last_at", Moment, nullable=False),
    Column("last_text_seq", Integer, nullable=False),
    text("topic"),
    Column("closed", Text),
    Column("undelivered", Boolean, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Index(None, "channel", "number", "opened"),
    Index(None, "state", "last_at"),
    Index(None, "agent_id", "state", "last_at"),
)
"""One line per written contact, drawn from its events and kept up to date with them (``written_projection``)."""

incoming_texts: Final = Table(
    "incoming_texts",
    metadata,
    Column("text_id", Text, primary_key=True),
    text("contact_id"),
    Index(None, "contact_id"),
)
"""Texts that have come, so that one that is delivered again is known."""
