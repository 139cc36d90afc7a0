"""The grammar: what rules mean, what is said of broken ones, and how often words come."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from core.errors import ModelFault
from models.training.text.grammar import Grammar

RULES = """
[want]
3| {paper:을/를} (좀|지금 바로|) {get+@wish}   # a remark
{paper:@case} {number} 통
[paper: words]
여권 등본
[case]
은/는
도
[get]
떼
새로 만들
[wish]
고 싶은데요
으려고요
"""


def small() -> Grammar:
    """The rules above, with a draw."""
    drawn = {"number": Grammar(["[number: words]\n한 두"]).words("number")}
    return Grammar([RULES], {"number": lambda rng: rng.choice(["한", "두"])}, drawn=drawn.__getitem__)


def test_rules_make_sentences() -> None:
    """Particles, endings, choices, draws."""
    grammar, rng = small(), random.Random(1)
    said = {grammar.sentence("want", rng) for _ in range(500)}
    assert {"여권을 떼고 싶은데요", "등본을 지금 바로 새로 만들려고요", "여권도 두 통", "등본은 한 통"} <= said
    assert len(said) == 2 * 3 * 2 * 2 + 2 * 2 * 2
    assert grammar.alternatives == 12


def test_words_are_counted_as_they_come() -> None:
    """The computed expectation is what sampling finds."""
    grammar, rng, draws = small(), random.Random(2), 20000
    sampled = Counter(word for _ in range(draws) for word in grammar.sentence("want", rng).split())
    expected = grammar.words("want").counts()
    assert expected.keys() == sampled.keys()
    for word, value in expected.items():
        assert sampled[word] / draws == pytest.approx(value, abs=0.02)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[a]\n{b}", "asks for {b}"),
        ("loose line", "before the first"),
        ("[a]\n(x|y", "bracket or a bar too many"),
        ("[a]\nx|y", "bracket or a bar too many"),
        ("[a]\n{x", "unreadable line"),
        ("[a]\n[b]\nx", "is empty"),
    ],
)
def test_broken_rules_are_named(text: str, complaint: str) -> None:
    """One line that says where."""
    with pytest.raises(ModelFault, match=complaint):
        Grammar([text])
