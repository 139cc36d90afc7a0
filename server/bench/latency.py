"""Bench ``latency``: with one call, how soon words stand on the desk."""

from __future__ import annotations

import asyncio
from typing import Final

from server.bench.figures import Figure, Report, spread
from server.bench.hearing import Delays
from server.bench.played_calls import PlayedCalls
from server.bench.stage import Stage
from server.bench.talk import talks

FINAL_S: Final = 0.8
"""Bound of the 95th percentile with one call."""
PARTIAL_S: Final = 0.7
"""The same for the first partial, also at capacity."""
LISTEN_S: Final = 100.0
_SETTLE_S: Final = 3.0


async def measure(stage: Stage) -> Report:
    """One call, two people talking in turns."""
    stage.tell("voices")
    (talk,) = await talks(stage.voices(), 1)
    async with PlayedCalls(stage, [talk], agents=1) as calls:
        await calls.carry(1)
        stage.tell(f"one call, {LISTEN_S:.0f} s")
        await asyncio.sleep(_SETTLE_S)
        delays = await calls.listen(LISTEN_S)
        dropped = (await calls.look()).dropped
    return report(delays, dropped)


def report(delays: Delays, dropped: int) -> Report:
    """The figures of what was heard."""
    return Report(
        figures=(
            *spread("speech end to final on the desk", delays.final, bound=FINAL_S),
            *spread("speech onset to first partial (…: somebody speaks)", delays.noticed, bound=PARTIAL_S),
            *spread("speech onset to first partial with words", delays.words),
            Figure(name="utterances", value=len(delays.final), unit=""),
            Figure(name="utterances without a final", value=delays.lost, unit="", bound=0),
            Figure(name="frames dropped", value=dropped, unit="", bound=0),
        ),
        notes=(
            "speech ends with the last 20 ms that are less than 30 dB below the voice; the hangover of the speech gate "
            "is part of the time",
            "a word can be shown only when enough of it was said: the first word alone lasts up to a second",
        ),
    )
