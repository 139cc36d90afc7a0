"""Words where nobody speaks: noise, clicks, music, tones through the gate and the listener of real calls, and bare."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import numpy as np

from core.audio import FRAME_BYTES, FRAME_S, RATE, Frame
from core.config import SttConfig
from core.g711 import Samples, round_trip
from models.shelf import ModelInfo
from server.measuring.channels import in_16_bits
from server.measuring.sounds import NOT_SPEECH
from stt.decode_pool import DecodePool
from stt.listener import listen
from stt.trial import Trial

PIECE_S: Final = 20
"""After so long the sound begins anew, at another level."""
LEVELS_DBFS: Final = (-48.0, -14.0)
"""Of the pieces, drawn between these: a quiet room to a loud street; a voice has -20."""
_AHEAD_S: Final = 5.0
_AT_ONCE: Final = 50
"""Frames (1 s) that are handed on before others get their turn."""
_SEED: Final = 71


def sound(kind: str, seconds: float) -> Samples:
    """So much of a kind of ``NOT_SPEECH`` over G.711; always the same."""
    pieces = [_piece(kind, number) for number in range(-(-round(seconds) // PIECE_S))]
    return np.concatenate(pieces)[: round(seconds * RATE)]


async def heard(kind: str, seconds: float, pool: DecodePool, config: SttConfig) -> list[str]:
    """The finals that a call would show of it."""
    frames = _frames(await asyncio.to_thread(sound, kind, seconds), pool)
    return [each.text async for each in listen(frames, pool, config, last_words_s=120) if each.kind == "final"]


def heard_bare(model: ModelInfo, seconds: float) -> dict[str, list[str]]:
    """By kind, what the engine alone, without a gate, makes of pieces of it. Waits; not for an event loop."""
    with Trial(model) as trial:
        return {
            kind: [found.text for found in trial.decode(_clips(sound(kind, seconds))) if found.text]
            for kind in NOT_SPEECH
        }


def _piece(kind: str, number: int) -> Samples:
    rng = np.random.default_rng([_SEED, number, *kind.encode()])
    level = 10 ** (rng.uniform(*LEVELS_DBFS) / 20)
    return round_trip(in_16_bits(NOT_SPEECH[kind](rng, PIECE_S * RATE) * level), "ulaw")


def _clips(samples: Samples) -> list[bytes]:
    length = PIECE_S * RATE // 4
    return [samples[at : at + length].astype("<i2").tobytes() for at in range(0, len(samples), length)]


async def _frames(samples: Samples, pool: DecodePool) -> AsyncIterator[Frame]:
    pcm = samples.astype("<i2").tobytes()
    for number, at in enumerate(range(0, len(pcm) - FRAME_BYTES + 1, FRAME_BYTES)):
        yield Frame(pcm[at : at + FRAME_BYTES], number * FRAME_S)
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
            await pool.caught_up(_AHEAD_S)
