"""Written contacts that came in: texts and pictures, threaded, and who has them."""

from __future__ import annotations

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
