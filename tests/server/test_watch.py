"""The watch over a running node: what happened is counted, what changed is followed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from agent_assist.assistant import Assistant
from core import metrics
from core.bus.memory_bus import MemoryBus
from core.events import AlarmRaised, AlertChanged, CardUsed, Suggested
from core.home import Home
from core.store.entry import Entry
from core.store.sql_store import open_store
from server import watch
from stt.decode_pool import PoolState
from telephony.contract import WorkerState
from tests.patience import until


async def test_alarms_and_cards_are_counted() -> None:
    def counted() -> tuple[float | None, float | None]:
        sample = metrics.REGISTRY.get_sample_value
        return (
            sample("minwon_alarms_total", {"code": "no_audio"}),
            sample("minwon_suggestions_total", {"kind": "empty"}),
            sample("minwon_alerts_total", {"kind": "emergency"}),
            sample("minwon_cards_used_total", {"deed": "accepted"}),
        )

    before = [value or 0.0 for value in counted()]
    bus = MemoryBus()
    counting = asyncio.create_task(watch.count_events(bus))
    await asyncio.sleep(0)
    await bus.publish(AlarmRaised(call_id="c", seq=1, code="no_audio"))
    await bus.publish(Suggested(call_id="c", seq=2, suggestions=()))
    await bus.publish(AlertChanged(call_id="c", seq=3, alert_id="alert-1", kind="emergency"))
    await bus.publish(AlertChanged(call_id="c", seq=4, alert_id="alert-1", kind="emergency", state="closed"))
    await bus.publish(CardUsed(call_id="c", seq=5, entry_id="7", deed="accepted"))
    await bus.close()
    await counting
    assert [value or 0.0 for value in counted()] == [value + 1 for value in before]


async def test_an_import_by_another_process_is_seen(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "ENTRIES_PERIOD_S", 0.02)
    store, other = await open_store("", home), await open_store("", home)
    assistant = Assistant()
    await assistant.load([])

    async def reload() -> None:
        await assistant.load(await store.entries())

    following = asyncio.create_task(watch.follow_entries(store, reload, 0))
    await other.put_entries([Entry(id="7", title="여권 재발급", keywords=("여권",))])
    await until(lambda: assistant.entry("7") is not None)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assistant.close()
    await store.close()
    await other.close()


class Growing:
    """A store whose revision is the next one of a list each time it is asked for."""

    def __init__(self, revisions: Sequence[int]) -> None:
        self.left = list(revisions)
        self.revision = 0

    async def entries_revision(self) -> int:
        self.revision = self.left.pop(0) if self.left else self.revision
        return self.revision


@pytest.mark.parametrize(("apart_s", "expected"), [(60.0, [1, 5, 6]), (0.0, [1, 2, 3, 4, 5, 6])])
async def test_while_changes_keep_coming_entries_are_loaded_now_and_then_and_once_at_the_end(
    monkeypatch: pytest.MonkeyPatch, apart_s: float, expected: list[int]
) -> None:
    monkeypatch.setattr(watch, "ENTRIES_PERIOD_S", 0.0)
    monkeypatch.setattr(watch, "ENTRIES_APART_S", apart_s)
    store = Growing([0, 1, 2, 3, 4, 5, 5, 5, 6, 6])
    loaded: list[int] = []

    async def reload() -> None:
        loaded.append(store.revision)

    following = asyncio.create_task(watch.follow_entries(store, reload, 0))  # type: ignore[arg-type]
    await until(lambda: not store.left and loaded[-1:] == [6])
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert loaded == expected


def test_what_the_doors_turned_down_is_counted_by_reason() -> None:
    def counted(reason: str) -> float:
        return metrics.REGISTRY.get_sample_value("minwon_sip_refused_total", {"reason": reason}) or 0.0

    def workers(*refused: dict[str, int]) -> SimpleNamespace:
        states = [
            WorkerState(
                name="sip0", address="", alive=True, calls=0, capacity=2, restarts=0, bad_messages=0,
                refused=sum(by.values()), refused_by=by, frames_dropped=0,
            )
            for by in refused
        ]  # fmt: skip
        return SimpleNamespace(workers=lambda: states)

    deaf = PoolState(
        model="ko-hanbit", engine="vosk", workers=(), wanted=1, crashes=0, recycled=0, replays=0, given_up=0, lag_s=0.0
    )
    idle: Any = SimpleNamespace(
        all=lambda: {"ko": SimpleNamespace(state=lambda: deaf)},
        faults={},
        queue=lambda: SimpleNamespace(waiting=0),
        roster=(),
    )
    before = counted("stranger"), counted("digest")
    bridge: Any = workers({"stranger": 2}, {"stranger": 1, "digest": 4})
    sampler = watch.Sampler(bridge, idle, idle, idle)
    sampler.sample()
    sampler.sample()
    assert (counted("stranger"), counted("digest")) == (before[0] + 3, before[1] + 4)
    model = {"language": "ko", "engine": "vosk", "model": "ko-hanbit"}
    assert metrics.REGISTRY.get_sample_value("minwon_stt_model", model) == 1
