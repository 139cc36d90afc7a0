"""When something a caller asked is a gap. Pure.

Agents often read a card without a click, so not using one says little; what counts is that nothing came, that all that
came was put away, or that in a whole call nothing was used and nothing was sure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from core.events import CardDeed
from core.store.knowledge import Gap

Why = Literal["nothing", "dismissed", "unused"]

WORDS: Final = 2
"""Words with a topic that a question has at least."""
QUESTIONS_LIMIT: Final = 200
"""Of one call; later ones are not looked at."""
GAPS_LIMIT: Final = 5
"""Of one call, the first ones."""
TEXT_LIMIT: Final = 300
"""Characters of a gap that are kept."""
_LEAD_IN: Final = 2
"""So many questions later a card may still come for what began here."""
_SURE: Final = 0.8
"""A card so sure may have been read without a click."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller said, with what it brought."""

    utterance: str
    text: str
    at: datetime
    words: int
    """Words with a topic of their own."""
    score: float = 0.0
    """How sure the best card for it was, 0 = none came."""
    cards: tuple[str, ...] = ()
    """Entries on the desk for it; none when the desk's cards belong to what was said before."""


class Questions:
    """What was asked in one call, while it goes on."""

    def __init__(self, call_id: str) -> None:
        self._call_id = call_id
        self._asked: list[Asked] = []
        self._deeds: dict[str, CardDeed] = {}
        self.dropped = 0
        """Questions beyond the limit."""

    def asked(self, question: Asked) -> None:
        """The caller said something; what has no topic is passed over. Asked again under the same utterance, it had
        been heard wrongly before."""
        self._asked = [known for known in self._asked if known.utterance != question.utterance]
        if question.words < WORDS:
            return
        if len(self._asked) == QUESTIONS_LIMIT:
            self.dropped += 1
            return
        self._asked.append(question)

    def used(self, entry_id: str, deed: CardDeed) -> None:
        """The agent did something with a card."""
        if deed == "dismissed" or self._deeds.get(entry_id) not in {"accepted", "sent", "pinned"}:
            self._deeds[entry_id] = deed

    def gaps(self, mask: Callable[[str], str]) -> tuple[Gap, ...]:
        """The call is over: its gaps. ``mask`` takes personal numbers, telephones and addresses out."""
        good = {entry for entry, deed in self._deeds.items() if deed not in {"dismissed", "unpinned"}}
        away = {entry for entry, deed in self._deeds.items() if deed == "dismissed"}
        found = _gaps(self._asked, good, away)[:GAPS_LIMIT]
        return tuple(
            Gap(
                gap_id=f"{self._call_id}/{question.utterance}",
                call_id=self._call_id,
                text=mask(question.text)[:TEXT_LIMIT],
                at=question.at,
            )
            for question, _ in found
        )


def _gaps(asked: Sequence[Asked], used: set[str], away: set[str]) -> list[tuple[Asked, Why]]:
    found: list[tuple[Asked, Why]] = []
    for at, question in enumerate(asked):
        if (why := why_gap(question, asked[at + 1 : at + 1 + _LEAD_IN], used, away)) is not None:
            found.append((question, why))
    if found or used or not asked:
        return found
    best = max(asked, key=lambda question: question.words)
    sure = max(question.score for question in asked)
    return [(best, "unused")] if sure < _SURE else []


def why_gap(question: Asked, later: Sequence[Asked], used: set[str], away: set[str]) -> Why | None:
    """Why a question is a gap; None = it is none. ``used``, ``away``: entries that the agent used or put away."""
    near = (question, *later)
    if any(card in used for each in near for card in each.cards):
        return None
    if not any(each.cards for each in near):
        return "nothing"
    if question.cards and all(card in away for card in question.cards):
        return "dismissed"
    return None
