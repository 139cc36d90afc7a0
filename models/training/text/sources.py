"""The rule files of this folder as one grammar, and the texts that are kept out of everything."""

from __future__ import annotations

import random
from functools import cache
from importlib import resources
from typing import Final

from models.training.text.draws import draws
from models.training.text.grammar import Draw, Grammar
from models.training.text.word_counts import Words, either, literal

NAME: Final = "\0"
"""Stands for a person's name where words are counted: names are put together from pieces."""
_TEST_TEXTS: Final = ("dev", "heldout", "handwritten", "blind", "blind2", "exclude", "sealed")
_SAMPLE: Final = 3000
"""Draws that the expected words of a draw are taken from."""


@cache
def grammar() -> Grammar:
    """The grammar of callers' and agents' sentences."""
    folder = resources.files(__package__).joinpath("rules")
    texts = [file.read_text("utf-8") for file in sorted(folder.iterdir(), key=lambda file: file.name)]
    people = Grammar(text for text in texts if "[surname" in text)
    drawn = draws(people.listed("surname"), people.listed("given"))
    return Grammar(texts, drawn, adjectives(), lambda name: _words(name, drawn[name]))


@cache
def adjectives() -> frozenset[str]:
    """Stems of adjectives: some endings differ on them (좋은데, but 먹는데)."""
    text = resources.files(__package__).joinpath("rules", "verbs.txt").read_text("utf-8")
    verbs = Grammar([text.partition("\n[verb]")[0]])
    return frozenset(stem for rule in ("be", "be_more") for stem in verbs.listed(rule))


def _words(name: str, draw: Draw) -> Words:
    """What a draw is expected to say, by trying."""
    if name == "name":
        return literal(NAME)
    rng = random.Random(1)
    return either((1 / _SAMPLE, literal(draw(rng))) for _ in range(_SAMPLE))


@cache
def excluded() -> frozenset[str]:
    """All sentences that models are measured on, without their spaces: none of them may be trained on."""
    folder = resources.files(__package__)
    out: set[str] = set()
    for name in _TEST_TEXTS:
        file = folder.joinpath(f"{name}.txt")
        if file.is_file():
            out.update(squeezed(line) for line in file.read_text("utf-8").splitlines())
    return frozenset(out)


def squeezed(sentence: str) -> str:
    """Without spaces: how sentences are compared."""
    return sentence.replace(" ", "")
