"""Bench ``recognition``: how well a model hears, by set, voice, channel and noise; bare, and over real calls.

The bounds are those of a *measuring build*, which was trained without the held-out voices.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from statistics import median
from typing import Final

import msgspec

from core.config import SttConfig
from core.errors import EnvironmentFault
from models.shelf import ModelInfo
from models.training.sound.voices import HELD_OUT
from server.bench.figures import Figure, Report
from server.bench.over_sip import over_sip
from server.bench.recognition_plots import by_noise, by_voice
from server.bench.stage import Stage
from server.measuring import people
from server.measuring.booth import Booth
from server.measuring.channels import MIXED
from server.measuring.measure import Measured, Task, cores, measured
from server.measuring.no_speech import heard, heard_bare
from server.measuring.scores import Score
from server.measuring.sounds import NOISES, NOT_SPEECH
from server.measuring.voices import SEEN
from stt.decode_pool import DecodePool

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
NO_SPEECH_S: Final = 600.0
"""Of each kind of sound, through the gate."""
BARE_S: Final = 60.0
"""Of each kind, without a gate."""

CLEAN: Final = Task()
_SAID: Final = [CLEAN, *(Task(set=name) for name in SETS if name != CLEAN.set)]
_AS_PEOPLE: Final = [Task(set=name, respelled=True) for name in SETS]
_SEEN: Final = Task(voices="seen")
_LINES: Final = [Task(channel="alaw"), Task(channel="call")]
_AT_20: Final = [Task(channel=f"{noise}-20") for noise in NOISES]
_AT_10: Final = [Task(channel=f"{noise}-10") for noise in NOISES]
_CURVE: Final = [Task(channel=f"{MIXED}-{snr}") for snr in SNRS]
_ALONE: Final = [Task(voices=voice, limit=VOICE_SENTENCES) for voice in (*HELD_OUT, *SEEN)]


async def measure(stage: Stage) -> Report:
    """Some five minutes on two cores."""
    booth = Booth()
    # Alone on the machine: its speed is a figure, too.
    first = await asyncio.to_thread(measured, stage.model, [CLEAN], booth=booth, tell=stage.tell)
    rest = [*_SAID[1:], *_AS_PEOPLE, _SEEN, *_LINES, *_AT_20, *_AT_10, *_CURVE, *_ALONE]
    found = await asyncio.to_thread(measured, stage.model, rest, booth=booth, trials=cores(), tell=stage.tell)
    found = msgspec.structs.replace(found, rows=(*first.rows, *found.rows))
    stage.tell("sounds that are no speech")
    words = await _no_speech(stage.model)
    bare = await asyncio.to_thread(heard_bare, stage.model, BARE_S)
    stage.tell("real people")
    real, missing = await asyncio.to_thread(_people, stage.model)
    return Report(
        figures=(
            *real,
            *_figures(first, found),
            *(
                Figure(name=f"words in {NO_SPEECH_S / 60:.0f} minutes of {kind}", value=count, unit="", bound=0)
                for kind, count in words.items()
            ),
            Figure(
                name=f"words without the gate in {BARE_S:.0f} s of each of these",
                value=sum(len(text.split()) for texts in bare.values() for text in texts),
                unit="",
            ),
            *await over_sip(stage),
        ),
        notes=(
            f"model {stage.model.name}: {stage.model.label or 'nobody said what it is good for'}",
            "all sentences but those of real people are spoken by espeak-ng; 'as people pronounce' links and "
            "assimilates them across words as people do",
            "the held-out voices are strangers only to a measuring build (`minwon models train --hold-out-voices`); "
            "the shipped model has heard all of them",
            "CER: letters, spaces left out; WER: words between spaces, so it counts differences of spacing",
            *(f"words without the gate, {kind}: {' / '.join(texts)}" for kind, texts in bare.items() if texts),
            *missing,
        ),
        plots={"noise": by_noise(found, CLEAN, _CURVE, _AT_20, _AT_10), "voices": by_voice(found, _ALONE)},
    )


async def _no_speech(model: ModelInfo) -> dict[str, int]:
    """Words by kind of sound, all kinds as legs at the same time."""
    config = SttConfig()
    async with DecodePool(model, config) as pool:
        texts = await asyncio.gather(*(heard(kind, NO_SPEECH_S, pool, config) for kind in NOT_SPEECH))
    return {kind: sum(len(text.split()) for text in said) for kind, said in zip(NOT_SPEECH, texts, strict=True)}


def _people(model: ModelInfo) -> tuple[list[Figure], list[str]]:
    """Figures of real speech, and what is to be said of what is not there."""
    figures: list[Figure] = []
    try:
        found = [people.heard(model, corpus) for corpus in people.corpora()]
    except EnvironmentFault as fault:
        return [], [f"real people: not measured ({fault})"]
    for each in found:
        name = f"real people: {each.what}"
        if each.score.sentences:
            figures += [
                Figure(name=f"{name}: CER", value=each.score.cer, unit="%"),
                Figure(name=f"{name}: clips", value=each.score.sentences, unit=""),
            ]
        else:
            figures.append(Figure(name=f"{name}: keywords heard", value=each.keywords, unit="%"))
    return figures, [] if found else [f"real people: not measured, there are no recordings in {people.SHARED.name}/"]


def _figures(first: Measured, found: Measured) -> Iterator[Figure]:
    for name, bound in SETS.items():
        yield from _rates(name, found.score(Task(set=name)), bound)
    for name in SETS:
        yield _cer(f"{name}, as people pronounce", found.score(Task(set=name, respelled=True)))
    yield _cer("heldout, seen voices", found.score(_SEEN))
    for task in _LINES:
        yield _cer(f"heldout, {task.channel}", found.score(task))
    clean = found.score(CLEAN).cer
    for tasks, snr, bound in ((_AT_20, 20, NOISE_20_TIMES * clean), (_AT_10, 10, NOISE_10_CER)):
        yield _cer(f"heldout, noise {snr} dB below the voice", found.together(tasks), bound)
        for task in tasks:
            yield _cer(f"heldout, {task.channel}", found.score(task))
    voices = {task.voices: found.score(task) for task in _ALONE}
    for voice in HELD_OUT:
        yield _cer(f"heldout, voice {voice}", voices[voice], VOICE_CER)
    seen = sorted(SEEN, key=lambda voice: voices[voice].cer)
    yield Figure(name="heldout, median of the seen voices: CER", value=median(voices[v].cer for v in seen), unit="%")
    yield _cer(f"heldout, worst of the seen voices ({seen[-1]})", voices[seen[-1]])
    yield Figure(name="real-time factor of one core", value=first.rows[0].rtf, unit="", bound=RTF)
    yield Figure(name="load", value=first.load_s, unit="s", bound=LOAD_S)
    yield Figure(name="memory of a worker", value=first.memory_mb, unit="MiB", bound=MEMORY_MB)


def _rates(name: str, of: Score, bound: float | None) -> tuple[Figure, ...]:
    return (
        _cer(name, of, bound),
        Figure(name=f"{name}: WER", value=of.wer, unit="%"),
        Figure(name=f"{name}: sentences without an error", value=of.exact, unit="%"),
    )


def _cer(name: str, of: Score, bound: float | None = None) -> Figure:
    return Figure(name=f"{name}: CER", value=of.cer, unit="%", bound=bound)
