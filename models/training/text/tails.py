"""Words in two parts: a noun or a verb's base, and what can be put on it as a piece of its own.

On nouns stand particles, forms of 이다 and the verbs that 하다 and 되다 make of them (신청 _하려고). A verb has a few
bases to which all of its endings are glued: 고치 _는데, 고쳐 _서, 고쳤 _어요, 고칠 _게요. So a noun or a verb that has
its place in the vocabulary can take every particle and ending, and only the commonest forms need places of their own.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from models.korean.verbs import conjugate
from models.training.text.sources import adjectives, grammar

_ON_NOUNS: Final = ("case", "copula", "who", "count_case", "place_case")
_ENDINGS: Final = (
    "any_end",
    "any_link",
    "any_mod",
    "did",
    "going",
    "so",
    "is",
    "is_so",
    "please",
    "will",
    "you_can",
    "you_q",
)
_MADE_BY: Final = ("하", "되")
_NOUNS: Final = (
    "noun",
    "thing",
    "hada",
    "hada_more",
    "doeda",
    "doeda_more",
    "department",
    "street",
    "dong",
    "gu",
    "town",
    "person",
    "bound",
    "time_word",
    "numeral",
    "counter",
    "sino_counter",
)
_VERBS: Final = ("act", "act_more", "be", "be_more")
_MODELS: Final = ("고치", "먹", "알", "어둡", "좋", "들", "모르", "있")
"""Verbs and adjectives whose endings are those of all."""


@cache
def nouns() -> frozenset[str]:
    """The nouns that have a place in the vocabulary."""
    return frozenset(word for rule in _NOUNS for word in grammar().listed(rule) if " " not in word)


@cache
def noun_tails() -> frozenset[str]:
    """What stands on nouns: '에서만', '이었는데', '하려고', '됐어요'."""
    written = (tail for rule in _ON_NOUNS for tail in grammar().listed(rule))
    on_nouns = {form for tail in written for form in tail.split(" ")[0].split("/")}
    made = {conjugate(verb, ending) for verb in _MADE_BY for ending in _endings()}
    return frozenset(on_nouns | made | {uncontracted(form) for form in made}) - {""}


@cache
def bases() -> frozenset[str]:
    """The bases of all verbs and adjectives that are no noun with 하다 or 되다."""
    return frozenset(base for rule in _VERBS for stem in grammar().listed(rule) for base in _bases(stem))


@cache
def verb_tails() -> frozenset[str]:
    """What stands on a verb's base: '는데', '어요', '으면', '다고', '게요'."""
    out = set()
    for stem in _MODELS:
        own = sorted(_bases(stem), key=len, reverse=True)
        for ending in _endings():
            word = conjugate(stem, ending, adjective=stem in adjectives())
            base = next(base for base in (*own, "") if word.startswith(base))
            out.add(word[len(base) :] if base else "")
    return frozenset(out) - {""}


def parted(word: str) -> tuple[str, str] | None:
    """A word as noun and tail or as base and tail, the first as long as can be; None when it is no such word."""
    for cut in range(len(word) - 1, 0, -1):
        head, tail = word[:cut], word[cut:]
        if (tail in noun_tails() and head in nouns()) or (tail in verb_tails() and head in bases()):
            return head, tail
    return None


def uncontracted(text: str) -> str:
    """As it is written out: 됐습니다 -> 되었습니다, 돼서 -> 되어서."""
    return text.replace("됐", "되었").replace("돼", "되어")


@cache
def _endings() -> frozenset[str]:
    return frozenset(ending.split(" ")[0] for rule in _ENDINGS for ending in grammar().listed(rule))


def _bases(stem: str) -> set[str]:
    """고치: 고치, 고쳐, 고쳤, 고친, 고칠, 고칩; of a closed stem those that its endings are glued to."""
    adjective = stem in adjectives()
    made = {
        conjugate(stem, form, adjective=adjective) for form in ("고", "아", "았", "으면", "은", "을", "ㅂ니다", "네")
    }
    return {form.removesuffix("고").removesuffix("면").removesuffix("니다").removesuffix("네") for form in made} - {""}
