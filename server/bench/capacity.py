"""Bench ``capacity``: how many calls at once keep the bounds, beside how many legs a plain vosk loop carries.

Both get the same audio on the same cores. Ours is everything from the frame to the desk's WebSocket: gate, decode
workers, text, suggestions, journal, database, one signed-in desk per call. The floor is decoding alone.
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Final

import msgspec

from server.bench.figures import Figure, Report, percentile
from server.bench.floor import Floor
from server.bench.latency import PARTIAL_S
from server.bench.played_calls import PlayedCalls
from server.bench.played_messages import save
from server.bench.processes import cpu_s, cpu_s_of_all
from server.bench.search import largest
from server.bench.stage import Stage
from server.bench.talk import Talk, talks

FINAL_S: Final = 1.2
"""Bound of the 95th percentile at capacity; the floor's chunks must not be decoded later than this either."""
RATIO: Final = 1.5
"""So many times the legs of the floor ours must carry."""
TALKS: Final = 6
WINDOW_S: Final = 20.0
_SETTLE_S: Final = 10.0
"""So long an amount runs before it counts: decoders get warm, and an overload piles up until it is seen."""
MOST_CALLS: Final = 120
FIRST_CALLS: Final = 30
STEP_CALLS: Final = 10
FINEST_CALLS: Final = 2


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One amount of calls, as it went."""

    calls: int
    final_s: float
    noticed_s: float
    words_s: float
    dropped: int
    lost: int
    utterances: int
    node_cores: float
    """CPU that the node's process took."""
    decode_cores: float

    @property
    def inside(self) -> bool:
        """Whether every bound is kept."""
        return self.final_s <= FINAL_S and self.noticed_s <= PARTIAL_S and self.dropped == 0


async def measure(stage: Stage) -> Report:
    """Step up the calls, then the floor's legs."""
    stage.tell("voices")
    made = await talks(stage.voices(), TALKS)
    cores = len(os.sched_getaffinity(0))
    best = await _ours(stage, made)
    plain = None
    if stage.model.engine == "vosk":
        plain = await _floor(stage, save(made, stage.folder / "talks.msgpack"), cores)
    return _report(best, plain, made, cores)


async def _ours(stage: Stage, made: list[Talk]) -> Trial | None:
    best: Trial | None = None
    async with PlayedCalls(stage, made, agents=MOST_CALLS) as calls:

        async def fits(amount: int) -> bool:
            nonlocal best
            stage.tell(f"{amount} calls")
            trial = await _try(calls, amount)
            if trial.inside:
                best = trial
            else:
                await calls.carry(amount // 2)  # what has piled up is no fault of the next trial
                await asyncio.sleep(_SETTLE_S)
            return trial.inside

        await largest(fits, first=FIRST_CALLS, step=STEP_CALLS, finest=FINEST_CALLS, limit=MOST_CALLS)
    return best


async def _try(calls: PlayedCalls, amount: int) -> Trial:
    await calls.carry(amount)
    await asyncio.sleep(_SETTLE_S)
    workers = calls.decode_workers()
    dropped = (await calls.look()).dropped
    node, decode, began = cpu_s(calls.pid), cpu_s_of_all(workers), time.monotonic()
    delays = await calls.listen(WINDOW_S)
    took = time.monotonic() - began
    return Trial(
        calls=amount,
        final_s=percentile(delays.final, 0.95),
        noticed_s=percentile(delays.noticed, 0.95),
        words_s=percentile(delays.words, 0.95),
        dropped=(await calls.look()).dropped - dropped,
        lost=delays.lost,
        utterances=len(delays.final),
        node_cores=(cpu_s(calls.pid) - node) / took,
        decode_cores=(cpu_s_of_all(workers) - decode) / took,
    )


async def _floor(stage: Stage, talks_file: Path, cores: int) -> int:
    async with Floor(talks_file, cores, stage.model.path) as floor:
        await floor.carry(cores, 1.0)  # models are loaded

        async def fits(calls: int) -> bool:
            stage.tell(f"plain vosk, {2 * calls} legs")
            return all(one.worst_s <= FINAL_S for one in await floor.carry(2 * calls, _SETTLE_S + WINDOW_S))

        return 2 * await largest(fits, first=FIRST_CALLS, step=STEP_CALLS, finest=FINEST_CALLS, limit=MOST_CALLS)


def _report(best: Trial | None, plain_legs: int | None, made: list[Talk], cores: int) -> Report:
    calls = best.calls if best else 0
    legs = 2 * calls
    figures = [
        Figure(name="calls at once inside the bounds", value=calls, unit="calls"),
        Figure(name="legs", value=legs, unit="legs"),
    ]
    if plain_legs is not None:
        ratio = legs / plain_legs if plain_legs else 0.0
        figures += [
            Figure(name=f"plain vosk on the same {cores} cores", value=plain_legs, unit="legs"),
            Figure(name="ours / plain", value=ratio, unit="x", bound=RATIO, at_least=True),
        ]
    if best is not None:
        figures += [
            Figure(name="speech end to final there, p95", value=best.final_s, unit="s", bound=FINAL_S),
            Figure(name="onset to first partial (…) there, p95", value=best.noticed_s, unit="s", bound=PARTIAL_S),
            Figure(name="onset to first words there, p95", value=best.words_s, unit="s"),
            Figure(name="frames dropped there", value=best.dropped, unit="", bound=0),
            Figure(name="utterances there", value=best.utterances, unit=""),
            Figure(name="utterances without a final there", value=best.lost, unit=""),
            Figure(name="CPU of the node there", value=best.node_cores, unit="cores"),
            Figure(name="CPU of the decode workers there", value=best.decode_cores, unit="cores"),
        ]
    share = 100 * sum(talk.speech_share() for talk in made) / len(made)
    return Report(
        figures=tuple(figures),
        notes=(
            f"two-leg calls, {share:.0f} % speech on each leg, {WINDOW_S:.0f} s a trial, an amount fails when it "
            "fails twice; the sources and the desks' browsers run on the same cores",
            f"plain vosk fails when a chunk of 100 ms is decoded more than {FINAL_S} s after it was complete; "
            "it has no gate, no suggestions, no database and no desks",
            "SIP is not in it: see the bench sip for what a bridged call costs there",
        ),
    )
