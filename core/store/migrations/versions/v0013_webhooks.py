"""Webhooks going out: who is told, what is due, how each delivery went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "webhook_subscribers",
        *_texts("subscriber_id", "name", "url", "topics"),
        sa.Column("words", sa.Boolean, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("old_sealed", sa.LargeBinary, nullable=False),
        sa.Column("old_until", sa.DateTime(timezone=True)),
        sa.Column("paused", sa.Boolean, nullable=False),
        _count("dropped"),
        *_texts("by"),
        _moment("made"),
        sa.PrimaryKeyConstraint("subscriber_id", name="pk_webhook_subscribers"),
    )
    op.create_table(
        "webhook_due",
        *_texts("call_id"),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("call_id", "seq", name="pk_webhook_due"),
    )
    op.create_index("ix_webhook_due_at", "webhook_due", ["at"])
    op.create_table(
        "webhook_deliveries",
        *_texts("delivery_id"),
        _count("number"),
        *_texts("subscriber_id", "topic", "contact_id", "body"),
        _moment("made"),
        *_texts("state"),
        sa.Column("tries", sa.Integer, nullable=False),
        _moment("next_at"),
        sa.Column("status", sa.Integer, nullable=False),
        *_texts("fault"),
        sa.Column("done", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_webhook_deliveries"),
    )
    for columns in (
        ["subscriber_id", "number"],
        ["state", "subscriber_id", "number"],
        ["number"],
        ["contact_id"],
    ):
        op.create_index(f"ix_webhook_deliveries_{'_'.join(columns)}", "webhook_deliveries", columns)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False)
