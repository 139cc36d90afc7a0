"""The tables of accounts, sessions, second factors, and tokens of programs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text

from core.store.schema import Moment, metadata, text

accounts: Final = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    text("origin"),
    text("name"),
    text("extension"),
    text("uri"),
    text("roles"),
    text("team"),
    text("department"),
    text("queues"),
    Column("auto_answer", Boolean, nullable=False),
    text("starts"),
    Column("disabled", Boolean, nullable=False),
    Column("made", Moment, nullable=False),
)
"""Who there is besides those of the configuration file; lists as JSON."""

credentials: Final = Table(
    "credentials",
    metadata,
    Column("account_id", Text, primary_key=True),
    text("password_hash"),
    text("file_mark"),
    Column("password_at", Moment),
    text("invitation_hash"),
    Column("invitation_ends", Moment),
    Column("totp_sealed", LargeBinary, nullable=False),
    Column("totp_step", Integer, nullable=False),
    text("recovery"),
    text("subject"),
    Column("locked", Boolean, nullable=False),
    Column("forgiven", Moment),
    Column("last_sign_in", Moment),
)
"""What they prove themselves with, also those of the file."""

sessions: Final = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    text("account_id"),
    Column("made", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    text("address"),
    text("browser"),
    text("extension"),
    text("way"),
    text("provider_session"),
    Column("id_token_sealed", LargeBinary, nullable=False),
    Index(None, "account_id"),
)
"""Signed-in browsers."""

tokens: Final = Table(
    "tokens",
    metadata,
    Column("name", Text, primary_key=True),
    text("token_hash"),
    text("scopes"),
    text("by"),
    Column("made", Moment, nullable=False),
    Column("ends", Moment),
    Column("used", Moment),
)
"""Tokens of programs."""
