"""Today's and this moment's figures, for the wall: what is counted already, and the contacts that are not.

The sums of the day come from the store's cells each time something was counted; what runs now, and what ended a second
ago, is held here as tallies of the same kind. So these figures are those of the statistics, a second earlier. A
contact that ended is dropped here when the store says that it counts.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec.structs import replace

from core.events import CallStarted, ContactOpened, Event
from core.store.statistics import FIELDS, ContactFacts
from records.statistics.facts import Rules, local, no_words
from records.statistics.facts import facts as facts_so_far
from records.statistics.measures import BY_ID, total
from records.statistics.tally import Tally

NOW: Final = timedelta(minutes=30)
"""So long is 'now' for the service level: shorter, and a quiet hour has no figure."""
COUNTED: Final = 5000
"""Ids of contacts counted last: an event of theirs that comes late opens no tally again."""
DECIDED: Final = 20_000
"""Answers and losses within ``NOW`` that are remembered, the newest."""


class LiveFigures(msgspec.Struct, frozen=True, kw_only=True):
    """House-wide. Shares are 0 .. 1; None = there is nothing to divide by yet."""

    offered: int
    """Today, also those that still wait."""
    answered: int
    """Today."""
    abandoned: int
    """Today, without short ones."""
    level_now: float | None
    """Service level of what was decided within the last half hour."""
    level_today: float | None
    """Service level of today."""
    target: float
    """What is wanted, 0 .. 1."""
    target_s: float
    """Answered within so many seconds is in time."""
    asa_s: float | None
    """Average speed of answer today."""
    aht_s: float | None
    """Average handling time today."""
    waiting: int
    """Calls that want an agent and have none."""
    longest_wait_s: float
    """Of these, the longest until now."""
    texts: int
    """Text messages sent today."""


class Live:
    """Rules only: events in, figures out. Holds the contacts that run, and those of the last second."""

    def __init__(self, rules: Rules, *, target: float) -> None:
        """``target``: the share that shall be in time, 0 .. 1."""
        self._rules = replace(rules, words=no_words)  # which nobody counts here, and which take long to find
        self._target = target
        self._open: dict[str, Tally] = {}
        self._counted: OrderedDict[str, None] = OrderedDict()
        self._day = 0
        self._sums: Mapping[str, int] = dict.fromkeys(FIELDS, 0)
        self._decided: deque[tuple[datetime, int]] = deque(maxlen=DECIDED)

    def resume(self, events: Iterable[Event]) -> None:
        """A contact that an earlier node had: its events so far."""
        for event in events:
            self._take(event)

    def remember(self, facts: Iterable[ContactFacts]) -> None:
        """What was decided shortly before this node began."""
        for each in facts:
            if each.level_base:
                waited = timedelta(milliseconds=each.wait_ms or each.abandon_ms)
                self._decided.append((each.started + waited, each.level_in))

    def take(self, event: Event) -> None:
        """The next event of the bus. Those of the house are passed over."""
        if event.call_id:
            self._take(event)

    def counted(self, contacts: Iterable[str], day: int, sums: Mapping[str, int]) -> None:
        """These count now, and these are the sums of the day: of today, as far as the caller knows."""
        for contact in contacts:
            self._counted[contact] = None
            self._open.pop(contact, None)
        while len(self._counted) > COUNTED:
            self._counted.popitem(last=False)
        self._day, self._sums = day, dict(sums)

    def sums(self, now: datetime, *, over: bool = False) -> dict[str, int]:
        """Every field of today, counted or not. ``over``: without contacts that still run, whose times grow."""
        day, _ = local(now, self._rules.zone)
        sums = dict(self._sums) if day == self._day else dict.fromkeys(FIELDS, 0)
        for tally in self._open.values():
            if over and not tally.over:
                continue
            facts = facts_so_far(tally, self._rules)
            if facts.day == day:
                for name in FIELDS:
                    sums[name] += getattr(facts, name)
        return sums

    def figures(self, now: datetime) -> LiveFigures:
        """As of this moment."""
        sums = self.sums(now)
        while self._decided and self._decided[0][0] < now - NOW:
            self._decided.popleft()
        recent = [in_time for at, in_time in self._decided if at >= now - NOW]
        waits = [tally.entered for tally in self._open.values() if tally.waits and tally.entered is not None]
        return LiveFigures(
            offered=sums["offered"],
            answered=sums["answered"],
            abandoned=sums["abandoned"],
            level_now=sum(recent) / len(recent) if recent else None,
            level_today=sums["level_in"] / sums["level_base"] if sums["level_base"] else None,
            target=self._target,
            target_s=self._rules.target_s,
            asa_s=_value("asa", sums),
            aht_s=_value("aht", self.sums(now, over=True)),
            waiting=len(waits),
            longest_wait_s=max(((now - since).total_seconds() for since in waits), default=0.0),
            texts=sums["texts"],
        )

    def _take(self, event: Event) -> None:
        tally = self._open.get(event.call_id)
        if tally is None:
            # A contact that counts already, or whose beginning we have not seen: the store has it.
            if event.call_id in self._counted or not isinstance(event, CallStarted | ContactOpened):
                return
            tally = self._open[event.call_id] = Tally()
        undecided = tally.decided is None
        tally.take(event)
        if undecided and tally.decided is not None and (facts := facts_so_far(tally, self._rules)).level_base:
            self._decided.append((tally.decided, facts.level_in))


def _value(measure: str, sums: Mapping[str, int]) -> float | None:
    figure = BY_ID[measure]
    return figure.value(total(figure.numerator, sums), total(figure.denominator, sums))
