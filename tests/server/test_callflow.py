"""The life of a call over a scripted bridge: who is rung, what is said, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

import msgspec
import pytest

from core.audio import SILENCE, Frame
from core.bus.contract import Overflow, Subscription
from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig, SipConfig
from core.events import (
    AgentMissed,
    AgentOffered,
    AlarmCleared,
    AlarmRaised,
    CallAdopted,
    CallEnded,
    CallHeld,
    CallJoined,
    CallQueued,
    CallResumed,
    CallStarted,
    Event,
    KeyPressed,
    Party,
    Speaker,
    Suggested,
    Suggestion,
    TranscriptFinal,
    TranscriptPartial,
)
from server.callflow import CallFlow
from server.dispatcher import Dispatcher
from server.line import Line
from stt.contract import Heard
from tests.fakes.bridge import ScriptedBridge, ScriptedCall
from tests.fakes.conversation import SilentConversation

E = TypeVar("E", bound=Event)
WAITS_S = 5.0


async def every_25_frames(frames: AsyncIterator[Frame], _language: object = None) -> AsyncIterator[Heard]:
    """A listener that hears one utterance per half second of audio, and what is left at the end."""
    count = 0
    async for frame in frames:
        count += 1
        if count % 25 == 1:
            yield Heard(kind="partial", utterance=count // 25 + 1, start=frame.start, end=frame.start, text="장")
        if count % 25 == 0:
            yield Heard(kind="final", utterance=count // 25, start=0.0, end=frame.start, text=f"장롱 {count}")
    if count % 25:
        yield Heard(kind="final", utterance=count // 25 + 1, start=0.0, end=0.0, text=f"끝 {count}")


class OneCard(SilentConversation):
    """An assistant that knows one card and shows it on the caller's first words."""

    def __init__(self) -> None:
        self.words: list[str] = []

    async def heard(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        self.words.append(text)
        return (Suggestion(id="1", title="대형폐기물", score=0.9),) if len(self.words) == 1 else None


class Stage:
    """A bridge, agents, and the flow of one call."""

    def __init__(self, *agents: str, **sip: float) -> None:
        self.bridge = ScriptedBridge()
        self.bus = MemoryBus()
        self.sip = SipConfig(ring_timeout_s=0.05, **sip)  # type: ignore[arg-type]
        self.assistant = OneCard()
        self.listen = every_25_frames
        self.tasks: set[asyncio.Task[None]] = set()
        self.dispatcher = Dispatcher(
            [AgentConfig(id=a, name=f"상담사 {a}", uri=f"sip:{a}", starts="ready") for a in agents],
            self.bus,
            wrap_up_s=30,
            spawn=self.spawn,
        )
        self.seen: Subscription = self.bus.subscribe(
            name="test", limit=1000, overflow=Overflow.WAIT, only=lambda event: bool(event.call_id)
        )
        self.events: list[Event] = []

    def spawn(self, work: Coroutine[Any, Any, None], _name: str) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)

    def begin(self, call: ScriptedCall, past: list[Event] | None = None) -> tuple[CallFlow, asyncio.Task[None]]:
        line = Line(call.call_id, lambda _event: None, self.bus, past or [])
        flow = CallFlow(call, line, self.dispatcher, self.listen, self.assistant, self.sip)
        return flow, asyncio.create_task(flow.run())

    async def until(self, kind: type[E]) -> E:
        async with asyncio.timeout(WAITS_S):
            async for event in self.seen:
                self.events.append(event)
                if isinstance(event, kind):
                    return event
        raise AssertionError(f"no {kind.__name__}")

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


@pytest.fixture
async def make_stage() -> AsyncIterator[type[Stage]]:
    stages: list[Stage] = []

    class Made(Stage):
        def __init__(self, *agents: str, **sip: float) -> None:
            super().__init__(*agents, **sip)
            stages.append(self)

    yield Made
    for stage in stages:
        for task in stage.tasks:
            task.cancel()
        await asyncio.gather(*stage.tasks, return_exceptions=True)
        await stage.bus.close()


