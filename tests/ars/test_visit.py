"""A visit with its surroundings: what is immediate, what comes in order, what time does, what pages and calls see."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from ars import visit as visits_file
from ars import visit_timers, visit_words
from ars.effects import EndCall
from ars.inputs import Joined, Key, NoAgent, NotBooked, PageSeen, Push, Submit, Tap
from ars.model import BOOKED, CALLBACK, CAPTIONS, TALK, WAIT, Menu, Screen, Text
from ars.page_feed import CaptionLine, Due, GoneDue, PageFeed, ScreenDue
from ars.state import Phase, Stop
from ars.visit import EFFECTS, PAGES, Visit
from ars.visits import Visits
from core import metrics
from core.errors import Refused
from core.events import (
    CallJoined,
    Event,
    FormSent,
    PhotoReceived,
    ScreenShown,
    TranscriptFinal,
    TranscriptPartial,
    VisitChanged,
)
from tests.ars.small import small_menu
from tests.fakes.call_side import FakeCall
from tests.fakes.visit_house import FakeVisitHouse
from tests.patience import until

MENU = small_menu()


class Scene:
    """A house, its visits, and the visit of one call."""

    def __init__(self, menu: Menu = MENU, *, phase: Phase = "menu", has_number: bool = True) -> None:
        self.house = FakeVisitHouse()
        self.visits: Visits = self.house.visits(menu)
        self.call = FakeCall()
        visit = self.visits.begin_call(self.call, phase=phase, has_number=has_number)
        assert visit is not None
        self.visit: Visit = visit

    async def close(self) -> None:
        self.visits.close()
        for task in list(self.house.tasks):
            task.cancel()
        await asyncio.gather(*self.house.tasks, return_exceptions=True)

    def keys(self, digits: str) -> None:
        for digit in digits:
            self.visit.put(Key(digit))

    def states(self) -> list[str]:
        return [event.state for event in self.call.told(VisitChanged)]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    await scene.house.settle()
    yield scene
    await scene.close()


async def due_now(feed: PageFeed) -> list[Due]:
    """What a page would draw just now."""
    found: list[Due] = []

    async def read() -> None:
        async for due in feed:
            found.append(due)

    reading = asyncio.create_task(read())
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    return found


def shorter(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> None:
    for name, value in seconds.items():
        monkeypatch.setattr(visits_file, name, value)


# Inputs and effects.


async def test_a_visit_begins_with_its_events_and_the_first_words(scene: Scene) -> None:
    kinds = [type(given).__name__ if name == "tell" else name for name, given in scene.call.asked]
    assert kinds == ["VisitChanged", "ScreenShown", "speak"]
    assert scene.call.told(VisitChanged)[0].menu == f"small@{MENU.version}"


async def test_what_is_put_holds_and_is_drawn_at_once(scene: Scene) -> None:
    feed = scene.visit.open_page()
    assert feed is not None
    await due_now(feed)
    assert scene.visit.put(Tap(scene.visit.state.number, "1"))
    assert scene.visit.state.here.id == "documents"
    assert scene.visit.view().id == "documents"
    feed.gone("node")
    assert ScreenDue() in await due_now(feed)


async def test_effects_are_done_in_their_order(scene: Scene) -> None:
    scene.call.asked.clear()
    scene.visit.put(Key("0"))
    await scene.house.settle()
    assert [name for name, _ in scene.call.asked] == ["hush", "tell", "speak", "find_agent"]


async def test_of_two_speeches_that_wait_only_the_newer_is_said(scene: Scene) -> None:
    scene.call.asked.clear()
    scene.keys("1#")
    await scene.house.settle()
    assert len(scene.call.of("speak")) == 1
    assert [shown.screen for shown in scene.call.told(ScreenShown)] == ["documents", "main"]


async def test_an_effect_that_fails_does_not_stop_the_next(scene: Scene) -> None:
    scene.call.fails = {"hush": Refused("no"), "speak": ValueError("a bug")}
    scene.visit.put(Key("0"))
    assert await scene.call.until("find_agent") == ""


class StuckCall(FakeCall):
    """A call whose line takes nothing."""

    async def tell(self, event: Event) -> None:
        await asyncio.Event().wait()


async def test_too_many_inputs_are_refused_and_counted_but_never_what_the_call_brings() -> None:
    scene = Scene()
    scene.visit.call = StuckCall()
    before = metrics.ARS_INPUTS_REFUSED._value.get()
    taken = sum(scene.visit.put(Key("*")) for _ in range(3 * EFFECTS))
    assert taken < EFFECTS
    assert metrics.ARS_INPUTS_REFUSED._value.get() == before + 3 * EFFECTS - taken
    assert scene.visit.put(NoAgent())
    assert scene.visit.put(Joined())
    assert scene.visit.state.phase == "talking"
    await scene.close()


async def test_one_step_over_several_screens_tells_the_last_one() -> None:
    forward = Screen(title={"ko": "연결"}, on_show=MENU.screens["documents"].choices[0].do)
    scene = Scene(small_menu(screens={**MENU.screens, "documents": forward}))
    scene.visit.put(Key("1"))
    await scene.house.settle()
    assert [shown.screen for shown in scene.call.told(ScreenShown)] == ["main", WAIT]
    await scene.close()


async def test_nothing_moves_a_visit_that_is_over(scene: Scene) -> None:
    scene.visit.close()
    scene.visit.close("node")
    assert not scene.visit.put(Key("1"))
    assert scene.visit.open_page() is None
    await scene.house.settle()
    assert scene.states()[-1] == "ended"


# Time.


@pytest.mark.parametrize("with_page", [False, True])
async def test_silence_counts_from_the_end_of_the_words(monkeypatch: pytest.MonkeyPatch, with_page: bool) -> None:
    shorter(monkeypatch, READING=2.0)
    scene = Scene(small_menu(no_input_s=0.02))
    if with_page:
        scene.visit.open_page()
    await asyncio.sleep(0.1)
    assert scene.visit.state.misses == 0
    scene.visit.spoken()
    await until(lambda: scene.visit.state.misses == 1)
    await scene.close()


def waits_s(visit: Visit) -> float:
    """So long it still waits for the caller; 0 = it does not."""
    timer = visit._timers._silence
    return max(0.0, timer.when() - asyncio.get_running_loop().time()) if timer is not None else 0.0


async def test_who_reads_a_page_is_left_in_peace_for_longer(scene: Scene) -> None:
    scene.visit.spoken()
    assert 0 < waits_s(scene.visit) <= MENU.no_input_s
    scene.visit.open_page()
    assert waits_s(scene.visit) > 5 * MENU.no_input_s, "a page that opens does not end the waiting"


async def test_a_lost_page_or_a_late_tap_leaves_no_caller_in_silence(scene: Scene) -> None:
    scene.visit.spoken()
    scene.visit.put(PageSeen(False))
    assert waits_s(scene.visit)
    scene.visit.put(Tap(-5, "1"))
    assert waits_s(scene.visit)
    scene.visit.put(Key("2"))  # a form, which is read: the end of that will be told
    assert not waits_s(scene.visit)
    scene.visit.spoken()
    scene.visit.submit(scene.visit.state.number, {})  # not accepted, and nothing is said
    assert scene.visit.state.errors
    assert waits_s(scene.visit)
    scene.visit.put(Joined())
    assert not waits_s(scene.visit)


@pytest.mark.parametrize("with_page", [False, True])
async def test_a_pause_ends_a_keyed_number(monkeypatch: pytest.MonkeyPatch, with_page: bool) -> None:
    shorter(monkeypatch, PAUSE_S=0.05)
    scene = Scene()
    if with_page:
        scene.visit.open_page()
    scene.keys("01")
    scene.keys("0311234567")
    assert scene.visit.state.here.id == CALLBACK
    await until(lambda: scene.visit.state.here.id == BOOKED)
    assert await scene.call.until("book") == "0311234567"
    await scene.close()


async def test_a_form_warns_can_be_extended_and_ends(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    house, visit = scene.house, scene.visit
    visit.put(Key("2"))
    assert visit.status().ends == house.clock + dt.timedelta(minutes=10)
    house.clock += dt.timedelta(minutes=9)
    visit.extend()
    assert visit.status().ends == house.clock + dt.timedelta(minutes=11)
    monkeypatch.setattr(visits_file, "EXTENDS", dt.timedelta(0))
    house.clock += dt.timedelta(hours=1)
    visit.extend()  # so late that it ends now
    await until(lambda: visit.state.here.id == "main")
    assert visit.state.notice == "time_up"
    assert visit.status().ends is None


async def test_a_form_that_was_left_ends_nothing(scene: Scene) -> None:
    scene.visit.put(Key("2"))
    scene.visit.put(Key("#"))
    assert scene.visit.status().ends is None
    assert scene.visit._timers._form is None


# Pages.


async def test_a_reload_is_no_event_a_loss_is_one(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = scene.visit
    first = visit.open_page()
    assert first is not None
    visit.close_page(first)
    second = visit.open_page()
    assert second is not None
    await scene.house.settle()
    assert scene.states() == ["begun", "opened"]
    monkeypatch.setattr(visit_timers, "LOST_S", 0.01)
    visit.close_page(second)
    await until(lambda: not visit.state.page)
    await scene.house.settle()
    assert visit.was_seen
    assert not visit.has_page
    visit.open_page()
    await scene.house.settle()
    assert scene.states() == ["begun", "opened", "lost", "back"]


async def test_pages_are_limited(scene: Scene) -> None:
    assert all(scene.visit.open_page() for _ in range(PAGES))
    assert scene.visit.open_page() is None


async def test_photos_are_only_the_visits_own(scene: Scene) -> None:
    visit = scene.visit
    visit.put(Key("2"))
    form = {"where": "한빛대로 1", "plate": "12가 3456", "agreed": "yes", "picture": "stranger"}
    visit.photo(PhotoReceived(visit_id=visit.visit_id, photo_id="own", width=1, height=1, size=1))
    visit.submit(visit.state.number, form)
    await scene.house.settle()
    (sent,) = scene.call.told(FormSent)
    assert {value.field: value.value for value in sent.values}["picture"] == ""
    visit.put(Push(Stop(id="parking")))
    visit.submit(visit.state.number, {**form, "picture": "own"})
    await scene.house.settle()
    assert {v.field: v.value for v in scene.call.told(FormSent)[1].values}["picture"] == "own"
    assert len(scene.call.told(PhotoReceived)) == 1


async def test_a_sent_form_has_answers_in_words_and_no_secret(scene: Scene) -> None:
    scene.keys("321201" + "4711")
    await scene.house.settle()
    (sent,) = scene.call.told(FormSent)
    assert [(v.field, v.value, v.hidden) for v in sent.values] == [
        ("item", "탁자", False),
        ("day", "2026-12-01", False),
        ("pin", "", True),
    ]
    assert "4711" not in repr(scene.call.told(FormSent))
    assert "4711" not in repr(scene.house.texts)


# Messages.


async def test_a_message_brings_words_and_a_link_that_is_a_secret(scene: Scene) -> None:
    scene.keys("321201" + "4711")
    await scene.house.settle()
    ((_, text, secrets, _),) = scene.house.texts
    assert text.startswith("[한빛시 작은 콜센터] 탁자 수거")
    assert len(secrets) == 1
    assert secrets[0] in text


async def test_braces_that_a_caller_writes_stay_braces() -> None:
    menu = small_menu(messages={**MENU.messages, "waste": Text(text={"ko": "{where} {phone} {nothing}"})})
    scene = Scene(menu)
    assert visit_words.filled_in(scene.visit.state, "waste", (("where", "{link} {phone}"),), "L") == (
        "{link} {phone} 031-0000-0120 {nothing}"
    )
    await scene.close()


async def test_a_link_is_in_its_message_whatever_the_menu_says() -> None:
    odd = Scene(small_menu(messages={"link": Text(text={"ko": "화면으로 보기"})}))
    await odd.visit.send_link(by="kim")
    ((_, text, secrets, by),) = odd.house.texts
    assert (text, by) == (f"화면으로 보기 {secrets[0]}", "kim")
    assert odd.visit.way == "sms"
    await odd.close()


async def test_a_link_that_was_not_sent_is_no_way(scene: Scene) -> None:
    scene.house.send_fails = Refused("too many messages", code="messages_number")
    with pytest.raises(Refused):
        await scene.visit.send_link()
    assert scene.visit.way == "call"


# Bookings.


async def test_a_booking_that_is_refused_is_followed_by_no_goodbye(scene: Scene) -> None:
    class Refusing(FakeCall):
        async def book(self, number: str) -> bool:
            scene.visit.put(NotBooked(waiting=True))
            return False

    call = Refusing()
    scene.visit.call = call
    scene.keys("011")
    await scene.house.settle()
    assert scene.visit.state.here.id == CALLBACK
    assert scene.visit.state.phase == "queued"
    assert "end" not in [name for name, _ in call.asked]
    assert EndCall() not in scene.visit._work


async def test_a_booking_ends_with_goodbye(scene: Scene) -> None:
    scene.keys("011")
    await scene.house.settle()
    names = [name for name, _ in scene.call.asked]
    assert names.index("book") < len(names) - 1
    assert names[-2:] == ["speak", "end"]


# Captions, typing.


async def test_captions_go_to_pages_that_show_them_and_finals_are_remembered(scene: Scene) -> None:
    visit = scene.visit
    feed = visit.open_page()
    assert feed is not None
    final = TranscriptFinal(speaker="agent", utterance="agent-1", start=0, end=1, text="안녕하세요")
    visit.heard(final)
    visit.put(Tap(visit.state.number, CAPTIONS))
    visit.heard(TranscriptPartial(speaker="agent", utterance="agent-2", start=1, text="여권"))
    feed.gone("expired")
    lines = [due for due in await due_now(feed) if isinstance(due, CaptionLine)]
    assert [(caption.text, caption.final) for caption in lines] == [("여권", False)]
    assert [caption.text for caption in visit.captions] == ["안녕하세요"]
    visit.heard(replace(final, text="hello"))
    assert [caption.text for caption in visit.captions] == ["hello"], "heard better, in its own place"


async def test_only_who_talks_can_write_to_the_agent(scene: Scene) -> None:
    await scene.visit.write("여보세요")
    assert scene.call.of("typed") == []
    scene.visit.put(Joined())
    await scene.visit.write("여보세요")
    assert scene.call.of("typed") == ["여보세요"]


# The call comes and goes.


async def test_a_page_that_was_opened_first_joins_the_call(scene: Scene) -> None:
    web = scene.visits.begin_web("en")
    feed = web.open_page()
    assert feed is not None
    web.put(Tap(web.state.number, "2"))
    web.photos.add("p")
    token = scene.visits.link(web)
    code = scene.visits.code(web)
    assert scene.visits.join(scene.visit, code)
    visit = scene.visit
    assert (visit.state.here.id, visit.state.language, visit.state.phase) == ("parking", "en", "menu")
    assert visit.state.has_number, "of the call, not of the page"
    assert visit.status().ends is not None, "the form has its time here too"
    assert (visit.way, visit.was_seen, visit.has_page) == ("code", True, True)
    assert visit.photos == {"p"}
    assert scene.visits.get(web.visit_id) is None
    assert scene.visits.links.look(token, "", scene.house.now()).visit_id == visit.visit_id  # type: ignore[union-attr]
    await due_now(feed)
    scene.house.clock += dt.timedelta(seconds=1)
    visit.put(Key("#"))
    feed.gone("node")
    assert ScreenDue() in await due_now(feed)
    await scene.house.settle()
    assert scene.states() == ["begun", "opened"]
    assert scene.call.of("speaks") == ["en"]


async def test_what_was_sent_before_the_call_reaches_the_desk_with_it(scene: Scene) -> None:
    web = scene.visits.begin_web("ko")
    scene.visits.link(web)
    web.put(Tap(1, "2"))
    web.photo(PhotoReceived(visit_id=web.visit_id, photo_id="p", width=1, height=1, size=1))
    web.submit(2, {"where": "한빛대로 1", "plate": "12가 3456", "picture": "p", "agreed": "yes"})
    assert scene.visits.join(scene.visit, scene.visits.code(web))
    await scene.house.settle()
    (photo,), (form,) = scene.call.told(PhotoReceived), scene.call.told(FormSent)
    assert photo.visit_id == form.visit_id == scene.visit.visit_id
    assert {v.field: v.value for v in form.values}["plate"] == "12가 3456"
    assert scene.visit.photos == {"p"} and web.photos == set()


async def test_a_page_in_the_background_joins_and_is_told_lost_until_it_comes_back(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit_timers, "LOST_S", 0.01)
    web = scene.visits.begin_web("ko")
    scene.visits.link(web)
    assert scene.visits.join(scene.visit, scene.visits.code(web))
    await until(lambda: not scene.visit.state.page)
    scene.visit.open_page()
    await scene.house.settle()
    assert scene.states() == ["begun", "opened", "lost", "back"]


async def test_when_the_call_is_over_the_page_goes_on_and_says_how_long(scene: Scene) -> None:
    feed = scene.visit.open_page()
    assert feed is not None
    ends = scene.house.clock + dt.timedelta(minutes=15)
    scene.visit.call_over(ends)
    assert scene.visit.state.phase == "over"
    assert scene.visit.status().ends == ends
    scene.visit.extend()
    assert scene.visit.status().ends == ends + dt.timedelta(minutes=10)
    scene.visit.close()
    assert (await due_now(feed))[-1] == GoneDue("expired")


async def test_a_call_of_the_node_before_has_its_pictures_words_and_way_again(scene: Scene) -> None:
    visit = Visit(scene.visit.state, scene.house)
    past: list[Event] = [
        VisitChanged(visit_id="v", state="begun"),
        VisitChanged(visit_id="v", state="opened", way="sms"),
        CallJoined(agent_id="kim", agent_name="김하늘"),
        PhotoReceived(visit_id="v", photo_id="p", width=1, height=1, size=1),
        TranscriptFinal(speaker="agent", utterance="agent-1", start=0, end=1, text="네"),
    ]
    call = FakeCall("c2")
    visit.resumes(call, past)
    assert (visit.way, visit.was_seen, visit.has_page) == ("sms", True, False)
    assert visit.photos == {"p"}
    assert [caption.text for caption in visit.captions] == ["네"]
    assert visit.around.agent == "김하늘"
    assert call.asked == []


async def test_facts_around_the_call_are_drawn_where_they_stand(scene: Scene) -> None:
    scene.visit.put(Key("0"))
    feed = scene.visit.open_page()
    assert feed is not None
    scene.visit.set_around(position=2, expect_s=61.0)
    assert (scene.visit.status().position, scene.visit.status().minutes) == (2, 2)
    scene.visit.put(Joined())
    assert scene.visit.state.here.id == TALK


async def test_a_submit_for_an_older_screen_changes_nothing(scene: Scene) -> None:
    scene.visit.put(Key("2"))
    state = scene.visit.state
    scene.visit.put(Submit(state.number - 1, {"where": "x"}))
    assert scene.visit.state == state
