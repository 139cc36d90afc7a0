"""The consultation database with versions, and departments, people and categories as records of their own; tasks,
synonyms, gaps, documents, lessons, usage, issues and imports. What stood in ``entries`` moves: every entry becomes a
published version 1, and what it named a record."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_BATCH: Final = 1000


def upgrade() -> None:
    """Create the tables, move the entries, drop their old table."""
    _create_records()
    _create_entries()
    _create_work()
    _create_memory()
    _Move(op.get_bind()).all()
    op.drop_table("entries")


def _create_records() -> None:
    op.create_table(
        "departments",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("hours", sa.Text, nullable=False),
        sa.Column("parent_id", sa.Text, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_departments"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("department_id", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("duty", sa.Text, nullable=False),
        sa.Column("deputy_id", sa.Text, nullable=False),
        sa.Column("absent_from", sa.Date),
        sa.Column("absent_until", sa.Date),
        sa.Column("left", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("parent_id", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_categories"),
    )


def _create_entries() -> None:
    op.create_table(
        "entry_versions",
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("category_id", sa.Text, nullable=False),
        sa.Column("department_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("deputy_id", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("hours", sa.Text, nullable=False),
        sa.Column("procedure", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("keywords", sa.Text, nullable=False),
        sa.Column("excludes", sa.Text, nullable=False),
        sa.Column("links", sa.Text, nullable=False),
        sa.Column("attachments", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("expires", sa.Date),
        sa.Column("review_by", sa.Date),
        sa.Column("updated", sa.Date),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "version", name="pk_entry_versions"),
    )
    op.create_table(
        "entry_heads",
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("sort_key", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("published", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("category_id", sa.Text, nullable=False),
        sa.Column("department_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("expires", sa.Date),
        sa.Column("review_by", sa.Date),
        sa.Column("updated", sa.Date),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_entry_heads"),
    )
    op.create_index("ix_entry_heads_sort_key", "entry_heads", ["sort_key"])
    op.create_index("ix_entry_heads_state_sort_key", "entry_heads", ["state", "sort_key"])
    op.create_index("ix_entry_heads_department_id", "entry_heads", ["department_id"])
    op.create_index("ix_entry_heads_category_id", "entry_heads", ["category_id"])


def _create_work() -> None:
    op.create_table(
        "tasks",
        sa.Column("task_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("department_id", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("task_id", name="pk_tasks"),
    )
    op.create_index("ix_tasks_at", "tasks", ["at"])
    op.create_index("ix_tasks_state_at", "tasks", ["state", "at"])
    op.create_index("ix_tasks_entry_id", "tasks", ["entry_id"])
    op.create_table(
        "synonyms",
        sa.Column("lay", sa.Text, nullable=False),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lay", name="pk_synonyms"),
    )
    op.create_table(
        "gaps",
        sa.Column("gap_id", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("gap_id", name="pk_gaps"),
    )
    op.create_index("ix_gaps_at", "gaps", ["at"])
    op.create_index("ix_gaps_state_at", "gaps", ["state", "at"])
    op.create_table(
        "documents",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name="pk_documents"),
    )
    op.create_table(
        "import_jobs",
        sa.Column("job_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("rejected", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name="pk_import_jobs"),
    )
    op.create_index("ix_import_jobs_digest", "import_jobs", ["digest"])
    op.create_index("ix_import_jobs_at", "import_jobs", ["at"])


def _create_memory() -> None:
    op.create_table(
        "lessons",
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("term", sa.Text, nullable=False),
        sa.Column("gain", sa.Float, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "term", name="pk_lessons"),
    )
    op.create_table(
        "entry_usage",
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("opened", sa.Integer, nullable=False),
        sa.Column("accepted", sa.Integer, nullable=False),
        sa.Column("dismissed", sa.Integer, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "day", name="pk_entry_usage"),
    )
    op.create_index("ix_entry_usage_day", "entry_usage", ["day"])
    op.create_table(
        "issues",
        sa.Column("issue_id", sa.Text, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("district", sa.Text, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("usual", sa.Float, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quotes", sa.Text, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("entry_title", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("issue_id", name="pk_issues"),
    )
    op.create_index("ix_issues_since", "issues", ["since"])
    op.create_table(
        "term_rates",
        sa.Column("term", sa.Text, nullable=False),
        sa.Column("district", sa.Text, nullable=False),
        sa.Column("slot", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("mean", sa.Float, nullable=False),
        sa.Column("weeks", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("term", "district", "slot", name="pk_term_rates"),
    )


class _Move:
    """Carries the rows of ``entries`` over, in the same transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._at = datetime.now(UTC)
        tables = sa.MetaData()
        names = ("entries", "departments", "people", "categories", "entry_versions", "entry_heads")
        tables.reflect(connection, only=names)
        self._tables = tables.tables
        self._departments: dict[str, str] = {}
        self._people: dict[tuple[str, str], str] = {}
        self._categories: dict[tuple[str, str], str] = {}
        self._new: dict[str, list[dict[str, Any]]] = {name: [] for name in names[1:]}

    def all(self) -> None:
        """Every entry."""
        entries = self._tables["entries"]
        last = ""
        while True:
            query = sa.select(entries).where(entries.c.id > last).order_by(entries.c.id).limit(_BATCH)
            rows = self._connection.execute(query).all()
            for row in rows:
                self._take(row)
            self._write()
            if len(rows) < _BATCH:
                return
            last = rows[-1].id

    def _take(self, row: sa.Row[Any]) -> None:
        department_id = self._department(row.department.strip())
        shared = {
            "entry_id": row.id,
            "version": 1,
            "state": "published",
            "title": row.title,
            "category_id": self._category(row.category),
            "department_id": department_id,
            "person_id": self._person(row.person.strip(), department_id),
            "expires": None,
            "review_by": None,
            "updated": row.updated,
            "by": "import",
            "at": self._at,
        }
        self._new["entry_heads"].append(shared | {"sort_key": f"{len(row.id):04d} {row.id}", "published": 1})
        more = {name: getattr(row, name) for name in ("phone", "procedure", "body", "keywords", "message")}
        empty = {"hours": "", "excludes": "[]", "links": "[]", "attachments": "[]", "why": ""}
        deputy_id = self._person(row.deputy.strip(), department_id)
        self._new["entry_versions"].append(shared | more | empty | {"deputy_id": deputy_id})

    def _write(self) -> None:
        for name, rows in self._new.items():
            if rows:
                self._connection.execute(sa.insert(self._tables[name]), rows)
            rows.clear()

    def _department(self, name: str) -> str:
        if not name:
            return ""
        if name not in self._departments:
            self._departments[name] = _new_id()
            row = {"id": self._departments[name], "name": name, "phone": "", "hours": "", "parent_id": ""}
            self._new["departments"].append(row | {"closed": False})
        return self._departments[name]

    def _person(self, name: str, department_id: str) -> str:
        if not name:
            return ""
        key = (name, department_id)
        if key not in self._people:
            self._people[key] = _new_id()
            row: dict[str, Any] = {"id": self._people[key], "name": name, "department_id": department_id}
            row |= {"phone": "", "duty": "", "deputy_id": "", "absent_from": None, "absent_until": None, "left": False}
            self._new["people"].append(row)
        return self._people[key]

    def _category(self, path: str) -> str:
        above = ""
        for name in filter(None, (level.strip() for level in path.split(">"))):
            key = (name, above)
            if key not in self._categories:
                self._categories[key] = _new_id()
                row = {"id": self._categories[key], "name": name, "parent_id": above, "place": 0}
                self._new["categories"].append(row)
            above = self._categories[key]
        return above


def _new_id() -> str:
    return "m" + secrets.token_hex(6)[:11]
