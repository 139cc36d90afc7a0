"""A few sentences through espeak-ng, a channel and the bundled model."""

from __future__ import annotations

import pytest

from core.config import SttConfig
from core.errors import BadInput
from models import shelf
from server.measuring.measure import Task, measured
from server.measuring.no_speech import heard, heard_bare, sound
from server.measuring.sounds import NOT_SPEECH
from stt.decode_pool import DecodePool


def test_tasks_are_dealt_out_and_come_back_in_order() -> None:
    plain, respelled = Task(set="heldout", limit=4), Task(set="heldout", limit=2, respelled=True)
    tasks = [plain, Task(set="heldout", limit=4, channel="white-0"), respelled]
    told: list[str] = []
    found = measured(shelf.find(), tasks, trials=2, tell=told.append)
    assert [row.task for row in found.rows] == tasks
    assert len(told) == 3
    assert found.score(plain).cer < 5 < found.score(tasks[1]).cer
    assert found.score(plain).sentences == 4
    assert found.together([plain, respelled]).sentences == 6
    assert 0 < found.rows[0].rtf < 1
    assert found.load_s > 0
    assert found.memory_mb > 20
    assert found.model == shelf.BUNDLED


@pytest.mark.parametrize("task", [Task(set="easy"), Task(voices="nobody"), Task(channel="carrier pigeon")])
def test_what_cannot_be_measured_is_said_at_once(task: Task) -> None:
    with pytest.raises(BadInput):
        measured(shelf.find(), [task])


async def test_no_word_is_heard_where_nobody_speaks() -> None:
    async with DecodePool(shelf.find(), SttConfig(workers=1)) as pool:
        assert await heard("ringback", 20.0, pool, SttConfig()) == []


def test_without_a_gate_each_kind_of_sound_is_heard() -> None:
    assert set(heard_bare(shelf.find(), 2.0)) == set(NOT_SPEECH)
    assert len(sound("music", 2.5)) == 20_000
