"""Recordings of calls: where the encrypted file lies, with which key, and what it holds."""

from __future__ import annotations

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
