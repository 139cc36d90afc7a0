"""What use taught: which entries agents take when callers say which words. Pure; it is told the time.

    lessons = Lessons(await store.knowledge.lessons())
    lessons.used("17", "accepted", conversation.terms(utterance), event.at, call_id=..., agent_id=...)
    await store.knowledge.put_lessons(lessons.changed())

Every lesson fades (half of it is gone after a month), has a ceiling, and can be taken back. The deeds of one call with
one card count once, by their last verdict, and an agent's n-th call about an entry on one day counts 1/n: no single
agent turns the ranking. A word is written down only when two calls had it, so that a name said once stays out.

One object is used by the event loop (:meth:`used`) and by ranking threads (:meth:`bonus`): a lock, held for
microseconds.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Final

import msgspec

from agent_assist.learning.deeds import AFTER, WORTH, Verdict
from agent_assist.learning.terms import learnable, shown
from core.events import CardDeed
from core.store.knowledge import Lesson

HALF_LIFE_DAYS: Final = 30.0
CEILING: Final = 8.0
"""No gain is larger, up or down: eight calls' worth."""
LESSONS_LIMIT: Final = 50_000
"""Beyond it, for each new one a weak one is forgotten, and counted."""
CALLS_LIMIT: Final = 5_000
"""Cards of running calls that are remembered, the newest; beyond that a second deed counts anew."""
_HALF_SURE: Final = 2.0
"""The gain that is half as good as any amount."""
_ENTRY_SHARE: Final = 0.05
"""What an entry's own lesson counts next to a word's: it must not push aside what nobody asked for yet."""
_DOUBT: Final = 1.0
"""Gain that a word is thought to have with entries nobody has asked for yet."""
_REFUSED_SHARE: Final = 0.5
"""What a word with which an entry was put away counts."""
_WEIGHED: Final = 32
"""So many are weighed against each other to find a weak one: all would hold up the calls."""
_WRITTEN_FROM: Final = 2
"""Calls that must have had a word before it is written down."""
_START: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Learnt(msgspec.Struct, frozen=True, kw_only=True):
    """One lesson in words, for the administrator."""

    entry_id: str
    term: str
    """As kept; '' = the entry by itself."""
    word: str
    """As shown: '등본', '떼다'."""
    gain: float
    """Accepted minus put away, faded as of the newest deed."""
    times: int
    """Calls that made it."""
    bonus: float
    """What this word alone does to the entry's rank, -1..+1."""
    at: datetime
    """The last deed."""
    korean: str
    english: str


class _Standing:
    """A lesson while it is kept."""

    __slots__ = ("at", "gain", "times", "written")

    def __init__(self, gain: float, times: int, at: datetime, written: bool) -> None:
        self.gain = gain
        self.times = times
        self.at = at
        self.written = written
        """The store may have it."""

    def faded(self, now: datetime) -> float:
        days = (now - self.at).total_seconds() / 86_400
        return self.gain if days <= 0 else float(self.gain * 0.5 ** (days / HALF_LIFE_DAYS))


class _Told:
    """What one call has said of one card."""

    __slots__ = ("given", "share", "verdict")

    def __init__(self, share: float) -> None:
        self.verdict: Verdict = "none"
        self.share = share
        self.given: dict[str, float] = {}
        """Term -> what it was given so far."""


