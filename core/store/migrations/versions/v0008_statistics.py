"""Facts of each contact, and the cells that statistics are summed from. Calls of before are counted, too."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_DIMENSIONS: Final = ("channel", "queue", "language", "department", "category", "district", "agent")
_FIELDS: Final = (
    *("contacts", "offered", "answered", "abandoned", "short_abandoned", "booked", "unserved", "level_base"),
    *("level_in", "waited", "wait_ms", "abandon_ms", "menus", "contained", "dropped", "forwarded", "pages"),
    *("handled", "talk_ms", "hold_ms", "wrap_ms", "held", "transfers", "transferred", "missed", "texts", "texted"),
    *("texts_failed", "suggested", "used", "rated", "rating_sum", "satisfied", "recorded", "unasked", "callbacks"),
    *("calls_back", "reached", "alerts", "settled", "again"),
)


def upgrade() -> None:
    """Create the tables, and note all calls that have ended as due."""
    op.create_table(
        "statistics_names",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("dimension", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_statistics_names"),
        sa.UniqueConstraint("dimension", "value", name="uq_statistics_names"),
    )
    op.create_table(
        "statistics_facts",
        sa.Column("contact_id", sa.Text, nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("slot", sa.SmallInteger, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _DIMENSIONS),
        *(sa.Column(name, sa.Integer if name.endswith("_ms") else sa.SmallInteger, nullable=False) for name in _FIELDS),
        sa.PrimaryKeyConstraint("contact_id", name="pk_statistics_facts"),
    )
    op.create_index("ix_statistics_facts_day", "statistics_facts", ["day", "started", "contact_id"])
    op.create_index("ix_statistics_facts_agent", "statistics_facts", ["agent", "day"])
    op.create_index("ix_statistics_facts_category", "statistics_facts", ["category", "day"])
    op.create_index("ix_statistics_facts_person", "statistics_facts", ["person", "started"])
    op.create_table(
        "statistics_cells",
        sa.Column("grain", sa.SmallInteger, nullable=False),
        sa.Column("cube", sa.SmallInteger, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("bucket", "a", "b")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _FIELDS),
        sa.PrimaryKeyConstraint("grain", "cube", "bucket", "a", "b", name="pk_statistics_cells"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "statistics_words",
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("contacts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "word", name="pk_statistics_words"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "statistics_due",
        sa.Column("contact_id", sa.Text, nullable=False),
        sa.Column("mark", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_statistics_due"),
    )
    op.execute(
        "INSERT INTO statistics_due (contact_id, mark) SELECT call_id, last_seq FROM calls WHERE ended IS NOT NULL"
    )
