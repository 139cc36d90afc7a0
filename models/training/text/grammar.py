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
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property

from core.errors import ModelFault
from models.korean.particles import attach
from models.korean.verbs import conjugate
from models.training.text.parts import Text
from models.training.text.rule_files import read_rules
from models.training.text.word_counts import Words, literal, mapped

Draw = Callable[[random.Random], str]
"""What Python draws: '천 이백 삼십 사'."""


class Grammar:
    """Rules read from texts. ``ModelFault`` for a rule that is named but not there, or a line that cannot be read.

    ``drawn`` tells what a draw is expected to say; it is asked once, and only where words are counted.
    """

    def __init__(
        self,
        texts: Iterable[str],
        draws: Mapping[str, Draw] = {},
        adjectives: Iterable[str] = (),
        drawn: Callable[[str], Words] = literal,
    ) -> None:
        self._rules = read_rules(texts)
        self._draws = draws
        self._drawn = drawn
        self._adjectives = frozenset(adjectives)
        self._words: dict[str, Words] = {}
        for name, rule in self._rules.items():
            for slot in rule.slots():
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
            self._words[rule] = self._drawn(rule) if rule not in self._rules else self._rules[rule].words(self)
        return self._words[rule]

    @cache  # noqa: B019  # a grammar lives as long as its process
    def slot_words(self, rule: str, sign: str, drawn: str, tail: str) -> Words:
        """The same of a rule with a particle (``:``) or an ending (``+``) on it."""
        inner = self.words(rule)
        if not sign:
            return inner
        tails = self.words(tail) if drawn else literal(tail)
        return mapped(inner, tails, attach if sign == ":" else self._with_ending)

    def listed(self, rule: str) -> tuple[str, ...]:
        """The alternatives of a rule that are plain words."""
        return tuple(
            branch[0].text for branch in self._rules[rule].branches if len(branch) == 1 and isinstance(branch[0], Text)
        )

    def conjugated(self, text: str, ending: str) -> str:
        """The last word of the text is a verb's stem and gets the ending."""
        head, space, stem = text.strip().rpartition(" ")
        return head + space + self._with_ending(stem, ending)

    def _with_ending(self, stem: str, ending: str) -> str:
        return conjugate(stem, ending, adjective=stem in self._adjectives)

    @cached_property
    def alternatives(self) -> int:
        """How many lines and inline branches there are."""
        return sum(rule.size() for rule in self._rules.values())
