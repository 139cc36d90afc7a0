"""Recordings of calls: where the encrypted file lies, with which key, and what it holds. The tables."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from core.store.schema import Moment, metadata, text

recordings: Final = Table(
    "recordings",
    metadata,
    Column("recording_id", Text, primary_key=True),
    text("call_id"),
    Column("started", Moment, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    text("key_id"),
    text("body"),
    Index(None, "call_id"),
    Index(None, "started"),
    Index(None, "key_id"),
)
"""``body`` is what the record holds besides the other columns, as JSON."""
