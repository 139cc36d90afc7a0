"""What belongs to texts that go out: templates, opt-outs, rules, what was asked to be sent later.

The contract; ``sql_texting`` keeps it in SQLite or PostgreSQL.
"""

from __future__ import annotations

from typing import Protocol


class TextingStore(Protocol):
    """What belongs to texts that go out: templates, opt-outs, rules, what was asked to be sent later.

    Raises ``StoreFault`` when the database can't be used.
    """
