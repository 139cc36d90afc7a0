"""The pool: whatever happens to a worker process, every utterance gets its final."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from core.config import SttConfig
from core.errors import BadInput, ModelFault
from models import shelf
from models.shelf import ModelInfo
from stt import decode_link
from stt.contract import Hypothesis
from stt.decode_pool import DecodePool
from stt.pool_worker import Utterance
from tests.fakes import vosk_variants
from tests.stt.spoken import bare, line, pause, say

SENTENCE = "여권을 잃어버려서 재발급 받으려고 하는데요"
ONE = SttConfig(workers=1)


def sentence() -> bytes:
    return line(pause(0.4), say(SENTENCE), pause(0.5))


class Run:
    """An utterance and what came of it."""

    def __init__(self, pool: DecodePool) -> None:
        self.partials: list[str] = []
        self.finals: list[Hypothesis] = []
        self.over = asyncio.Event()
        self.utterance: Utterance = pool.utterance(on_partial=self.partials.append, on_final=self._final)

    def _final(self, final: Hypothesis) -> None:
        self.finals.append(final)
        self.over.set()

    async def final(self) -> str:
        async with asyncio.timeout(20):
            await self.over.wait()
        assert len(self.finals) == 1
        return bare(self.finals[0].text)


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - a process has no event for what we wait for
            await asyncio.sleep(0.01)


def gone(pid: int) -> bool:
    """Whether the process has ended (a zombie has)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def test_utterances_side_by_side(model: ModelInfo) -> None:
    """Spread over the workers; each has its own words, partials before finals."""
    async with DecodePool(model, SttConfig(workers=2)) as pool:
        runs = [Run(pool) for _ in range(6)]
        assert sorted(worker.open for worker in pool.state().workers) == [3, 3]
        for run in runs:
            run.utterance.feed(sentence())
            run.utterance.finish()
        assert [await run.final() for run in runs] == [bare(SENTENCE)] * 6
        assert all(run.partials for run in runs)
        assert pool.state().lag_s == 0
        pids = [worker.pid for worker in pool.state().workers]
    assert all(gone(pid) for pid in pids)


