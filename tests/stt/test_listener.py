"""A leg's ear, with the real gate, workers and model: no word lost, none invented, nothing waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from core.audio import Frame, FrameQueue
from core.config import SttConfig
from models.shelf import ModelInfo
from stt.contract import Heard
from stt.decode_pool import DecodePool
from stt.listener import OPEN_LIMIT, SPEAKING, listen
from tests.fakes.pool import ScriptedPool
from tests.stt.spoken import Samples, bare, frames, keys, line, music, pause, say, tone

pytestmark = pytest.mark.asyncio(loop_scope="module")
CONFIG = SttConfig(workers=1)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool(model: ModelInfo) -> AsyncIterator[DecodePool]:
    """One worker for all tests here."""
    async with DecodePool(model, CONFIG) as made:
        yield made


async def leg(pcm: bytes, start: float = 0.0) -> AsyncIterator[Frame]:
    """Frames as fast as they are read, the event loop's other work in between."""
    for number, frame in enumerate(frames(pcm, start)):
        yield frame
        if number % 5 == 0:
            await asyncio.sleep(0)


async def hear(pool: DecodePool, pcm: bytes, start: float = 0.0) -> list[Heard]:
    return [heard async for heard in listen(leg(pcm, start), pool, CONFIG, last_words_s=20)]


def finals(heard: list[Heard]) -> list[str]:
    return [bare(one.text) for one in heard if one.kind == "final"]


async def test_two_sentences(pool: DecodePool) -> None:
    """Each with partials before its final, its own number, its times and words."""
    first, second = "여권을 신청하려고 하는데요", "사진은 몇 장 가지고 가야 하나요"
    a, b = say(first), say(second)
    heard = await hear(pool, line(pause(1), a, pause(1.5), b, pause(1)))
    assert finals(heard) == [bare(first), bare(second)]
    by_number = {number: [one for one in heard if one.utterance == number] for number in (1, 2)}
    for number, begins, spoken in ((1, 1.0, a), (2, 2.5 + len(a) / 8000, b)):
        *partials, final = by_number[number]
        assert all(one.kind == "partial" for one in partials)
        assert partials[0].text == SPEAKING
        assert final.kind == "final"
        assert final.start == pytest.approx(begins, abs=0.15)
        assert final.end == pytest.approx(begins + len(spoken) / 8000, abs=0.3)
        assert " ".join(word.text for word in final.words) == final.text
        assert 0.5 < final.confidence <= 1
        assert 0 <= final.lag_s < 5


@pytest.mark.parametrize("level", [0.05, 0.7])
@pytest.mark.parametrize("word", ["네", "아니요"])
@pytest.mark.parametrize("voice", ["ko+f4", "ko+m2", "ko+max"])
async def test_one_syllable_answers_are_heard(pool: DecodePool, word: str, voice: str, level: float) -> None:
    """Soft or loud, with half a second of quiet line behind or none at all."""
    assert finals(await hear(pool, line(pause(1), say(word, voice), pause(0.6), level=level))) == [word]
    assert finals(await hear(pool, line(pause(1), say(word, voice), level=level))) == [word]


