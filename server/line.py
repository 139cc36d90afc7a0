"""A call's line: every event of one call passes here once, in order, and gets its number.

Kept before told: a lasting event is in the journal before anybody sees it, so a node that is killed has lost nothing
that stood on a desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from core.bus.contract import Bus
from core.events import Event, renumbered

ADOPTION_GAP = 1000
"""Numbers skipped by a node that adopts a call: partials of the node before may have used some that were not stored."""

E = TypeVar("E", bound=Event)


class Line:
    """Numbers only grow; lasting events stay readable here while the call lives (a call's length bounds them)."""

    def __init__(self, call_id: str, keep: Callable[[Event], None], bus: Bus, past: Iterable[Event] = ()) -> None:
        self.call_id = call_id
        self._keep = keep
        self._bus = bus
        self._said: list[Event] = list(past)
        self._seq = self._said[-1].seq + ADOPTION_GAP if self._said else 0

    async def say(self, event: E) -> E:
        """Number it, keep it if it lasts, publish it; returns it as published."""
        self._seq += 1
        numbered: E = renumbered(event, call_id=self.call_id, seq=self._seq)  # type: ignore[assignment]
        if numbered.LASTING:
            self._keep(numbered)
            self._said.append(numbered)
        await self._bus.publish(numbered)
        return numbered

    def since(self, after: int) -> list[Event]:
        """Lasting events with a higher number."""
        return [event for event in self._said if event.seq > after]

    @property
    def past(self) -> list[Event]:
        """All lasting events so far."""
        return self._said
