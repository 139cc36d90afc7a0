"""Bench ``streams``: how many legs this machine's decode workers carry with a model, and how late its words then come.

Legs of people talking in turns are fed to the workers in real time, without gate, node or desks: what the engine costs
by itself, whichever it is. ``capacity`` measures the whole path.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from typing import Final

import msgspec

from core.audio import FRAME_S
from core.charts import Axis, Chart, Curve, round_up, sheet, ticks
from core.config import SttConfig
from core.events import Speaker
from server.bench.capacity import FINAL_S as ON_DESK_S
from server.bench.figures import Figure, Report, percentile
from server.bench.processes import cpu_s_of_all, resident_kib
from server.bench.search import largest
from server.bench.stage import Stage
from server.bench.talk import Talk, talks
from stt.decode_pool import DecodePool

HANGOVER_S: Final = SttConfig().hangover_ms / 1000
FINAL_S: Final = ON_DESK_S - HANGOVER_S
"""Bound of the 95th percentile from an utterance's last audio to its final: the gate's hangover is still to come."""
WINDOW_S: Final = 8.0
SETTLE_S: Final = 2.0
FIRST_LEGS: Final = 16
FINEST_LEGS: Final = 8
MOST_LEGS: Final = 1024
TALKS: Final = 6
_CHUNK_FRAMES: Final = 5
_PHASE_S: Final = 1.7
"""Each leg begins at another place of its talk."""


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """So many legs, as it went."""

    legs: int
    final_s: float
    """95th percentile from the last audio of an utterance to its final; infinite where one never came."""
    finals: int
    cores: float
    """CPU that the workers took."""
    memory_mib: float
    """Of all workers."""
    largest_mib: float

    @property
    def inside(self) -> bool:
        """Whether words come in time."""
        return self.final_s <= FINAL_S


async def measure(stage: Stage) -> Report:
    """Double the legs until words come late, then halve the gap; two to three minutes."""
    stage.tell("voices")
    made = await talks(stage.voices(), TALKS)
    loads: list[Load] = []
    async with DecodePool(stage.model, SttConfig()) as pool:

        async def fits(legs: int) -> bool:
            stage.tell(f"{legs} legs")
            loads.append(await carry(pool, made, legs))
            return loads[-1].inside

        carried = await largest(fits, first=FIRST_LEGS, step=0, finest=FINEST_LEGS, limit=MOST_LEGS)
        workers = len(pool.state().workers)
    return report(stage.model.name, workers, carried, loads)


async def carry(
    pool: DecodePool, made: Sequence[Talk], legs: int, settle_s: float = SETTLE_S, window_s: float = WINDOW_S
) -> Load:
    """Feed so many legs; what is said in the window counts."""
    await pool.caught_up(0.0)  # what has piled up before is no fault of these
    since = time.monotonic() + settle_s
    window = _Window(since, since + window_s)
    async with asyncio.TaskGroup() as feeding:
        speakers = [feeding.create_task(_leg(pool, made[leg % len(made)], leg, window)) for leg in range(legs)]
        await asyncio.sleep(settle_s)
        workers = [worker.pid for worker in pool.state().workers]
        cpu, began = cpu_s_of_all(workers), time.monotonic()
        await asyncio.sleep(window_s + FINAL_S)
        used = (cpu_s_of_all(workers) - cpu) / (time.monotonic() - began)
        memory = [resident_kib(worker.pid) / 1024 for worker in pool.state().workers]  # those that are there by now
        for speaker in speakers:
            speaker.cancel()
    waits = window.waits()
    return Load(
        legs=legs,
        final_s=percentile(waits, 0.95),
        finals=len(waits),
        cores=used,
        memory_mib=sum(memory),
        largest_mib=max(memory),
    )


def report(model: str, workers: int, carried: int, loads: Sequence[Load]) -> Report:
    """The figures at the most legs that were carried, and the curve."""
    best = next((load for load in reversed(loads) if load.legs == carried and load.inside), None)
    figures = [
        Figure(name="calls with this model, both legs", value=carried // 2, unit="calls"),
        Figure(name="legs", value=carried, unit="legs"),
        Figure(name="decode workers", value=workers, unit=""),
    ]
    if best is not None:
        figures += [
            Figure(name="last audio to final there, p95", value=best.final_s, unit="s", bound=FINAL_S),
            Figure(name="CPU of the decode workers there", value=best.cores, unit="cores"),
            Figure(name="CPU a leg there", value=best.cores / best.legs, unit="cores"),
            Figure(name="memory of the decode workers there", value=best.memory_mib, unit="MiB"),
            Figure(name="largest decode worker there", value=best.largest_mib, unit="MiB"),
            Figure(name="finals there", value=best.finals, unit=""),
        ]
    by_legs = sorted({load.legs: load for load in loads}.values(), key=lambda load: load.legs)
    figures += [Figure(name=f"p95 with {load.legs} legs", value=load.final_s, unit="s") for load in by_legs]
    return Report(
        figures=tuple(figures),
        notes=(
            f"this machine carries {carried // 2} calls with this model ({model}), decoding alone on {workers} workers",
            "each leg speaks 40 % of the time; gate, node, desks and SIP want cores as well: see the bench capacity",
            f"an utterance is late when its final comes more than {FINAL_S:g} s after its last audio; with the gate's "
            f"hangover that is {ON_DESK_S:g} s after the last sound",
        ),
        plots={"latency": _plot(model, by_legs)},
    )


class _Window:
    """The time in which ends of utterances count, and what became of them."""

    def __init__(self, since: float, until: float) -> None:
        self._since, self._until = since, until
        self._due: dict[int, float] = {}
        self._waits: list[float] = []

    def over(self, utterance: int) -> None:
        """Its last audio is fed."""
        if self._since <= time.monotonic() < self._until:
            self._due[utterance] = time.monotonic()

    def heard(self, utterance: int) -> None:
        """Its final has come."""
        if utterance in self._due:
            self._waits.append(time.monotonic() - self._due.pop(utterance))

    def waits(self) -> list[float]:
        """From last audio to final; infinite where none has come."""
        return [*self._waits, *(math.inf for _ in self._due)]


async def _leg(pool: DecodePool, talk: Talk, leg: int, window: _Window) -> None:
    """One party of a talk, round and round."""
    speaker: Speaker = "agent" if leg % 2 else "caller"
    frames = talk.agent if leg % 2 else talk.caller
    began = time.monotonic() - leg * _PHASE_S % talk.length_s
    while True:
        for said in talk.utterances:
            # What has begun already is joined in the middle: from the first moment on as many speak as later.
            first = round(max(said.onset, time.monotonic() - began) / FRAME_S)
            if said.speaker == speaker and first * FRAME_S < said.end:
                await _say(pool, frames[first : round(said.end / FRAME_S)], began + first * FRAME_S, window)
        began += talk.length_s


async def _say(pool: DecodePool, frames: Sequence[bytes], start: float, window: _Window) -> None:
    """An utterance as it is spoken, a chunk at a time."""
    utterance = pool.utterance(on_partial=lambda _text: None, on_final=lambda _final: window.heard(utterance.number))
    try:
        for at in range(0, len(frames), _CHUNK_FRAMES):
            await asyncio.sleep(max(0.0, start + (at + _CHUNK_FRAMES) * FRAME_S - time.monotonic()))
            utterance.feed(b"".join(frames[at : at + _CHUNK_FRAMES]))
        window.over(utterance.number)
        utterance.finish()
    except asyncio.CancelledError:
        utterance.forget()
        raise


def _plot(model: str, loads: Sequence[Load]) -> str:
    most = max((load.legs for load in loads), default=1)
    chart = Chart(
        title="Last audio to final by legs, p95 (dashed: bound)",
        x=Axis(low=0, high=most, ticks=ticks(most, parts=4), label="legs; two are a call"),
        y=Axis(low=0, high=2 * FINAL_S, ticks=ticks(2 * FINAL_S, " s", 4)),
        curves=(Curve(points=tuple((float(load.legs), min(load.final_s, 2 * FINAL_S)) for load in loads)),),
        wishes=(FINAL_S,),
    )
    cores = [load.cores for load in loads] or [1.0]
    busy = Chart(
        title="CPU of the decode workers by legs",
        x=Axis(low=0, high=most, ticks=ticks(most, parts=4), label="legs"),
        y=Axis(low=0, high=round_up(max(cores)), ticks=ticks(round_up(max(cores)), " cores")),
        curves=(Curve(points=tuple((float(load.legs), load.cores) for load in loads)),),
    )
    return sheet((chart, busy), label="latency by legs", foot=f"model {model}")
