"""A caller with a menu, from her first wish to whoever answers, or to a callback, or to the end."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from ars.inputs import Joined, Key, NoAgent, Tap
from ars.model import BOOKED, CALLBACK, CAPTIONS, TALK, WAIT
from ars.voice import Speech
from ars.words import say
from core.audio import SILENCE
from core.errors import Refused, StoreFault
from core.events import (
    AgentMissed,
    AgentOffered,
    CallAdopted,
    CallbackBooked,
    CallEnded,
    CallJoined,
    CallQueued,
    CallStarted,
    Event,
    KeyPressed,
    Party,
    ScreenShown,
    TranscriptFinal,
    TranscriptPartial,
    VisitChanged,
)
from core.home import Home
from server.call_side import CallSide
from tests.ars.small import open_menu
from tests.fakes.bridge import ScriptedCall
from tests.fakes.call_side import FakeCall
from tests.patience import until
from tests.server.ars_stage import LANDLINE, MOBILE, WITHHELD, ArsStage, menu_with

MUSIC = "play music loop"
ALWAYS = open_menu()


def stage_of(home: Home, *agents: str, **more: Any) -> ArsStage:
    return ArsStage(home, *agents, menu=more.pop("menu", ALWAYS), **more)


def waiting(**wait: Any) -> Any:
    return msgspec.structs.replace(ALWAYS, wait=menu_with(**wait).wait)


def night_menu() -> Any:
    """The menu whose first screen connects with a department by 1."""
    return msgspec.structs.replace(ALWAYS, start=(msgspec.structs.replace(ALWAYS.start[0], screen="night"),))


async def test_the_menu_speaks_and_zero_brings_an_agent(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        await until(lambda: any(done.startswith("play /ko/") for done in call.done))
        assert not call.joined.is_set(), "who hears a menu is not connected yet"
        call.press("caller", "0")
        assert (await stage.until(KeyPressed)).digit == "0"
        joined = await stage.until(CallJoined)
        assert joined.agent_id == "kim"
        await stage.until(ScreenShown, screen=TALK)
        assert stage.visit(call).around.agent == "상담사 kim"
        said = len(stage.voices.said)
        call.press("caller", "#")
        await stage.until(ScreenShown, screen="main")
        assert len(stage.voices.said) == said, "nobody speaks over the two"
        call.party_hangs_up("caller")
        assert (await stage.until(CallEnded)).reason == "caller_hung_up"
        await stage.over(call)
        assert stage.states() == {"kim": "ready"}


async def test_a_department_is_called_by_the_way_out(home: Home) -> None:
    async with stage_of(home, "kim", menu=night_menu()) as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="night")
        call.press("caller", "1")
        joined = await stage.until(CallJoined)
        assert (joined.agent_id, joined.agent_name) == ("", "주차관리과")
        assert "dial sip:03100002345@trunk @주차관리과 answered" in call.done
        assert stage.states() == {"kim": "ready"}
        assert stage.visit(call).around.contact == ""
        call.party_hangs_up("agent")
        assert (await stage.until(CallEnded)).reason == "agent_hung_up"


@pytest.mark.parametrize("outbound", ["sip:{number}@trunk", ""])
async def test_when_a_department_fails_the_menu_goes_on(home: Home, outbound: str) -> None:
    async with stage_of(home, "kim", menu=night_menu(), sip={"outbound": outbound}) as stage:
        stage.bridge.script("sip:03100002345@trunk", "busy")
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="night")
        call.press("caller", "1")
        await stage.until(ScreenShown, screen=WAIT)
        await stage.until(ScreenShown, screen="night")
        visit = stage.visit(call)
        assert (visit.state.phase, visit.state.notice, visit.around.contact) == ("menu", "contact_failed", "")
        call.press("caller", "0")
        assert (await stage.until(CallJoined)).agent_id == "kim"


async def test_zero_while_a_department_rings_brings_an_agent(home: Home) -> None:
    async with stage_of(home, "kim", menu=night_menu(), sip={"ring_timeout_s": 60.0}) as stage:
        stage.bridge.script("sip:03100002345@trunk", "no_answer")
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="night")
        call.press("caller", "1")
        await until(lambda: stage.ars.visits.of_call(call.call_id).around.contact != "")  # type: ignore[union-attr]
        call.press("caller", "0")
        assert (await stage.until(CallJoined)).agent_id == "kim"
        assert "dial sip:03100002345@trunk @주차관리과 cancelled" in call.done


async def test_who_waits_hears_music_and_sees_her_place(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        calls = []
        for _ in range(3):
            calls.append(call := stage.bridge.ring())
            await stage.until(ScreenShown, call, screen="main")
            call.press("caller", "0")
            await stage.until(CallQueued if calls[1:] else CallJoined, call)
        first, second, third = calls
        await until(lambda: stage.visit(third).around.position == 2)
        assert stage.visit(third).status().minutes > 0
        await until(lambda: third.done[-1] == MUSIC)
        second.party_hangs_up("caller")
        assert (await stage.until(CallQueued, third)).position == 1
        assert stage.visit(third).around.position == 1
        first.party_hangs_up("caller")
        assert (await stage.until(CallJoined)).call_id == third.call_id
        assert stage.visit(third).around.position == 0
        assert third.done[-1] == "stop_prompt"


async def test_after_a_while_a_callback_is_offered_and_the_place_told(home: Home) -> None:
    menu = waiting(callback_after_s=0, announce_s=0)
    async with stage_of(home, menu=menu) as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "0")
        await until(lambda: any("전화" in text and "1" in text for text in stage.voices.said))
        await until(lambda: stage.visit(call).around.position == 1)


async def test_a_callback_is_offered_when_she_comes_back_from_other_screens(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.reach.OFFERED_AGAIN_S", 0.01)
    offer = say("ko", "voice.callback_offer")
    async with stage_of(home, menu=waiting(callback_after_s=0)) as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        for key in "0#":
            stage.visit(call).put(Key(key))
        await stage.until(CallQueued)
        await asyncio.sleep(0.05)
        assert offer not in stage.voices.said
        speak, told_where = CallSide.speak, asyncio.Event()

        async def slowly(side: CallSide, speech: Speech) -> None:
            await asyncio.sleep(0.05)
            await speak(side, speech)
            told_where.set()

        monkeypatch.setattr(CallSide, "speak", slowly)
        stage.visit(call).put(Key("0"))
        await told_where.wait()
        assert offer not in stage.voices.said, "the words of where she is would cut it off"
        await until(lambda: offer in stage.voices.said)


async def test_who_hangs_up_before_the_answer_with_a_booking_on_the_page_leaves_nothing(home: Home) -> None:
    async with stage_of(home) as stage:
        answering, answer = asyncio.Event(), ScriptedCall.answer

        async def slowly(call: ScriptedCall) -> None:
            await answering.wait()
            await answer(call)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ScriptedCall, "answer", slowly)
            call = stage.bridge.ring(MOBILE)
            await stage.until(ScreenShown, screen="main")
            visit = stage.visit(call)
            for key in "011":
                visit.put(Key(key))
            call.party_hangs_up("caller")
            answering.set()
            await stage.until(CallEnded)
            await stage.over(call)
        stage.ars.visits.end(visit)
        assert (await stage.until(VisitChanged, state="ended")).visit_id == visit.visit_id


async def test_a_booking_leaves_the_queue_and_ends_the_call_after_the_words(home: Home) -> None:
    async with stage_of(home) as stage:
        call = stage.bridge.ring(MOBILE)
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "0")
        await stage.until(CallQueued)
        call.press("caller", "1")
        await stage.until(ScreenShown, screen=CALLBACK)
        call.press("caller", "1")
        booked = await stage.until(CallbackBooked)
        assert (booked.number, booked.position, booked.state) == ("01000001111", 1, "booked")
        await stage.until(ScreenShown, screen=BOOKED)
        assert (await stage.until(CallEnded)).reason == "menu_ended"
        assert any("예약" in done for done in call.done), "she heard that it is booked"
        assert stage.dispatcher.place(call.call_id) is None
        assert stage.callbacks.place(stage.callbacks.open[0].callback_id) == 1
        assert [record.state for record in await stage.store.open_callbacks()] == ["booked"]


@pytest.mark.parametrize("fault", ["refused", "store"])
async def test_a_refused_booking_keeps_the_place_in_the_queue(home: Home, fault: str) -> None:
    async with stage_of(home, "kim") as stage:
        await stage.dispatcher.wish("kim", "away")
        if fault == "store":

            async def broken(_record: object) -> None:
                raise StoreFault("the database is away")

            stage.store.put_callback = broken  # type: ignore[method-assign, assignment]
        caller = MOBILE if fault == "store" else Party(number="06012345678")
        call = stage.bridge.ring(caller)
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "0")
        await stage.until(CallQueued)
        stage.visit(call).put(Key("1"))
        await stage.until(ScreenShown, screen=CALLBACK)
        call.press("caller", "1" if fault == "store" else "06012345678")
        await until(lambda: stage.visit(call).state.notice == ("not_now" if fault == "store" else "not_callable"))
        visit = stage.visit(call)
        assert (visit.state.phase, visit.state.here.id) == ("queued", CALLBACK)
        assert stage.dispatcher.place(call.call_id) is not None
        assert stage.callbacks.open == []
        await stage.dispatcher.wish("kim", "ready")
        assert (await stage.until(CallJoined)).agent_id == "kim"
        assert not call.ended.is_set()


async def test_a_refused_booking_from_the_menu_leaves_her_in_the_menu(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call = stage.bridge.ring(MOBILE)
        await stage.until(ScreenShown, screen="main")
        stage.calls.flow(call.call_id)._menu.visit.put(Key("1"))  # type: ignore[union-attr]
        await stage.until(ScreenShown, screen="documents")

        async def full(*_: object) -> str:
            raise Refused("too many callbacks", code="callbacks_full")

        stage.callbacks.book = full  # type: ignore[method-assign, assignment]
        visit = stage.visit(call)
        visit.state = msgspec.structs.replace(
            visit.state, trail=(*visit.state.trail, visit.state.here.__class__(id=CALLBACK)), field=0
        )
        call.press("caller", "1")
        await until(lambda: visit.state.notice == "not_now")
        assert (visit.state.phase, visit.state.here.id) == ("menu", CALLBACK)
        call.press("caller", "##0")
        assert (await stage.until(CallJoined)).agent_id == "kim"


async def test_who_is_answered_in_the_moment_of_the_booking_is_not_called_back(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        stage.bridge.script("sip:kim", "answered", after_s=0.02)
        call = stage.bridge.ring(MOBILE)
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "0")
        await stage.until(AgentOffered)
        real = stage.callbacks.book

        async def slow(*given: Any) -> str:
            await call.joined.wait()
            await asyncio.sleep(0.01)
            return await real(*given)

        stage.callbacks.book = slow  # type: ignore[method-assign, assignment]
        visit = stage.visit(call)
        asking = asyncio.create_task(stage.flow(call).menu.side.book("01000001111"))  # type: ignore[union-attr]
        assert (await stage.until(CallJoined)).agent_id == "kim"
        assert await asking is False
        assert (await stage.until(CallbackBooked, state="cancelled")).position == 0
        assert visit.state.here.id == TALK
        assert stage.callbacks.open == []
        assert not call.ended.is_set()


async def test_hanging_up_while_a_booking_is_kept_books_it(home: Home) -> None:
    async with stage_of(home) as stage:
        call = stage.bridge.ring(MOBILE)
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "0")
        await stage.until(CallQueued)
        real, begun = stage.store.put_callback, asyncio.Event()

        async def slow(record: Any) -> None:
            begun.set()
            await asyncio.sleep(0.05)
            await real(record)

        stage.store.put_callback = slow  # type: ignore[method-assign]
        asking = asyncio.create_task(stage.flow(call).menu.side.book(""))  # type: ignore[union-attr]
        await begun.wait()
        call.party_hangs_up("caller")
        assert (await stage.until(CallEnded)).reason == "caller_hung_up"
        await asking
        await stage.over(call)
        assert [record.number for record in stage.callbacks.open] == ["01000001111"]


async def test_a_call_may_open_with_an_agent(home: Home) -> None:
    async with stage_of(home, "kim", ars={"opening": "agent"}) as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen=WAIT)
        assert (await stage.until(CallJoined)).agent_id == "kim"
        await stage.until(ScreenShown, screen=TALK)
        call.party_hangs_up("caller")


async def test_nobody_to_come_offers_a_callback(home: Home) -> None:
    async with stage_of(home, "kim", sip={"max_wait_s": 0.05}) as stage:
        stage.bridge.script("sip:kim", "busy")
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "0")
        await stage.until(AgentMissed)
        await stage.until(ScreenShown, screen=CALLBACK)
        visit = stage.visit(call)
        assert (visit.state.phase, visit.around.position) == ("menu", 0)
        assert not call.ended.is_set()
        assert stage.states() == {"kim": "away"}


async def test_hanging_up_while_a_phone_rings_is_no_missed_agent_and_no_offer(home: Home) -> None:
    async with stage_of(home, "kim", sip={"ring_timeout_s": 60.0}) as stage:
        stage.bridge.script("sip:kim", "no_answer")
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "0")
        await stage.until(AgentOffered)
        await asyncio.sleep(0.01)
        call.party_hangs_up("caller")
        assert (await stage.until(CallEnded)).reason == "caller_hung_up"
        await stage.over(call)
        assert stage.states() == {"kim": "ready"}
        assert stage.told(AgentMissed) == []
        assert CALLBACK not in [shown.screen for shown in stage.told(ScreenShown)]


STAGES = ["ringing", "menu", "queued", "offered", "talking", "booked", "department"]


@pytest.mark.parametrize("how", ["hang_up", "worker", "stop"])
@pytest.mark.parametrize("when", STAGES)
async def test_an_end_at_any_moment_leaves_nobody_offered_and_nothing_running(home: Home, when: str, how: str) -> None:
    agents = ("kim",) if when in ("offered", "talking") else ()
    menu = night_menu() if when == "department" else ALWAYS
    async with stage_of(home, *agents, menu=menu, sip={"ring_timeout_s": 60.0}, prompt_s=0.2) as stage:
        stage.bridge.script("sip:03100002345@trunk", "no_answer")
        if when == "offered":
            stage.bridge.script("sip:kim", "no_answer")
        call = stage.bridge.ring()
        await stage.until(CallStarted)
        if when != "ringing":
            await stage.until(ScreenShown, screen=menu.start[0].screen)
        if when in ("queued", "offered", "talking", "booked"):
            call.press("caller", "0")
            wanted: dict[str, type[Event]] = {"offered": AgentOffered, "talking": CallJoined}
            await stage.until(wanted.get(when, CallQueued))
        if when == "booked":
            call.press("caller", "11")
            await stage.until(ScreenShown, screen=BOOKED)
        if when == "department":
            call.press("caller", "1")
            await stage.until(ScreenShown, screen=WAIT)
        visit = stage.ars.visits.of_call(call.call_id)
        if how == "hang_up":
            call.party_hangs_up("caller")
        elif how == "worker":
            call.worker_dies()
        else:
            await stage.calls.end_all("node_stopped", grace_s=0)
        ended = await stage.until(CallEnded)
        if how != "stop" or when != "booked":
            assert ended.reason == {"hang_up": "caller_hung_up", "worker": "worker_lost", "stop": "node_stopped"}[how]
        await stage.over(call)
        assert set(stage.states().values()) <= {"ready", "away"}
        assert stage.dispatcher.place(call.call_id) is None
        if visit is not None:
            assert visit.state.phase == "over"
        left = [task.get_name() for task in asyncio.all_tasks() if call.call_id in task.get_name()]
        assert left == []


async def test_keys_of_a_secret_are_told_to_nobody(home: Home) -> None:
    async with stage_of(home) as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "311201")
        await until(lambda: stage.visit(call).state.secret)
        call.press("caller", "4711")
        await stage.until(ScreenShown, screen="thanks")
        call.press("caller", "*")
        await stage.until(KeyPressed, digit="*")
        assert "".join(key.digit for key in stage.told(KeyPressed)) == "311201*"
        assert "4711" not in repr(stage.events)


async def test_a_tap_moves_the_voice(home: Home) -> None:
    async with stage_of(home) as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        await until(lambda: any("play /ko" in done for done in call.done))
        visit = stage.visit(call)
        visit.put(Tap(visit.state.number, "1"))
        await stage.until(ScreenShown, screen="documents", cause="touch")
        await until(lambda: any("민원서류. " in done for done in call.done))
        assert "stop_prompt" in call.done


async def test_what_is_typed_is_masked_numbered_heard_and_read_to_the_agent(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "0")
        await stage.until(CallJoined)
        visit, flow = stage.visit(call), stage.flow(call)
        await visit.write("제 번호는 900101-1234567 입니다")
        first = await stage.until(TranscriptFinal)
        assert (first.utterance, first.typed, first.speaker) == ("typed-1", True, "caller")
        assert "1234567" not in first.text
        assert "resident_number" in first.masked
        assert not any("to agent" in done for done in call.done)
        assert flow.aloud is not None
        flow.aloud.on = True
        await call.say("caller", SILENCE * 25)
        assert (await stage.until(TranscriptFinal)).utterance == "caller-1"
        await visit.write("카드는 4111-1111-1111-1111")
        second = await stage.until(TranscriptFinal)
        assert second.utterance == "typed-2"
        assert "4111-1111" not in second.text
        await until(lambda: "play /once/1.wav to agent" in call.done)
        await until(lambda: stage.assistant.heard_words == [first.text, "여권 1", second.text])
        assert stage.voices.spoken_once == [second.text]
        assert [line.utterance for line in visit.captions] == ["typed-1", "caller-1", "typed-2"]


async def test_captions_get_the_words_as_they_come(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "80")
        await stage.until(CallJoined)
        visit = stage.visit(call)
        visit.put(Tap(visit.state.number, CAPTIONS))
        feed = visit.open_page()
        assert feed is not None
        await call.say("agent", SILENCE * 25)
        await stage.until(TranscriptPartial, speaker="agent")
        await stage.until(TranscriptFinal, speaker="agent")
        await until(lambda: [line.text for line in visit.captions] == ["여권 1"])
        assert feed._captions["agent-1"].final


async def test_a_call_beyond_the_visits_works_without_a_menu(home: Home) -> None:
    async with stage_of(home, "kim", ars={"visits": 10}) as stage:
        for number in range(10):
            stage.ars.visits.begin_call(FakeCall(f"other-{number}"), phase="talking", has_number=False)
        call = stage.bridge.ring()
        assert (await stage.until(CallJoined)).agent_id == "kim"
        assert stage.ars.visits.of_call(call.call_id) is None
        assert stage.told(VisitChanged) == []
        call.press("caller", "0")
        await stage.until(KeyPressed)


async def test_an_adopted_call_has_its_visit_again_and_its_link_still_opens(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "0")
        await stage.until(CallJoined)
        visit = stage.visit(call)
        link = stage.ars.link(visit)
        stage.ars.visits.links.bind(link.rpartition("/")[2], "cookie", stage.ars.now())
        stage.ars.keep_links(visit)
        await visit.write("네")
        visit.put(Tap(visit.state.number, "9"))
        await until(lambda: not [task for task in stage.tasks if "keep links" in task.get_name()])
        past: list[Event] = stage.flow(call).line.past
        await stage.store.append(list(past))
    async with stage_of(home, "kim") as later:
        adopted = later.bridge.ring(agent="kim", silent_s=2.0)
        await later.store.append([msgspec.structs.replace(event, call_id=adopted.call_id) for event in past])
        await later.until(CallAdopted)
        again = later.visit(adopted)
        assert again.visit_id == visit.visit_id
        assert (again.state.phase, again.way, again.state.number > 1000) == ("talking", visit.way, True)
        assert [line.text for line in again.captions] == ["네"]
        found = later.ars.visits.links.look(link.rpartition("/")[2], "cookie", later.ars.now())
        assert found.visit_id == visit.visit_id  # type: ignore[union-attr]
        await again.write("여보세요")
        assert (await later.until(TranscriptFinal)).utterance == "typed-2"


async def test_an_adopted_call_whose_menu_is_gone_goes_on_without_one(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call = stage.bridge.ring(agent="kim", silent_s=1.0)
        await stage.store.append(
            [
                CallStarted(call_id=call.call_id, seq=1),
                VisitChanged(call_id=call.call_id, seq=2, visit_id="v", state="begun", menu="small@gone"),
                CallJoined(call_id=call.call_id, seq=3, agent_id="kim"),
            ]
        )
        await stage.until(CallAdopted)
        assert stage.ars.visits.of_call(call.call_id) is None
        assert stage.states() == {"kim": "talking"}


@pytest.mark.parametrize("caller", [LANDLINE, WITHHELD])
async def test_who_gets_no_messages_hears_how_to_join(home: Home, caller: Party) -> None:
    async with stage_of(home) as stage:
        call = stage.bridge.ring(caller)
        await stage.until(ScreenShown, screen="main")
        await until(lambda: len(stage.voices.said) > 0)
        assert not stage.visit(call).state.has_number


async def test_late_news_of_a_search_do_not_move_who_talks(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        call = stage.bridge.ring()
        await stage.until(ScreenShown, screen="main")
        call.press("caller", "0")
        await stage.until(CallJoined)
        visit = stage.visit(call)
        visit.put(NoAgent())
        visit.put(Joined())
        assert visit.state.here.id == TALK
