"""sherpa-onnx's tokens as words: pure.

A token that begins with a space (or '▁', as token lists write it) begins a word. Tokens may be syllables, pieces of
words, or Korean letters (conjoining jamo, U+1100), which Unicode's composition (NFC) turns into syllables.

What an engine does not tell is made up as follows, and said so in docs/engines.md: without times, the words share the
utterance by their length; without probabilities, a word's confidence is ``UNSAID``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from core.events import Word

UNSAID: Final = 0.5
"""The confidence of a word whose engine tells no probability: too little to be believed where the speech gate itself is
only half sure that somebody spoke (:data:`stt.spoken_line.CONFIDENT`)."""

LONGEST_S: Final = 0.4
"""What a word's last token may last at most; nobody tells where it ends, only where the next one begins."""

_MARKS: Final = " ▁"
_STRAY: Final = re.compile("[\u1100-\u11ff]+")
"""Letters that make no syllable: somebody is in the middle of one, or the model erred."""
_LEAST: Final = 0.001


def tidy(text: str) -> str:
    """The text as we pass it on: composed, single spaces, none around."""
    return " ".join(_STRAY.sub("", unicodedata.normalize("NFC", text.replace("▁", " "))).split())


def spaced(text: str, tokens: Sequence[str]) -> str:
    """The tidy text, with the spaces that the tokens have: sherpa-onnx's transducers take them out of its own text
    wherever it is not written in Latin letters. Tokens that are not the text (bytes of a letter) are left alone."""
    plain, joined = tidy(text), tidy("".join(tokens))
    return joined if joined.replace(" ", "") == plain.replace(" ", "") else plain


def words(
    text: str,
    tokens: Sequence[str],
    times: Sequence[float],
    log_probs: Sequence[float],
    length_s: float,
) -> tuple[Word, ...]:
    """The words of ``spaced(text, tokens)``. ``times`` are seconds at which tokens begin, one a token or none;
    ``log_probs`` are natural logarithms, one a token or none; ``length_s`` is the length of the utterance's audio."""
    spoken = spaced(text, tokens).split()
    groups = _groups(tokens)
    if len(times) != len(tokens) or [tidy("".join(tokens[at] for at in group)) for group in groups] != spoken:
        return _shared_out(spoken, length_s)
    starts = [times[group[0]] for group in groups] + [length_s]
    probable = log_probs if len(log_probs) == len(tokens) else ()
    return tuple(
        Word(
            text=word,
            start=min(starts[at], length_s),
            end=min(starts[at + 1], times[group[-1]] + LONGEST_S, length_s),
            confidence=_confidence([probable[token] for token in group]) if probable else UNSAID,
        )
        for at, (word, group) in enumerate(zip(spoken, groups, strict=True))
    )


def _groups(tokens: Sequence[str]) -> list[list[int]]:
    """Which tokens make a word together. A lone mark belongs to the word that it begins."""
    groups: list[list[int]] = []
    for at, token in enumerate(tokens):
        if not groups or token[:1] in _MARKS:
            groups.append([at])
        else:
            groups[-1].append(at)
    return [group for group in groups if tidy("".join(tokens[at] for at in group))]


def _confidence(log_probs: Sequence[float]) -> float:
    """As sure as of its least sure token."""
    return min(1.0, max(_LEAST, math.exp(min(0.0, *log_probs))))


def _shared_out(spoken: Sequence[str], length_s: float) -> tuple[Word, ...]:
    """Every letter lasts equally long."""
    letters = sum(len(word) for word in spoken)
    found, before = [], 0
    for word in spoken:
        start, end = (length_s * place / letters for place in (before, before + len(word)))
        found.append(Word(text=word, start=start, end=end, confidence=UNSAID))
        before += len(word)
    return tuple(found)
