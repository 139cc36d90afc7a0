"""The floor: legs decoded by nothing but vosk, as its own examples do it. A process; one runs on each core.

One recogniser a leg for as long as the leg lasts, every 100 ms of every leg decoded, silence too, partials asked for
each time, utterances ended by vosk's own end-pointing. No gate, no queue, no desk. Chunks are due one after the other,
evenly spread, as if they came from telephones. The process ends with its stdin.
"""

from __future__ import annotations

import heapq
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

import msgspec

from core.audio import FRAME_MS
from models import shelf
from server.bench.played_messages import load
from stt.vosk_engine import VoskRecognizer, VoskSession

CHUNK_S: Final = 0.1
_FRAMES: Final = 100 // FRAME_MS


class Legs(msgspec.Struct, frozen=True, kw_only=True):
    """Decode so many legs for so long."""

    numbers: tuple[int, ...]
    """Which of all legs are this process's."""
    seconds: float


class Lateness(msgspec.Struct, frozen=True, kw_only=True):
    """How it went: answered to ``Legs``."""

    worst_s: float
    """From the moment when a chunk was complete to the moment when it was decoded."""
    cpu_s: float
    chunks: int


class PlainLeg:
    """One leg's recogniser, used as in vosk's ``test_microphone.py``."""

    def __init__(self, session: VoskSession) -> None:
        self._session = session
        # The product has no use for vosk's own end-pointing and does not offer it: the floor goes behind its back.
        self._vosk = session._recognizer

    def decode(self, pcm: bytes) -> None:
        """One chunk."""
        if self._vosk.AcceptWaveform(pcm):
            self._vosk.Result()
        else:
            self._vosk.PartialResult()


def decode(recognizer: VoskRecognizer, audio: list[list[bytes]], order: Legs) -> Lateness:
    """Play the legs in real time and decode them."""
    legs = {number: PlainLeg(recognizer.session()) for number in order.numbers}
    chunks = {number: _from_place(audio[number % len(audio)], number) for number in order.numbers}
    began, cpu = time.monotonic(), time.process_time()
    share = CHUNK_S / max(1, len(legs))
    due = [(began + CHUNK_S + place * share, number) for place, number in enumerate(legs)]
    heapq.heapify(due)
    worst, done = 0.0, 0
    while due and due[0][0] < began + order.seconds:
        moment, number = due[0]
        time.sleep(max(0.0, moment - time.monotonic()))
        legs[number].decode(next(chunks[number]))
        worst = max(worst, time.monotonic() - moment)
        done += 1
        heapq.heapreplace(due, (moment + CHUNK_S, number))
    return Lateness(worst_s=worst, cpu_s=time.process_time() - cpu, chunks=done)


def _from_place(chunks: list[bytes], number: int) -> Iterator[bytes]:
    """Round and round, each leg from another place."""
    for place in count(number * 79):
        yield chunks[place % len(chunks)]


def _audio(file: Path) -> list[list[bytes]]:
    """Both legs of every talk, in chunks."""
    legs = [leg for talk in load(file) for leg in (talk.caller, talk.agent)]
    return [[b"".join(leg[at : at + _FRAMES]) for at in range(0, len(leg), _FRAMES)] for leg in legs]


def main(file: str, model: str) -> None:
    """Answer each line of stdin with one of stdout."""
    recognizer = VoskRecognizer(shelf.find(model))
    audio = _audio(Path(file))
    for line in sys.stdin.buffer:
        answer = decode(recognizer, audio, msgspec.json.decode(line, type=Legs))
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
