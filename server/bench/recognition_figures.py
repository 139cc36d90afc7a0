"""What bench ``recognition`` has a model read, and the figures and bounds drawn from it. Pure.

The bounds are those of a *measuring build*, which was trained without the held-out voices.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Final

from models.training.sound.voices import HELD_OUT
from server.bench.figures import Figure
from server.measuring.channels import MIXED
from server.measuring.measure import Measured, Task
from server.measuring.scores import Score
from server.measuring.sounds import NOISES
from server.measuring.voices import SEEN

SETS: Final = {"demo": None, "heldout": 1.0, "handwritten": None, "blind": None, "blind2": None, "sealed": 4.0}
"""Test sets and the CER in percent that is wanted of them."""
VOICE_CER: Final = 3.0
"""Of every single held-out voice."""
NOISE_20_TIMES: Final = 1.5
"""The CER at 20 dB may be so many times that without noise."""
NOISE_10_CER: Final = 8.0
RTF: Final = 0.03
LOAD_S: Final = 0.3
MEMORY_MB: Final = 120
SNRS: Final = (30, 20, 15, 10, 5, 0)
"""Of the curve over noise, in dB."""
VOICE_SENTENCES: Final = 25
"""Of each held-out voice."""
SEEN_SENTENCES: Final = 10
"""Of each other voice."""
NOISE_SENTENCES: Final = 100
"""With each noise."""

CLEAN: Final = Task()
SAID: Final = [Task(set=name) for name in SETS if name != CLEAN.set]
AS_PEOPLE: Final = [Task(set=name, respelled=True) for name in SETS]
SEEN_VOICES: Final = Task(voices="seen")
LINES: Final = [Task(channel="alaw"), Task(channel="call")]
QUIET: Final = Task(limit=NOISE_SENTENCES)
"""What those with noise are held against."""
AT_20: Final = [Task(channel=f"{noise}-20", limit=NOISE_SENTENCES) for noise in NOISES]
AT_10: Final = [Task(channel=f"{noise}-10", limit=NOISE_SENTENCES) for noise in NOISES]
CURVE: Final = [Task(channel=f"{MIXED}-{snr}", limit=NOISE_SENTENCES) for snr in SNRS]
HELD_OUT_ALONE: Final = [Task(voices=voice, limit=VOICE_SENTENCES) for voice in HELD_OUT]
SEEN_ALONE: Final = [Task(voices=voice, limit=SEEN_SENTENCES) for voice in SEEN]
TASKS: Final = (
    *(CLEAN, *SAID, *AS_PEOPLE, SEEN_VOICES, *LINES),
    *(QUIET, *AT_20, *AT_10, *CURVE, *HELD_OUT_ALONE, *SEEN_ALONE),
)


def figures(found: Measured) -> Iterator[Figure]:
    """Of all ``TASKS``, in the order in which one wants to read them."""
    for name, bound in SETS.items():
        yield from _rates(name, found.score(Task(set=name)), bound)
    for name in SETS:
        yield _cer(f"{name}, as people pronounce", found.score(Task(set=name, respelled=True)))
    yield _cer("heldout, seen voices", found.score(SEEN_VOICES))
    for task in LINES:
        yield _cer(f"heldout, {task.channel}", found.score(task))
    clean = found.score(QUIET).cer
    for tasks, snr, bound in ((AT_20, 20, NOISE_20_TIMES * clean), (AT_10, 10, NOISE_10_CER)):
        yield _cer(f"heldout, noise {snr} dB below the voice", found.together(tasks), bound)
        for task in tasks:
            yield _cer(f"heldout, {task.channel}", found.score(task))
    voices = {task.voices: found.score(task) for task in (*HELD_OUT_ALONE, *SEEN_ALONE)}
    for voice in HELD_OUT:
        yield _cer(f"heldout, voice {voice}", voices[voice], VOICE_CER)
    seen = sorted(SEEN, key=lambda voice: voices[voice].cer)
    yield Figure(name="heldout, median of the seen voices: CER", value=median(voices[v].cer for v in seen), unit="%")
    yield _cer(f"heldout, worst of the seen voices ({seen[-1]})", voices[seen[-1]])
    yield Figure(name="real-time factor of one core", value=found.rows[0].rtf, unit="", bound=RTF)
    yield Figure(name="load", value=found.load_s, unit="s", bound=LOAD_S)
    yield Figure(name="memory of a worker", value=found.memory_mb, unit="MiB", bound=MEMORY_MB)


def _rates(name: str, of: Score, bound: float | None) -> tuple[Figure, ...]:
    return (
        _cer(name, of, bound),
        Figure(name=f"{name}: WER", value=of.wer, unit="%"),
        Figure(name=f"{name}: sentences without an error", value=of.exact, unit="%"),
    )


def _cer(name: str, of: Score, bound: float | None = None) -> Figure:
    return Figure(name=f"{name}: CER", value=of.cer, unit="%", bound=bound)
