"""What belongs to texts that go out: templates, sender numbers, opt-outs, rules, texts that wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables; messages learn from which number they go, what they carry and ask for, and their title."""
    for name in ("sender", "entry_id", "purpose", "subject"):
        op.add_column("messages", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.create_table(
        "text_templates",
        sa.Column("template_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("notice", sa.Boolean, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("template_id", name="pk_text_templates"),
    )
    op.create_table(
        "text_senders",
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("registered", sa.Date, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_text_senders"),
    )
    op.create_table(
        "text_opt_outs",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_text_opt_outs"),
    )
    op.create_index("ix_text_opt_outs_since", "text_opt_outs", ["since"])
    op.create_table(
        "text_rules",
        sa.Column("rule_id", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("rule_id", name="pk_text_rules"),
    )
    op.create_table(
        "waiting_texts",
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("to", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_waiting_texts"),
    )
    op.create_index("ix_waiting_texts_due", "waiting_texts", ["due"])
