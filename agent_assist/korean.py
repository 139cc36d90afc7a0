"""Korean morphemes by Kiwi, loaded once for the whole process.

Kiwi takes 1-2 s and some 330 MiB to load, half of either only at the first question: whoever starts a node calls
:func:`analyser` and :meth:`Analyser.warm` off the path of the first call. One utterance takes about 1 ms, 2 ms with
tolerance for slips of the recogniser.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, Literal, NamedTuple

from kiwipiepy import Kiwi

from agent_assist.everyday import EMPTY

_BATCH: Final = 256
"""Words analysed while the lock is held: some 25 ms, so that a call is not kept waiting by an import."""
_SIMILAR_LIMIT: Final = 20
_SIMILAR_KEPT: Final = 20_000

NOUNS: Final = frozenset({"NNG", "NNP", "XR", "SL", "SN", "SH", "NR"})
NUMBERS: Final = frozenset({"SN", "NR"})
VERBS: Final = frozenset({"VV", "VA"})
ADVERBS: Final = frozenset({"MAG"})

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


class Similar(NamedTuple):
    """A word used in the same company, as the language model behind Kiwi saw it."""

    form: str
    tag: str
    score: float
    """Cosine, 0..1."""


class Analyser:
    """One loaded Kiwi. Any thread may use it; one at a time gets through."""

    def __init__(self) -> None:
        # Without its dictionary of names of many words: 2.5 s of start and 190 MB less, and no card that it changes.
        self._kiwi = Kiwi(num_workers=1, load_multi_dict=False)
        self._lock = threading.Lock()
        self.similar = lru_cache(maxsize=_SIMILAR_KEPT)(self._similar)

    def warm(self) -> None:
        """Make Kiwi build what it builds at the first question."""
        self.morphemes("등본", tolerant=True)
        self.similar("등본", "NNG")

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

    def _similar(self, form: str, tag: str) -> tuple[Similar, ...]:
        """Words like this one, most like first; none when the model does not know it. Cached (``similar``)."""
        tags = (f"{tag}-R", f"{tag}-I", tag) if tag in VERBS else (tag,)
        with self._lock:
            for candidate in tags:
                try:
                    found = self._kiwi.most_similar_morphemes((form, candidate), top_n=_SIMILAR_LIMIT)
                except ValueError:  # Kiwi's word for "unknown"
                    continue
                return tuple(Similar(m.form, m.tag.partition("-")[0], m.score) for m in found)
        return ()


_loading = threading.Lock()


def analyser() -> Analyser:
    """The process's analyser, loaded at the first call."""
    with _loading:
        return _load()


@lru_cache(maxsize=1)
def _load() -> Analyser:
    return Analyser()
