"""Side tasks that watch the running node: what happens is counted, what the parts count becomes metrics."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter as Tally
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from core import metrics
from core.bus.contract import Bus, Overflow
from core.errors import StoreFault
from core.events import AlarmRaised, AlertChanged, CardUsed, Event, Suggested
from core.store.contract import Store
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.recorder import Recorder
from stt.decode_pool import PoolState
from stt.pools import Pools
from telephony.contract import Bridge, WorkerState

PERIOD_S: Final = 1.0
ENTRIES_PERIOD_S: Final = 1.0
"""How soon a change is seen on the desks."""
ENTRIES_APART_S: Final = 15.0
"""From one loading of entries to the next while they keep changing: the index of 13,000 takes seconds to build."""
DEAF_S: Final = 5.0
"""Words that come later than this are as good as none."""
LIMIT: Final = 1000
"""Events waiting to be counted; more are not counted."""


async def count_events(bus: Bus) -> None:
    """Count alarms, alerts and cards as they are published."""
    async with bus.subscribe(name="counts", limit=LIMIT, overflow=Overflow.DROP_OLDEST, only=_counts) as events:
        async for event in events:
            match event:
                case AlarmRaised(code=code):
                    metrics.ALARMS.labels(code=code).inc()
                case AlertChanged(kind=kind, state="raised"):
                    metrics.ALERTS.labels(kind=kind).inc()
                case CardUsed(deed=deed):
                    metrics.CARDS_USED.labels(deed=deed).inc()
                case Suggested(suggestions=cards):
                    metrics.SUGGESTIONS.labels(kind="cards" if cards else "empty").inc()


async def follow_entries(store: Store, reload: Callable[[], Awaitable[None]], revision: int) -> None:
    """Load the consultation database anew whenever somebody has changed it, `minwon kb import` for one.

    ``revision`` is the one that is loaded. An import changes it batch by batch: while it does, what is there is loaded
    now and then, and once more when it has come to rest. A database that does not answer is the recorder's to report.
    """
    seen, loaded_at = revision, -math.inf
    while True:
        await asyncio.sleep(ENTRIES_PERIOD_S)
        with suppress(StoreFault):
            newest, before = await store.entries_revision(), seen
            seen = newest
            at_rest = newest == before or time.monotonic() - loaded_at >= ENTRIES_APART_S
            if newest != revision and at_rest:
                await reload()
                revision, loaded_at = newest, time.monotonic()


async def notice_deafness(pools: Pools, calls: LiveCalls) -> None:
    """Tell the desks while nothing is recognised: all decode workers of a language gone, or hopelessly behind."""
    while True:
        states = {language: pool.state() for language, pool in pools.all().items()}
        await calls.set_deaf([code for code, state in states.items() if not state.workers or state.lag_s > DEAF_S])
        await asyncio.sleep(PERIOD_S)


def _counts(event: Event) -> bool:
    return isinstance(event, AlarmRaised | AlertChanged | CardUsed | Suggested)


class Sampler:
    """Once a second: gauges as they stand, counters by what was added since the last look."""

    def __init__(self, bridge: Bridge, pools: Pools, recorder: Recorder, dispatcher: Dispatcher) -> None:
        self._bridge = bridge
        self._pools = pools
        self._recorder = recorder
        self._dispatcher = dispatcher
        self._before: dict[str, float] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.sample()
            await asyncio.sleep(PERIOD_S)

    def sample(self) -> None:
        """One look at everything."""
        self._sip(self._bridge.workers())
        for language, pool in self._pools.all().items():
            self._stt(language, pool.state())
        for language in self._pools.faults:
            metrics.STT_WORKERS.labels(language=language).set(0)
        metrics.CALLS_WAITING.set(self._dispatcher.queue().waiting)
        _by_state(Tally(agent.state for agent in self._dispatcher.roster))

    def _stt(self, language: str, state: PoolState) -> None:
        metrics.STT_MODEL.labels(language=language, engine=state.engine, model=state.model).set(1)
        metrics.STT_MEMORY.labels(language=language).set(sum(worker.resident_mb for worker in state.workers) << 20)
        metrics.STT_WORKERS.labels(language=language).set(len(state.workers))
        metrics.STT_STREAMS_ACTIVE.labels(language=language).set(sum(worker.open for worker in state.workers))
        self._add(f"stt crashes {language}", state.crashes, metrics.STT_WORKER_RESTARTS.labels(language=language).inc)
        self._add(f"stt recycled {language}", state.recycled, metrics.STT_WORKER_RECYCLES.labels(language=language).inc)

    def _sip(self, workers: Sequence[WorkerState]) -> None:
        metrics.SIP_WORKERS.set(sum(worker.alive for worker in workers))
        metrics.SIP_CAPACITY.set(sum(worker.capacity for worker in workers if worker.alive))
        self._add("sip restarts", sum(w.restarts for w in workers), metrics.SIP_WORKER_RESTARTS.inc)
        self._add("sip bad", sum(w.bad_messages for w in workers), metrics.SIP_BAD_MESSAGES.inc)
        self._add("sip refused", sum(w.refused for w in workers), metrics.INVITES.labels(result="refused").inc)
        for reason in sorted({reason for worker in workers for reason in worker.refused_by}):
            total = sum(worker.refused_by.get(reason, 0) for worker in workers)
            self._add(f"sip refused {reason}", total, metrics.SIP_REFUSED.labels(reason=reason).inc)
        self._add("frames", sum(w.frames_dropped for w in workers), metrics.RTP_FRAMES_DROPPED.labels(leg="worker").inc)

    def _add(self, name: str, total: float, add: Callable[[float], None]) -> None:
        """Counters of a worker begin anew when it is replaced: only growth counts."""
        grown = total - self._before.get(name, 0.0)
        self._before[name] = total
        if grown > 0:
            add(grown)


def _by_state(tally: Mapping[str, int]) -> None:
    for state in ("away", "ready", "offered", "talking", "wrap_up"):
        metrics.AGENTS.labels(state=state).set(tally.get(state, 0))
