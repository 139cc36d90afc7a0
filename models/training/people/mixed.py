"""People's speech for the training of a base model: `minwon models train --speech DIR`.

Recordings are read, cleaned, aligned and copied as for tuning; what comes out are shards like those of synthetic
speech. The network that learns from both has no online mean normalisation, as every base model of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from models.training import shards
from models.training.people import align, copies, pack, readers, split
from models.training.people.pack import Saved
from models.training.people.split import Split
from models.training.sound.labels import label_count
from models.training.steps import Tell

_SAMPLED: Final = 120
"""Shards, spread over the corpus, that Gaussians are estimated on: they take three hours of all."""


def prepare(people: Path, folder: Path, synthetic: Sequence[Path], tell: Tell, jobs: int) -> list[Path]:
    """Shards of people's speech in ``folder``; ``synthetic`` are shards that the alignment starts from.

    Held-out people are in ``folder/audio/held``. Raises ``BadInput`` when there is nothing to learn from.
    """
    held = divided(people)
    saved = pack.pack(
        readers.clips(people), held, folder / "audio", jobs=jobs, share=1.0, tell=lambda share: tell(0.3 * share)
    )
    packed = pack.shards(folder / "audio/train")
    aligned(packed, synthetic, folder / "aligned", saved, jobs=jobs, tell=lambda share: tell(0.3 + 0.3 * share))
    many = copies.copies_for(saved.train.kept_s / 3600)
    return copies.make(packed, folder / "aligned", folder, many, jobs=jobs, tell=lambda share: tell(0.6 + 0.4 * share))


def divided(people: Path) -> Split:
    """Who is held out; reads the transcripts only."""
    return split.split(Counter(clip.speaker for clip in readers.clips(people)))


def aligned(
    packed: Sequence[Path], synthetic: Sequence[Path], target: Path, saved: Saved, *, jobs: int, tell: Tell
) -> None:
    """Align packed shards; clips that do not fit their words are noted in the report."""
    first = shards.read(synthetic[0])
    features = np.split(first.feats, np.cumsum(first.lengths)[:-1])
    labels = np.split(first.labels, np.cumsum([label_count(int(length)) for length in first.lengths])[:-1])
    said = [at for at, text in enumerate(first.texts) if text]
    start = align.synthetic_start([features[at] for at in said], [labels[at] for at in said])
    sample = [packed[at] for at in pack.spread(len(packed), _SAMPLED)]
    mixtures = align.estimated(start, sample, jobs=jobs, tell=lambda share: tell(0.7 * share))
    align.align(mixtures, packed, target, jobs=jobs, tell=lambda share: tell(0.7 + 0.3 * share))
    align.drop_outliers(target, packed, saved.train)
