"""One pool a language: opened together, and a language that can't be had is told, not fatal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from core.config import LanguageConfig, SttConfig
from core.errors import ModelFault
from models.shelf import ModelInfo
from stt import memory
from stt.contract import Hypothesis
from stt.decode_link import DecodeLink
from stt.pools import Pools
from tests.fakes import vosk_variants
from tests.stt.spoken import line, pause, say

pytestmark = pytest.mark.asyncio
STT = SttConfig(workers=1)


async def words(pools: Pools, language: str, text: str) -> str:
    pool = pools.get(language)
    assert pool is not None
    final: asyncio.Future[Hypothesis] = asyncio.get_running_loop().create_future()
    utterance = pool.utterance(on_partial=lambda text: None, on_final=final.set_result)
    utterance.feed(line(pause(0.3), say(text), pause(0.5)))
    utterance.finish()
    return (await asyncio.wait_for(final, 20)).text


async def test_pools_by_language(model: ModelInfo) -> None:
    """Two that work, under their own names; one whose model is not there, one that would be there twice."""
    wanted = (
        LanguageConfig(language="en", model=str(model.path)),
        LanguageConfig(language="zh", model="vosk-model-small-cn"),
        LanguageConfig(language="ko", model=str(model.path)),
    )
    async with Pools(STT, wanted) as pools:
        assert pools.language == "ko"
        assert {code: pool.language for code, pool in pools.all().items()} == {"ko": "ko", "en": "en"}
        assert await words(pools, "en", "네") == await words(pools, "ko", "네") == "네"
        assert pools.get("zh") is None
        assert "there is no speech model 'vosk-model-small-cn'" in pools.faults["zh"]
        assert "already" in pools.faults["ko"]
        assert len(pools.main.state().workers) == 1
    assert all(not pool.state().workers for pool in pools.all().values())


async def test_a_further_model_that_cannot_be_loaded(tmp_path: Path) -> None:
    """The shelf believed it; its worker did not."""
    broken = vosk_variants.copy(tmp_path / "broken")
    for file in (*broken.rglob("*.mdl"), *broken.rglob("*.fst")):
        file.write_bytes(b"nonsense")
    async with Pools(STT, (LanguageConfig(language="en", model=str(broken)),)) as pools:
        assert pools.get("en") is None
        assert "broken" in pools.faults["en"]
        assert await words(pools, "ko", "네") == "네"


async def test_a_further_model_whose_workers_cannot_be_started(
    model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more processes, say: the calls in the main language go on."""
    start = DecodeLink.start

    async def few(wanted: ModelInfo) -> DecodeLink:
        if wanted.language == "en":
            raise BlockingIOError(11, "no more processes")
        return await start(wanted)

    monkeypatch.setattr(DecodeLink, "start", few)
    async with Pools(STT, (LanguageConfig(language="en", model=str(model.path)),)) as pools:
        assert list(pools.all()) == ["ko"]
        assert "no more processes" in pools.faults["en"]


async def test_without_the_main_model_there_is_nothing(model: ModelInfo) -> None:
    """As before there were languages."""
    with pytest.raises(ModelFault, match="no speech model 'gone'"):
        Pools(SttConfig(model="gone"), (LanguageConfig(language="en", model=str(model.path)),))


async def test_memory_is_shared_out_the_main_model_first(model: ModelInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that no longer fits is left out before a C++ library is asked."""
    monkeypatch.setattr(memory, "free_mb", lambda: memory.need_mb(model) + 10)
    async with Pools(STT, (LanguageConfig(language="en", model=str(model.path)),)) as pools:
        assert list(pools.all()) == ["ko"]
        assert "GiB are free" in pools.faults["en"]
