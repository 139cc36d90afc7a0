"""Speech from libespeak-ng (ctypes), with the start of every phoneme.

espeak-ng's phoneme events are an exact phone alignment for nothing: no flat start, no aligner. ``core.spoken`` runs the
program instead, which keeps a node free of the library; here a core speaks 200 hours in one and wants it at hand.

The library holds one state for the whole process: one ``Espeak`` per process, and several processes for several cores.
Phases and noise go on from one sentence to the next: only the same sentences in the same order, from the process's
first one on, are the same samples. (It can't be begun anew either: a second ``espeak_Initialize`` hangs now and then.)
"""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from core.errors import BadInput, EnvironmentFault
from models.training.sound.voices import Manner

_SYNCHRONOUS, _PHONEME_EVENTS = 2, 1
_UTF8, _BY_CHARACTER = 1, 1
_END_OF_EVENTS, _PHONEME = 0, 7
_RATE, _PITCH, _RANGE = 1, 3, 4


class _Name(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """``espeak_EVENT`` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Name),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Utterance(msgspec.Struct, frozen=True):
    """A sentence as espeak-ng speaks it."""

    samples: npt.NDArray[np.int16]
    rate: int
    """Samples a second: 22,050."""
    phonemes: tuple[tuple[str, float], ...]
    """espeak-ng's mnemonics (pauses begin with '_'), each with its start in seconds."""


class Espeak:
    """libespeak-ng. ``EnvironmentFault`` when it is not installed."""

    def __init__(self) -> None:
        try:
            self._library = ctypes.CDLL(ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1")
        except OSError as error:
            raise EnvironmentFault("libespeak-ng is missing: apt-get install espeak-ng") from error
        self._rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEME_EVENTS)
        if self._rate <= 0:
            raise EnvironmentFault("libespeak-ng finds no voices: apt-get install espeak-ng-data")
        ctypes.CDLL(None).srand(1)  # its noise is C's rand(), which it seeds with the process's number
        text, size, number, pointer = ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_void_p
        signature = (text, size, number, ctypes.c_int, number, number, pointer, pointer)
        self._library.espeak_Synth.argtypes = signature
        self._callback = _Callback(self._take)  # kept: the library does not
        self._library.espeak_SetSynthCallback(self._callback)
        self._chunks: list[npt.NDArray[np.int16]] = []
        self._phonemes: list[tuple[str, float]] = []
        self._voice = ""

    def say(self, text: str, manner: Manner) -> Utterance:
        """Speak it, some 300 times faster than a person. Raises ``BadInput`` for a variant that is not installed."""
        self._speak_as(manner.voice)
        for what, value in ((_RATE, manner.speed), (_PITCH, manner.pitch), (_RANGE, manner.pitch_range)):
            self._library.espeak_SetParameter(what, value, 0)
        self._chunks, self._phonemes = [], []
        data = text.encode()
        if self._library.espeak_Synth(data, len(data) + 1, 0, _BY_CHARACTER, 0, _UTF8, None, None) != 0:
            raise EnvironmentFault("libespeak-ng refuses to speak; is its version 1.51 or newer?")
        samples = np.concatenate(self._chunks) if self._chunks else np.zeros(0, np.int16)
        return Utterance(samples, self._rate, tuple(self._phonemes))

    def _speak_as(self, voice: str) -> None:
        if voice == self._voice:
            return
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise BadInput(f"espeak-ng has no voice '{voice}'; apt-get install espeak-ng-data")
        self._voice = voice

    def _take(self, samples: Any, count: int, events: Any) -> int:
        """Called by the library for each stretch of audio."""
        if samples and count > 0:
            self._chunks.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        at = 0
        while events[at].type != _END_OF_EVENTS:
            event = events[at]
            if event.type == _PHONEME:
                name = bytes(event.id.string).split(b"\0")[0].decode("utf-8", "replace")
                self._phonemes.append((name, event.sample / self._rate))
            at += 1
        return 0
