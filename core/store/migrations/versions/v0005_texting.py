"""What belongs to texts that go out: templates, opt-outs, rules, what was asked to be sent later."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
