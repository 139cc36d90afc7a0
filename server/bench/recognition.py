"""Bench ``recognition``: how well a model hears, by set, voice, channel and noise; bare, and over real calls."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec

from core.config import SttConfig
from core.errors import EnvironmentFault
from models.shelf import ModelInfo
from server.bench.figures import Figure, Report
from server.bench.over_sip import over_sip
from server.bench.recognition_figures import TASKS, figures
from server.bench.recognition_plots import by_noise, by_voice
from server.bench.stage import Stage
from server.measuring import people
from server.measuring.booth import Booth
from server.measuring.measure import cores, measured
from server.measuring.no_speech import heard, heard_bare
from server.measuring.sounds import NOT_SPEECH
from stt.decode_pool import DecodePool

NO_SPEECH_S: Final = 600.0
"""Of each kind of sound, through the gate."""
BARE_S: Final = 60.0
"""Of each kind, without a gate."""


async def measure(stage: Stage) -> Report:
    """Some five minutes on two cores."""
    booth = Booth()
    # Alone on the machine: its speed is a figure, too.
    first = await asyncio.to_thread(measured, stage.model, TASKS[:1], booth=booth, tell=stage.tell)
    rest = await asyncio.to_thread(measured, stage.model, TASKS[1:], booth=booth, trials=cores(), tell=stage.tell)
    found = msgspec.structs.replace(first, rows=(*first.rows, *rest.rows))
    stage.tell("sounds that are no speech")
    words = await _no_speech(stage.model)
    bare = await asyncio.to_thread(heard_bare, stage.model, BARE_S)
    stage.tell("real people")
    real, missing = await asyncio.to_thread(_people, stage.model)
    return Report(
        figures=(
            *real,
            *figures(found),
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
        plots={"noise": by_noise(found), "voices": by_voice(found)},
    )


async def _no_speech(model: ModelInfo) -> dict[str, int]:
    """Words by kind of sound, all kinds as legs at the same time."""
    config = SttConfig()
    async with DecodePool(model, config) as pool:
        texts = await asyncio.gather(*(heard(kind, NO_SPEECH_S, pool, config) for kind in NOT_SPEECH))
    return {kind: sum(len(text.split()) for text in said) for kind, said in zip(NOT_SPEECH, texts, strict=True)}


def _people(model: ModelInfo) -> tuple[list[Figure], list[str]]:
    """Figures of real speech, and what is to be said of what is not there."""
    told: list[Figure] = []
    try:
        found = [people.heard(model, corpus) for corpus in people.corpora()]
    except EnvironmentFault as fault:
        return [], [f"real people: not measured ({fault})"]
    for each in found:
        name = f"real people: {each.what}"
        if each.score.sentences:
            told += [
                Figure(name=f"{name}: CER", value=each.score.cer, unit="%"),
                Figure(name=f"{name}: clips", value=each.score.sentences, unit=""),
            ]
        else:
            told.append(Figure(name=f"{name}: keywords heard", value=each.keywords, unit="%"))
    return told, [] if found else [f"real people: not measured, there are no recordings in {people.SHARED.name}/"]
