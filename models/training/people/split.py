"""Who is kept out of the training, so that the figures are those of people never heard. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

EVERY: Final = 4
"""Every fourth speaker by name."""
MOST: Final = 60
"""Speakers held out at most: more would only cost training speech."""
CLIPS_OF_ONE: Final = 10
"""With fewer than four speakers every tenth clip is held out instead."""


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """The rule that says of a clip whether it is held out."""

    speakers: frozenset[str]
    """Held out wholly; empty: clips are, whoever speaks."""
    of: int
    """Speakers in all."""
    clips: int
    """Of all of them."""

    def held_out(self, speaker: str, number: int) -> bool:
        """Whether clip ``number`` of the corpus, of this speaker, is kept for the figures."""
        return speaker in self.speakers if self.speakers else number % CLIPS_OF_ONE == CLIPS_OF_ONE - 1

    def said(self) -> str:
        """For people."""
        if self.speakers:
            return (
                f"{len(self.speakers)} of {self.of} speakers are held out: the figures are those of people never heard"
            )
        return (
            f"only {self.of} speaker{'s' if self.of != 1 else ''} can be told apart: every {CLIPS_OF_ONE}th clip is "
            "held out instead, and the figures are those of voices that were heard, which is easier"
        )


def split(clips_of: Mapping[str, int]) -> Split:
    """Decide by the speakers' names and how many clips each has."""
    names = sorted(clips_of)
    every = max(EVERY, len(names) // MOST)
    return Split(speakers=frozenset(names[every - 1 :: every]), of=len(names), clips=sum(clips_of.values()))
