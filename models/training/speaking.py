"""One clip of training speech: a sentence, somebody's voice and throat, a call around it, and when each phone begins.

All chance follows from ``(seed, index)``; the synthesiser's own from what its process has spoken before
(``sound.espeak``).
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Final

import msgspec
import numpy as np

from models.kaldi.phones import BASE_ID, SILENCE
from models.training.sound import noise, warps
from models.training.sound.channel import set_level, telephone
from models.training.sound.espeak import Espeak
from models.training.sound.features import RATE, Floats
from models.training.sound.packets import Samples
from models.training.sound.voices import Manner, draw
from models.training.text import as_spoken

_SILENT_MARKS: Final = frozenset({"", ";"})
"""espeak-ng's link mark makes no sound."""
_SAME_SOUND: Final = {"k": "q"}
"""Rare names of a phone that has another."""
_PEOPLE: Final = (
    "네 안녕하세요 무엇을 도와 드릴까요",
    "여보세요 잘 안 들리는데 다시 한 번 말씀해 주시겠어요",
    "아니 그게 아니라 어제 서류를 냈거든요",
)
"""What is said in the background."""
_PEOPLE_SEED: Final = 20


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """What a telephone hears of one sentence."""

    text: str
    """'' = nobody speaks."""
    variant: str
    """The voice, one of ``voices.ALL``."""
    samples: Samples
    """8 kHz."""
    phones: tuple[int, ...]
    """Base phone numbers, silence at both ends and in pauses."""
    starts: tuple[float, ...]
    """Seconds, one a phone."""


def clip(text: str, seed: int, index: int) -> Clip:
    """Speak ``text``; '' is a noise, tones, music, clicks or a dead line."""
    rng = np.random.default_rng([seed, index])
    return _spoken(rng, text) if text else _unspoken(rng)


def _spoken(rng: np.random.Generator, text: str) -> Clip:
    manner = draw(rng)
    voice, phones, starts = _voice(rng, _punctuated(rng, as_spoken(text, Random(int(rng.integers(2**63))))), manner)
    before, after = _before(rng), np.zeros(int(RATE * rng.uniform(0.1, 0.9)), np.float32)
    lead = len(before) / RATE
    speech = np.concatenate([before, voice, after])
    return Clip(
        text=text,
        variant=manner.variant,
        samples=telephone(rng, speech, _people()),
        phones=phones,
        starts=(0.0, *(lead + start for start in starts[1:])),
    )


def _unspoken(rng: np.random.Generator) -> Clip:
    count = int(RATE * rng.uniform(1, 4))
    sound = noise.any_of(noise.NO_SPEECH, rng, count) if rng.random() < 0.9 else np.zeros(count, np.float32)
    quiet = set_level(sound, -rng.uniform(0, 45)) if sound.any() else sound
    return Clip(
        text="",
        variant="",
        samples=telephone(rng, quiet, hard=False),
        phones=(BASE_ID[SILENCE],),
        starts=(0.0,),
    )


def _voice(rng: np.random.Generator, text: str, manner: Manner) -> tuple[Floats, tuple[int, ...], tuple[float, ...]]:
    """Clean speech at 8 kHz; its phones with silence at both ends, and their starts."""
    said = _espeak().say(text, manner)
    samples, times = said.samples, [start for _, start in said.phonemes] + [len(said.samples) / said.rate]
    if rng.random() < 0.7:
        ratio, wander = rng.uniform(0.82, 1.2), rng.uniform(0, 0.06)
        samples, times = warps.stretched(rng, samples, said.rate, times, ratio, wander)
    voice = warps.narrowed(samples, said.rate)
    if rng.random() < 0.4:
        voice = warps.reshaped(rng, voice)
    phones, starts = [BASE_ID[SILENCE]], [0.0]
    for (name, _), start in zip((*said.phonemes, ("_", 0.0)), times, strict=True):
        phone = base_phone(name)
        if phone is not None and not (phone == phones[-1] == BASE_ID[SILENCE]):
            phones.append(phone)
            starts.append(start)
    return voice, tuple(phones), tuple(starts)


def base_phone(mnemonic: str) -> int | None:
    """The base phone that espeak-ng's mnemonic means; None if it makes no sound or is none of ours."""
    if mnemonic in _SILENT_MARKS:
        return None
    if mnemonic.startswith("_"):
        return BASE_ID[SILENCE]
    return BASE_ID.get(_SAME_SOUND.get(mnemonic, mnemonic))


def _punctuated(rng: np.random.Generator, text: str) -> str:
    """Pauses and the melody of a sentence: a comma now and then, and some mark at its end."""
    words = [f"{word}," if rng.random() < 0.05 else word for word in text.split()]
    return " ".join(words).rstrip(",") + str(rng.choice(("", "", ".", "?")))


def _before(rng: np.random.Generator) -> Floats:
    """A moment before somebody speaks: mostly nothing, now and then keys, hold music, tones."""
    quiet = np.zeros(int(RATE * rng.uniform(0.05, 0.7)), np.float32)
    if rng.random() >= 0.05:
        return quiet
    source = (noise.keys, noise.music, noise.tones)[rng.integers(3)]
    sound = source(rng, int(RATE * rng.uniform(0.3, 1.5)))
    return np.concatenate([set_level(sound, -rng.uniform(3, 30)), quiet])


@cache
def _espeak() -> Espeak:
    return Espeak()


@cache
def _people() -> Floats:
    """A while of other people's speech, the same in every process."""
    rng = np.random.default_rng(_PEOPLE_SEED)
    turns = [_voice(rng, text, draw(rng))[0] for text in _PEOPLE * 4]
    return np.concatenate([set_level(turn, -6) for turn in turns])
