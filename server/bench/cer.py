"""Character error rate of Korean: spaces and punctuation do not count, for no two people space alike. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from stt.text import tidy


def characters(text: str) -> str:
    """What counts of a text, numbers as the desk writes them."""
    return "".join(character for character in tidy(text) if character.isalnum())


def error_rate(pairs: Iterable[tuple[str, str]]) -> float:
    """Characters that must be changed to make what was heard what was said (said, heard), in percent of the said."""
    wrong = total = 0
    for said, heard in pairs:
        wrong += Levenshtein.distance(characters(said), characters(heard))
        total += len(characters(said))
    return 100 * wrong / total if total else 0.0
