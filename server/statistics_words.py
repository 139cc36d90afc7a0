"""What a text is about, as bare words: for topics that rise."""

from __future__ import annotations

from typing import Final

from agent_assist.everyday import COMMON, EMPTY
from agent_assist.korean import analyser

_NOUNS: Final = frozenset({"NNG", "NNP", "SL"})
_SHORTEST: Final = 2


def topic_words(text: str) -> list[str]:
    """Nouns of the text, each once, in its order; without everyday ones. Any thread; takes a millisecond."""
    if not text:
        return []
    words = (m.form.lower() for m in analyser().morphemes(text) if m.tag in _NOUNS)
    return [
        word for word in dict.fromkeys(words) if len(word) >= _SHORTEST and word not in COMMON and word not in EMPTY
    ]
