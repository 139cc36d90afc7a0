"""The decode workers as one: utterances in, hypotheses out, whatever happens to a process.

* Bounded: one worker a core by default.
* An utterance's audio stays here until its final (:mod:`stt.placing`): nobody notices that a worker dies.
  That store is the only queue: a worker is never more than ``WINDOW_S`` ahead of its answers, so nothing else grows.
* A worker is replaced after so many utterances or at so much memory; the new one is ready before the old one goes.
* Whatever crashes, no exception reaches a call. Trouble is told to ``on_trouble`` and to the log.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Callable, Coroutine, Sequence
from types import TracebackType
from typing import Final

import msgspec

from core.config import SttConfig
from core.errors import BadInput, ModelFault
from core.log import get_logger
from models.label import Engine
from models.shelf import ModelInfo
from stt import memory, silero
from stt.contract import Hypothesis
from stt.decode_link import DecodeLink
from stt.decode_messages import Finished, FromWorker
from stt.grammar import check
from stt.placing import Placing
from stt.pool_worker import Utterance, Worker, nobody
from stt.vad import HARD_LIMIT

log = get_logger("stt.decode_pool")

SLACK_S: Final = 3.0
"""Pre-roll and hangover: what an utterance may have beyond its speech."""
HEALTHY_S: Final = 10.0
"""A worker that lived so long says nothing against the next one."""
_BACKOFF_S: Final = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class WorkerState(msgspec.Struct, frozen=True, kw_only=True):
    """One decode worker, for `/readyz` and `/metrics`."""

    pid: int
    utterances: int
    """Finished by it."""
    open: int
    """Running on it."""
    resident_mb: int
    retiring: bool


class PoolState(msgspec.Struct, frozen=True, kw_only=True):
    """The pool, for `/readyz` and `/metrics`."""

    model: str
    engine: Engine
    """Who runs it."""
    workers: tuple[WorkerState, ...]
    wanted: int
    """How many workers there should be."""
    crashes: int
    """Workers that died uncalled."""
    recycled: int
    replays: int
    """Utterances that were given to a second worker."""
    given_up: int
    """Utterances without a true final, because workers kept dying of them."""
    lag_s: float
    """The largest amount of audio of one utterance that is not yet decoded."""


class DecodePool:
    """The decode workers. ``async with`` = every worker has loaded the model.

    Raises ``ModelFault`` when one can't, ``EnvironmentFault`` when the speech gates' network is not there. ``grammar``
    are the only sentences that may be said to it, () = whatever the model knows; ask ``takes`` first.
    """

    def __init__(
        self,
        model: ModelInfo,
        config: SttConfig,
        *,
        grammar: Sequence[str] = (),
        on_trouble: Callable[[str], None] | None = None,
    ) -> None:
        self._model = model
        self._config = config
        self._grammar = tuple(grammar)
        self._on_trouble = on_trouble or nobody
        self._wanted = config.workers or os.cpu_count() or 1
        self._placing = Placing(self._on_trouble)
        self._links: set[DecodeLink] = set()
        """All that were begun and not yet closed to the end."""
        self._numbers = itertools.count(1)
        self._tasks = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()
        self._progress = asyncio.Event()
        self._crashes = self._recycled = 0
        self._broken = False

    async def __aenter__(self) -> DecodePool:
        # The gates' network as well: the first call must not wait for a disk, nor be the one to find it missing.
        await asyncio.to_thread(silero.network)
        await asyncio.to_thread(lambda: memory.check(self._model, self._wanted, memory.free_mb()))
        starts = await asyncio.gather(
            *(DecodeLink.start(self._model) for _ in range(self._wanted)), return_exceptions=True
        )
        links = [start for start in starts if isinstance(start, DecodeLink)]
        faults = [start for start in starts if isinstance(start, BaseException)]
        if faults:
            await asyncio.gather(*(link.close() for link in links))
            raise faults[0]
        await self._tasks.__aenter__()
        for link in links:
            self._spawn(self._keep(self._welcome(link)), f"decode worker {link.pid}")
        log.info("decode_pool.ready", model=self._model.name, workers=len(links), load_s=round(links[0].load_s, 2))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every worker; utterances that still run get no final."""
        for task in self._running:
            task.cancel()
        try:
            # Only a cancellation is the group's business (a task of ours that failed causes one); whatever else
            # happened in the caller's block goes on as it is, not wrapped in an exception group.
            if kind is not None and issubclass(kind, asyncio.CancelledError):
                await self._tasks.__aexit__(kind, error, trace)
            else:
                await self._tasks.__aexit__(None, None, None)
        finally:
            # Also those whose burial or farewell was broken off just now.
            await asyncio.gather(*(link.close() for link in self._links))
            self._links.clear()
            self._placing.workers.clear()

    def utterance(
        self,
        *,
        on_partial: Callable[[str], None],
        on_final: Callable[[Hypothesis], None],
        grammar: Sequence[str] = (),
    ) -> Utterance:
        """Begin one. Its callbacks are called on the event loop; ``on_final`` exactly once, after ``finish``.

        ``grammar`` are the only sentences that may be said in it, () = those of the pool. A model that can't be bound
        to one hears nothing then: ask ``takes`` first. The final of an utterance that workers die of comes earlier.
        """
        limit_s = self._config.max_utterance_s * HARD_LIMIT + SLACK_S
        utterance = Utterance(
            next(self._numbers), limit_s, tuple(grammar) or self._grammar, on_partial, on_final, self._drop
        )
        self._placing.place(utterance)
        return utterance

    @property
    def model(self) -> ModelInfo:
        """What its workers have loaded."""
        return self._model

    @property
    def language(self) -> str:
        """Its model's (BCP 47); '' when the model does not say."""
        return self._model.language

    def state(self) -> PoolState:
        """How it is now. A pool that is broken has no workers that would count."""
        return PoolState(
            model=self._model.name,
            engine=self._model.engine,
            workers=tuple(
                WorkerState(
                    pid=worker.link.pid,
                    utterances=worker.link.utterances,
                    open=len(worker.utterances),
                    resident_mb=worker.link.resident_mb,
                    retiring=worker.retiring,
                )
                for worker in ([] if self._broken else self._placing.workers)
            ),
            wanted=self._wanted,
            crashes=self._crashes,
            recycled=self._recycled,
            replays=self._placing.replays,
            given_up=self._placing.given_up,
            lag_s=self.lag_s,
        )

    @property
    def lag_s(self) -> float:
        """The largest amount of audio of one utterance that is not yet decoded."""
        return self._placing.lag_s

    async def takes(self, grammar: Sequence[str]) -> None:
        """Raise ``BadInput`` with the reason where this model can't be bound to the grammar."""
        check(grammar)
        over = asyncio.Event()
        utterance = self.utterance(on_partial=nobody, on_final=lambda _: over.set(), grammar=grammar)
        utterance.finish()
        await over.wait()
        if utterance.refusal:
            raise BadInput(utterance.refusal)

    async def caught_up(self, within_s: float) -> None:
        """Wait until no utterance is further behind: for those who feed faster than people speak."""
        while self.lag_s > within_s:
            self._progress.clear()
            await self._progress.wait()

    def _drop(self, utterance: Utterance) -> None:
        self._placing.drop(utterance)
        self._progress.set()

    def _spawn(self, work: Coroutine[None, None, None], name: str) -> None:
        task = self._tasks.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A task that dies takes this pool's workers out of the count; the group tells its parent only if that is
        still there, and a ``gather`` that opened several pools is not."""
        self._running.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._broken = True
            log.error("decode_pool.broken", task=task.get_name(), exc_info=fault)
            self._on_trouble(f"the decode pool is broken: {fault!r}")

    async def _keep(self, worker: Worker) -> None:
        """See that there is always one more worker: serve this one, replace it when it is due or gone."""
        failures = 0
        while True:
            began = time.monotonic()
            due = await self._serve(worker)
            if time.monotonic() - began > HEALTHY_S:
                failures = 0
            if due:
                self._spawn(self._see_off(worker), f"decode worker {worker.link.pid} leaves")
            else:
                failures += 1
                await self._bury(worker)
            link = await self._replacement(failures)
            worker.retiring = True
            if not worker.utterances:
                worker.link.hang_up()
            worker = self._welcome(link)

    async def _serve(self, worker: Worker) -> bool:
        """Carry its answers to the utterances. True when it is due for replacement, False when it is gone."""
        async for message in worker.link.messages():
            self._heed(worker, message)
            if isinstance(message, Finished) and self._is_due(worker):
                return True
        return False

    def _heed(self, worker: Worker, message: FromWorker) -> None:
        self._placing.heed(worker, message)
        self._progress.set()

    async def _see_off(self, worker: Worker) -> None:
        """Serve a worker that is being replaced until its last utterance is over."""
        async for message in worker.link.messages():
            self._heed(worker, message)
            if worker.retiring and not worker.utterances:
                break
        self._recycled += 1
        log.info("decode_worker.recycled", pid=worker.link.pid, utterances=worker.link.utterances)
        await self._leave(worker)

    async def _bury(self, worker: Worker) -> None:
        """A worker died uncalled."""
        self._crashes += 1
        how = await self._leave(worker)
        log.warning("decode_worker.lost", pid=worker.link.pid, how=how, utterances=worker.link.utterances)
        self._on_trouble(f"a decode worker {how}")

    async def _leave(self, worker: Worker) -> str:
        """Take a worker out; what ran on it goes elsewhere. Tells how the process ended."""
        self._placing.leave(worker)
        self._progress.set()
        how = await worker.link.close()
        self._links.discard(worker.link)
        return how

    async def _replacement(self, failures: int) -> DecodeLink:
        """A new worker, however long it takes; slower and slower when they keep dying."""
        while True:
            await asyncio.sleep(_BACKOFF_S[min(max(failures - 1, 0), len(_BACKOFF_S) - 1)])
            try:
                return await DecodeLink.start(self._model)
            except (ModelFault, OSError) as error:
                failures += 1
                log.error("decode_worker.no_start", reason=str(error))
                self._on_trouble(f"no decode worker can be started: {error}")

    def _welcome(self, link: DecodeLink) -> Worker:
        worker = Worker(link)
        self._links.add(link)
        self._placing.welcome(worker)
        return worker

    def _is_due(self, worker: Worker) -> bool:
        link = worker.link
        # A model that is large in itself must not be recycled for ever: it may grow by half at least.
        memory = max(self._config.recycle_mb, link.first_resident_mb * 3 // 2)
        return link.utterances >= self._config.recycle_utterances or link.resident_mb > memory
