"""The counselling record: one per contact, whatever the channel, and the index that finds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables and the index."""
    op.create_table(
        "contacts",
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("contact_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("agent_name", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("last4", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("wait_s", sa.Float, nullable=False),
        sa.Column("talk_s", sa.Float, nullable=False),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("forms", sa.Text, nullable=False),
        sa.Column("values", sa.Text, nullable=False),
        sa.Column("cards", sa.Text, nullable=False),
        sa.Column("texts", sa.Text, nullable=False),
        sa.Column("transfers", sa.Text, nullable=False),
        sa.Column("promises", sa.Text, nullable=False),
        sa.Column("categories", sa.Text, nullable=False),
        sa.Column("departments", sa.Text, nullable=False),
        sa.Column("results", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("district", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("need", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("searched", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True)),
        sa.Column("open_follow_ups", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_contacts"),
    )
    op.create_index("ix_contacts_contact_id", "contacts", ["contact_id"], unique=True)
    op.create_index("ix_contacts_number", "contacts", ["number"], unique=True)
    op.create_index("ix_contacts_person_place", "contacts", ["person", "place"])
    op.create_index("ix_contacts_state_agent_id", "contacts", ["state", "agent_id"])
    op.create_table(
        "record_versions",
        sa.Column("contact_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("district", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("need", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "version", name="pk_record_versions"),
    )
    op.create_table(
        "follow_ups",
        sa.Column("follow_up_id", sa.Text, nullable=False),
        sa.Column("contact_id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("callback_id", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("follow_up_id", name="pk_follow_ups"),
    )
    op.create_index("ix_follow_ups_contact_id", "follow_ups", ["contact_id"])
    op.create_index("ix_follow_ups_person", "follow_ups", ["person"])
    op.create_index("ix_follow_ups_state_owner_due", "follow_ups", ["state", "owner", "due"])
    op.create_table(
        "corrections",
        sa.Column("contact_id", sa.Text, nullable=False),
        sa.Column("utterance", sa.Text, nullable=False),
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("start", sa.Float, nullable=False),
        sa.Column("end", sa.Float, nullable=False),
        sa.Column("original", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "utterance", name="pk_corrections"),
    )
    op.create_index("ix_corrections_at", "corrections", ["at"])
    op.create_table(
        "record_lessons",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("feature", sa.Text, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("kind", "label", "feature", name="pk_record_lessons"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE contact_terms (place bigint PRIMARY KEY, terms integer[] NOT NULL)")
        op.execute(
            "CREATE INDEX ix_contact_terms_terms ON contact_terms USING gin (terms) WITH (gin_pending_list_limit = 512)"
        )
    else:
        op.execute("CREATE VIRTUAL TABLE contact_terms USING fts5(terms, content='', detail='none', tokenize='ascii')")