class Lessons:
    """All lessons. Implements ``agent_assist.assistant.Taught``."""

    def __init__(self, lessons: Sequence[Lesson] = (), *, limit: int = LESSONS_LIMIT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._of_term: dict[str, dict[str, _Standing]] = {}
        """Term -> entry -> standing; term '' holds the entries themselves."""
        self._kept: OrderedDict[tuple[str, str], None] = OrderedDict()
        """(entry, term) of all lessons, those first that were not weighed against others for the longest time."""
        self._now = _START
        """The newest moment that was told."""
        self._changed: set[tuple[str, str]] = set()
        self._dropped: set[tuple[str, str]] = set()
        """Written lessons that are no longer there."""
        self._calls: OrderedDict[tuple[str, str], _Told] = OrderedDict()
        self._days: OrderedDict[tuple[str, str, date], int] = OrderedDict()
        self.forgotten = 0
        """Lessons that went because there were too many."""
        for lesson in lessons:
            self._put(lesson.entry_id, lesson.term, _Standing(lesson.gain, lesson.times, lesson.at, True))
            self._now = max(self._now, lesson.at)

    def __len__(self) -> int:
        return len(self._kept)

    def used(
        self,
        entry_id: str,
        deed: CardDeed,
        terms: Sequence[str],
        at: datetime,
        *,
        call_id: str = "",
        agent_id: str = "",
    ) -> None:
        """An agent did something with a card that ``terms`` had brought (none: she found it herself)."""
        with self._lock:
            self._now = max(self._now, at)
            told = self._told(call_id, entry_id, agent_id, at)
            told.verdict = AFTER[told.verdict, deed]
            if told.verdict == "none":
                return
            worth = WORTH[told.verdict] * told.share
            for term in ("", *learnable(terms), *told.given):
                if (more := worth - told.given.get(term, 0.0)) or term not in told.given:
                    self._learn(entry_id, term, more, at, first=term not in told.given)
                    told.given[term] = worth
            while len(self._kept) > self._limit:
                self._forget_a_weak_one()

    def bonus(self, terms: Sequence[str], at: datetime | None = None) -> Mapping[str, float]:
        """Entry -> -1..+1, for entries about which something was learnt with these words.

        A word's lesson counts by the share that the entry has of all that was learnt with the word, and of what may
        still be: with a word that goes with everything, nothing was learnt, and little by one call. Where most of the
        words were never heard with a card, the question is about something else.
        """
        words = learnable(terms)
        if not words:
            return {}
        with self._lock:
            now = max(self._now, at) if at else self._now
            total: dict[str, float] = {}
            for word in words:
                for entry_id, worth in self._worth(word, now):
                    total[entry_id] = total.get(entry_id, 0.0) + worth
            own = self._of_term.get("", {})
            heard = sum(word in self._of_term for word in words) / len(words)
            scale = heard**2 / len(words) ** 0.5
            found = {
                entry_id: round(_bounded((worth + _ENTRY_SHARE * _sure(own, entry_id, now)) * scale), 4)
                for entry_id, worth in total.items()
            }
            return {entry_id: worth for entry_id, worth in found.items() if worth}

    def changed(self) -> Sequence[Lesson]:
        """Lessons that are not as they were at the last call of this, for the store; a ``gain`` of 0 = delete it."""
        with self._lock:
            found = [
                Lesson(entry_id=entry_id, term=term, gain=0.0, times=0, at=self._now)
                for entry_id, term in sorted(self._dropped)
            ]
            for entry_id, term in sorted(self._changed):
                standing = self._of_term.get(term, {}).get(entry_id)
                if standing is None or (term and standing.times < _WRITTEN_FROM and not standing.written):
                    continue
                standing.written = True
                gain = round(standing.gain, 4)
                found.append(Lesson(entry_id=entry_id, term=term, gain=gain, times=standing.times, at=standing.at))
            self._changed.clear()
            self._dropped.clear()
            return found

    def reset(self, entry_id: str | None = None) -> int:
        """Forget what was learnt, of one entry or of all; how many lessons went. They come out of :meth:`changed`."""
        with self._lock:
            gone = [key for key in self._kept if entry_id is None or key[0] == entry_id]
            for key in gone:
                self._drop(*key)
            for call in [call for call in self._calls if entry_id is None or call[1] == entry_id]:
                del self._calls[call]
            return len(gone)

    def explain(self, entry_id: str) -> tuple[Learnt, ...]:
        """What was learnt about an entry: the entry by itself first, then its words, the strongest first."""
        with self._lock:
            found = [
                self._learnt(entry_id, term, standings[entry_id])
                for term, standings in self._of_term.items()
                if entry_id in standings
            ]
        return tuple(sorted(found, key=lambda each: (each.term != "", -abs(each.bonus), -abs(each.gain), each.term)))

    def entries(self) -> tuple[str, ...]:
        """Entries about which something was learnt, the strongest first."""
        with self._lock:
            own = self._of_term.get("", {})
            strength = {entry_id: abs(standing.faded(self._now)) for entry_id, standing in own.items()}
        return tuple(sorted(strength, key=lambda entry_id: (-strength[entry_id], entry_id)))

    def _told(self, call_id: str, entry_id: str, agent_id: str, at: datetime) -> _Told:
        told = self._calls.get((call_id, entry_id)) if call_id else None
        if told is None:
            told = _Told(self._share(agent_id, entry_id, at))
            if call_id:
                self._calls[call_id, entry_id] = told
                if len(self._calls) > CALLS_LIMIT:
                    self._calls.popitem(last=False)
        return told

    def _share(self, agent_id: str, entry_id: str, at: datetime) -> float:
        """1 for an agent's first call of a day about an entry, then 1/2, 1/3 ..."""
        if not agent_id:
            return 1.0
        key = (agent_id, entry_id, at.date())
        number = self._days.pop(key, 0) + 1
        self._days[key] = number
        if len(self._days) > CALLS_LIMIT:
            self._days.popitem(last=False)
        return 1 / number

    def _learn(self, entry_id: str, term: str, more: float, at: datetime, *, first: bool) -> None:
        standing = self._of_term.get(term, {}).get(entry_id)
        if standing is None:
            standing = self._put(entry_id, term, _Standing(0.0, 0, at, False))
        late = max(at, standing.at)
        standing.gain = max(-CEILING, min(CEILING, standing.faded(late) + more))
        standing.at = late
        standing.times += first
        self._changed.add((entry_id, term))

    def _put(self, entry_id: str, term: str, standing: _Standing) -> _Standing:
        self._of_term.setdefault(term, {})[entry_id] = standing
        self._kept[entry_id, term] = None
        if (entry_id, term) in self._dropped:  # the store still has the one before
            self._dropped.discard((entry_id, term))
            standing.written = True
        return standing

    def _drop(self, entry_id: str, term: str) -> None:
        standings = self._of_term[term]
        standing = standings.pop(entry_id)
        if not standings:
            del self._of_term[term]
        del self._kept[entry_id, term]
        self._changed.discard((entry_id, term))
        if standing.written:
            self._dropped.add((entry_id, term))

    def _forget_a_weak_one(self) -> None:
        weighed = list(islice(self._kept, _WEIGHED))
        for key in weighed:
            self._kept.move_to_end(key)
        weakest = min(weighed, key=lambda key: (abs(self._of_term[key[1]][key[0]].faded(self._now)), key))
        self._drop(*weakest)
        self.forgotten += 1

    def _worth(self, word: str, now: datetime) -> Iterator[tuple[str, float]]:
        """What a word says for each entry, -1..+1."""
        gains = {entry_id: standing.faded(now) for entry_id, standing in self._of_term.get(word, {}).items()}
        total = _DOUBT + sum(gain for gain in gains.values() if gain > 0)
        for entry_id, gain in gains.items():
            yield entry_id, _saturated(gain) * (gain / total if gain > 0 else _REFUSED_SHARE)

    def _learnt(self, entry_id: str, term: str, standing: _Standing) -> Learnt:
        gain = round(standing.faded(self._now), 2)
        if term:
            bonus = next(worth for entry, worth in self._worth(term, self._now) if entry == entry_id)
        else:
            bonus = _ENTRY_SHARE * _saturated(gain)
        word, day = shown(term) if term else "", standing.at.date().isoformat()
        said = (f"'{word}'라고 말한 상담", f"calls with '{word}'") if term else ("상담", "calls")
        return Learnt(
            entry_id=entry_id,
            term=term,
            word=word,
            gain=gain,
            times=standing.times,
            bonus=round(bonus, 3),
            at=standing.at,
            korean=f"{said[0]} {standing.times}건에서 배움: 점수 {gain:+.2f}, 순위 영향 {bonus:+.2f}, 마지막 {day}",
            english=f"learnt from {standing.times} {said[1]}: gain {gain:+.2f}, effect {bonus:+.2f}, last {day}",
        )


def _saturated(gain: float) -> float:
    """-1..+1: the tenth call adds less than the first."""
    return gain / (abs(gain) + _HALF_SURE)


def _sure(own: Mapping[str, _Standing], entry_id: str, now: datetime) -> float:
    return _saturated(own[entry_id].faded(now)) if entry_id in own else 0.0


def _bounded(worth: float) -> float:
    return max(-1.0, min(1.0, worth))
