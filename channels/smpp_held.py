"""Receipts that are not acknowledged yet, because nobody knows their message yet. Pure: the caller brings the time.

A receipt may come before the answer to its submission, or after a break without any. If we acknowledged it and died
before the message's record says so, the text would be sent again. So it waits, but never long, for a centre may send
nothing else before it is acknowledged: ``SHORT_S`` while a text to its number is on its way, and for anybody in the
first ``LONG_S`` of a node, which does not know yet what the one before left in doubt; ``LONG_S`` while one is in doubt.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from channels.smpp_link import Answering
from channels.smpp_receipts import id_key

SHORT_S: Final = 2.0
LONG_S: Final = 8.0
"""Less than the ten seconds that many centres wait for an answer."""
LIMIT: Final = 10_000
"""Texts on their way that are remembered, of more the oldest is forgotten; and receipts that are held."""


class Held:
    """One for a gateway. ``pace``: both times are multiplied by it, for tests."""

    def __init__(self, *, pace: float = 1.0) -> None:
        self._pace = pace
        self._opened = float("-inf")
        self._on_way: OrderedDict[str, tuple[str, bool]] = OrderedDict()
        self._held: dict[str, tuple[float, list[Answering]]] = {}

    def __len__(self) -> int:
        """Receipts that are held now."""
        return len(self._held)

    def opened(self, now: float) -> None:
        """The gateway has begun."""
        self._opened = now

    def flies(self, message_id: str, number: str, *, doubtful: bool) -> None:
        """A text is on its way to this number; until ``landed`` nobody knows whether the centre has it."""
        self._on_way[message_id] = number, doubtful
        if len(self._on_way) > LIMIT:
            self._on_way.popitem(last=False)

    def doubted(self, message_id: str) -> None:
        """Its answer will not come, or comes late."""
        if message_id in self._on_way:
            self._on_way[message_id] = self._on_way[message_id][0], True

    def landed(self, message_id: str) -> None:
        """What became of it is known."""
        self._on_way.pop(message_id, None)

    def hold(self, key: str, number: str, answering: Answering, now: float) -> bool:
        """Whether it is held; else it is to be acknowledged now."""
        doubts = [doubtful for other, doubtful in self._on_way.values() if other == number or not number]
        if any(doubts):
            wait_s = LONG_S
        elif doubts or now - self._opened < LONG_S * self._pace:
            wait_s = SHORT_S
        else:
            return False
        if len(self._held) >= LIMIT:
            return False
        _until, waiting = self._held.get(key, (0.0, []))
        self._held[key] = now + wait_s * self._pace, [*waiting, answering]
        return True

    def claimed(self, ids: Iterable[str]) -> list[Answering]:
        """The message with these ids is known: what is to be acknowledged as soon as that is kept."""
        keys = [key for each in ids if (key := id_key(each)) in self._held]
        return [answering for key in keys for answering in self._held.pop(key)[1]]

    def overdue(self, now: float) -> list[Answering]:
        """What was held long enough."""
        late = [key for key, (until, _waiting) in self._held.items() if now >= until]
        return [answering for key in late for answering in self._held.pop(key)[1]]