async def test_a_hang_up_in_mid_word_keeps_what_was_said(pool: DecodePool) -> None:
    """All whole words at least."""
    spoken = say("여권 재발급 신청하려고")
    [final] = finals(await hear(pool, line(pause(0.5), spoken[: -len(spoken) // 6])))
    assert final.startswith("여권재발급")


async def test_the_first_word_is_heard_from_the_first_frame_on(pool: DecodePool) -> None:
    """'여보세요' begins with the leg, and the leg begins late in the call."""
    heard = await hear(pool, line(say("여보세요"), pause(1)), start=61.5)
    assert finals(heard) == ["여보세요"]
    assert 61.4 <= heard[-1].start <= 61.8


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(lambda: pause(5), id="silence"),
        pytest.param(lambda: tone(440, 480, seconds=9, on=1, period=3), id="ringback"),
        pytest.param(lambda: keys("0120#"), id="DTMF"),
        pytest.param(lambda: music(15, 5), id="music"),
        pytest.param(lambda: music(15, 7) * 0.1, id="soft music"),
    ],
)
async def test_no_words_without_speech(pool: DecodePool, sound: object) -> None:
    """Nothing is shown at all, not even for a moment."""
    made: Samples = sound()  # type: ignore[operator]
    assert await hear(pool, line(made, level=1.0)) == []


async def test_what_was_shown_and_was_nothing_is_taken_back() -> None:
    """The gate believed it, the recogniser did not."""
    scripted = ScriptedPool()
    heard = []
    async with aclosing(listen(leg(line(pause(1), say("네"), pause(1))), scripted, CONFIG)) as utterances:
        async for one in utterances:
            heard.append((one.kind, one.text))
            if one.text == SPEAKING:
                scripted.utterances[0].show("네")
            elif one.text == "네":
                scripted.utterances[0].settle("")
    assert heard == [("partial", SPEAKING), ("partial", "네"), ("partial", "")]


async def test_finals_keep_the_order_of_speech() -> None:
    """The second is ready first: it waits."""
    scripted = ScriptedPool()
    pcm = line(pause(1), say("여보세요"), pause(1), say("네"), pause(1))
    found = []
    async with aclosing(listen(leg(pcm), scripted, CONFIG)) as utterances:
        async for one in utterances:
            if one.kind == "final":
                found.append((one.utterance, one.text))
            elif one.utterance == 2:
                scripted.utterances[1].settle("네")
                scripted.utterances[0].settle("여보세요")
    assert found == [(1, "여보세요"), (2, "네")]
    assert all(utterance.finished for utterance in scripted.utterances)


async def test_holes_and_lost_frames_keep_time_true(pool: DecodePool) -> None:
    """Half a minute on hold between two words; they have their own times."""

    async def leg_with_a_hole() -> AsyncIterator[Frame]:
        for frame in frames(line(pause(1), say("여보세요"), pause(0.2))):
            yield frame
        for frame in frames(line(pause(0.5), say("네 맞아요"), pause(1)), start=40.0):
            yield frame

    heard = [one async for one in listen(leg_with_a_hole(), pool, CONFIG, last_words_s=20) if one.kind == "final"]
    assert [bare(one.text) for one in heard] == ["여보세요", "네맞아요"]
    assert heard[0].start == pytest.approx(1.0, abs=0.15)
    assert heard[1].start == pytest.approx(40.5, abs=0.15)


async def test_a_slow_reader_does_not_hold_up_the_frames(pool: DecodePool) -> None:
    """Of partials it sees the newest, of finals every one."""
    queue = FrameQueue(limit_s=60)
    spoken = line(pause(0.5), say("여보세요"), pause(0.8), say("네"), pause(0.8), say("아니요"), pause(0.8))
    for frame in frames(spoken):
        queue.put(frame)
    queue.close()
    found = []
    async with aclosing(listen(queue, pool, CONFIG, last_words_s=20)) as utterances:
        async for heard in utterances:
            await asyncio.sleep(0.05)
            if heard.kind == "final":
                found.append(bare(heard.text))
    assert found == ["여보세요", "네", "아니요"]


async def test_the_end_waits_two_seconds_for_last_words_and_no_longer() -> None:
    """No final comes: the last partial stands for it, in time."""
    scripted = ScriptedPool()
    began = time.monotonic()
    heard = []
    async for one in listen(leg(line(pause(0.5), say("여보세요"))), scripted, CONFIG):
        heard.append((one.kind, one.text))
        scripted.utterances[0].partial = "여보세요"
    assert 1.9 < time.monotonic() - began < 4
    assert heard == [("partial", SPEAKING), ("final", "여보세요")]
    assert scripted.utterances[0].forgotten


async def test_a_reader_that_leaves_leaves_nothing_behind(pool: DecodePool) -> None:
    """The call flow was cancelled in mid-utterance."""
    async with aclosing(listen(leg(line(pause(0.5), say("여권을 신청하려고요")) * 3), pool, CONFIG)) as utterances:
        async for _ in utterances:
            break
    assert pool.state().workers[0].open == 0


async def test_open_utterances_are_bounded() -> None:
    """With a decoder that stands still no more frames are read, so that the queue drops and counts."""
    scripted = ScriptedPool()
    queue = FrameQueue(limit_s=2)
    word = line(pause(0.3), say("여보세요"), pause(0.7))
    async with aclosing(listen(queue, scripted, CONFIG)) as utterances:
        reading = asyncio.ensure_future(anext(utterances))
        for turn in range(OPEN_LIMIT + 4):
            for frame in frames(word, turn * len(word) / 16000):
                queue.put(frame)
                await asyncio.sleep(0)
        assert queue.dropped > 0
        assert len(scripted.utterances) == OPEN_LIMIT
        await reading


async def test_personal_numbers_do_not_leave(pool: DecodePool) -> None:
    """Neither in partials nor in finals nor in words."""
    spoken = say("팔 오 공 삼 일 이 이 삼 사 오 육 칠 팔 입니다", speed=130)
    heard = await hear(pool, line(pause(0.5), spoken, pause(1)))
    said = " ".join(one.text for one in heard) + " ".join(word.text for one in heard for word in one.words)
    assert "가림" in heard[-1].text
    assert heard[-1].masked
    assert "육칠" not in bare(said)
    assert "678" not in bare(said)
