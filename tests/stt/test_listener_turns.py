"""The call turns to another language in mid-call: nothing is lost, nothing stands twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager

import pytest

from core.audio import Frame
from core.config import SttConfig
from stt.contract import Heard
from stt.listener import AGAIN_S, BADLY_AGAIN_S, SPEAKING, Turn, listen
from tests.fakes.pool import ScriptedPool, ScriptedUtterance
from tests.stt.spoken import frames, line, pause, say

pytestmark = pytest.mark.asyncio(loop_scope="module")
CONFIG = SttConfig(workers=1)
WORD = "여보세요"


class Leg:
    """A leg that two scripted pools may hear; what is due is done when the audio is there."""

    def __init__(self) -> None:
        self.ko, self.en = ScriptedPool("ko"), ScriptedPool("en")
        self.turn: Turn = lambda pool: None
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.heard: list[Heard] = []

    @contextmanager
    def follow(self, turn: Turn) -> Iterator[None]:
        self.turn = turn
        yield
        self.turn = lambda pool: None

    def at(self, second: float, deed: Callable[[], None]) -> None:
        self.due.append((second, deed))

    def settle(self, second: float, pool: ScriptedPool, number: int, text: str, confidence: float) -> None:
        """The final of that pool's utterance comes then."""
        self.at(second, lambda: pool.utterances[number].settle(text, confidence))

    async def hear(self, pcm: bytes, pool: ScriptedPool | None = None) -> list[tuple[int, str, str]]:
        """The finals: number, language, text."""
        listening = listen(self._frames(pcm), pool or self.ko, CONFIG, last_words_s=0.1, follow=self.follow)
        async with aclosing(listening) as utterances:
            async for one in utterances:
                self.heard.append(one)
        return [(one.utterance, one.language, one.text) for one in self.heard if one.kind == "final"]

    async def _frames(self, pcm: bytes) -> AsyncIterator[Frame]:
        for frame in frames(pcm):
            for second, deed in [each for each in self.due if each[0] <= frame.start]:
                self.due.remove((second, deed))
                deed()
            yield frame
            await asyncio.sleep(0)


def audio(utterance: ScriptedUtterance) -> bytes:
    return bytes(utterance.audio)


async def test_the_open_utterance_is_heard_from_its_beginning_by_the_other_pool() -> None:
    """Its words are taken back and shown anew; one line, one number, one final."""
    leg = Leg()
    leg.at(1.4, lambda: leg.ko.utterances[0].show("위 데일"))
    leg.at(1.5, lambda: leg.turn(leg.en))
    leg.at(1.6, lambda: leg.ko.utterances[0].show("위 데일 날"))
    leg.at(1.7, lambda: leg.en.utterances[0].show("where do"))
    leg.settle(3.2, leg.ko, 0, "위 데일 날 까", 0.4)
    leg.settle(3.3, leg.en, 0, "where do i pay", 0.9)
    found = await leg.hear(line(pause(1), say(WORD), say(WORD), pause(2)))
    assert found == [(1, "en", "where do i pay")]
    assert [one.text for one in leg.heard] == [SPEAKING, "위 데일", SPEAKING, "where do", "where do i pay"]
    assert [one.language for one in leg.heard] == ["ko", "ko", "en", "en", "en"]
    assert audio(leg.en.utterances[0]) == audio(leg.ko.utterances[0])
    assert leg.en.utterances[0].finished


async def test_what_is_said_in_the_old_language_meanwhile_is_not_lost() -> None:
    """'잠시만요' while she turns: the model before is sure of it."""
    leg = Leg()
    leg.at(1.3, lambda: leg.turn(leg.en))
    leg.settle(3, leg.ko, 0, "잠시만요", 1.0)
    leg.settle(3, leg.en, 0, "jam she man yo", 0.5)
    assert await leg.hear(line(pause(1), say(WORD), pause(2))) == [(1, "ko", "잠시만요")]


async def test_the_last_utterance_is_heard_again_and_replaces_its_line() -> None:
    """Same number; and the next one goes on counting, in order, although it is ready before."""
    leg = Leg()
    leg.settle(2.9, leg.ko, 0, "헬 로우 캔 유", 0.5)
    leg.at(3.2, lambda: leg.turn(leg.en))
    leg.at(5.5, lambda: leg.en.utterances[1].settle("yes", 0.9))
    leg.settle(5.6, leg.en, 0, "hello can you", 0.8)
    found = await leg.hear(line(pause(1), say(WORD), pause(2), say(WORD), pause(2)))
    assert found == [(1, "ko", "헬 로우 캔 유"), (1, "en", "hello can you"), (2, "en", "yes")]
    assert [one.text for one in leg.heard if one.kind == "partial"] == [SPEAKING, SPEAKING]


