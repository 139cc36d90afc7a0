"""Written contacts that came in: texts and pictures, threaded, and who has them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TEXTS = (
    ("channel", "number", "name", "to", "language", "queue", "reply_to", "state", "agent_id", "agent_name"),
    ("last_text", "last_by", "topic"),
)


def upgrade() -> None:
    """Create the tables; messages are found by the number that they went to."""
    op.create_table(
        "written_contacts",
        sa.Column("contact_id", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for names in _TEXTS for name in names),
        sa.Column("anonymous", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("opened", "since", "last_at")),
        *(sa.Column(name, sa.DateTime(timezone=True)) for name in ("owed_since", "first_answer")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("texts", "photos", "last_text_seq", "last_seq")),
        sa.Column("closed", sa.Text),
        sa.Column("undelivered", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_written_contacts"),
    )
    for columns in (("channel", "number", "opened"), ("state", "last_at"), ("agent_id", "state", "last_at")):
        op.create_index(f"ix_written_contacts_{'_'.join(columns)}", "written_contacts", list(columns))
    op.create_table(
        "incoming_texts",
        sa.Column("text_id", sa.Text, nullable=False),
        sa.Column("contact_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("text_id", name="pk_incoming_texts"),
    )
    op.create_index("ix_incoming_texts_contact_id", "incoming_texts", ["contact_id"])
    op.create_index("ix_messages_to_at", "messages", ["to", "at"])
