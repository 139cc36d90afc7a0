"""The test sets: sentences as they are said, Hangul only, numbers as words.

All but the demo's are kept out of every training text. They grow harder from top to bottom.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import msgspec

from core.errors import BadInput


class TestSet(msgspec.Struct, frozen=True, kw_only=True):
    """Sentences to be read to a model."""

    __test__ = False

    name: str
    what: str
    """Where they come from, and what their figures may be taken for."""
    sentences: tuple[str, ...]


_TEXTS: Final = "models.training.text"
_SETS: Final[Mapping[str, tuple[str, str, str]]] = {
    "demo": ("server.bench", "sentences_ko.txt", "what the demo's callers say; training has seen it"),
    "heldout": (_TEXTS, "heldout.txt", "sentences of the training grammar that training never saw: in-domain"),
    "handwritten": (_TEXTS, "handwritten.txt", "typical callers' sentences, written by hand"),
    "blind": (_TEXTS, "blind.txt", "harder ones by hand; some decisions on vocabulary were taken by them"),
    "blind2": (_TEXTS, "blind2.txt", "hard ones by hand; words of the training text were chosen by them"),
    "dev": (
        _TEXTS,
        "dev.txt",
        "hard ones by hand that no text was written by; settings were chosen by them",
    ),
    "sealed": (_TEXTS, "sealed.txt", "hard ones by hand that no decision was ever taken by: the honest figure"),
}
NAMES: Final = tuple(_SETS)


def load(name: str) -> TestSet:
    """The set of that name. ``BadInput`` tells which there are."""
    if name not in _SETS:
        raise BadInput(f"there is no test set '{name}'; there are: {', '.join(NAMES)}")
    package, file, what = _SETS[name]
    lines = files(package).joinpath(file).read_text("utf-8").splitlines()
    return TestSet(name=name, what=what, sentences=tuple(line for line in lines if line))
