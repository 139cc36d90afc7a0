"""A played node as a process: its calls are heard on real desks, its engine alone hears the same."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from models import shelf
from server.bench.plain_vosk import Legs, decode
from server.bench.played_calls import PlayedCalls
from server.bench.processes import children, cpu_s, resident_kib
from server.bench.stage import Stage
from server.bench.talk import Talk, talks
from stt.trial import texts
from stt.vosk_engine import VoskRecognizer

pytestmark = pytest.mark.slow


@pytest.fixture
async def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, lambda _step: None)


@pytest.fixture
async def talk(stage: Stage) -> Talk:
    (made,) = await talks(stage.voices(), 1)
    return made


async def test_what_calls_say_arrives_on_desks(stage: Stage, talk: Talk) -> None:
    async with PlayedCalls(stage, [talk], agents=2) as calls:
        await calls.carry(2)
        assert resident_kib(calls.pid) > 10_000
        assert cpu_s(calls.pid) > 0
        assert calls.decode_workers() == children(calls.pid, "stt.decode_worker")
        delays = await calls.listen(6.0)
        assert (await calls.look()).calls == 2
        await calls.carry(1)
    assert any(map(math.isfinite, delays.final))
    assert all(delay > 0 for delay in delays.final + delays.words + delays.noticed)


def test_plain_vosk_decodes_every_chunk_of_every_leg(talk: Talk) -> None:
    audio = [[b"".join(talk.caller[at : at + 5]) for at in range(0, 500, 5)]]
    lateness = decode(VoskRecognizer(shelf.find()), audio, Legs(numbers=(0, 1, 2), seconds=1.0))
    assert 24 <= lateness.chunks <= 30
    assert lateness.worst_s > 0
    assert lateness.cpu_s > 0


def test_the_engine_alone_understands(talk: Talk) -> None:
    said = talk.utterances[0]
    assert said.speaker == "caller"
    pcm = b"".join(talk.caller[: round((said.end + 0.5) * 50)])
    (heard,) = texts(shelf.find().path, [pcm])
    assert heard.replace(" ", "")[:4] == said.text.replace(" ", "")[:4]
