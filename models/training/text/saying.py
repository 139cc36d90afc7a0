"""How a sentence is spoken: as it is written or as people say it; with hesitation, false starts and repetitions."""

from __future__ import annotations

import random
from typing import Final

from models.korean.respell import respell

_PLAIN: Final = 0.45
"""Share of sentences that the synthesiser reads as they are written, as the voices of demo and tests do."""
_BY_WORD: Final = 0.2
"""Share said word for word by the rules; the rest runs on across words, a phrase at a time."""
_PHRASE: Final = (2, 5)
"""Words without a pause."""
_FILLERS: Final = ("어", "음", "저기", "그", "저", "뭐", "아", "에", "그게", "그러니까", "뭐냐", "이제")
_CORRECTIONS: Final = ("아니", "아니 그게 아니라", "아 아니", "그게 아니고")


def as_spoken(text: str, rng: random.Random) -> str:
    """What the synthesiser is given for a transcript: the same words, in one of the ways of saying them."""
    way = rng.random()
    if way < _PLAIN:
        return text
    if way < _PLAIN + _BY_WORD:
        return respell(text, joined=False)
    words = text.split()
    phrases: list[str] = []
    while words:
        count = rng.randint(*_PHRASE)
        phrases.append(respell(" ".join(words[:count])))
        del words[:count]
    return " ".join(phrases)


def disfluent(text: str, rng: random.Random) -> str:
    """The transcript of somebody who hesitates: a filler, a broken-off word, a word twice, a correction."""
    words = text.split()
    at = rng.randrange(len(words))
    kind = rng.random()
    if kind < 0.5:
        words.insert(at, rng.choice(_FILLERS))
    elif kind < 0.7:
        words.insert(at, words[at][: rng.randint(1, 2)])
    elif kind < 0.9:
        words.insert(at, words[at])
    else:
        words[at:at] = [words[at], *rng.choice(_CORRECTIONS).split()]
    if rng.random() < 0.3:
        words.insert(0, rng.choice(_FILLERS))
    return " ".join(words)
