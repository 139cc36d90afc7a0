"""Who saw, heard, exported or changed what: append-only, hash-chained."""

from __future__ import annotations

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables."""
