"""Part of bench ``recognition``: the demo's callers over real calls, and what the bare engine makes of the same sound.

The same spoken sentences go over real calls (SIP, G.711, gate, decode workers, text) and, after the same G.711 round
trip, as whole files straight to the engine.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from typing import Final

import msgspec
import numpy as np

from core.audio import RATE
from core.bus.contract import Overflow, Subscription
from core.events import CallStarted, Speaker, TranscriptFinal
from core.g711 import Samples, round_trip
from server.bench.cer import error_rate
from server.bench.figures import Figure
from server.bench.sip_calls import LINES, BridgedCall, SipCalls
from server.bench.speech import AGENT, CALLERS, sentences, speak, write
from server.bench.stage import Stage
from server.demo.voice import VoiceBox
from stt.trial import texts
from telephony.softphone import PhoneCall

SENTENCES: Final = 104
PATH_CER: Final = 2.0
"""Percent, telephone to desk."""
BOUND_POINTS: Final = 1.0
"""How much worse the path may be than the engine alone."""
QUIET_S: Final = 0.7
"""Before and after each sentence."""
_EVENTS: Final = 10_000
_LAST_WORDS_S: Final = 3.0
_PLAY_S: Final = 240.0
_VOICES: Final = (*CALLERS, AGENT)

Heard = dict[tuple[str, Speaker], list[str]]
"""Finals by the caller's number and who spoke."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one leg says."""

    texts: list[str]
    pieces: list[Samples]
    """One for each sentence, with the quiet around it."""

    @property
    def said(self) -> str:
        """All of it."""
        return " ".join(self.texts)


async def over_sip(stage: Stage) -> tuple[Figure, ...]:
    """Both legs of four calls speak at the same time, each its own sentences."""
    stage.tell("voices")
    parts = await _parts(stage.voices())
    stage.tell(f"{LINES} calls")
    async with SipCalls(stage) as sip:
        heard: Heard = defaultdict(list)
        events = sip.node.bus.subscribe(name="bench", limit=_EVENTS, overflow=Overflow.DROP_OLDEST)
        noting = asyncio.create_task(_note(events, heard), name="over sip")
        calls = await sip.join()
        stage.tell(f"{LINES} calls, {SENTENCES} sentences")
        legs = _legs(calls)
        async with asyncio.TaskGroup() as speaking:
            for number, (leg, part) in enumerate(zip(legs.values(), parts, strict=True)):
                wav = write(stage.folder / f"part{number}.wav", np.concatenate(part.pieces))
                speaking.create_task(_say(leg, wav.as_posix()))
        await asyncio.sleep(_LAST_WORDS_S)
        dropped = sip.dropped
        for call in calls:
            await call.caller.hang_up()
        noting.cancel()
        with suppress(asyncio.CancelledError):
            await noting
    stage.tell("the engine alone")
    pieces = [round_trip(piece).astype("<i2").tobytes() for part in parts for piece in part.pieces]
    alone = await asyncio.to_thread(texts, stage.model.path, pieces)
    return _figures(parts, [" ".join(heard[key]) for key in legs], _dealt(alone, parts), dropped)


def _legs(calls: list[BridgedCall]) -> dict[tuple[str, Speaker], PhoneCall]:
    legs: dict[tuple[str, Speaker], PhoneCall] = {}
    for call in calls:
        legs[call.number, "caller"] = call.caller
        legs[call.number, "agent"] = call.agent
    return legs


async def _parts(box: VoiceBox) -> list[Part]:
    quiet: Samples = np.zeros(round(QUIET_S * RATE), np.int16)
    chosen = sentences()[:SENTENCES]
    parts = []
    for number in range(2 * LINES):
        texts = chosen[number :: 2 * LINES]
        clips = [clip async for clip in speak(box, texts, _VOICES[number % len(_VOICES)])]
        parts.append(Part(texts=texts, pieces=[np.concatenate((quiet, clip.samples, quiet)) for clip in clips]))
    return parts


async def _say(leg: PhoneCall, wav: str) -> None:
    await leg.say(wav, timeout=_PLAY_S)


async def _note(events: Subscription, heard: Heard) -> None:
    numbers: dict[str, str] = {}
    async for event in events:
        match event:
            case CallStarted(call_id=call_id, caller=caller):
                numbers[call_id] = caller.number
            case TranscriptFinal(call_id=call_id, speaker=speaker, text=text):
                heard[numbers[call_id], speaker].append(text)


def _dealt(alone: list[str], parts: list[Part]) -> list[str]:
    """The engine's texts, one for each part."""
    rest = iter(alone)
    return [" ".join(next(rest) for _ in part.texts) for part in parts]


def _figures(parts: list[Part], path: list[str], alone: list[str], dropped: int) -> tuple[Figure, ...]:
    said = [part.said for part in parts]
    of_path = error_rate(zip(said, path, strict=True))
    of_engine = error_rate(zip(said, alone, strict=True))
    return (
        Figure(name="over SIP: CER, telephone to desk", value=of_path, unit="%", bound=PATH_CER),
        Figure(name="over SIP: CER of the bare engine on the same sound", value=of_engine, unit="%"),
        Figure(name="over SIP: path minus engine", value=of_path - of_engine, unit="points", bound=BOUND_POINTS),
        Figure(name="over SIP: sentences", value=sum(len(part.texts) for part in parts), unit=""),
        Figure(name="over SIP: frames dropped", value=dropped, unit="", bound=0),
    )
