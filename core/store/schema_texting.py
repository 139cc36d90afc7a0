"""What belongs to texts that go out: templates, sender numbers, opt-outs, rules, texts that wait. The tables."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text

from core.store.schema import Moment, metadata, text

templates: Final = Table(
    "text_templates",
    metadata,
    Column("template_id", Text, primary_key=True),
    text("title"),
    text("text"),
    text("department"),
    Column("notice", Boolean, nullable=False),
    text("purpose"),
    Column("place", Integer, nullable=False),
    text("by"),
    Column("at", Moment, nullable=False),
)
"""What agents and rules send."""

senders: Final = Table(
    "text_senders",
    metadata,
    Column("number", Text, primary_key=True),
    text("name"),
    Column("registered", Date, nullable=False),
    text("department"),
    text("queue"),
    text("by"),
    Column("at", Moment, nullable=False),
)
"""Numbers that texts may come from."""

opt_outs: Final = Table(
    "text_opt_outs",
    metadata,
    Column("person", Text, primary_key=True),
    Column("since", Moment, nullable=False),
    text("way"),
    text("by"),
    text("contact"),
    Index(None, "since"),
)
"""Who wants no texts: person keys, never numbers."""

rules: Final = Table(
    "text_rules",
    metadata,
    Column("rule_id", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    text("body"),
)
"""What is sent after a contact by itself; ``body`` is the rule's JSON."""

waiting: Final = Table(
    "waiting_texts",
    metadata,
    Column("message_id", Text, primary_key=True),
    text("to"),
    text("text"),
    text("kind"),
    text("call_id"),
    text("by"),
    text("sender"),
    text("entry_id"),
    text("purpose"),
    text("subject"),
    Column("at", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    text("why"),
    Index(None, "due"),
)
"""What was asked for and is not handed over yet."""
