"""The counselling record: one per contact, whatever the channel, and the index that finds it."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
