"""What confirmed records teach: how often a field was what, with which words, cards and guesses. Pure.

Only counts are kept, so a lesson can be shown, taken back and forgotten, and the next draft knows it at once. A guess
is naive Bayes over these counts with two cautions: what the draft itself says counts as ``DRAFTS`` records that agree,
and words speak together only as loudly as ``VOICES`` of them, for the words of one sentence are not independent.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from core.store.contacts import Guess, LessonKind, RecordLesson

DRAFTS: Final = 3.0
"""Records that one draft weighs as much as."""
VOICES: Final = 4.0
WORDS: Final = 40
"""Words of a contact that are looked at."""
_SMOOTH: Final = 2.0
_UNSEEN: Final = 0.02
"""What a label gets that the draft did not think of."""
_LEAST: Final = 0.01
"""Guesses below are not told."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one label, for people."""

    kind: LessonKind
    """Of which field."""
    label: str
    """What the field was."""
    times: int
    """How many confirmed records said so."""
    features: tuple[tuple[str, int], ...]
    """What it went with most, each with how often; see ``RecordLesson.feature``."""


def features(words: Iterable[str], cards: Iterable[str]) -> tuple[str, ...]:
    """What a contact shows."""
    first = list(dict.fromkeys(words))[:WORDS]
    return (*(f"w:{word}" for word in first), *(f"c:{card}" for card in dict.fromkeys(cards)))


class Lessons:
    """The counts of all fields, in memory; the store has them too."""

    def __init__(self, known: Iterable[RecordLesson] = ()) -> None:
        self._all: dict[LessonKind, _Counts] = defaultdict(_Counts)
        self.add(known)

    def add(self, lessons: Iterable[RecordLesson]) -> None:
        """These count from now on; negative ones are taken back."""
        for lesson in lessons:
            self._all[lesson.kind].add(lesson)

    def replace(self, known: Iterable[RecordLesson]) -> None:
        """All of them, as the store has them now."""
        self._all.clear()
        self.add(known)

    def guess(self, kind: LessonKind, drafted: Sequence[Guess], seen: Sequence[str]) -> tuple[Guess, ...]:
        """What the field may be, the surest first; '' = what nobody has named yet, where nothing was drafted and few
        lessons speak. Without a lesson it is what was drafted."""
        counts = self._all.get(kind)
        return counts.guess(drafted, seen) if counts is not None and counts.total > 0 else tuple(drafted)

    def told(self, kind: LessonKind, most: int = 12) -> list[Told]:
        """What was learnt, the most frequent label first."""
        counts = self._all.get(kind)
        if counts is None:
            return []
        return [
            Told(kind=kind, label=label, times=times, features=tuple(_most_frequent(counts.by_label[label])[:most]))
            for label, times in _most_frequent(counts.labels)
            if times > 0
        ]


def _most_frequent(counts: Counter[str]) -> list[tuple[str, int]]:
    """Of those that are alike in number, in the order of the alphabet: the same on every node."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def lessons_of(
    kind: LessonKind, label: str, drafted: Sequence[Guess], seen: Sequence[str], times: int = 1
) -> list[RecordLesson]:
    """What one confirmed field teaches; ``times`` -1 takes it back."""
    if not label:
        return []
    found = ["", f"g:{drafted[0].value if drafted else ''}", *seen]
    return [RecordLesson(kind=kind, label=label, feature=feature, times=times) for feature in found]


class _Counts:
    """Of one field."""

    def __init__(self) -> None:
        self.labels: Counter[str] = Counter()
        self.by_label: dict[str, Counter[str]] = defaultdict(Counter)
        self.features: Counter[str] = Counter()
        self.total = 0

    def add(self, lesson: RecordLesson) -> None:
        if not lesson.feature:
            self.labels[lesson.label] += lesson.times
            self.total += lesson.times
            return
        self.by_label[lesson.label][lesson.feature] += lesson.times
        self.features[lesson.feature] += lesson.times

    def guess(self, drafted: Sequence[Guess], seen: Sequence[str]) -> tuple[Guess, ...]:
        prior = {guess.value: max(guess.sure, _UNSEEN) for guess in drafted} or {"": 1.0}
        said = f"g:{drafted[0].value if drafted else ''}"
        heard = [feature for feature in seen if self.features[feature] > 0]
        labels = {label for label, times in self.labels.items() if times > 0 and self._concerns(label, [said, *heard])}
        worth = {
            label: math.log(self._agrees(label, said, prior)) + self._speaks(label, heard)
            for label in labels | prior.keys()
        }
        return _as_shares(worth)

    def _concerns(self, label: str, seen: Iterable[str]) -> bool:
        return any(self.by_label[label][feature] > 0 for feature in seen)

    def _agrees(self, label: str, said: str, prior: Mapping[str, float]) -> float:
        """How often it was this where the draft said that; the draft itself counts as some records."""
        times = self.by_label[label][said] if label in self.by_label else 0
        return (times + DRAFTS * prior.get(label, _UNSEEN)) / (self.features[said] + DRAFTS)

    def _speaks(self, label: str, heard: Sequence[str]) -> float:
        """How much more often these were heard with it than elsewhere, in log units."""
        if not heard:
            return 0.0
        own, times = self.by_label.get(label, Counter()), self.labels[label]
        ratios = []
        for feature in heard:
            usual = self.features[feature] / self.total
            ratios.append(math.log((own[feature] + _SMOOTH * usual) / (times + _SMOOTH) / usual))
        return sum(ratios) * min(1.0, VOICES / len(ratios))


def _as_shares(worth: Mapping[str, float]) -> tuple[Guess, ...]:
    most = max(worth.values(), default=0.0)
    shares = {label: math.exp(value - most) for label, value in worth.items()}
    whole = sum(shares.values())
    ranked = sorted(shares, key=lambda label: (-shares[label], label))
    return tuple(Guess(label, round(shares[label] / whole, 3)) for label in ranked if shares[label] / whole >= _LEAST)
