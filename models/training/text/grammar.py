"""A grammar of sentences: rules in text files, sentences out of a seeded generator, and how often it says each word.

A file holds rules; a rule is a name in brackets and its alternatives, one a line:

    [want]
    3| {document:을/를} (좀|) {get+@wish}      three times as likely as a line without a number
    [document]
    여권
    [get]
    발급받                                      a verb's stem
    [wish]
    고 싶은데요                                  an ending, as models.korean.verbs takes it
    으려고 하는데요

``{rule}`` puts an alternative of that rule, ``{rule:을/를}`` one with a particle, ``{rule+았어요}`` one that ends in a
verb's stem, conjugated; after ``:@`` and ``+@`` stands the name of a rule that gives the particle or the ending.
``(a|b|)`` chooses on the spot. After ``[name: words]`` every word is an alternative, so that lists stay short. ``#``
begins a remark. Names without a rule are drawn by Python: numbers, telephone numbers, persons.
"""

from __future__ import annotations

import random
import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from typing import Final

from core.errors import ModelFault
from models.korean.particles import attach
from models.korean.verbs import conjugate
from models.training.text.word_counts import Words, both, either, literal, mapped

Draw = Callable[[random.Random], str]
"""What Python draws: '천 이백 삼십 사'."""

_SLOT: Final = re.compile(r"\{(\w+)(?:([:+])(@?)([^}]+))?\}|\(|\)|\||[^{}()|]+")
_WEIGHT: Final = re.compile(r"(\d+)\|\s*(.*)")


class _Text:
    """Words as they stand."""

    def __init__(self, text: str) -> None:
        self.text = text

    def draw(self, grammar: Grammar, rng: random.Random) -> str:
        return self.text

    def words(self, grammar: Grammar) -> Words:
        return literal(self.text)


class _Choice:
    """One of several sequences."""

    def __init__(self, branches: Sequence[Sequence[_Part]], weights: Sequence[float]) -> None:
        self.branches = branches
        self.weights = weights
        self._until = list(accumulate(weights))
        self._total = self._until[-1]

    def draw(self, grammar: Grammar, rng: random.Random) -> str:
        branch = self.branches[bisect(self._until, rng.random() * self._total)]
        if len(branch) == 1:
            return branch[0].draw(grammar, rng)
        return "".join([part.draw(grammar, rng) for part in branch])

    def words(self, grammar: Grammar) -> Words:
        out = (
            (weight / self._total, both([part.words(grammar) for part in branch]))
            for weight, branch in zip(self.weights, self.branches, strict=True)
        )
        return either(out)


class _Slot:
    """Another rule, with a particle or an ending on it."""

    def __init__(self, rule: str, sign: str, drawn: str, tail: str) -> None:
        self.rule, self.sign, self.drawn, self.tail = rule, sign, drawn, tail

    def draw(self, grammar: Grammar, rng: random.Random) -> str:
        text = grammar.draw(self.rule, rng)
        if not self.sign:
            return text
        tail = grammar.draw(self.tail, rng) if self.drawn else self.tail
        return attach(text, tail) if self.sign == ":" else grammar.conjugated(text, tail)

    def words(self, grammar: Grammar) -> Words:
        return grammar.slot_words(self.rule, self.sign, self.drawn, self.tail)


_Part = _Text | _Choice | _Slot


