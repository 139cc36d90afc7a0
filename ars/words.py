"""What page and voice say besides the menu's own words: ``say("ko", "notice.text_sent")``. Six languages, loaded once.

One file a language, ``words/LANGUAGE.json``: keys in groups (``notice.``, ``error.``, ``status.`` ...), sorted.
Korean and English are complete; what another language lacks is said in English, like the words of a menu.
``{names}`` in a sentence are filled in by the caller of :func:`say`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from ars.model import LANGUAGES, Language, Words, said


def say(language: Language, key: str, **values: object) -> str:
    """The sentence, in that language or in the next best one, with ``values`` in place of its ``{names}``.

    ``KeyError`` for a key that is in no file, or a name without a value: a mistake of ours, which a test finds.
    """
    sentence = said(_catalogue()[key], language)
    return sentence.format_map(values) if "{" in sentence else sentence


def group(language: Language, *prefixes: str) -> dict[str, str]:
    """All sentences whose keys begin with one of these, unfilled: what a page's script takes with it."""
    return {key: said(words, language) for key, words in _catalogue().items() if key.startswith(prefixes)}


def keys(language: Language) -> tuple[str, ...]:
    """The keys of that language's own file, in its order."""
    return tuple(_file(language))


@cache
def _file(language: Language) -> dict[str, str]:
    return msgspec.json.decode(files("ars").joinpath("words", f"{language}.json").read_bytes(), type=dict[str, str])


@cache
def _catalogue() -> dict[str, Words]:
    """Every key's sentence by language."""
    found: dict[str, Words] = {}
    for language in LANGUAGES:
        for key, sentence in _file(language).items():
            found.setdefault(key, {})[language] = sentence
    return found
