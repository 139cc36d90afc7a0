"""What was said held against what arrived on the desks, and when. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from core.events import AnyEvent, Speaker, TranscriptFinal, TranscriptPartial
from server.bench.played_messages import Began
from server.bench.talk import Talk

NO_WORDS: Final = ("", "…")
"""Partials that say that somebody speaks (or did not, after all), not what."""

Leg = tuple[str, Speaker]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """An utterance as it was played."""

    leg: Leg
    onset: float
    """On the call's own clock, as ``TranscriptFinal.start``."""
    end: float
    wall: float
    """Monotonic time at which that clock stood at 0."""


class _Heard(msgspec.Struct):
    """An utterance as it arrived, all times monotonic but the two of audio."""

    noticed: float = math.inf
    words: float = math.inf
    final: float = math.inf
    start: float = math.inf
    end: float = -math.inf


class Delays(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds, one value for each utterance; infinite for what had not arrived when it was looked for."""

    noticed: list[float]
    """Onset to the first sign that somebody speaks."""
    words: list[float]
    """Onset to the first partial (or final) with words."""
    final: list[float]
    """Last sound to the final."""

    @property
    def lost(self) -> int:
        """Utterances without a final."""
        return sum(map(math.isinf, self.final))


def said_between(began: Began, talk: Talk, first: float, last: float) -> Iterator[Said]:
    """The call's utterances whose onset and end lie between two moments (monotonic)."""
    wall = began.began - began.begins_at
    rounds = math.ceil((last - began.began + began.phase_s) / talk.length_s)
    for number in range(rounds + 1):
        shift = began.began + number * talk.length_s - began.phase_s
        for utterance in talk.utterances:
            onset, end = shift + utterance.onset, shift + utterance.end
            # An utterance into which the first sample falls was begun before: its words are nobody's measure.
            if max(first, began.began) <= onset and end <= last:
                leg = (began.call_id, utterance.speaker)
                yield Said(leg=leg, onset=onset - wall, end=end - wall, wall=wall)


class Ledger:
    """Notes what arrives; answers what came how late."""

    def __init__(self) -> None:
        self._legs: defaultdict[Leg, dict[str, _Heard]] = defaultdict(dict)

    def take(self, arrived: float, event: AnyEvent) -> None:
        """What a desk was told."""
        if not isinstance(event, TranscriptPartial | TranscriptFinal):
            return
        heard = self._legs[event.call_id, event.speaker].setdefault(event.utterance, _Heard())
        heard.noticed = min(heard.noticed, arrived)
        if event.text not in NO_WORDS:
            heard.words = min(heard.words, arrived)
        if isinstance(event, TranscriptFinal):
            heard.final = min(heard.final, arrived)
            heard.start, heard.end = event.start, event.end

    def delays(self, played: Iterable[Said]) -> Delays:
        """An utterance that the speech path cut in several is over with the last of them."""
        delays = Delays(noticed=[], words=[], final=[])
        for said in played:
            heard = self._matching(said)
            delays.noticed.append(_since(said.wall + said.onset, [one.noticed for one in heard[:1]]))
            delays.words.append(_since(said.wall + said.onset, [one.words for one in heard[:1]]))
            delays.final.append(_since(said.wall + said.end, [one.final for one in heard[-1:]]))
        return delays

    def _matching(self, said: Said) -> Sequence[_Heard]:
        """Utterances with a final that share time with it, in order."""
        legs = self._legs.get(said.leg, {}).values()
        return sorted((one for one in legs if one.start < said.end and one.end > said.onset), key=lambda one: one.start)


def _since(moment: float, arrivals: Sequence[float]) -> float:
    return arrivals[0] - moment if arrivals else math.inf
