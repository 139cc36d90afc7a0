"""Written contacts that came in: texts and pictures, threaded, and who has them.

The contract; ``sql_threads`` keeps it in SQLite or PostgreSQL. Nothing is put here: like the call history, it is drawn
from the events that ``Store.append`` takes, in the same transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from core.events import Channel, Written


class ThreadsStore(Protocol):
    """Written contacts. Raises ``StoreFault`` when the database can't be used."""

    async def written(self, contact_id: str) -> Written | None:
        """One written contact; None for an unknown one, and for a call."""

    async def open_written(self) -> list[Written]:
        """Those that are not closed, in the order in which they began."""

    async def closed_written(
        self, *, limit: int = 50, before: datetime | None = None, agent_id: str | None = None
    ) -> list[Written]:
        """Those that are closed, newest first by their last words; of one agent where given; ``before`` pages on by
        ``last_at``."""

    async def thread(
        self, channel: Channel, number: str, *, limit: int = 20, before: datetime | None = None
    ) -> list[Written]:
        """All written contacts of one number on a channel, newest first; ``before`` pages on by ``opened``."""

    async def contact_of_text(self, text_id: str) -> str:
        """The written contact that holds this incoming text; '' = it never came."""
