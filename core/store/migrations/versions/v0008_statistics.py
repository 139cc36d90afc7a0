"""Facts of each contact, and the cells that statistics are summed from."""

from __future__ import annotations

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
