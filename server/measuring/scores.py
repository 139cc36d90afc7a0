"""Error rates of Korean: by letters (CER), by words (WER), whole sentences. Pure.

Texts are compared as they are said (numbers as words), so nothing is tidied here. The CER leaves out spaces, for no two
people space alike; the WER counts words between spaces (eojeol), so it counts a difference of spacing as an error.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from rapidfuzz.distance import Levenshtein


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Counts, so that scores can be added; the rates are drawn from them."""

    sentences: int = 0
    exact_sentences: int = 0
    """Right to the last letter."""
    letters: int = 0
    wrong_letters: int = 0
    """Letters to insert, delete or replace (Levenshtein) until what was heard is what was said."""
    words: int = 0
    wrong_words: int = 0

    @property
    def cer(self) -> float:
        """Character error rate in percent; over 100 where more is heard than was said."""
        return _percent(self.wrong_letters, self.letters)

    @property
    def wer(self) -> float:
        """Word error rate in percent."""
        return _percent(self.wrong_words, self.words)

    @property
    def exact(self) -> float:
        """Sentences without an error, in percent."""
        return _percent(self.exact_sentences, self.sentences)

    def __add__(self, other: Score) -> Score:
        return Score(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})


def score(pairs: Iterable[tuple[str, str]]) -> Score:
    """The score of (said, heard) pairs."""
    total = Score()
    for said, heard in pairs:
        wrong = Levenshtein.distance(letters(said), letters(heard))
        total += Score(
            sentences=1,
            exact_sentences=int(not wrong),
            letters=len(letters(said)),
            wrong_letters=wrong,
            words=len(said.split()),
            wrong_words=Levenshtein.distance(said.split(), heard.split()),
        )
    return total


def letters(text: str) -> str:
    """What counts of a text: neither spaces nor punctuation."""
    return "".join(letter for letter in text if letter.isalnum())


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
