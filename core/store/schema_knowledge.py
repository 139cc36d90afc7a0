"""The tables of the consultation database and of what its use taught. Columns are the fields of the records in
``core.store.knowledge``; lists are JSON."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, Table, Text

from core.store.schema import Moment, metadata, text

departments: Final = Table(
    "departments",
    metadata,
    Column("id", Text, primary_key=True),
    text("name"),
    text("phone"),
    text("hours"),
    text("parent_id"),
    Column("closed", Boolean, nullable=False),
)

people: Final = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    text("name"),
    text("department_id"),
    text("phone"),
    text("duty"),
    text("deputy_id"),
    Column("absent_from", Date),
    Column("absent_until", Date),
    Column("left", Boolean, nullable=False),
)

categories: Final = Table(
    "categories",
    metadata,
    Column("id", Text, primary_key=True),
    text("name"),
    text("parent_id"),
    Column("place", Integer, nullable=False),
)

entry_versions: Final = Table(
    "entry_versions",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    text("state"),
    text("title"),
    text("category_id"),
    text("department_id"),
    text("person_id"),
    text("deputy_id"),
    text("phone"),
    text("hours"),
    text("procedure"),
    text("body"),
    text("keywords"),
    text("excludes"),
    text("links"),
    text("attachments"),
    text("message"),
    Column("expires", Date),
    Column("review_by", Date),
    Column("updated", Date),
    text("by"),
    text("why"),
    Column("at", Moment, nullable=False),
)
"""Every version of every entry; rows are only added, and follow when a record that they name is merged into another."""

entry_heads: Final = Table(
    "entry_heads",
    metadata,
    Column("entry_id", Text, primary_key=True),
    text("sort_key"),
    Column("version", Integer, nullable=False),
    Column("published", Integer, nullable=False),
    text("state"),
    text("title"),
    text("category_id"),
    text("department_id"),
    text("person_id"),
    Column("expires", Date),
    Column("review_by", Date),
    Column("updated", Date),
    text("by"),
    Column("at", Moment, nullable=False),
    Index(None, "sort_key"),
    Index(None, "state", "sort_key"),
    Index(None, "department_id"),
    Index(None, "category_id"),
)
"""One line per entry: what its newest version is, and which one agents see (0 = none). ``sort_key`` orders ids as
people count."""

tasks: Final = Table(
    "tasks",
    metadata,
    Column("task_id", Text, primary_key=True),
    text("kind"),
    text("entry_id"),
    Column("version", Integer, nullable=False),
    text("department_id"),
    text("note"),
    text("call_id"),
    text("by"),
    Column("at", Moment, nullable=False),
    text("state"),
    text("answer"),
    text("done_by"),
    Column("done_at", Moment),
    Index(None, "at"),
    Index(None, "state", "at"),
    Index(None, "entry_id"),
)

synonyms: Final = Table(
    "synonyms",
    metadata,
    Column("lay", Text, primary_key=True),
    text("office"),
    text("state"),
    Column("seen", Integer, nullable=False),
    text("by"),
    Column("at", Moment, nullable=False),
)

gaps: Final = Table(
    "gaps",
    metadata,
    Column("gap_id", Text, primary_key=True),
    text("call_id"),
    text("text"),
    Column("at", Moment, nullable=False),
    text("state"),
    text("entry_id"),
    Index(None, "at"),
    Index(None, "state", "at"),
)

documents: Final = Table(
    "documents",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    text("body"),
    text("by"),
    text("why"),
    Column("at", Moment, nullable=False),
)

lessons: Final = Table(
    "lessons",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("term", Text, primary_key=True),
    Column("gain", Float, nullable=False),
    Column("times", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)

entry_usage: Final = Table(
    "entry_usage",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("shown", Integer, nullable=False),
    Column("opened", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("dismissed", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Index(None, "day"),
)

issues: Final = Table(
    "issues",
    metadata,
    Column("issue_id", Text, primary_key=True),
    text("terms"),
    text("district"),
    Column("calls", Integer, nullable=False),
    Column("usual", Float, nullable=False),
    Column("since", Moment, nullable=False),
    text("quotes"),
    text("entry_id"),
    text("entry_title"),
    text("state"),
    text("by"),
    Index(None, "since"),
)

term_rates: Final = Table(
    "term_rates",
    metadata,
    Column("term", Text, primary_key=True),
    Column("district", Text, primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("mean", Float, nullable=False),
    Column("weeks", Float, nullable=False),
)

import_jobs: Final = Table(
    "import_jobs",
    metadata,
    Column("job_id", Text, primary_key=True),
    text("source"),
    text("digest"),
    Column("rows", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    text("state"),
    text("by"),
    Column("at", Moment, nullable=False),
    Index(None, "digest"),
    Index(None, "at"),
)
