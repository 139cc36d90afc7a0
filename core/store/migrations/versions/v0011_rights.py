"""Legal holds, purges, checkpoints and reviews of the audit log."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_COVERED: Final = "OLD.number > COALESCE((SELECT MAX(number) FROM audit_checkpoints), 0)"
_SQLITE: Final = (
    "DROP TRIGGER audit_no_DELETE",
    f"""
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN {_COVERED}
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
""",
    *(
        f"""
CREATE TRIGGER {table}_no_{deed} BEFORE {deed} ON {table}
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
        for table in ("audit_checkpoints", "audit_reviews")
        for deed in ("update", "delete")
    ),
)
_POSTGRESQL: Final = (
    "DROP TRIGGER audit_append_only ON audit",
    """
CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
""",
    f"""
CREATE FUNCTION audit_line_is_covered() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF {_COVERED} THEN RAISE EXCEPTION 'the audit log is append-only'; END IF; RETURN OLD; END $$
""",
    """
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_line_is_covered()
""",
    *(
        f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
"""
        for table in ("audit_checkpoints", "audit_reviews")
    ),
)
_FIRST: Final = sa.text("seq = 1")


def upgrade() -> None:
    """Create the tables; lines of the audit log may go once a checkpoint covers them."""
    op.create_table(
        "legal_holds",
        *_texts("hold_id", "title", "subjects", "reason", "by"),
        _moment("at"),
        sa.Column("until", sa.Date),
        *_texts("ended_by"),
        _moment("ended_at", nullable=True),
        *_texts("ended_why"),
        sa.PrimaryKeyConstraint("hold_id", name="pk_legal_holds"),
    )
    op.create_table(
        "purge_reports",
        *_texts("report_id"),
        _moment("begun"),
        _moment("beat"),
        *_texts("state", "by"),
        sa.Column("dry", sa.Boolean, nullable=False),
        *_texts("kinds"),
        sa.PrimaryKeyConstraint("report_id", name="pk_purge_reports"),
    )
    op.create_index("ix_purge_reports_begun", "purge_reports", ["begun"])
    op.create_table(
        "purge_marks",
        *_texts("step"),
        _moment("at"),
        *_texts("line"),
        sa.PrimaryKeyConstraint("step", name="pk_purge_marks"),
    )
    op.create_table(
        "purge_passed", *_texts("step", "line"), sa.PrimaryKeyConstraint("step", "line", name="pk_purge_passed")
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        *_texts("chain"),
        _moment("at"),
        *_texts("seal"),
        sa.PrimaryKeyConstraint("number", name="pk_audit_checkpoints"),
    )
    op.create_table(
        "audit_reviews",
        *_texts("month"),
        _moment("at"),
        *_texts("by", "remarks"),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("month", "at", name="pk_audit_reviews"),
    )
    op.create_index("ix_events_first", "events", ["at", "call_id"], sqlite_where=_FIRST, postgresql_where=_FIRST)
    op.create_index("ix_callbacks_number", "callbacks", ["number"])
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
