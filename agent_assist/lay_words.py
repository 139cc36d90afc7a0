"""What citizens say -> what offices write, read once from ``lay_words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from ahocorasick_rs import AhoCorasick

from agent_assist.hangul import squeezed

_TABLES: Final = tomllib.loads(files("agent_assist").joinpath("lay_words.toml").read_text(encoding="utf-8"))
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    **{f"n{word}": tuple(office) for word, office in _TABLES["nouns"].items()},
    **{f"v{word}": tuple(office) for word, office in _TABLES["verbs"].items()},
}
_PHRASES: Final[tuple[tuple[str, ...], ...]] = tuple(tuple(office) for office in _TABLES["phrases"].values())
_AUTOMATON: Final = AhoCorasick(list(_TABLES["phrases"]))


def office_words(term: str) -> tuple[str, ...]:
    """Nouns that an office uses for this term ('n동사무소', 'v떼')."""
    return _WORDS.get(term, ())


def phrases(text: str) -> Iterator[tuple[str, ...]]:
    """For each phrase in the text that an office has words of its own for ('앞 못 보는'): those words."""
    for pattern, _, _ in _AUTOMATON.find_matches_as_indexes(squeezed(text)):
        yield _PHRASES[pattern]
