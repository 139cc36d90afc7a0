"""A call's line: every event of one call passes here once, in order, and gets its number.

Kept before told: a lasting event is in the journal before anybody sees it, so a node that is killed has lost nothing
that stood on a desk. When nothing can be kept (a full disk), people still get their words, and an alarm beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from core.bus.contract import Bus
from core.errors import StoreFault
from core.events import AlarmCleared, AlarmRaised, Event, renumbered
from core.log import get_logger

log = get_logger("server.line")

ADOPTION_GAP = 1000
"""Numbers skipped by a node that adopts a call: partials of the node before may have used some that were not stored."""

E = TypeVar("E", bound=Event)


class Line:
    """Numbers only grow; lasting events stay readable here while the call lives (a call's length bounds them)."""

    def __init__(
        self, call_id: str, keep: Callable[[Event], None], bus: Bus, past: Iterable[Event] = (), *, after: int = 0
    ) -> None:
        """``past``: what an adopted call has said so far. ``after``: the last number of a line that is over, whose
        events nobody needs here."""
        self.call_id = call_id
        self._keep = keep
        self._bus = bus
        self._said: list[Event] = list(past)
        self._seq = self._said[-1].seq + ADOPTION_GAP if self._said else after
        self._keeping = True

    async def say(self, event: E) -> E:
        """Number it, keep it if it lasts, publish it; returns it as published."""
        self._seq += 1
        numbered: E = renumbered(event, call_id=self.call_id, seq=self._seq)  # type: ignore[assignment]
        kept = self._kept(numbered)
        await self._bus.publish(numbered)
        if kept is not self._keeping:
            self._keeping = kept
            await self.say(AlarmCleared(code="not_saved") if kept else AlarmRaised(code="not_saved"))
        return numbered

    async def say_kept(self, event: E) -> E:
        """The same for what nobody may see before it is kept: raises ``StoreFault``, and then nothing was said."""
        numbered: E = renumbered(event, call_id=self.call_id, seq=self._seq + 1)  # type: ignore[assignment]
        self._keep(numbered)
        self._seq += 1
        self._said.append(numbered)
        await self._bus.publish(numbered)
        return numbered

    def _kept(self, event: Event) -> bool:
        """Whether lasting events can be kept, as far as this one tells."""
        if not event.LASTING:
            return self._keeping
        self._said.append(event)
        try:
            self._keep(event)
        except StoreFault as fault:
            if self._keeping:
                log.error("event.not_kept", call_id=self.call_id, why=str(fault))
            return False
        return True

    def since(self, after: int) -> list[Event]:
        """Lasting events with a higher number."""
        return [event for event in self._said if event.seq > after]

    @property
    def past(self) -> list[Event]:
        """All lasting events so far."""
        return self._said
