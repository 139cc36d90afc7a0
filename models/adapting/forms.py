"""Forms of a name: Korean writes particles onto the word, so 교통행정과, 교통행정과로, 교통행정과에서 are three words.

Which forms a class of names has is read off the model: those that several of its members have. A new member gets the
same, each with the particle that fits its own last letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from models.adapting.wanted import DEPARTMENT, OTHER, PERSON, PLACE, STREET
from models.korean.particles import particle

COMMON: Final[Mapping[str, tuple[str, ...]]] = {
    DEPARTMENT: (
        "으로/로",
        "이요/요",
        "에서",
        "에",
        "입니다",
        "이에요/예요",
        "이/가",
        "은/는",
        "을/를",
        "이랑/랑",
        "의",
    ),
    STREET: ("이요/요", "에", "에서", "으로/로", "입니다", "이에요/예요"),
    PLACE: ("이요/요", "에", "에서", "으로/로", "입니다", "이에요/예요"),
    PERSON: ("입니다", "이에요/예요", "이요/요", "씨", "이라고/라고", "이/가"),
    OTHER: ("을/를", "이/가", "은/는", "에", "이요/요", "입니다"),
}
"""Forms that a name has even where the model's own members of its class don't."""
_PAIRS: Final = (
    *("을/를", "은/는", "이/가", "과/와", "으로/로", "이랑/랑", "이나/나", "이요/요", "이고/고", "이에요/예요"),
    *("이라고/라고", "이라는/라는", "이라서/라서", "이면/면", "이었/였"),
)
"""Particles that change with the letter before them."""
_SHARE: Final = 0.2
"""Of the class's members in the vocabulary must have a form that new ones get."""
_SHORTEST: Final = 2


class Form(NamedTuple):
    """What stands behind a name."""

    pair: str
    """A particle that changes with the letter before it, '으로/로'; '' = none."""
    rest: str
    """And what follows it."""

    def of(self, name: str) -> str:
        """The name in this form."""
        return name + (particle(name, self.pair) if self.pair else "") + self.rest


BARE: Final = Form("", "")


def form_of(name: str, word: str) -> Form:
    """How ``word`` is made of ``name``, which it begins with."""
    tail = word[len(name) :]
    fitting = [pair for pair in _PAIRS if tail.startswith(particle(name, pair))]
    pair = max(fitting, key=lambda pair: len(particle(name, pair)), default="")
    return Form(pair, tail[len(particle(name, pair)) :] if pair else tail)


def forms_of_classes(
    classes: Mapping[str, Sequence[str]], vocabulary: Iterable[str]
) -> dict[str, dict[Form, list[str]]]:
    """Class -> form -> the words of the vocabulary that are members in that form."""
    owner = {name: kind for kind, names in classes.items() for name in names}
    found: dict[str, dict[Form, dict[str, str]]] = {kind: {} for kind in classes}
    for word in vocabulary:
        for length in range(len(word), _SHORTEST - 1, -1):
            if kind := owner.get(name := word[:length]):
                found[kind].setdefault(form_of(name, word), {})[name] = word
                break
    seen = {kind: {name for members in forms.values() for name in members} for kind, forms in found.items()}
    least = {kind: max(2, _SHARE * len(names)) for kind, names in seen.items()}
    return {
        kind: {form: list(members.values()) for form, members in forms.items() if len(members) >= least[kind]}
        for kind, forms in found.items()
    }


def common_forms(kind: str) -> list[Form]:
    """The bare name and the forms of ``COMMON``."""
    return [BARE, *(Form(end, "") if "/" in end else Form("", end) for end in COMMON[kind])]
