"""Korean morphemes by Kiwi, loaded once for the whole process.

Kiwi takes 1-2 s and some 330 MiB to load, half of either only at the first question: whoever starts a node calls
:func:`analyser` and :meth:`Analyser.warm` off the path of the first call. One utterance takes about 1 ms, 2 ms with
tolerance for slips of the recogniser.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, Literal, NamedTuple

from kiwipiepy import Kiwi

from agent_assist.everyday import EMPTY

_BATCH: Final = 256
"""Words analysed while the lock is held: some 25 ms, so that a call is not kept waiting by an import."""
_IN_USE: Final = (200, 12_000)
"""Numbers of Kiwi's words in frequent use; the first ones are its tags and grammar."""

NOUNS: Final = frozenset({"NNG", "NNP", "XR", "SL", "SN", "SH", "NR"})
NUMBERS: Final = frozenset({"SN", "NR"})
VERBS: Final = frozenset({"VV", "VA"})
ADVERBS: Final = frozenset({"MAG"})
_CONTENT: Final = NOUNS | VERBS | ADVERBS

Kind = Literal["noun", "verb", "adverb"]


class Morpheme(NamedTuple):
    """A piece of meaning and where it stands in the text."""

    form: str
    """Dictionary form without ending: '등본', '떼'."""
    tag: str
    """Sejong part of speech, without Kiwi's '-R'/'-I' for regular and irregular verbs."""
    start: int
    end: int

    @property
    def kind(self) -> Kind | None:
        """None for particles, endings, and words that carry no topic."""
        if self.form in EMPTY:
            return None
        if self.tag in NOUNS:
            return "noun"
        if self.tag in VERBS:
            return "verb"
        return "adverb" if self.tag in ADVERBS else None


class Analyser:
    """One loaded Kiwi. Any thread may use it; one at a time gets through."""

    def __init__(self) -> None:
        # Without its dictionary of names of many words: 2.5 s of start and 190 MB less, and no card that it changes.
        self._kiwi = Kiwi(num_workers=1, load_multi_dict=False)
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Make Kiwi build what it builds at the first question."""
        self.morphemes("등본", tolerant=True)

    def morphemes(self, text: str, *, tolerant: bool = False) -> list[Morpheme]:
        """All morphemes of ``text`` in order.

        ``tolerant`` also reads spellings by ear ('지베' as '집에'), as a recogniser writes them.
        """
        with self._lock:
            tokens = self._kiwi.tokenize(text, typos="basic_with_continual") if tolerant else self._kiwi.tokenize(text)
        return [Morpheme(t.form, t.tag.partition("-")[0], t.start, t.end) for t in tokens]

    def each(self, words: Iterable[str]) -> Iterator[list[Morpheme]]:
        """Morphemes of many single words, for building an index. The lock is let go between batches."""
        source = iter(words)
        while batch := list(islice(source, _BATCH)):
            with self._lock:
                analysed = list(self._kiwi.tokenize(batch))
            for tokens in analysed:
                yield [Morpheme(t.form, t.tag.partition("-")[0], t.start, t.end) for t in tokens]

    def anchors(self, count: int) -> tuple[int, ...]:
        """Numbers of so many words of Kiwi's model, spread over those in frequent use: the same in every process."""
        with self._lock:
            known = [
                number for number in range(*_IN_USE) if self._kiwi.morpheme(number).tag.partition("-")[0] in _CONTENT
            ]
        return tuple(known[:: max(len(known) // count, 1)][:count])

    def likeness(self, word: tuple[str, str] | int, others: Sequence[int]) -> list[float] | None:
        """How alike the model holds a word (form and tag, or number) and each of the others: cosines. None when it does
        not know the word."""
        with self._lock:
            like = self._kiwi.morpheme_similarity
            try:
                return [like(word, other) for other in others]
            except (ValueError, RuntimeError):  # Kiwi's words for "unknown" and "this model has no meanings"
                return None


_loading = threading.Lock()


def analyser() -> Analyser:
    """The process's analyser, loaded at the first call."""
    with _loading:
        return _load()


@lru_cache(maxsize=1)
def _load() -> Analyser:
    return Analyser()
