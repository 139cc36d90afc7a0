"""What a caller wanted and what was answered, in their own sentences. Pure.

A sentence of the need is one that asks, wants or complains, speaks of what the whole call speaks of, and brought the
card that was used. A sentence of the answer tells something, and tells what the used entry has.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

import msgspec

from agent_assist.draft.cues import ANSWERS, ASKS, PROMISES, QUESTIONS, STOCK, TELLING, TROUBLE, WANTS
from agent_assist.draft.numbers import REPLACEMENT, without_numbers
from agent_assist.draft.sentences import Sentence, Turn, sentences

SENTENCES: Final = 2
"""At most, of either."""
LENGTH_LIMIT: Final = 240
"""Characters, of either."""
_SECOND: Final = 0.55
"""How much of the best sentence's worth a second one must have."""
_ALIKE: Final = 0.5
"""From this likeness on, two sentences say the same."""
_TELLS_FROM: Final = 3
"""Words with a topic from which on a sentence may be the need though it neither asks nor wants nor complains."""
_COMMON_TURNS: Final = 4
_FACT: Final = re.compile(r"\d[\d,]*\s*(원|만|시|분|층|일|월|년|번|통|개|호|과|세|살|%|퍼센트|미터|장|회|주|천)")
_SIGN: Final = "…"


class Topics(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the call beside its words."""

    brought: Mapping[str, float] = {}
    """Utterances that brought cards, with how much those cards were used, 0..1."""
    asked: frozenset[str] = frozenset()
    """Pieces (:func:`agent_assist.draft.sentences.pieces`) of the titles and keywords of used entries."""
    told: frozenset[str] = frozenset()
    """Pieces of all that used entries say."""
    numbers: tuple[str, ...] = ()
    """Texts of used entries, whose telephone numbers may be told."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A call in short."""

    need: str = ""
    """At most two sentences; '' = nothing was wanted, or nobody can say."""
    answer: str = ""
    """At most two sentences."""


class Summariser(Protocol):
    """Whoever sums up a call: :class:`Extractive`, or a language model of the site.

    ``tests/contracts/test_summariser.py`` tells what is expected. What a model writes goes through :func:`checked`.
    """

    async def summarise(self, said: Sequence[Turn], topics: Topics) -> Summary:
        """The call in short. Raises ``EnvironmentFault`` when it cannot be had; then the extractive one is taken."""


class Extractive:
    """Takes the sentences that were said."""

    async def summarise(self, said: Sequence[Turn], topics: Topics) -> Summary:
        """As :func:`summarised`: some milliseconds for a long call."""
        return summarised(said, topics)


def summarised(said: Sequence[Turn], topics: Topics) -> Summary:
    """The call in short."""
    spoken = tuple(sentences(said))
    spread = _spread(spoken)
    need = _chosen(spoken, [_need_worth(each, spread, topics, len(said)) for each in spoken])
    since = min((each.turn for each in need), default=0)
    answer = _chosen(
        spoken, [_answer_worth(each, spread, topics, need) if each.turn > since else 0.0 for each in spoken]
    )
    return Summary(need=_joined(need, ()), answer=_joined(answer, topics.numbers))


def checked(summary: Summary, said: Sequence[Turn], topics: Topics) -> Summary:
    """What a model wrote, made harmless: no personal number, no figure that nobody said or wrote, not too long."""
    known = "".join((*(turn.text for turn in said), *topics.numbers))

    def safe(text: str) -> str:
        text = " ".join(text.split())
        if any(figure not in known for figure in re.findall(r"\d+", text)):
            return ""
        return _shortened(without_numbers(text, topics.numbers))

    return Summary(need=safe(summary.need), answer=safe(summary.answer))


def _need_worth(sentence: Sentence, spread: Counter[str], topics: Topics, turns: int) -> float:
    if sentence.speaker != "caller" or sentence.words == 0 or TELLING.search(sentence.letters):
        return 0.0
    if len(without_numbers(sentence.text).replace(REPLACEMENT, "")) < len(sentence.text) / 2:
        return 0.0
    cues = 1.4 * bool(WANTS.search(sentence.letters))
    cues += 1.2 * bool(ASKS.search(sentence.letters))
    cues += 0.7 * bool(TROUBLE.search(sentence.letters))
    if not cues and sentence.words < _TELLS_FROM and sentence.utterance not in topics.brought:
        return 0.0
    worth = 1.0 + cues
    worth += 1.5 * _centrality(sentence, spread)
    worth += 0.35 * min(sentence.words, 4)
    worth += 1.5 * topics.brought.get(sentence.utterance, 0.0)
    worth += 1.5 * _share(sentence.pieces, topics.asked)
    worth += 0.8 * (1 - sentence.turn / max(turns, 1))  # what is wanted is mostly said first
    if REPLACEMENT in without_numbers(sentence.text):
        worth *= 0.5
    return worth


def _answer_worth(sentence: Sentence, spread: Counter[str], topics: Topics, need: Sequence[Sentence]) -> float:
    if sentence.speaker != "agent" or sentence.words == 0 or STOCK.search(sentence.letters):
        return 0.0
    if QUESTIONS.search(sentence.letters) or sentence.text.endswith("?"):
        return 0.0
    worth = 0.6
    worth += 1.5 * bool(ANSWERS.search(sentence.letters))
    worth += 1.0 * bool(_FACT.search(sentence.text))
    worth += 2.0 * _share(sentence.pieces, topics.told)
    worth += 1.0 * _share(sentence.pieces, frozenset().union(*(each.pieces for each in need)))
    worth += 0.7 * _centrality(sentence, spread)
    worth += 0.3 * min(sentence.words, 5)
    if PROMISES.search(sentence.letters):
        worth *= 0.6  # what is still to be done stands by itself
    return worth


def _chosen(spoken: Sequence[Sentence], worth: Sequence[float]) -> list[Sentence]:
    """The best ones that do not say the same, in the order in which they were said."""
    ranked = sorted((at for at in range(len(spoken)) if worth[at] > 0), key=lambda at: (-worth[at], at))
    chosen: list[int] = []
    for at in ranked:
        if worth[at] < _SECOND * worth[ranked[0]]:
            break
        if all(_likeness(spoken[at].pieces, spoken[other].pieces) < _ALIKE for other in chosen):
            chosen.append(at)
        if len(chosen) == SENTENCES:
            break
    return [spoken[at] for at in sorted(chosen)]


def _spread(spoken: Iterable[Sentence]) -> Counter[str]:
    """In how many turns each piece was said."""
    seen = {(piece, each.turn) for each in spoken for piece in each.pieces}
    return Counter(piece for piece, _ in seen)


def _centrality(sentence: Sentence, spread: Counter[str]) -> float:
    """0..1: how much of it the rest of the call speaks of too."""
    if not sentence.pieces:
        return 0.0
    others = sum(min(spread[piece] - 1, _COMMON_TURNS) for piece in sentence.pieces)
    return min(1.0, others / (_COMMON_TURNS * math.sqrt(len(sentence.pieces))))


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part & whole) / len(part) if part and whole else 0.0


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one | other)
    return len(one & other) / both if both else 1.0


def _joined(chosen: Sequence[Sentence], numbers: Sequence[str]) -> str:
    return _shortened(" ".join(without_numbers(each.text, numbers) for each in chosen))


def _shortened(text: str) -> str:
    if len(text) <= LENGTH_LIMIT:
        return text
    cut = text[: LENGTH_LIMIT - 1]
    return (cut[: cut.rfind(" ")] if " " in cut else cut) + _SIGN