async def test_a_worker_killed_in_mid_utterance_is_replaced_and_the_utterance_arrives(model: ModelInfo) -> None:
    """SIGKILL at half of the sentence; the same final, no partial shown twice, the trouble told."""
    told: list[str] = []
    async with DecodePool(model, ONE, on_trouble=told.append) as pool:
        run, pcm = Run(pool), sentence()
        run.utterance.feed(pcm[: len(pcm) // 2])
        await until(lambda: bool(run.partials))
        [worker] = pool.state().workers
        os.kill(worker.pid, signal.SIGKILL)
        run.utterance.feed(pcm[len(pcm) // 2 :])
        run.utterance.finish()
        assert await run.final() == bare(SENTENCE)
        assert len(run.partials) == len(set(run.partials))
        state = pool.state()
        assert (state.crashes, state.replays, state.given_up) == (1, 1, 0)
        assert state.workers[0].pid != worker.pid
    assert told == ["a decode worker was ended by signal 9"]


async def test_an_abort_is_like_a_kill_and_the_other_worker_takes_over_at_once(model: ModelInfo) -> None:
    """SIGABRT, as C++ does it; no waiting for the replacement."""
    async with DecodePool(model, SttConfig(workers=2)) as pool:
        run, pcm = Run(pool), sentence()
        run.utterance.feed(pcm)
        home = next(worker for worker in pool.state().workers if worker.open)
        os.kill(home.pid, signal.SIGABRT)
        run.utterance.finish()
        assert await run.final() == bare(SENTENCE)
        await until(lambda: len(pool.state().workers) == 2)


async def test_a_hung_worker_is_killed(model: ModelInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped, it owes an answer: it is replaced."""
    monkeypatch.setattr(decode_link, "STALL_S", 0.6)
    async with DecodePool(model, ONE) as pool:
        run = Run(pool)
        os.kill(pool.state().workers[0].pid, signal.SIGSTOP)
        run.utterance.feed(sentence())
        run.utterance.finish()
        assert await run.final() == bare(SENTENCE)


async def test_an_utterance_that_kills_every_worker_is_given_up(model: ModelInfo) -> None:
    """After three workers its last partial is its final, and the pool lives on."""
    async with DecodePool(model, ONE) as pool:
        run = Run(pool)
        run.utterance.feed(sentence()[:48000])
        dead: set[int] = set()
        while not run.finals:
            await until(lambda: bool(run.finals) or any(w.pid not in dead and w.open for w in pool.state().workers))
            for worker in pool.state().workers:
                os.kill(worker.pid, signal.SIGKILL)
                dead.add(worker.pid)
        assert len(dead) == 3
        assert pool.state().given_up == 1
        after = Run(pool)
        after.utterance.feed(sentence())
        after.utterance.finish()
        assert await after.final() == bare(SENTENCE)


async def test_recycling_bounds_memory_and_loses_nothing(model: ModelInfo) -> None:
    """A new worker every five utterances, ready before the old one goes; resident memory stays where it began."""
    async with DecodePool(model, SttConfig(workers=1, recycle_utterances=5)) as pool:
        pids, memory = set(), []
        for _ in range(100):  # an old worker goes on until the new one is ready, however long that takes
            run = Run(pool)
            run.utterance.feed(sentence())
            run.utterance.finish()
            assert await run.final() == bare(SENTENCE)
            for worker in pool.state().workers:
                pids.add(worker.pid)
                memory.append(worker.resident_mb)
            if pool.state().recycled >= 2:
                break
        await until(lambda: pool.state().recycled >= 2)
        state = pool.state()
        assert len(pids | {worker.pid for worker in state.workers}) >= 2
        assert state.crashes == 0
        assert state.replays == 0
        assert max(memory) < 200
        await until(lambda: len(pool.state().workers) == 1)


async def test_a_small_memory_limit_recycles_but_not_for_ever(model: ModelInfo) -> None:
    """A model that is larger than the limit may still grow by half."""
    async with DecodePool(model, SttConfig(workers=1, recycle_mb=1)) as pool:
        for _ in range(4):
            run = Run(pool)
            run.utterance.feed(sentence())
            run.utterance.finish()
            await run.final()
        assert pool.state().recycled == 0


async def test_forgotten_utterances_say_nothing(model: ModelInfo) -> None:
    """The leg is gone."""
    async with DecodePool(model, ONE) as pool:
        run, other = Run(pool), Run(pool)
        run.utterance.feed(sentence())
        run.utterance.forget()
        other.utterance.feed(sentence())
        other.utterance.finish()
        await other.final()
        assert run.finals == []
        assert pool.state().workers[0].open == 0


async def test_an_utterance_is_bounded(model: ModelInfo) -> None:
    """What the gate would never let pass is not kept."""
    async with DecodePool(model, SttConfig(workers=1, max_utterance_s=1.0)) as pool:
        run = Run(pool)
        for _ in range(20):
            run.utterance.feed(bytes(16000))
        assert len(run.utterance.audio) == round((1.25 + 3) * 16000)
        run.utterance.finish()
        assert await run.final() == ""


async def test_what_goes_wrong_beside_the_pool_is_not_wrapped(model: ModelInfo) -> None:
    """The caller's own error comes out as it is, and the workers are gone."""
    with pytest.raises(ZeroDivisionError):
        async with DecodePool(model, ONE) as pool:
            pids = [worker.pid for worker in pool.state().workers]
            raise ZeroDivisionError
    assert all(gone(pid) for pid in pids)


async def test_a_broken_model_is_refused_with_its_reason(tmp_path: Path) -> None:
    """Kaldi aborts on a file that is cut off; the node says what to do."""
    broken = vosk_variants.copy(tmp_path / "broken")
    network = broken / "am/final.mdl"
    network.write_bytes(network.read_bytes()[:100_000])
    with pytest.raises(ModelFault, match="broken"):
        async with DecodePool(shelf.find(str(broken)), ONE):
            pass


async def test_a_model_that_went_away_is_named(model: ModelInfo, tmp_path: Path) -> None:
    """The worker's own words come through."""
    with pytest.raises(ModelFault, match="no speech model"):
        async with DecodePool(msgspec.structs.replace(model, path=tmp_path / "gone"), ONE):
            pass


async def test_a_grammar_that_is_too_large(model: ModelInfo) -> None:
    """Said before it is sent: no worker would understand the message."""
    async with DecodePool(model, ONE) as pool:
        with pytest.raises(BadInput, match="is too large"):
            await pool.takes(["가" * 1000] * 500)
        assert pool.state().crashes == 0


async def test_a_pool_whose_own_task_dies_has_no_workers(model: ModelInfo) -> None:
    """Opened side by side with others, so that nobody is there to be cancelled: the node sees that nothing listens."""
    told: list[str] = []

    def fails(_final: Hypothesis) -> None:
        raise ZeroDivisionError

    pool = DecodePool(model, ONE, on_trouble=told.append)
    await asyncio.gather(pool.__aenter__())
    [pid] = [worker.pid for worker in pool.state().workers]
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    pool.utterance(on_partial=lambda text: None, on_final=fails).finish()
    await until(lambda: not pool.state().workers)
    assert told == ["the decode pool is broken: ZeroDivisionError()"]
    with pytest.raises(ExceptionGroup):
        await pool.__aexit__(None, None, None)
    assert gone(pid)


NODE = """
import asyncio, sys
from core.config import SttConfig
from models import shelf
from stt.decode_pool import DecodePool

async def main():
    async with DecodePool(shelf.find(), SttConfig(workers=2)) as pool:
        print(*(worker.pid for worker in pool.state().workers), flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_workers_die_with_the_node() -> None:
    """Killed without a word, it leaves nothing behind."""
    node = await asyncio.create_subprocess_exec(
        sys.executable, "-c", NODE, cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE
    )
    assert node.stdout is not None
    pids = [int(pid) for pid in (await node.stdout.readline()).split()]
    assert len(pids) == 2
    for pid in pids:  # they owe the node the last words
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGINT)
    await asyncio.sleep(0.1)
    assert not any(gone(pid) for pid in pids)
    node.kill()
    await node.wait()
    await until(lambda: all(gone(pid) for pid in pids), 5)
