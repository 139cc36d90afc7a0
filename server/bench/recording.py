"""Bench ``recording``: 100 stereo calls recorded at once, and what it costs: CPU and disk an hour of call, by codec.

Real frames go through the real taps, writer thread, spool and finishing; the calls talk in turn, as people do. The
taps are timed by themselves, for they are all that a call's event loop pays.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from core.audio import FRAME_BYTES, FRAME_S, RATE, Frame
from core.events import Speaker
from core.store.recordings import Silence
from records.recording.codec import Codec
from records.recording.finishing import finish
from records.recording.heard_facts import HeardFacts
from records.recording.spool import SUFFIX, SpoolHead, new_head, read_spool
from server.bench import speech
from server.bench.figures import Figure, Report, percentile
from server.bench.stage import Stage
from server.recording.tap import Tap
from server.recording.writer import Spool, Writer

CALLS: Final = 100
SECONDS: Final = 120
CODECS: Final[tuple[Codec, ...]] = ("opus", "flac", "wav")
LOOP_BOUND: Final = 0.05
"""Share of a core that the taps of 100 calls may take on the event loop."""
_HOUR: Final = 3600.0
_KEY: Final = bytes(32)
_FINISHED: Final = 8
"""Calls that are finished with each codec."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What recording took, all calls together."""

    loop_s: float
    """In taps, on the event loop."""
    cpu_s: float
    """Of the process: taps, encryption, writing."""
    spool_bytes: int
    behind_s: float
    """The longest that the writer needed for one second of all calls."""


async def measure(stage: Stage) -> Report:
    """Recording first, then finishing with each codec."""
    stage.tell("voices")
    legs = await _legs(stage)
    folder = stage.folder / "recordings"
    stage.tell(f"{CALLS} calls")
    recorded = await record(folder, legs, calls=CALLS, seconds=SECONDS)
    hours = CALLS * SECONDS / _HOUR
    figures = [
        Figure(
            name=f"{CALLS} calls, on the event loop",
            value=recorded.loop_s / SECONDS,
            unit="of a core",
            bound=LOOP_BOUND,
        ),
        Figure(name=f"{CALLS} calls, encrypted and written", value=recorded.cpu_s / SECONDS, unit="of a core"),
        Figure(name="CPU while recording", value=recorded.cpu_s / hours, unit="s an hour of call"),
        Figure(name="spool", value=recorded.spool_bytes / hours / 2**20, unit="MiB an hour of call"),
        Figure(name="writer behind, longest", value=recorded.behind_s, unit="s", bound=1.0),
    ]
    for codec in CODECS:
        stage.tell(f"finishing, {codec}")
        figures += await finished(folder, codec, count=_FINISHED, seconds=SECONDS)
    notes = (
        f"{SECONDS} s of each call, fed as fast as they are taken; espeak-ng voices that take turns, 8 kHz, two legs",
        "finishing: silenced, encoded, sealed, read back and hashed; one call after the other, in one thread",
        "wav is what no encoder would take: the room that Opus and FLAC are measured against",
    )
    return Report(figures=tuple(figures), notes=notes)


async def record(folder: Path, legs: dict[Speaker, bytes], *, calls: int, seconds: int) -> Recorded:
    """So many calls at once, a second at a time."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    writer, spools, taps = Writer(folder, floor_bytes=0), list[Spool](), list[Tap]()
    faults: list[str] = []
    writer.start()
    for number in range(calls):
        spool = writer.open(_head(number), _KEY, faults.append)
        spools.append(spool)
        taps += [Tap(speaker, spool.put, lambda _fault: None, "keep") for speaker in legs]
    loop_s = behind_s = 0.0
    cpu = time.process_time()
    for second in range(seconds):
        frames = {speaker: _second(pcm, second) for speaker, pcm in legs.items()}
        began = time.perf_counter()
        for tap in taps:
            take = tap.take
            for frame in frames[tap.speaker]:
                take(frame)
        loop_s += time.perf_counter() - began
        await asyncio.to_thread(_wait_for, spools)
        behind_s = max(behind_s, time.perf_counter() - began)
    for spool in spools:
        spool.close()
    await writer.close()
    assert not faults, faults
    cpu_s = time.process_time() - cpu
    return Recorded(loop_s=loop_s, cpu_s=cpu_s, spool_bytes=_size_of(folder), behind_s=behind_s)


async def finished(folder: Path, codec: Codec, *, count: int, seconds: int) -> list[Figure]:
    """Some of those calls, made into files."""
    facts = HeardFacts(silences=(Silence(start=10.0, end=14.0, why="number"),), alerts=(), agents=(), unscreened=False)
    walls, size = [], 0
    cpu = time.process_time()
    for number in range(count):
        target = folder / f"{number}.{codec}"
        entries = read_spool(folder / f"bench-{number}{SUFFIX}", lambda _head: _KEY)
        began = time.perf_counter()
        made = await asyncio.to_thread(partial(finish, entries, facts, target, _KEY, f"bench-{number}", codec))
        walls.append(time.perf_counter() - began)
        assert made is not None
        assert not made.late
        size += target.stat().st_size
        target.unlink()
    hours = count * seconds / _HOUR
    per_call = percentile(walls, 0.95) * 180 / seconds
    return [
        Figure(name=f"{codec}: file", value=size / hours / 2**20, unit="MiB an hour of call"),
        Figure(name=f"{codec}: CPU of finishing", value=(time.process_time() - cpu) / hours, unit="s an hour of call"),
        Figure(name=f"{codec}: finishing a call of 3 minutes, p95", value=per_call, unit="s"),
    ]


def _wait_for(spools: list[Spool]) -> None:
    while any(spool.behind for spool in spools):
        time.sleep(0.002)


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob(f"*{SUFFIX}"))


def _head(number: int) -> SpoolHead:
    began = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return new_head(recording_id=f"bench-{number}", call_id="c", began=began, why="rule", by="", wrapped_key=b"")


def _second(pcm: bytes, second: int) -> list[Frame]:
    """Frames of that second; the voice begins anew when it is over."""
    frames = []
    for index in range(round(1 / FRAME_S)):
        at = ((second * 50 + index) * FRAME_BYTES) % len(pcm)
        frames.append(Frame(pcm[at : at + FRAME_BYTES], second + index * FRAME_S))
    return frames


async def _legs(stage: Stage) -> dict[Speaker, bytes]:
    """A minute of caller and agent, who take turns."""
    texts = speech.sentences()[:16]
    box = stage.voices()
    said = [clip.samples async for clip in speech.speak(box, texts, speech.CALLERS[0])]
    answered = [clip.samples async for clip in speech.speak(box, texts, speech.AGENT)]
    pause = np.zeros(RATE // 2, np.int16)
    caller, agent = [], []
    for asks, answers in zip(said, answered, strict=True):
        caller += [asks, pause, np.zeros(len(answers), np.int16), pause]
        agent += [np.zeros(len(asks), np.int16), pause, answers, pause]
    return {"caller": _whole(np.concatenate(caller)), "agent": _whole(np.concatenate(agent))}


def _whole(samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> bytes:
    """In whole frames."""
    pcm = samples.astype("<i2").tobytes()
    return pcm[: len(pcm) // FRAME_BYTES * FRAME_BYTES]
