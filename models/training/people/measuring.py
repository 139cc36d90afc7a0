"""Before and after: how people are heard who were held out, and what is left of the synthetic voices' figures.

Decoding is given from above (``Decode``), for models can't load an engine. The verdict is a rule of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from models.training.people import pack

MOST: Final = 600
"""Clips of a set that are decoded; of more an even choice."""
WORST_LOSS: Final = 0.5
"""Points that the synthetic voices' character error rate may rise."""
CLOSED: Final = 300
"""A set of no more different sentences is also heard as a closed list."""
_BEFORE: Final = np.zeros(int(0.2 * pack.RATE), np.int16)
_AFTER: Final = np.zeros(int(0.5 * pack.RATE), np.int16)

Decode = Callable[[Path, Sequence[bytes], Sequence[str]], list[str]]
"""(model folder, clips of 8 kHz s16le, grammar or ()) -> what was heard."""
Synthetic = Callable[[Path], float]
"""Model folder -> character error rate on synthetic voices, percent."""


class Sayings(msgspec.Struct, frozen=True):
    """A set of recordings that nothing was learnt from."""

    name: str
    clips: tuple[bytes, ...]
    texts: tuple[str, ...]

    @property
    def list(self) -> tuple[str, ...]:
        """Its different sentences, if they are few enough to be a closed list."""
        sentences = tuple(dict.fromkeys(self.texts))
        return sentences if len(sentences) <= CLOSED else ()


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Of one model."""

    people: dict[str, float]
    """Set -> character error rate, percent, spaces left out; the first is the held-out people's."""
    synthetic: float
    """Character error rate on synthetic voices, percent."""


def sayings(name: str, shards: Sequence[Path]) -> Sayings:
    """The clips of packed shards, at most ``MOST``; only those are ever in memory."""
    places = [(path, at) for path in shards for at in range(len(pack.contents(path).texts))]
    chosen: dict[Path, list[int]] = {}
    for number in pack.spread(len(places), MOST):
        path, at = places[number]
        chosen.setdefault(path, []).append(at)
    clips, texts = [], []
    for path, those in chosen.items():
        packed = pack.read(path)
        clips += [np.concatenate([_BEFORE, pack.pcm(packed.audio[at]), _AFTER]).tobytes() for at in those]
        texts += [packed.texts[at] for at in those]
    return Sayings(name, tuple(clips), tuple(texts))


def figures(model: Path, sets: Sequence[Sayings], decode: Decode, synthetic: Synthetic) -> Figures:
    """Decode everything with the model in that folder."""
    people = {each.name: error_rate(each.texts, decode(model, each.clips, ())) for each in sets}
    return Figures(people=people, synthetic=synthetic(model))


def sentences_right(model: Path, each: Sayings, decode: Decode) -> float:
    """Percent of the clips whose sentence is picked out of the set's own list, given as a run-time grammar."""
    heard = decode(model, each.clips, each.list)
    right = sum(bare(text) == bare(found) for text, found in zip(each.texts, heard, strict=True))
    return 100 * right / max(1, len(each.texts))


def nearest_right(closed: Path, each: Sayings, decode: Decode) -> float:
    """Percent of the clips to whose sentence the words that were heard are nearest, of all in the set's own list.

    ``closed`` is a model that knows nothing but the words of that list (``folder.write_closed``).
    """
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    sentences = [bare(text) for text in each.list]
    heard = decode(closed, each.clips, ())
    found = [
        process.extractOne(bare(text), sentences, scorer=Levenshtein.normalized_similarity, score_cutoff=0.1)
        for text in heard
    ]
    right = sum(bare(text) == best[0] for text, best in zip(each.texts, found, strict=True) if best is not None)
    return 100 * right / max(1, len(each.texts))


def error_rate(said: Sequence[str], heard: Sequence[str]) -> float:
    """Characters that are wrong, percent of those said."""
    from rapidfuzz.distance import Levenshtein  # not on machines that only train

    wrong = sum(Levenshtein.distance(bare(a), bare(b)) for a, b in zip(said, heard, strict=True))
    return 100 * wrong / max(1, sum(len(bare(text)) for text in said))


def bare(text: str) -> str:
    """Without spaces: no two people space alike."""
    return text.replace(" ", "")


def refusal(before: Figures, after: Figures) -> str:
    """Why the tuned model is not to be used; '' if it is better."""
    name, was = next(iter(before.people.items()))
    now = after.people[name]
    if now >= was:
        return f"{name} are heard no better: {now:.1f} % of the characters wrong, {was:.1f} % before"
    if after.synthetic > before.synthetic + WORST_LOSS:
        return (
            f"synthetic voices are heard worse: {after.synthetic:.1f} % of the characters wrong, "
            f"{before.synthetic:.1f} % before; at most {WORST_LOSS} points are given away"
        )
    return ""


def table(before: Figures, after: Figures, right: dict[str, float]) -> list[str]:
    """Lines of Markdown."""
    lines = ["| character error rate | before | after |", "|---|---|---|"]
    lines += [f"| {name} | {was:.1f} % | {after.people[name]:.1f} % |" for name, was in before.people.items()]
    lines += [f"| synthetic voices | {before.synthetic:.2f} % | {after.synthetic:.2f} % |"]
    lines += [f"| {name}: the right sentence of its own list | | {share:.1f} % |" for name, share in right.items()]
    return lines
