"""Facts of each contact, and the cells that statistics are summed from. The tables."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, Text, UniqueConstraint

from core.store.schema import Moment, metadata, text
from core.store.statistics import DIMENSIONS, FIELDS

LONG: Final = frozenset(name for name in FIELDS if name.endswith("_ms"))
"""Fields of a fact that need 32 bits; 16 are plenty for the others."""

names: Final = Table(
    "statistics_names",
    metadata,
    Column("id", Integer, primary_key=True),
    text("dimension"),
    text("value"),
    UniqueConstraint("dimension", "value", name="uq_statistics_names"),
)
"""Values of dimensions, once each: facts and cells hold their numbers."""

facts: Final = Table(
    "statistics_facts",
    metadata,
    Column("contact_id", Text, primary_key=True),
    Column("started", Moment, nullable=False),
    Column("day", Integer, nullable=False),
    Column("slot", SmallInteger, nullable=False),
    text("person"),
    text("words"),
    *(Column(name, Integer, nullable=False) for name in DIMENSIONS),
    *(Column(name, Integer if name in LONG else SmallInteger, nullable=False) for name in FIELDS),
    Index("ix_statistics_facts_day", "day", "started", "contact_id"),
    Index("ix_statistics_facts_agent", "agent", "day"),
    Index("ix_statistics_facts_category", "category", "day"),
    Index("ix_statistics_facts_person", "person", "started"),
)
"""One row per contact that is over: what it adds to the figures, and where."""

cells: Final = Table(
    "statistics_cells",
    metadata,
    Column("grain", SmallInteger, primary_key=True, autoincrement=False),
    Column("cube", SmallInteger, primary_key=True, autoincrement=False),
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("a", Integer, primary_key=True, autoincrement=False),
    Column("b", Integer, primary_key=True, autoincrement=False),
    *(Column(name, BigInteger, nullable=False) for name in FIELDS),
    # The cells of one question lie side by side.
    sqlite_with_rowid=False,
)
"""Sums of facts: see ``statistics_cells``."""

words: Final = Table(
    "statistics_words",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("word", Text, primary_key=True),
    Column("contacts", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How many contacts of a day spoke of a word."""

due: Final = Table(
    "statistics_due",
    metadata,
    Column("contact_id", Text, primary_key=True),
    Column("mark", BigInteger, nullable=False),
)
"""Lines that have ended or changed and are not counted yet. Each note gives a line another mark, by chance: whoever has
read a line sees from it whether that is still all."""
