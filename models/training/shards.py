"""Shards: files of features and labels that training streams, whatever their number of hours.

``NNN.npz``, uncompressed, float16: some 30 MB an hour. Utterances stand one behind the other without padding; who cuts
a chunk out of one holds frame numbers within it (which is what Kaldi's decoder does at the edges).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import msgspec
import numpy as np
import numpy.typing as npt

from core.errors import EnvironmentFault
from models.training.sound.labels import label_count


class Shard(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Some utterances."""

    feats: npt.NDArray[np.float16]
    """(all frames, 40) MFCC."""
    labels: npt.NDArray[np.int16]
    """pdfs of every third frame, utterance after utterance: ``label_count(length)`` of each."""
    lengths: npt.NDArray[np.int32]
    """MFCC frames of each utterance."""
    voices: npt.NDArray[np.int16]
    """Whose voice: a place in ``voices.ALL``; -1 = nobody's, or a real person's."""
    texts: tuple[str, ...]
    """What was said; '' where nobody speaks."""


class Head(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What is known of a shard without reading its features."""

    path: Path
    lengths: npt.NDArray[np.int32]
    voices: npt.NDArray[np.int16]

    @property
    def frames(self) -> int:
        """Of all its utterances."""
        return int(self.lengths.sum())


def shard_of(utterances: Iterable[tuple[npt.NDArray[np.float32], npt.NDArray[np.int16], int, str]]) -> Shard:
    """From (features, labels, voice, text) of each utterance."""
    feats, labels, voices, texts = zip(*utterances, strict=True)
    return Shard(
        feats=np.concatenate(feats).astype(np.float16),
        labels=np.concatenate(labels),
        lengths=np.array([len(one) for one in feats], np.int32),
        voices=np.array(voices, np.int16),
        texts=tuple(texts),
    )


def write(path: Path, shard: Shard) -> None:
    """Whole or not at all: a shard that is there is complete."""
    draft = path.with_suffix(".draft")
    arrays = {name: getattr(shard, name) for name in ("feats", "labels", "lengths", "voices")}
    with draft.open("wb") as file:
        np.savez(file, texts=np.frombuffer("\n".join(shard.texts).encode(), np.uint8), **arrays)
    draft.rename(path)


def read(path: Path) -> Shard:
    """Raises ``EnvironmentFault`` for a file that is broken."""
    try:
        with path.open("rb") as file, np.load(file) as found:
            texts = tuple(found["texts"].tobytes().decode().split("\n"))
            arrays = {name: found[name] for name in ("feats", "labels", "lengths", "voices")}
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise EnvironmentFault(
            f"the shard {path} can't be read ({error}); delete its folder, it is made anew"
        ) from error
    if len(arrays["labels"]) != sum(label_count(int(length)) for length in arrays["lengths"]):
        raise EnvironmentFault(f"the shard {path} does not hold what it says; delete its folder, it is made anew")
    return Shard(**arrays, texts=texts)


def heads(paths: Sequence[Path]) -> list[Head]:
    """Of each shard its lengths and voices."""
    found = []
    for path in paths:
        try:
            with path.open("rb") as file, np.load(file) as arrays:
                found.append(Head(path=path, lengths=arrays["lengths"], voices=arrays["voices"]))
        except (OSError, KeyError, ValueError, BadZipFile) as error:
            raise EnvironmentFault(
                f"the shard {path} can't be read ({error}); delete its folder, it is made anew"
            ) from error
    return found
