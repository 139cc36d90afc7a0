"""Bench ``recognition``: how well a model hears, by set, voice, channel and noise; bare, and over real calls."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Final

import msgspec

from core.config import SttConfig
from core.errors import MinwonError
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
    memory_mb = max(first.memory_mb, rest.memory_mb)
    found = msgspec.structs.replace(first, rows=(*first.rows, *rest.rows), memory_mb=memory_mb)
    parts = [
        await _part("real people", stage, _people(stage.model)),
        Part(figures=tuple(figures(found))),
        await _part("sounds that are no speech", stage, _no_speech(stage.model)),
        await _part("over SIP", stage, _over_sip(stage)),
    ]
    return Report(
        figures=tuple(figure for part in parts for figure in part.figures),
        notes=(
            f"model {stage.model.name}: {stage.model.label or 'nobody said what it is good for'}",
            "all sentences but those of real people are spoken by espeak-ng; 'as people pronounce' links and "
            "assimilates them across words as people do",
            "the held-out voices are strangers only to a measuring build (`minwon models train --hold-out-voices`); "
            "the shipped model has heard all of them",
            "CER: letters, spaces left out; WER: words between spaces, so it counts differences of spacing",
            *(note for part in parts for note in part.notes),
        ),
        plots={"noise": by_noise(found), "voices": by_voice(found)},
    )


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one part of the bench found."""

    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()


async def _part(name: str, stage: Stage, work: Coroutine[None, None, Part]) -> Part:
    """A part that cannot run says why; what was measured before it is not lost."""
    stage.tell(name)
    try:
        return await work
    except MinwonError as fault:
        return Part(notes=(f"{name}: not measured ({fault})",))


async def _over_sip(stage: Stage) -> Part:
    return Part(figures=await over_sip(stage))


async def _no_speech(model: ModelInfo) -> Part:
    """Words by kind of sound, all kinds as legs at the same time; then without the gate."""
    config = SttConfig()
    async with DecodePool(model, config) as pool:
        texts = await asyncio.gather(*(heard(kind, NO_SPEECH_S, pool, config) for kind in NOT_SPEECH))
    bare = await asyncio.to_thread(heard_bare, model, BARE_S)
    return Part(
        figures=(
            *(
                Figure(name=f"words in {NO_SPEECH_S / 60:.0f} minutes of {kind}", value=_words(said), unit="", bound=0)
                for kind, said in zip(NOT_SPEECH, texts, strict=True)
            ),
            Figure(
                name=f"words without the gate in {BARE_S:.0f} s of each of these",
                value=sum(map(_words, bare.values())),
                unit="",
            ),
        ),
        notes=tuple(f"words without the gate, {kind}: {' / '.join(said)}" for kind, said in bare.items() if said),
    )


def _words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


async def _people(model: ModelInfo) -> Part:
    """Figures of real speech, and what is to be said of what is not there."""
    corpora = people.corpora()
    if not corpora:
        return Part(notes=("real people: not measured, there are no recordings beside this repository",))
    told: list[Figure] = []
    for corpus in corpora:
        found = await asyncio.to_thread(people.heard, model, corpus)
        name = f"real people, {found.what}"
        if found.score.sentences:
            told += [
                Figure(name=f"{name}: CER", value=found.score.cer, unit="%"),
                Figure(name=f"{name}: clips", value=found.score.sentences, unit=""),
            ]
        else:
            told.append(Figure(name=f"{name}: keywords heard", value=found.keywords, unit="%"))
    return Part(figures=tuple(told))
