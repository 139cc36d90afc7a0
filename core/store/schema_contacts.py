"""The tables of the counselling record. Columns are the fields of the records in ``core.store.contacts``; lists JSON.

The index that finds records is not here: what it is made of differs from database to database
(``core.store.contact_index``).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Date, Float, Index, Integer, Table, Text

from core.store.schema import Moment, metadata, text

Place: Final = BigInteger().with_variant(Integer, "sqlite")
"""In SQLite it must be called INTEGER to be the row's own number."""

contacts: Final = Table(
    "contacts",
    metadata,
    Column("place", Place, primary_key=True, autoincrement=False),
    text("number"),
    text("contact_id"),
    text("channel"),
    Column("at", Moment, nullable=False),
    Column("ended", Moment),
    text("agent_id"),
    text("agent_name"),
    text("person"),
    text("last4"),
    text("language"),
    Column("wait_s", Float, nullable=False),
    Column("talk_s", Float, nullable=False),
    Column("duration_s", Float, nullable=False),
    text("path"),
    text("forms"),
    text("values"),
    text("cards"),
    text("texts"),
    text("transfers"),
    text("promises"),
    text("categories"),
    text("departments"),
    text("results"),
    text("category"),
    text("department"),
    text("district"),
    text("result"),
    text("need"),
    text("answer"),
    text("searched"),
    text("state"),
    Column("version", Integer, nullable=False),
    text("by"),
    Column("changed", Moment),
    Column("open_follow_ups", Integer, nullable=False),
    Index(None, "contact_id", unique=True),
    Index(None, "number", unique=True),
    Index(None, "person", "place"),
    Index(None, "state", "agent_id"),
)
"""One row per contact. ``searched`` is the text that it is found by, folded."""

record_versions: Final = Table(
    "record_versions",
    metadata,
    Column("contact_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    text("by"),
    text("state"),
    text("reason"),
    text("category"),
    text("department"),
    text("district"),
    text("result"),
    text("need"),
    text("answer"),
)
"""Every version of what people wrote; rows are only added."""

follow_ups: Final = Table(
    "follow_ups",
    metadata,
    Column("follow_up_id", Text, primary_key=True),
    text("contact_id"),
    text("person"),
    text("text"),
    text("owner"),
    Column("due", Date, nullable=False),
    text("callback_id"),
    text("by"),
    Column("at", Moment, nullable=False),
    text("state"),
    text("note"),
    text("done_by"),
    Column("done_at", Moment),
    Index(None, "contact_id"),
    Index(None, "person"),
    Index(None, "state", "owner", "due"),
)

corrections: Final = Table(
    "corrections",
    metadata,
    Column("contact_id", Text, primary_key=True),
    Column("utterance", Text, primary_key=True),
    text("speaker"),
    Column("start", Float, nullable=False),
    Column("end", Float, nullable=False),
    text("original"),
    text("text"),
    text("by"),
    Column("at", Moment, nullable=False),
    text("reviewed_by"),
    Index(None, "at"),
)

record_lessons: Final = Table(
    "record_lessons",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("feature", Text, primary_key=True),
    Column("times", Integer, nullable=False),
)
