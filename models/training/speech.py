"""The training speech: sentences in, shards out, by as many processes as there are cores.

Each shard is spoken by a fresh process (see ``sound.espeak`` why), so that it is the same again wherever and whenever
it is made. What is there already is not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from core.errors import EnvironmentFault
from models.training import shards, speaking
from models.training.sound import features, voices
from models.training.sound.labels import frame_labels
from models.training.workers import single_threaded

PER_SHARD: Final = 300
"""Sentences: 20 minutes, 10 MB, 8 s of a core."""
_PRELOADED: Final = ("models.training.speech",)


def speak(
    texts: Sequence[str], folder: Path, *, seed: int, jobs: int, tell: Callable[[float], None] = lambda share: None
) -> list[Path]:
    """Speak these sentences ('' = a clip without speech) in ``jobs`` processes; ``tell`` hears the share that is done.

    Raises ``EnvironmentFault`` when a process dies; shards that are finished are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03}.npz" for number in range(-(-len(texts) // PER_SHARD))]
    missing = [number for number, path in enumerate(paths) if not path.exists()]
    tell(1 - len(missing) / len(paths))
    context = get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    running: list[ForkServerProcess] = []
    try:
        while missing or running:
            while missing and len(running) < jobs:
                number = missing.pop(0)
                here = texts[number * PER_SHARD : (number + 1) * PER_SHARD]
                running.append(
                    context.Process(target=speak_shard, args=(here, paths[number], seed, number * PER_SHARD))
                )
                with single_threaded():
                    running[-1].start()
            wait([process.sentinel for process in running])
            running = [process for process in running if not _over(process)]
            tell(1 - (len(missing) + len(running)) / len(paths))
    finally:
        for process in running:
            process.kill()
    return paths


def speak_shard(texts: Sequence[str], path: Path, seed: int, first: int) -> None:
    """One shard; its clips are numbers ``first``, ``first + 1``, ..."""
    utterances = []
    for index, text in enumerate(texts, first):
        clip = speaking.clip(text, seed, index)
        feats = features.mfcc(clip.samples)
        labels = frame_labels(clip.starts, clip.phones, len(feats))
        if labels is not None and len(feats):  # else it was spoken too fast to be told apart
            utterances.append((feats, labels, voices.ALL.index(clip.variant) if text else -1, text))
    shards.write(path, shards.shard_of(utterances))


def _over(process: ForkServerProcess) -> bool:
    """Whether it has ended; raises if that was no good end."""
    if process.is_alive():
        return False
    if process.exitcode != 0:
        raise EnvironmentFault(f"a process that spoke died (status {process.exitcode}); the same command goes on")
    return True
