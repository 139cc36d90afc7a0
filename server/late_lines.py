"""Events on the line of any contact, also of one that is over: a record that is kept, a delivery, a rating, wrap-up.

A line that lives (a running call, a visit whose page is still open, a written contact) says the event itself. For one
that is over a line is opened anew behind the last stored event, and kept open for a while: two that say something at
once must not take the same number.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from core.bus.contract import Bus
from core.events import Event
from core.log import get_logger
from core.store.contract import Store
from server.line import Line

log = get_logger("server.late_lines")

OPEN: Final = 1000
"""Lines of past contacts that are kept open; beyond it the one that was quiet longest is closed, and read again."""

Tell = Callable[[str, Event], Awaitable[bool]]
"""Say an event on the line of that contact, if it is one of yours and lives: whether it was said."""


class LateLines:
    """One for the node. ``say`` is the only way to a line that one does not hold."""

    def __init__(
        self,
        living: Sequence[Tell],
        store: Store,
        *,
        keep: Callable[[Event], None],
        flushed: Callable[[], Awaitable[None]],
        bus: Bus,
    ) -> None:
        """``living``: who holds lines, asked in this order. ``flushed``: what was kept is stored when this returns."""
        self._living = living
        self._store = store
        self._keep = keep
        self._flushed = flushed
        self._bus = bus
        self._open: OrderedDict[str, Line] = OrderedDict()
        self._opening = asyncio.Lock()

    async def say(self, contact_id: str, event: Event) -> bool:
        """Number it, keep it, publish it. False: there is no such contact, and nothing was said.

        Raises ``StoreFault`` when it cannot be kept, or the end of the line cannot be read: then nothing was said.
        """
        for tell in self._living:
            if await tell(contact_id, event):
                self._open.pop(contact_id, None)  # a line that lives numbers its own; ours would be behind
                return True
        line = await self._line(contact_id)
        if line is None:
            log.warning("line.unknown", call_id=contact_id, type=type(event).__name__)
            return False
        await line.say_kept(event)
        return True

    async def _line(self, contact_id: str) -> Line | None:
        async with self._opening:
            line = self._open.get(contact_id)
            if line is None:
                await self._flushed()
                last = await self._store.last_seq(contact_id)
                if not last:
                    return None
                line = self._open[contact_id] = Line(contact_id, self._keep, self._bus, after=last)
                if len(self._open) > OPEN:
                    self._open.popitem(last=False)
        self._open.move_to_end(contact_id)
        return line
