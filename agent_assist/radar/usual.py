"""How many calls of an hour speak of a term, for each hour of the week: as it was, and learnt anew hour by hour.

Rates are of whole hours during which the radar listened. The rate of the term '' is that of all calls: what is compared
is a term's share of the calls, so that a busy Monday is no news by itself. A term that is hardly spoken of is not kept;
that, too, is knowledge, for the total says how many calls were heard.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from agent_assist.radar.live import Key
from agent_assist.radar.settings import RadarSettings
from core.store.knowledge import TermRate

ALL: Final[Key] = ("", "")
SLOTS: Final = 168
_HOUR: Final = timedelta(hours=1)
MOST_WEEKS: Final = 8.0
"""A mean rests on no more: it follows the times."""
KEPT_FROM: Final = 0.3
"""Calls an hour; below, a term is as good as never heard."""
_KEPT_CALLS: Final = 2
"""Calls of all weeks; once is no rate."""
TOLD_FOR: Final = timedelta(hours=3)
"""So long a changed rate is told: one that could not be written is told again."""
_BELIEVED: Final = 0.5
"""So much of a burst is learnt: what comes every week is news once, what does not is forgotten in some weeks."""
_NEIGHBOUR: Final = 0.5
_OTHER_DAY: Final = 0.2
_PRIOR_CALLS: Final = 0.4
"""Before anything is known: so many calls of a term ..."""
_PRIOR_OF: Final = 1500.0
"""... in so many calls."""
_PRIOR_MOST: Final = 3_000.0
"""What a week without a term tells of this hour: as much as so many calls."""
_WEEK_TELLS: Final = 0.02
_WEEK_MOST: Final = 3.0
"""What a term's whole week tells of this hour: a fiftieth of its calls, as much as so many calls at most."""
_SUREST: Final = 20.0
"""No rate is known better than as if from so many calls: days differ by a fifth for no reason."""
_TODAY: Final = 0.2
"""What today's past weighs once there are weeks behind this hour."""


class Known(msgspec.Struct, frozen=True):
    """What is known of a term's share of the calls: a gamma distribution."""

    shape: float
    calls: float
    """The rate's exposure, in calls."""

    def expected(self, calls: float) -> float:
        """How many of so many calls."""
        return self.shape / self.calls * calls


