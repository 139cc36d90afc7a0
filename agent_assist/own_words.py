"""A city's own nouns, read as what its offices call them: '라꾸라꾸 버리려고' -> '폐기물 버리려고'. Pure.

Where an entry has the citizens' word itself, it is left alone: then the word is the better question. What is shown to
the agent is in the caller's words again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from agent_assist.hangul import composed
from core.store.knowledge import Synonym

Read: TypeAlias = tuple[tuple[str, str], ...]
"""Office's word, caller's word: for each that was read otherwise than it was said."""
_SHORTEST: Final = 2
"""Letters; shorter ones are within too many other words."""


class OwnWords:
    """Synonyms in force that are one noun. Immutable, any thread."""

    def __init__(self, synonyms: Sequence[Synonym], known: Callable[[str], bool]) -> None:
        """``known``: whether the database has that noun itself."""
        self._office = {
            lay: synonym.office[0]
            for synonym in synonyms
            if synonym.state == "in_force"
            and synonym.office
            and len(lay := composed(synonym.lay).strip()) >= _SHORTEST
            and " " not in lay
            and not lay.endswith("다")
            and not known(lay)
        }
        longest_first = sorted(self._office, key=lambda lay: (-len(lay), lay))
        self._any = re.compile(rf"(?<![가-힣])(?:{'|'.join(map(re.escape, longest_first))})") if self._office else None

    def read(self, text: str) -> tuple[str, Read]:
        """The text in the office's words, and which of them the caller did not say."""
        if self._any is None:
            return text, ()
        said: dict[str, str] = {}

        def office(found: re.Match[str]) -> str:
            word = self._office[found[0]]
            said[word] = found[0]
            return word

        return self._any.sub(office, composed(text)), tuple(said.items())


def as_said(words: Sequence[str], read: Read) -> tuple[str, ...]:
    """What is shown, in the caller's words."""
    shown = list(words)
    for office, lay in read:
        shown = [word.replace(office, lay) for word in shown]
    return tuple(dict.fromkeys(shown))