class Grammar:
    """Rules read from texts. ``ModelFault`` for a rule that is named but not there, or a line that cannot be read."""

    def __init__(
        self,
        texts: Iterable[str],
        draws: Mapping[str, Draw] = {},
        adjectives: Iterable[str] = (),
        drawn: Mapping[str, Words] = {},
    ) -> None:
        self._rules = {name: _rule(name, lines) for name, lines in _sections(texts).items()}
        self._draws = draws
        self._drawn = drawn
        self._adjectives = frozenset(adjectives)
        self._words: dict[str, Words] = {}
        self._conjugated = lru_cache(maxsize=1 << 17)(self._conjugate)
        for name, rule in self._rules.items():
            for slot in _slots(rule):
                for needed in (slot.rule, *([slot.tail] if slot.drawn else [])):
                    if needed not in self._rules and needed not in draws:
                        raise ModelFault(f"grammar: rule [{name}] asks for {{{needed}}}, which no file has")

    def draw(self, rule: str, rng: random.Random) -> str:
        """An expansion of the rule; spaces may stand doubled where something was empty."""
        found = self._rules.get(rule)
        return self._draws[rule](rng) if found is None else found.draw(self, rng)

    def sentence(self, rule: str, rng: random.Random) -> str:
        """An expansion with single spaces."""
        return " ".join(self.draw(rule, rng).split())

    def words(self, rule: str) -> Words:
        """How often each word is expected in one expansion."""
        if rule not in self._words:
            self._words[rule] = self._drawn[rule] if rule not in self._rules else self._rules[rule].words(self)
        return self._words[rule]

    @cache  # noqa: B019  # a grammar lives as long as its process
    def slot_words(self, rule: str, sign: str, drawn: str, tail: str) -> Words:
        """The same of a rule with a particle (``:``) or an ending (``+``) on it."""
        inner = self.words(rule)
        if not sign:
            return inner
        tails = self.words(tail) if drawn else literal(tail)
        return mapped(inner, tails, attach if sign == ":" else self.conjugated)

    def listed(self, rule: str) -> tuple[str, ...]:
        """The alternatives of a rule that are plain words."""
        return tuple(
            branch[0].text for branch in self._rules[rule].branches if len(branch) == 1 and isinstance(branch[0], _Text)
        )

    def conjugated(self, text: str, ending: str) -> str:
        """The last word of the text is a verb's stem and gets the ending."""
        return self._conjugated(text, ending)

    def _conjugate(self, text: str, ending: str) -> str:
        head, space, stem = text.strip().rpartition(" ")
        return head + space + conjugate(stem, ending, adjective=stem in self._adjectives)

    @cached_property
    def alternatives(self) -> int:
        """How many lines and inline branches there are."""
        return sum(_branches(rule) for rule in self._rules.values())


def _sections(texts: Iterable[str]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for text in texts:
        lines: list[str] | None = None
        split = False
        for written in text.splitlines():
            line = written.partition("#")[0].strip()
            if line.startswith("[") and line.endswith("]"):
                name, _, kind = line[1:-1].partition(":")
                lines, split = out.setdefault(name, []), bool(kind)
            elif line and lines is None:
                raise ModelFault(f"grammar: '{line}' stands before the first [rule]")
            elif line and lines is not None:
                lines += line.split() if split else [line]
    return out


def _rule(name: str, lines: Sequence[str]) -> _Choice:
    branches, weights = [], []
    for line in lines:
        weighted = _WEIGHT.fullmatch(line)
        weights.append(float(weighted[1]) if weighted else 1.0)
        tokens = list(_SLOT.finditer(weighted[2] if weighted else line))
        if sum(len(token.group()) for token in tokens) != len(weighted[2] if weighted else line):
            raise ModelFault(f"grammar: [{name}] has an unreadable line: {line}")
        branch, rest = _sequence(tokens, 0)
        if rest != len(tokens):
            raise ModelFault(f"grammar: [{name}] has a bracket or a bar too many: {line}")
        branches.append(branch)
    if not branches:
        raise ModelFault(f"grammar: rule [{name}] is empty")
    return _Choice(branches, weights)


def _sequence(tokens: Sequence[re.Match[str]], at: int) -> tuple[list[_Part], int]:
    parts: list[_Part] = []
    while at < len(tokens):
        token = tokens[at].group()
        if token in "|)":
            break
        at += 1
        if token == "(":
            branches = []
            while True:
                branch, at = _sequence(tokens, at)
                branches.append(branch)
                closed = tokens[at].group() if at < len(tokens) else ")"
                at += 1
                if closed == ")":
                    break
            parts.append(_Choice(branches, [1.0] * len(branches)))
        elif token.startswith("{"):
            rule, sign, drawn, tail = tokens[at - 1].groups()
            parts.append(_Slot(rule, sign or "", drawn or "", tail or ""))
        else:
            parts.append(_Text(token))
    return parts or [_Text("")], at


def _slots(choice: _Choice) -> Iterator[_Slot]:
    for branch in choice.branches:
        for part in branch:
            if isinstance(part, _Slot):
                yield part
            elif isinstance(part, _Choice):
                yield from _slots(part)


def _branches(choice: _Choice) -> int:
    inner = (_branches(part) - 1 for branch in choice.branches for part in branch if isinstance(part, _Choice))
    return len(choice.branches) + sum(inner)