class Usual:
    """Rates by term, district and hour of the week."""

    def __init__(self, rates: Iterable[TermRate], settings: RadarSettings) -> None:
        self._settings = settings
        self._rates: dict[Key, dict[int, tuple[float, float]]] = {}
        self._rows = 0
        self._week: dict[Key, float] = {}
        """Calls of a whole week, as far as its hours are known."""
        self._hour: datetime | None = None
        self._whole = False
        self._counts: dict[Key, int] = {}
        self._bursting: set[Key] = set()
        self._changed: list[tuple[datetime, TermRate]] = []
        self.dropped = 0
        """Rates that found no room."""
        for rate in rates:
            if 0 <= rate.slot < SLOTS and rate.weeks > 0:
                self._set((rate.term, rate.district), rate.slot, rate.mean, rate.weeks)

    def __len__(self) -> int:
        return self._rows

    def known(self, key: Key, at: datetime, today: tuple[float, float]) -> Known:
        """At that time; ``today`` = calls of this term, and of all, before the window (``Live.past``)."""
        slot = self._slot(at)
        into = (at - self._hour_of(at)) / _HOUR
        weeks = self._weeks(ALL, slot)
        calls, of = self._prior(key, today)
        for other, weight in self._like(slot, into, weeks):
            calls += weight * self._calls(key, other)
            of += weight * self._calls(ALL, other)
        share = _TODAY if weeks else 1.0
        calls, of = calls + share * today[0], of + share * today[1]
        shape = min(calls, _SUREST)
        return Known(shape, of * shape / calls)

    def calls(self, today: float) -> float:
        """How many calls stand behind what is known; ``today`` = calls before the window."""
        return self._week.get(ALL, 0.0) + today

    def _prior(self, key: Key, today: tuple[float, float]) -> tuple[float, float]:
        """Its share in the week as a whole and today: what is known of an hour of which little is known (a night)."""
        heard, all_ = self._week.get(key, 0.0) + today[0], self._week.get(ALL, 0.0) + today[1]
        share = (_PRIOR_CALLS + heard) / (_PRIOR_OF + all_)
        calls = min(_PRIOR_CALLS + _WEEK_TELLS * heard, _WEEK_MOST)
        return calls, min(calls / share, _PRIOR_MOST)

    def _like(self, slot: int, into: float, weeks: float) -> Iterable[tuple[int, float]]:
        """Hours of the week that tell of this one, and how much."""
        yield slot, 1.0
        yield (slot - 1) % SLOTS, _NEIGHBOUR * max(0.0, 1 - 2 * into)
        yield (slot + 1) % SLOTS, _NEIGHBOUR * max(0.0, 2 * into - 1)
        for days in range(1, 7):
            yield (slot + 24 * days) % SLOTS, _OTHER_DAY / max(1.0, weeks) ** 2

    def count(self, keys: Iterable[Key], at: datetime) -> None:
        """A call spoke of these for the first time; ``ALL`` is among them once a call."""
        self.move(at)
        for key in keys:
            self._counts[key] = self._counts.get(key, 0) + 1

    def move(self, at: datetime, bursting: Collection[Key] = ()) -> None:
        """To that time: hours that are over are learnt from; ``bursting`` keys of this hour are half believed."""
        hour = self._hour_of(at)
        if self._hour is None:
            self._hour, self._whole = hour, at - hour < timedelta(minutes=1)
        if hour > self._hour:
            if self._whole:
                self._learn()
            self._whole = hour - self._hour == _HOUR
            self._hour = hour
            self._counts.clear()
            self._bursting.clear()
        self._bursting.update(bursting)

    def changed(self, at: datetime) -> tuple[TermRate, ...]:
        """What was learnt of late, to be written down."""
        self.move(at)
        self._changed = [(when, rate) for when, rate in self._changed if at - when <= TOLD_FOR]
        newest = {(rate.term, rate.district, rate.slot): rate for _, rate in self._changed}
        return tuple(newest.values())

    def _learn(self) -> None:
        assert self._hour is not None
        slot = self._slot(self._hour)
        weeks = self._weeks(ALL, slot)
        known = {key for key, slots in self._rates.items() if slot in slots}
        for key in known | self._counts.keys() | {ALL}:
            before = self._rates.get(key, {}).get(slot, (0.0, 0.0))[0]
            count = self._counts.get(key, 0) * (_BELIEVED if key in self._bursting else 1.0)
            mean = before + (count - before) / (min(weeks, MOST_WEEKS - 1) + 1)
            often = mean >= KEPT_FROM and mean * (weeks + 1) >= _KEPT_CALLS
            if key == ALL or key in known or often:
                self._learnt(key, slot, mean, min(weeks + 1, MOST_WEEKS))

    def _learnt(self, key: Key, slot: int, mean: float, weeks: float) -> None:
        assert self._hour is not None
        if mean < KEPT_FROM and key != ALL:
            slots = self._rates[key]
            self._week[key] -= slots.pop(slot)[0]
            self._rows -= 1
            if not slots:
                del self._rates[key], self._week[key]
        elif not self._set(key, slot, mean, weeks):
            return
        rate = TermRate(term=key[0], district=key[1], slot=slot, mean=mean, weeks=weeks)
        self._changed.append((self._hour + _HOUR, rate))

    def _set(self, key: Key, slot: int, mean: float, weeks: float) -> bool:
        slots = self._rates.get(key)
        if slots is None or slot not in slots:
            if self._rows >= self._settings.most_rates and key != ALL:
                self.dropped += 1
                return False
            self._rows += 1
            slots = self._rates.setdefault(key, {})
        self._week[key] = self._week.get(key, 0.0) + mean - slots.get(slot, (0.0, 0.0))[0]
        slots[slot] = (mean, weeks)
        return True

    def _calls(self, key: Key, slot: int) -> float:
        """Calls of all weeks together. The total's weeks hold for every term: one without a rate was not heard."""
        mean, _ = self._rates.get(key, {}).get(slot, (0.0, 0.0))
        return mean * self._weeks(ALL, slot)

    def _weeks(self, key: Key, slot: int) -> float:
        return self._rates.get(key, {}).get(slot, (0.0, 0.0))[1]

    def _slot(self, at: datetime) -> int:
        local = at.astimezone(self._settings.zone)
        return local.weekday() * 24 + local.hour

    def _hour_of(self, at: datetime) -> datetime:
        local = at.astimezone(self._settings.zone)
        return at - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def enough(log_chance: float, tests: int, settings: RadarSettings) -> bool:
    """Whether a tail is too thin for chance, with so many words looked at (Bonferroni)."""
    return log_chance <= math.log(settings.false_alarms / max(100, tests))