async def test_a_call_is_answered_joined_heard_helped_and_ended(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")
    call = stage.bridge.ring(Party(number="01000000001"))
    _, run = stage.begin(call)
    joined = await stage.until(CallJoined)
    assert joined.agent_id == "kim"
    await call.say("caller", SILENCE * 25)
    suggested = await stage.until(Suggested)
    assert suggested.suggestions[0].title == "대형폐기물"
    assert suggested.utterance == "caller-1"
    call.party_hangs_up("caller")
    ended = await stage.until(CallEnded)
    await run
    assert ended.reason == "caller_hung_up"
    assert [e.seq for e in stage.events] == list(range(1, len(stage.events) + 1))
    assert stage.kinds()[:3] == ["CallStarted", "AgentOffered", "CallJoined"]
    assert stage.dispatcher.roster.agent("kim").state == "wrap_up"


async def test_both_legs_are_heard_apart(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    await stage.until(CallJoined)
    await call.say("agent", SILENCE * 25)
    assert (await stage.until(TranscriptPartial)).utterance == "agent-1"
    assert (await stage.until(TranscriptFinal)).speaker == "agent"
    await call.say("caller", SILENCE * 25)
    assert (await stage.until(TranscriptFinal)).speaker == "caller"
    call.party_hangs_up("agent")
    assert (await stage.until(CallEnded)).reason == "agent_hung_up"
    await run


async def test_the_last_words_come_before_the_end(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    await stage.until(CallJoined)
    await call.say("caller", SILENCE * 7)
    call.party_hangs_up("caller")
    await stage.until(CallEnded)
    await run
    kinds = stage.kinds()
    assert kinds.index("TranscriptFinal") < kinds.index("Suggested") < kinds.index("CallEnded")
    assert stage.assistant.words == ["끝 7"]


async def test_who_does_not_answer_is_away_and_the_next_is_rung(make_stage: type[Stage]) -> None:
    stage = make_stage("kim", "lee")
    stage.bridge.script("sip:kim", "no_answer")
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    assert (await stage.until(AgentMissed)).reason == "no_answer"
    assert (await stage.until(CallJoined)).agent_id == "lee"
    assert stage.dispatcher.roster.agent("kim").state == "away"
    call.party_hangs_up("caller")
    await run


@pytest.mark.parametrize("result", ["busy", "refused", "unreachable", "no_answer"])
async def test_when_nobody_answers_the_caller_hears_so_and_the_call_ends(make_stage: type[Stage], result: Any) -> None:
    stage = make_stage("kim", "lee")
    stage.bridge.script("sip:kim", result)
    stage.bridge.script("sip:lee", result)
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    assert (await stage.until(CallEnded)).reason == "no_agent"
    await run
    assert call.done[-2:] == ["play closing", "hang_up"]
    assert stage.kinds().count("AgentMissed") == 2


async def test_a_caller_waits_for_a_free_agent_and_hears_so(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")
    first = stage.bridge.ring()
    _, first_run = stage.begin(first)
    await stage.until(CallJoined)
    second = stage.bridge.ring()
    _, second_run = stage.begin(second)
    assert (await stage.until(CallQueued)).position == 1
    first.party_hangs_up("caller")
    await first_run
    await stage.dispatcher.wish("kim", "ready")
    assert (await stage.until(CallJoined)).call_id == second.call_id
    assert "play waiting loop" in second.done
    second.party_hangs_up("caller")
    await second_run


async def test_patience_ends_with_a_prompt(make_stage: type[Stage]) -> None:
    stage = make_stage(max_wait_s=0.05)
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    assert (await stage.until(CallEnded)).reason == "no_agent"
    await run
    assert "play closing" in call.done
    assert stage.dispatcher.queue().waiting == 0


async def test_a_caller_who_gives_up_while_a_phone_rings_frees_the_agent(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")
    stage.sip = msgspec.structs.replace(stage.sip, ring_timeout_s=30)
    stage.bridge.script("sip:kim", "no_answer")
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    await stage.until(AgentOffered)
    await asyncio.sleep(0.02)
    call.party_hangs_up("caller")
    assert (await stage.until(CallEnded)).reason == "caller_hung_up"
    await run
    assert stage.dispatcher.roster.agent("kim").state == "ready"


async def test_the_desk_may_hang_up(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")
    call = stage.bridge.ring()
    flow, run = stage.begin(call)
    await stage.until(CallJoined)
    await flow.hang_up()
    assert (await stage.until(CallEnded)).reason == "desk_hung_up"
    await run


async def test_keys_holds_and_lost_audio_stand_on_the_line(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    await stage.until(CallJoined)
    call.press("caller", "5", "info")
    key = await stage.until(KeyPressed)
    assert (key.digit, key.method, key.speaker) == ("5", "info", "caller")
    call.party_holds("agent")
    assert (await stage.until(CallHeld)).by == "agent"
    call.party_holds("agent", False)
    assert (await stage.until(CallResumed)).by == "agent"
    call.lose_audio("caller")
    assert (await stage.until(AlarmRaised)).speaker == "caller"
    call.lose_audio("caller", False)
    assert (await stage.until(AlarmCleared)).code == "no_audio"
    call.media_dies()
    assert (await stage.until(CallEnded)).reason == "no_media"
    await run


async def test_a_worker_that_dies_ends_the_call_with_its_reason_and_its_words(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    await stage.until(CallJoined)
    await call.say("caller", SILENCE * 7)
    call.worker_dies()
    assert (await stage.until(CallEnded)).reason == "worker_lost"
    assert "TranscriptFinal" in stage.kinds()
    await run


async def test_what_is_said_before_the_join_is_not_heard_but_its_last_second(make_stage: type[Stage]) -> None:
    stage = make_stage(max_wait_s=5)
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    await stage.until(CallQueued)
    await call.say("caller", SILENCE * 200)
    call.party_hangs_up("caller")
    await stage.until(CallEnded)
    await run
    assert "TranscriptFinal" not in stage.kinds()


async def test_an_adopted_call_goes_on_where_it_was(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")
    call = stage.bridge.ring(agent="kim", silent_s=3.0)
    past: list[Event] = [
        CallStarted(call_id=call.call_id, seq=1),
        CallJoined(call_id=call.call_id, seq=4, agent_id="kim"),
        TranscriptFinal(
            call_id=call.call_id, seq=9, speaker="caller", utterance="caller-3", start=0.0, end=1.0, text="네"
        ),
    ]
    flow, run = stage.begin(call, past)
    adopted = await stage.until(CallAdopted)
    assert adopted.seq > 9
    assert adopted.missing_s == 3.0
    assert flow.agent_id == "kim"
    await call.say("caller", SILENCE * 25)
    assert (await stage.until(TranscriptFinal)).utterance == "caller-4"
    call.party_hangs_up("caller")
    await stage.until(CallEnded)
    await run


async def test_a_fault_in_one_call_ends_it_properly(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")

    async def broken(frames: AsyncIterator[Frame], _language: object = None) -> AsyncIterator[Heard]:
        async for _frame in frames:
            raise ValueError("broken")
        yield Heard(kind="final", utterance=1, start=0.0, end=0.0, text="")

    stage.listen = broken
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    await stage.until(CallJoined)
    await call.say("caller", SILENCE * 25)
    assert (await stage.until(CallEnded)).reason == "failed"
    with pytest.raises(ExceptionGroup):
        await run
    assert stage.dispatcher.roster.agent("kim").state == "wrap_up"
    assert call.ended.is_set()


async def test_a_fault_of_the_assistant_costs_the_card_and_not_the_call(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")

    class Broken(SilentConversation):
        async def heard(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
            raise ValueError("broken")

    stage.assistant = Broken()  # type: ignore[assignment]
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    await stage.until(CallJoined)
    await call.say("caller", SILENCE * 50)
    await stage.until(TranscriptFinal)
    await stage.until(TranscriptFinal)
    call.party_hangs_up("caller")
    assert (await stage.until(CallEnded)).reason == "caller_hung_up"
    await run


async def test_words_that_may_be_missing_are_told(make_stage: type[Stage]) -> None:
    stage = make_stage("kim")
    call = stage.bridge.ring()
    _, run = stage.begin(call)
    await stage.until(CallJoined)
    queue = call.frames("caller")
    for index in range(300):  # a burst that no reader can take: the queue holds two seconds
        queue.put(Frame(SILENCE, index * 0.02))
    assert (await stage.until(AlarmRaised)).code == "audio_dropped"
    assert queue.dropped > 0
    call.party_hangs_up("caller")
    await stage.until(CallEnded)
    await run
