"""What is wrong with a node, as the wall's alerts: worker processes, the speech engines, the store, messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agent_assist.wall.rows import AlertRow, Trouble
from core.events import now
from stt.decode_pool import PoolState
from telephony.contract import WorkerState


def troubles_of(
    *,
    workers: Sequence[WorkerState],
    pools: Mapping[str, PoolState],
    lag_s: float,
    saving: bool,
    recording: bool,
    texting: bool,
) -> Mapping[str, AlertRow]:
    """The troubles by key; {} = all is well. ``lag_s``: from so many seconds on words come too late."""
    found = list(_found(workers, pools, lag_s, saving, recording, texting))
    at = now() if found else None
    return {f"{kind} {detail}": AlertRow(kind=kind, at=at, detail=detail) for kind, detail in found if at is not None}


def _found(
    workers: Sequence[WorkerState],
    pools: Mapping[str, PoolState],
    lag_s: float,
    saving: bool,
    recording: bool,
    texting: bool,
) -> Iterator[tuple[Trouble, str]]:
    for worker in workers:
        if not worker.alive:
            yield "sip_lost", worker.name
    for language, pool in pools.items():
        if not pool.workers:
            yield "engine_down", language
        elif pool.lag_s > lag_s:
            yield "engine_lag", language
    if not saving:
        yield "not_saved", ""
    if not recording:
        yield "not_recorded", ""
    if not texting:
        yield "texts_down", ""
