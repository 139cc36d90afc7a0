"""Places in a text -> the caller's very words: the reason of a card, and what is marked in the transcript. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from agent_assist.korean import VERBS, Morpheme

_WORD_REST: Final = re.compile(r"\S*")


def said(text: str, morphemes: Sequence[Morpheme], spans: Iterable[tuple[int, int]], limit: int = 6) -> tuple[str, ...]:
    """The words at these places (the most telling first; at most ``limit`` are taken), each once, in their order in
    the text. Nouns stand without particle, verbs with their ending: '등본', '떼려고'."""
    verbs = {(m.start, m.end) for m in morphemes if m.tag in VERBS}
    taken: list[tuple[int, int]] = []
    for start, end in spans:
        if len(taken) == limit:
            break
        rest = _WORD_REST.match(text, end) if (start, end) in verbs else None
        taken.append((start, rest.end() if rest else end))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(taken):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(dict.fromkeys(text[start:end] for start, end in joined))
