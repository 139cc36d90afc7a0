"""What an alternative of a rule is made of: words as they stand, a choice on the spot, another rule in its place.

Each part can be drawn, and can say how often it says each word; both ask the grammar for the other rules.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Protocol

from models.korean.particles import attach
from models.training.text.word_counts import Words, both, either, literal


class Rules(Protocol):
    """What parts ask of their grammar."""

    def draw(self, rule: str, rng: random.Random) -> str:
        """An expansion of that rule."""

    def conjugated(self, text: str, ending: str) -> str:
        """The text, which ends in a verb's stem, with the ending on it."""

    def slot_words(self, rule: str, sign: str, drawn: str, tail: str) -> Words:
        """How often each word is expected of that rule with that tail on it."""


class Text:
    """Words as they stand."""

    def __init__(self, text: str) -> None:
        self.text = text

    def draw(self, rules: Rules, rng: random.Random) -> str:
        """The text."""
        return self.text

    def words(self, rules: Rules) -> Words:
        """Its own."""
        return literal(self.text)


class Choice:
    """One of several sequences."""

    def __init__(self, branches: Sequence[Sequence[Part]], weights: Sequence[float]) -> None:
        self.branches = branches
        self._weights = weights
        self._until = list(accumulate(weights))
        self._total = self._until[-1]

    def draw(self, rules: Rules, rng: random.Random) -> str:
        """An expansion."""
        branch = self.branches[bisect(self._until, rng.random() * self._total)]
        if len(branch) == 1:
            return branch[0].draw(rules, rng)
        return "".join([part.draw(rules, rng) for part in branch])

    def words(self, rules: Rules) -> Words:
        """Of all branches by their weights."""
        out = (
            (weight / self._total, both([part.words(rules) for part in branch]))
            for weight, branch in zip(self._weights, self.branches, strict=True)
        )
        return either(out)

    def slots(self) -> Iterator[Slot]:
        """All in it, however deep."""
        for branch in self.branches:
            for part in branch:
                if isinstance(part, Slot):
                    yield part
                elif isinstance(part, Choice):
                    yield from part.slots()

    def size(self) -> int:
        """How many branches there are, inner ones counted."""
        inner = (part.size() - 1 for branch in self.branches for part in branch if isinstance(part, Choice))
        return len(self.branches) + sum(inner)


class Slot:
    """Another rule, with a particle (``:``) or an ending (``+``) on it; ``drawn``: the tail is a rule's name, too."""

    def __init__(self, rule: str, sign: str, drawn: str, tail: str) -> None:
        self.rule, self.sign, self.drawn, self.tail = rule, sign, drawn, tail

    def draw(self, rules: Rules, rng: random.Random) -> str:
        """An expansion of the rule with its tail."""
        text = rules.draw(self.rule, rng)
        if not self.sign:
            return text
        tail = rules.draw(self.tail, rng) if self.drawn else self.tail
        return attach(text, tail) if self.sign == ":" else rules.conjugated(text, tail)

    def words(self, rules: Rules) -> Words:
        """Of the rule with its tail."""
        return rules.slot_words(self.rule, self.sign, self.drawn, self.tail)


Part = Text | Choice | Slot