@pytest.mark.parametrize(("confidence", "again"), [(0.95, AGAIN_S), (0.5, BADLY_AGAIN_S)])
async def test_not_for_ever(confidence: float, again: float) -> None:
    """One that was well understood stays after a few seconds, one that was not somewhat longer."""
    for late in (-1.0, 1.0):
        leg = Leg()
        leg.settle(2.9, leg.ko, 0, "안녕하세요", confidence)
        leg.at(1.6 + again + late, lambda leg=leg: leg.turn(leg.en))  # type: ignore[misc]
        found = await leg.hear(line(pause(1), say(WORD), pause(again + 3)))
        assert found == [(1, "ko", "안녕하세요")]
        assert len(leg.en.utterances) == (late < 0)


async def test_to_and_fro() -> None:
    """A slip of the hand: the words of before are back, without asking the first pool again."""
    leg = Leg()
    leg.settle(2.9, leg.ko, 0, "여권이요", 0.7)
    leg.at(3, lambda: leg.turn(leg.en))
    leg.settle(3.1, leg.en, 0, "yo gone ee yo", 0.6)
    leg.at(3.5, lambda: leg.turn(leg.ko))
    found = await leg.hear(line(pause(1), say(WORD), pause(3)))
    assert found == [(1, "ko", "여권이요"), (1, "en", "yo gone ee yo"), (1, "ko", "여권이요")]
    assert len(leg.ko.utterances) == 1


async def test_a_language_without_a_model_sleeps_and_wakes() -> None:
    """What is open is taken back, unless the model before was sure; nothing goes to any pool until the next turn."""
    leg = Leg()
    leg.at(1.5, lambda: leg.turn(None))
    leg.settle(1.8, leg.ko, 0, "무 엇", 0.4)
    wakes = 2 + BADLY_AGAIN_S
    leg.at(wakes, lambda: leg.turn(leg.en))
    leg.settle(wakes + 3, leg.en, 0, "thank you", 0.9)
    asleep = line(pause(1), say(WORD), say(WORD), pause(1), say(WORD), pause(wakes))[: round(wakes + 0.5) * 16000]
    found = await leg.hear(asleep + line(say(WORD), pause(3)))
    assert found == [(2, "en", "thank you")]
    assert [one.text for one in leg.heard] == [SPEAKING, "", SPEAKING, "thank you"]
    assert leg.ko.utterances[0].finished
    assert len(leg.ko.utterances) == len(leg.en.utterances) == 1


async def test_a_call_may_begin_without_a_model() -> None:
    """Frames are read, nothing is said, nothing is kept."""
    leg = Leg()
    listening = listen(leg._frames(line(pause(1), say(WORD), pause(1))), None, CONFIG, follow=leg.follow)
    assert [one async for one in listening] == []


async def test_a_number_in_two_utterances_is_still_one_when_the_first_is_heard_again() -> None:
    """The mask forgets what was heard wrongly, and goes on with what was said."""
    leg = Leg()
    leg.settle(2.9, leg.ko, 0, "나인 제로", 0.3)
    leg.at(3, lambda: leg.turn(leg.en))
    leg.settle(3.1, leg.en, 0, "it is nine zero zero one zero one", 0.9)
    leg.settle(5.6, leg.en, 1, "seven one two three four five six", 0.9)
    found = await leg.hear(line(pause(1), say(WORD), pause(2), say(WORD), pause(2)))
    assert [text for *_, text in found] == ["나인 제로", "it is 900101", "[주민등록번호 가림]"]


async def test_without_further_languages_no_audio_is_kept() -> None:
    """Nobody follows: the utterance is forgotten with its final."""
    leg = Leg()
    leg.settle(2.9, leg.ko, 0, "안녕하세요", 0.4)
    async for _ in listen(leg._frames(line(pause(1), say(WORD), pause(2))), leg.ko, CONFIG):
        leg.turn(leg.en)
    assert leg.en.utterances == []
