"""The phone set, and how phones are numbered in graphs and in the network's output.

Phones are the Korean phonemes of espeak-ng under its own names, without stress and link marks. In graphs a phone has
four variants by its place in the word (begin, end, inside, single: libvosk's word times need them) which share one
pair of pdfs: one for the first 30 ms frame of the phone, one for every further frame (the topology of Kaldi's chain
models).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from core.errors import BadInput

SILENCE: Final = "SIL"
_NAMES: Final = "a n @ i o j h s q u- d p e u N * L tS; m w g E tS dZ; s- t- b ph t kh l q- tS;- k- p- d-"
PHONES: Final = tuple(_NAMES.split())
BASE: Final = (SILENCE, *PHONES)
"""A base phone's number is its place here."""
BASE_ID: Final[Mapping[str, int]] = {phone: number for number, phone in enumerate(BASE)}
PLACES: Final[Mapping[str, str]] = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
"""Suffix of a graph phone -> its name in Kaldi's ``word_boundary.int``."""
GRAPH_PHONES: Final = (SILENCE, *(f"{phone}_{place}" for phone in PHONES for place in PLACES))
"""Kaldi's phone numbers begin at 1 (0 is epsilon): silence is 1."""
GRAPH_ID: Final[Mapping[str, int]] = {phone: number for number, phone in enumerate(GRAPH_PHONES, start=1)}
NUM_PDFS: Final = 2 * len(BASE)
"""Outputs of the network."""

Pronunciation = tuple[str, ...]
"""Phones of one word, by name, without silence."""


def forward_pdf(base: int) -> int:
    """The output that scores the first frame of a base phone."""
    return 2 * base


def loop_pdf(base: int) -> int:
    """The output that scores every further frame."""
    return 2 * base + 1


def base_of(graph_phone: int) -> int:
    """The base phone of a graph phone's number."""
    return (graph_phone + 2) // 4


def positioned(pronunciation: Sequence[str], word: str = "") -> tuple[int, ...]:
    """Graph phones of a word's phones. Raises ``BadInput`` for none, or one that is not in the set."""
    unknown = [phone for phone in pronunciation if phone not in BASE_ID or phone == SILENCE]
    if unknown or not pronunciation:
        what = f"has the unknown phone {unknown[0]!r}" if unknown else "is empty"
        raise BadInput(f"the pronunciation of {word!r} {what}; phones are: {' '.join(PHONES)}")
    if len(pronunciation) == 1:
        return (GRAPH_ID[f"{pronunciation[0]}_S"],)
    places = "B" + "I" * (len(pronunciation) - 2) + "E"
    return tuple(GRAPH_ID[f"{phone}_{place}"] for phone, place in zip(pronunciation, places, strict=True))
