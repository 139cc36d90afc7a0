"""WAV files through the real speech path."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
import soxr

from core.config import SttConfig
from core.errors import BadInput
from models.shelf import ModelInfo
from stt.decode_pool import DecodePool
from stt.replay import ReplayFinal, replay
from tests.stt.spoken import bare, pause, say
from tests.stt.test_wav import encoded, riff

pytestmark = pytest.mark.asyncio(loop_scope="module")
CONFIG = SttConfig(workers=1)
CALLER, AGENT = "여권을 신청하려고 하는데요", "교통행정과 연결해 주세요"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool(model: ModelInfo) -> AsyncIterator[DecodePool]:
    """One worker for all tests here."""
    async with DecodePool(model, CONFIG) as made:
        yield made


@pytest.fixture
def call(tmp_path: Path) -> Path:
    """A call of two at 48 kHz and 24 bits: the caller left, the agent right, one after the other."""
    a, b = say(CALLER), say(AGENT)
    caller = np.concatenate([pause(0.5), a, pause(0.5), pause(len(b) / 8000), pause(0.8)])
    agent = np.concatenate([pause(0.5), pause(len(a) / 8000), pause(0.5), b, pause(0.8)])
    n = min(len(caller), len(agent))
    x = soxr.resample(np.stack([caller[:n], agent[:n]], axis=1) * 0.5, 8000, 48000)
    path = tmp_path / "call.wav"
    path.write_bytes(riff(encoded(x.ravel(), 24, 1), 48000, 2, 24))
    return path


async def run(path: Path, pool: DecodePool, *, fast: bool) -> list[ReplayFinal]:
    return sorted([final async for final in replay(path, pool, CONFIG, fast=fast)], key=lambda final: final.leg)


@pytest.mark.usefixtures("no_blocking_calls")
async def test_two_legs_fast_and_in_real_time_give_the_same(call: Path, pool: DecodePool) -> None:
    """Fast is faster than it plays; in real time is not."""
    began = time.monotonic()
    fast = await run(call, pool, fast=True)
    quick = time.monotonic() - began
    began = time.monotonic()
    slow = await run(call, pool, fast=False)
    real = time.monotonic() - began
    assert quick < real
    assert real >= 4
    assert [(final.leg, bare(final.text)) for final in fast] == [(0, bare(CALLER)), (1, bare(AGENT))]
    assert [(f.leg, f.start, f.text) for f in fast] == [(f.leg, f.start, f.text) for f in slow]
    caller, agent = fast
    assert caller.file == str(call)
    assert caller.start == pytest.approx(0.5, abs=0.15)
    assert caller.end <= agent.start + 0.2
    assert " ".join(word.text for word in caller.words) == caller.text
    assert 0.5 < caller.confidence <= 1


async def test_a_useless_file(tmp_path: Path, pool: DecodePool) -> None:
    """Before anything is decoded."""
    path = tmp_path / "x.wav"
    path.write_bytes(b"hello")
    with pytest.raises(BadInput, match="no WAV file"):
        await run(path, pool, fast=True)


async def test_leaving_early_leaves_nothing_behind(call: Path, pool: DecodePool) -> None:
    """The reader has heard enough."""
    found = replay(call, pool, CONFIG, fast=True)
    await anext(found)
    await found.aclose()
    assert pool.state().workers[0].open == 0
