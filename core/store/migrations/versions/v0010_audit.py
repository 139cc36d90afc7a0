"""The audit log: append-only, hash-chained. Nobody who has but the application's ways to the database can change it."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_SQLITE: Final = """
CREATE TRIGGER audit_no_{deed} BEFORE {deed} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
_POSTGRESQL: Final = (
    """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
""",
    """
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
""",
)


def upgrade() -> None:
    """Create the table and what guards it."""
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("who", "deed", "thing", "subject", "person", "address", "reason", "detail", "chain")
        ),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    for columns in (["at"], ["who", "number"], ["subject", "number"], ["person", "number"]):
        op.create_index(f"ix_audit_{'_'.join(columns)}", "audit", columns)
    if op.get_bind().dialect.name == "postgresql":
        for statement in _POSTGRESQL:
            op.execute(statement)
    else:
        for deed in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(deed=deed))
