"""The store's contract, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.events import (
    AgentStateChanged,
    CallbackBooked,
    CallEnded,
    CallJoined,
    CallQueued,
    CallStarted,
    Event,
    FormSent,
    FormValue,
    MessageSent,
    Party,
    PhotoReceived,
    ScreenShown,
    Suggested,
    Suggestion,
    TranscriptFinal,
    TranscriptPartial,
    VisitChanged,
    Word,
)
from core.home import Home
from core.store.callbacks import CallbackRecord
from core.store.contract import CallSummary, LinkRecord, Store
from core.store.entry import Entry
from core.store.messages import MessageRecord
from core.store.projection import project_all
from core.store.sql_store import open_store

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def final(call_id: str, seq: int, text: str = "여권을 다시 만들려고요", **more: object) -> TranscriptFinal:
    at = T0 + timedelta(seconds=seq)
    return TranscriptFinal(
        call_id=call_id, seq=seq, at=at, speaker="caller", utterance="u", start=0.0, end=1.25, text=text, **more  # type: ignore[arg-type]
    )  # fmt: skip


def started(call_id: str, minutes: float = 0, number: str = "01000001234") -> CallStarted:
    caller = Party(number=number, name="김하늘")
    return CallStarted(call_id=call_id, seq=1, at=T0 + timedelta(minutes=minutes), caller=caller, called="120")


def whole_call(call_id: str) -> list[Event]:
    def at(seconds: float) -> datetime:
        return T0 + timedelta(seconds=seconds)

    card = Suggestion(id="7", title="여권 재발급", score=0.9)
    return [
        started(call_id),
        CallQueued(call_id=call_id, seq=2, at=at(1), position=1),
        CallJoined(call_id=call_id, seq=3, at=at(5), agent_id="haneul", agent_name="김하늘"),
        final(call_id, 5),
        Suggested(call_id=call_id, seq=6, at=at(6), suggestions=(card, Suggestion(id="8", title="주차", score=0.5))),
        CallJoined(call_id=call_id, seq=7, at=at(7), agent_id="bada", agent_name="이바다"),
        Suggested(call_id=call_id, seq=8, at=at(8), suggestions=()),
        CallEnded(call_id=call_id, seq=9, at=at(60), reason="caller_hung_up", duration_s=60.0, talk_s=55.0),
    ]


async def test_events_come_back_as_they_were_in_order(store: Store) -> None:
    events = whole_call("c")
    await store.append(events[4:])
    await store.append(events[:4])
    assert await store.events("c") == events
    assert await store.events("c", after=6) == events[5:]
    assert await store.events("other") == []


async def test_words_times_and_any_script_survive(store: Store) -> None:
    word = Word(text="여권", start=0.1, end=0.4, confidence=0.5)
    event = final("c", 1, "여권 😀 'quoted\" \\ \0 \u2028", words=(word,), masked=("card",), confidence=0.5)
    await store.append([event])
    assert await store.events("c") == [event]


async def test_a_replayed_journal_changes_nothing(store: Store) -> None:
    events = whole_call("c")
    await store.append(events)
    summary = await store.call("c")
    await store.append(events[:3])
    await store.append(events + events)
    assert await store.events("c") == events
    assert await store.call("c") == summary


async def test_the_first_of_two_with_the_same_number_stays(store: Store) -> None:
    await store.append([final("c", 1, "처음")])
    await store.append([final("c", 1, "나중")])
    (kept,) = await store.events("c")
    assert isinstance(kept, TranscriptFinal)
    assert kept.text == "처음"


async def test_only_lasting_events_of_calls_are_kept(store: Store) -> None:
    await store.append(
        [
            TranscriptPartial(call_id="c", seq=1, speaker="caller", utterance="u", start=0, text="여"),
            AgentStateChanged(agent_id="haneul", state="ready", since=T0),
        ]
    )
    await store.append([])
    assert await store.events("c") == []
    assert await store.events("") == []
    assert await store.calls() == []


async def test_the_history_tells_the_whole_call(store: Store) -> None:
    await store.append(whole_call("c"))
    assert await store.call("c") == CallSummary(
        call_id="c",
        caller=Party(number="01000001234", name="김하늘"),
        called="120",
        started=T0,
        agent_id="bada",
        agent_name="이바다",
        joined=T0 + timedelta(seconds=5),
        ended=T0 + timedelta(seconds=60),
        reason="caller_hung_up",
        last_seq=9,
        topic="여권 재발급",
    )
    assert await store.call("none") is None


async def test_the_history_is_the_same_however_events_came(store: Store) -> None:
    events = whole_call("x")
    for number, order in enumerate(([0, 1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1, 0], [3, 1, 4, 0, 5, 7, 2, 6])):
        call_id = f"c{number}"
        mine = whole_call(call_id)
        for index in order:
            await store.append([mine[index]])
        assert await store.call(call_id) == project_all(None, whole_call(call_id))
    assert project_all(None, events) is not None


@given(cuts=st.lists(st.permutations(range(8)), min_size=1, max_size=2), size=st.integers(1, 8))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_batches_in_any_order_give_the_same_call(
    store_url: str, home: Home, cuts: list[list[int]], size: int
) -> None:
    async def check() -> None:
        store = await open_store(store_url, home)
        try:
            call_id = f"{size}-{cuts}"
            events = whole_call(call_id)
            for order in cuts:
                for start in range(0, 8, size):
                    await store.append([events[index] for index in order[start : start + size]])
            assert await store.events(call_id) == events
            assert await store.call(call_id) == project_all(None, events)
        finally:
            await store.close()

    asyncio.run(check())


async def test_calls_are_listed_newest_first_filtered_and_paged(store: Store) -> None:
    for number in range(6):
        await store.append([started(f"c{number}", number, number=f"0100000000{number % 2}")])
    await store.append([CallJoined(call_id="c4", seq=2, at=T0, agent_id="haneul")])

    async def ids(**query: object) -> list[str]:
        return [call.call_id for call in await store.calls(**query)]  # type: ignore[arg-type]

    assert await ids() == ["c5", "c4", "c3", "c2", "c1", "c0"]
    assert await ids(limit=2) == ["c5", "c4"]
    assert await ids(limit=2, before=T0 + timedelta(minutes=4)) == ["c3", "c2"]
    assert await ids(number="01000000001") == ["c5", "c3", "c1"]
    assert await ids(agent_id="haneul") == ["c4"]
    assert await ids(agent_id="haneul", number="01000000001") == []


async def test_open_calls_are_those_without_an_end(store: Store) -> None:
    await store.append(whole_call("over"))
    await store.append([started("later", 2), started("earlier", 1)])
    assert [call.call_id for call in await store.open_calls()] == ["earlier", "later"]


async def test_a_call_whose_beginning_was_lost_is_still_listed(store: Store) -> None:
    await store.append([final("c", 40)])
    (call,) = await store.calls()
    assert (call.call_id, call.last_seq, call.started) == ("c", 40, T0 + timedelta(seconds=40))


async def test_a_batch_that_holds_what_no_database_takes_is_refused_as_a_whole(store: Store) -> None:
    with pytest.raises(BadInput, match="refuses these data"):
        await store.append([final("c", 1), msgspec.structs.replace(final("c", 2), seq=2**70), final("c", 3)])
    assert await store.events("c") == []
    await store.append([final("c", 1), final("c", 3)])
    assert len(await store.events("c")) == 2


async def test_a_visit_is_kept_with_its_call_also_what_follows_the_end(store: Store) -> None:
    def at(seconds: float) -> datetime:
        return T0 + timedelta(seconds=seconds)

    value = FormValue(field="plate", label="차량 번호", value="12가 3456")
    sent = MessageSent(call_id="c", seq=11, at=at(3), message_id="m", to="01000001234", text="(link)")
    visit: list[Event] = [
        VisitChanged(call_id="c", seq=10, at=at(2), visit_id="v", state="begun", way="sms", menu="hanbit@1"),
        sent,
        ScreenShown(call_id="c", seq=12, at=at(4), visit_id="v", screen="parking", title="주정차", path=("처음",)),
        PhotoReceived(
            call_id="c", seq=13, at=at(5), visit_id="v", photo_id="p", width=4, height=3, size=9, latitude=37.5
        ),
        CallbackBooked(call_id="c", seq=14, at=at(6), callback_id="b", number="01000001234", position=3),
        FormSent(call_id="c", seq=15, at=at(70), visit_id="v", screen="parking", title="주정차", values=(value,)),
        msgspec.structs.replace(sent, seq=16, at=at(80), state="delivered"),
    ]
    await store.append(whole_call("c"))
    ended = await store.call("c")
    await store.append(visit)
    assert await store.events("c", after=9) == visit
    assert ended is not None
    assert await store.call("c") == msgspec.structs.replace(ended, last_seq=16), (
        "the history's line is the call's alone"
    )
    assert await store.open_calls() == []


@pytest.mark.parametrize("said", ["900101-1234567", "9001011234567", "900101 1234567"])
async def test_a_resident_number_is_never_stored(store: Store, said: str) -> None:
    word = Word(text=said, start=0, end=1, confidence=1)
    card = Suggestion(id="1", title=f"카드 {said}", score=1.0)
    await store.append(
        [
            CallStarted(call_id="c", seq=1, at=T0, caller=Party(name=said), called="120"),
            final("c", 2, f"주민번호는 {said} 입니다", words=(word,), masked=("phone",)),
            Suggested(call_id="c", seq=3, at=T0, suggestions=(card,)),
        ]
    )
    events = await store.events("c")
    text = events[1]
    assert isinstance(text, TranscriptFinal)
    assert text.text == "주민번호는 ******-******* 입니다"
    assert text.words == ()
    assert text.masked == ("phone", "resident_number")
    assert said not in str(events)
    assert said not in str(await store.call("c"))


@pytest.mark.parametrize("said", ["900101-1234567", "9001011234567", "900101 1234567"])
async def test_a_resident_number_that_a_caller_typed_or_an_agent_sent_is_never_stored(store: Store, said: str) -> None:
    value = FormValue(field="who", label="신청인", value=f"김하늘 {said}")
    form = FormSent(call_id="c", seq=1, at=T0, visit_id="v", screen="form", title="신청", values=(value,))
    event = MessageSent(call_id="c", seq=2, at=T0, message_id="m", to="01000001234", text=f"확인: {said}")
    await store.append([form, event])
    await store.put_message(message("m", text=f"확인: {said}"))
    kept = str(await store.events("c")) + str(await store.messages())
    assert said not in kept
    assert kept.count("******-*******") == 3


def link(name: str, ends: float, **more: object) -> LinkRecord:
    return LinkRecord(token_hash=name, visit_id=f"v-{name}", ends=T0 + timedelta(minutes=ends), **more)  # type: ignore[arg-type]


async def test_links_are_replaced_found_while_they_live_and_dropped(store: Store) -> None:
    await store.put_link(link("b", 20))
    await store.put_link(link("a", 10))
    await store.put_link(link("old", 0))
    bound = link("b", 30, browser_hash="h", call_id="c", menu="hanbit@3f2a", language="en")
    await store.put_link(bound)
    assert await store.links(after=T0) == [link("a", 10), bound]
    assert await store.drop_links(before=T0 + timedelta(minutes=10)) == 2
    assert await store.links(after=T0 - timedelta(days=1)) == [bound]
    assert await store.drop_links(before=T0) == 0


def message(name: str, minutes: float = 0, **more: object) -> MessageRecord:
    fields: dict[str, object] = {"to": "01000001234", "text": "여권 안내", "at": T0 + timedelta(minutes=minutes)}
    return MessageRecord(message_id=name, **(fields | more))  # type: ignore[arg-type]


async def test_messages_are_replaced_by_id_and_come_back_as_they_were(store: Store) -> None:
    full = message(
        "m",
        text="여권 😀 'quoted' 100%\n(link)",
        kind="lms",
        state="sent",
        reference="RSSA-1",
        reason="이유",
        tries=2,
        call_id="c",
        by="haneul",
        next_at=T0 + timedelta(seconds=7),
        tried=T0 + timedelta(microseconds=5),
        blanked=True,
    )
    await store.put_message(message("m"))
    await store.put_message(full)
    assert await store.messages() == [full]
    assert await store.pending_messages() == [full]


async def test_messages_are_listed_newest_first_by_call_and_paged(store: Store) -> None:
    for number in range(5):
        by = "haneul" if number < 3 else ""
        await store.put_message(message(f"m{number}", number, call_id=f"c{number % 2}", by=by))

    async def ids(**query: object) -> list[str]:
        return [found.message_id for found in await store.messages(**query)]  # type: ignore[arg-type]

    assert await ids() == ["m4", "m3", "m2", "m1", "m0"]
    assert await ids(limit=2) == ["m4", "m3"]
    assert await ids(limit=2, before=T0 + timedelta(minutes=3)) == ["m2", "m1"]
    assert await ids(call_id="c1") == ["m3", "m1"]
    assert await ids(by="haneul", limit=2) == ["m2", "m1"]
    assert await ids(by="") == ["m4", "m3"]
    assert await ids(call_id="c1", before=T0 + timedelta(minutes=3)) == ["m1"]


async def test_messages_with_something_left_to_do_come_by_urgency(store: Store) -> None:
    await store.put_message(message("later", next_at=T0 + timedelta(minutes=9), state="sent"))
    await store.put_message(message("done", state="delivered"))
    await store.put_message(message("soon", next_at=T0 + timedelta(minutes=1)))
    assert [found.message_id for found in await store.pending_messages()] == ["soon", "later"]


def callback(name: str, minutes: float = 0, **more: object) -> CallbackRecord:
    since = T0 + timedelta(minutes=minutes)
    return CallbackRecord(callback_id=name, number="01000001234", since=since, **more)  # type: ignore[arg-type]


async def test_open_callbacks_keep_their_places_and_done_ones_stay_in_the_list(store: Store) -> None:
    await store.put_callback(callback("third", 3))
    await store.put_callback(callback("first", 1))
    calling = callback("second", 2, call_id="c", state="calling", tries=1, next_at=T0, agent_id="haneul")
    await store.put_callback(callback("second", 2))
    await store.put_callback(calling)
    for number, state in enumerate(("done", "failed", "cancelled")):
        await store.put_callback(callback(state, 10 + number, state=state))
    assert await store.open_callbacks() == [callback("first", 1), calling, callback("third", 3)]
    assert [found.callback_id for found in await store.callbacks(limit=4)] == ["cancelled", "failed", "done", "third"]
    assert [found.callback_id for found in await store.callbacks(before=calling.since)] == ["first"]


async def test_entries_are_replaced_by_id_and_come_in_order(store: Store) -> None:
    full = Entry(
        id="10",
        title="여권 재발급",
        category="민원서류>여권",
        department="민원과",
        person="김하늘",
        deputy="이바다",
        phone="010-0000-0001",
        procedure=("신청서", "사진 1장"),
        body="본문 100% '따옴표'",
        keywords=("여권", "분실"),
        message="안내 문자",
        updated=date(2026, 1, 2),
    )
    await store.put_entries([full, Entry(id="2", title="주차"), Entry(id="a", title="둘"), Entry(id="a", title="셋")])
    await store.put_entries([Entry(id="2", title="주차 단속")])
    await store.put_entries([])
    expected = [Entry(id="2", title="주차 단속", version=2), Entry(id="a", title="셋", version=1)]
    assert await store.entries() == [*expected, msgspec.structs.replace(full, version=1)]


async def test_a_change_of_the_entries_is_noticed_by_its_number(store: Store) -> None:
    assert await store.entries_revision() == 0
    await store.put_entries([Entry(id="1", title="여권")])
    await store.put_entries([Entry(id="1", title="여권 재발급")])
    assert await store.entries_revision() == 2
    await store.put_entries([])
    await store.put_entries([Entry(id="1", title="여권 재발급")])
    assert await store.entries_revision() == 2, "nothing that agents read has changed"


async def test_a_large_database_is_taken_at_once(store: Store) -> None:
    entries = [Entry(id=str(number), title=f"제목 {number}", body="본문 " * 100) for number in range(1, 13_001)]
    await store.put_entries(entries)
    assert len(await store.entries()) == 13_000


async def test_many_calls_write_and_read_side_by_side(store: Store) -> None:
    async def one(call_id: str) -> Sequence[Event]:
        for event in whole_call(call_id):
            await store.append([event])
        return await store.events(call_id)

    async with asyncio.timeout(30):
        results = await asyncio.gather(*(one(f"c{number}") for number in range(20)))
    assert [len(events) for events in results] == [8] * 20


async def test_what_was_stored_is_there_for_the_next_node(store: Store, store_url: str, home: Home) -> None:
    await store.append(whole_call("c"))
    await store.close()
    await store.close()
    again = await open_store(store_url, home)
    try:
        assert await again.events("c") == whole_call("c")
        await again.ping()
    finally:
        await again.close()
