"""Accounts, sessions, second factors, and tokens of programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text, nullable=False),
        *_texts("origin", "name", "extension", "uri", "roles", "team", "department", "queues"),
        sa.Column("auto_answer", sa.Boolean, nullable=False),
        *_texts("starts"),
        sa.Column("disabled", sa.Boolean, nullable=False),
        _moment("made", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_table(
        "credentials",
        *_texts("account_id", "password_hash", "file_mark"),
        _moment("password_at"),
        *_texts("invitation_hash"),
        _moment("invitation_ends"),
        sa.Column("totp_sealed", sa.LargeBinary, nullable=False),
        sa.Column("totp_step", sa.Integer, nullable=False),
        *_texts("recovery", "subject"),
        sa.Column("locked", sa.Boolean, nullable=False),
        _moment("forgiven"),
        _moment("last_sign_in"),
        sa.PrimaryKeyConstraint("account_id", name="pk_credentials"),
    )
    op.create_table(
        "sessions",
        *_texts("token_hash", "account_id"),
        _moment("made", nullable=False),
        _moment("seen", nullable=False),
        _moment("ends", nullable=False),
        *_texts("address", "browser", "extension", "way", "provider_session"),
        sa.Column("id_token_sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_table(
        "tokens",
        *_texts("name", "token_hash", "scopes", "by"),
        _moment("made", nullable=False),
        _moment("ends"),
        _moment("used"),
        sa.PrimaryKeyConstraint("name", name="pk_tokens"),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
