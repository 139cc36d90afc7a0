"""Records come into being: drafted, confirmed, unasked, undone, learnt from, over a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from core.agent import Agent
from core.bus.contract import Overflow
from core.errors import BadInput, Refused
from core.events import (
    CallbackBooked,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    MessageSent,
    Party,
    RecordDrafted,
    RecordsToConfirm,
    TextReceived,
)
from core.home import Home
from core.record_forms import KeepRecord, NewFollowUp, UndoRecord
from core.store.audit import AuditQuery
from core.store.contacts import ContactQuery, ContactRecord
from core.store.knowledge import EditedMeanwhile
from core.store.sql_store import open_store
from records.learning.lessons import Lessons
from server.keeping.teaching import KINDS
from tests.fakes.records import DRAFT, KEYS, NUMBER, Records
from tests.patience import until

KIM = Agent(id="kim", name="김하늘")
LEE = Agent(id="lee", name="이바다")
BOSS = Agent(id="boss", name="정감독", roles=("supervisor",))
NAMES = {agent.id: agent.name for agent in (KIM, LEE, BOSS)}


@pytest.fixture
async def records(home: Home) -> AsyncIterator[Records]:
    store = await open_store("", home)
    records = Records(store, NAMES)
    await records.keeping.open()
    task = asyncio.create_task(records.keeping.run())
    await asyncio.sleep(0)
    yield records
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.close()


async def holds(condition: Callable[[], Awaitable[object]]) -> None:
    """Return as soon as it holds."""
    async with asyncio.timeout(5):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def stands(records: Records, contact_id: str, state: str) -> ContactRecord:
    """The record, once it is in that state; what is no draft was kept."""
    found: list[ContactRecord] = []

    async def look() -> bool:
        record = await records.store.contacts.record(contact_id)
        is_kept = record is not None and record.state == state and (state == "draft" or record.version > 0)
        found[:] = [record] if record is not None and is_kept else []
        return bool(found)

    await holds(look)
    return found[0]


def as_drafted(record: ContactRecord, **more: object) -> KeepRecord:
    written = record.written
    known = {name: getattr(written, name) for name in written.__struct_fields__}
    return KeepRecord(based_on=record.version, **{**known, **more})  # type: ignore[arg-type]


async def talk(records: Records, contact_id: str = "c1", agent: Agent = KIM, **more: object) -> ContactRecord:
    """A call that is over, and she writes it up."""
    await records.state(agent, "talking", contact_id)
    await records.call(contact_id, agent=agent, **more)  # type: ignore[arg-type]
    await records.state(agent, "wrap_up", contact_id)
    return await stands(records, contact_id, "draft")


async def test_the_draft_is_there_before_she_looks(records: Records) -> None:
    draft = await talk(records)
    written = draft.written
    assert (written.category, written.department, written.district) == ("생활>폐기물", "청소행정과", "중앙동")
    assert (written.need, written.answer, written.result) == (DRAFT.need, DRAFT.answer, "text_sent")
    assert (draft.wait_s, draft.talk_s, draft.path, draft.person) == (20, 70, ("처음 화면",), KEYS.key(NUMBER))
    assert await records.told("c1") == []


async def test_her_confirmation_is_told_on_the_line(records: Records) -> None:
    draft = await talk(records)
    kept = await records.desk.keep("c1", KIM, as_drafted(draft, result="visit"))
    assert (kept.state, kept.version, kept.by) == ("confirmed", 1, "kim")
    (told,) = await records.told("c1")
    assert (told.version, told.by, told.result, told.district, told.unasked) == (1, "kim", "visit", "중앙동", False)
    await records.state(KIM, "ready")
    await asyncio.sleep(0.02)
    assert (await stands(records, "c1", "confirmed")).version == 1, "the clock has nothing to keep"


async def test_when_the_wrap_up_is_over_the_draft_waits_on_her_list(records: Records) -> None:
    await talk(records)
    await records.state(KIM, "ready")
    kept = await stands(records, "c1", "unasked")
    assert (kept.version, kept.by) == (1, "minwon")
    assert await records.store.contacts.unasked("kim") == 1
    await holds(lambda: records.told("c1"))
    assert (await records.told("c1"))[0].unasked
    confirmed = await records.desk.keep("c1", KIM, as_drafted(kept))
    assert confirmed.state == "confirmed"
    assert await records.store.contacts.unasked("kim") == 0


async def test_without_wrap_up_it_waits_on_her_list_at_once(records: Records) -> None:
    await records.state(KIM, "talking", "c1")
    await records.call("c1", agent=KIM)
    await records.state(KIM, "ready")
    await stands(records, "c1", "unasked")


async def test_a_caller_who_stayed_in_the_menu_asks_nobody(records: Records) -> None:
    await records.call("c1")
    alone = await stands(records, "c1", "alone")
    assert alone.written.result == "abandoned"
    await holds(lambda: records.told("c1"))
    assert (await records.told("c1"))[0].unasked


async def test_drafts_of_a_node_that_was_killed_wait_on_their_lists(records: Records) -> None:
    await records.call("old", agent=KIM)
    await records.keeping.draft("old")
    await records.keeping.open()
    await stands(records, "old", "unasked")


async def test_a_passed_on_call_has_its_record_while_it_goes_on(records: Records) -> None:
    await records.state(KIM, "talking", "c1")
    await records.call("c1", agent=KIM, ends=False)
    await records.state(KIM, "wrap_up", "c1")
    draft = await stands(records, "c1", "draft")
    assert draft.ended is None
    await records.desk.keep("c1", KIM, as_drafted(draft))
    await records.state(KIM, "ready")
    assert (await stands(records, "c1", "confirmed")).version == 1


async def test_a_delivery_afterwards_is_in_the_record(records: Records) -> None:
    draft = await talk(records)
    await records.desk.keep("c1", KIM, as_drafted(draft))
    await records.say("c1", MessageSent(message_id="m2", to=NUMBER, text="안내", by="rule:7", state="failed"))

    async def both() -> bool:
        return len((await records.keeping.record("c1")).texts) == 2

    await holds(both)


async def test_a_written_contact_is_drafted_too(records: Records) -> None:
    records.keeping._draft_of = lambda events: replace(DRAFT, need=str(len(events)))
    for event in (
        ContactOpened(at=records.at, channel="text", party=Party(number=NUMBER)),
        ContactAssigned(at=records.at, agent_id="kim", agent_name="김하늘"),
        TextReceived(at=records.at, text_id="t1", text="평화동 가로등이 고장났어요"),
        ContactClosed(at=records.at, reason="answered", wait_s=12),
    ):
        await records.say("text-1", event)
    kept = await stands(records, "text-1", "unasked")
    assert (kept.channel, kept.written.district, kept.written.need, kept.wait_s) == ("text", "평화동", "4", 12)


async def written(records: Records, contact_id: str, *, closed_by: str = "kim") -> None:
    """A written contact of Kim's that is over."""
    for event in (
        ContactOpened(at=records.at, channel="text", party=Party(number=NUMBER)),
        ContactAssigned(at=records.at, agent_id="kim", agent_name="김하늘"),
        TextReceived(at=records.at, text_id=f"t-{contact_id}", text="평화동 가로등이 고장났어요"),
        ContactClosed(at=records.at, reason="answered", agent_id=closed_by),
    ):
        await records.say(contact_id, event)


async def test_what_she_closes_herself_lies_before_her_first(records: Records) -> None:
    waiting: list[int] = []

    async def watch() -> None:
        told = records.bus.subscribe(
            name="t", limit=9, overflow=Overflow.DROP_OLDEST, only=lambda e: isinstance(e, RecordsToConfirm)
        )
        async with told:
            async for event in told:
                waiting.append(event.count)  # type: ignore[attr-defined]

    task = asyncio.create_task(watch())
    await asyncio.sleep(0)
    await written(records, "text-1")
    draft = await stands(records, "text-1", "draft")
    kept = await records.desk.keep("text-1", KIM, as_drafted(draft, result="visit"))
    assert (kept.state, kept.version) == ("confirmed", 1)
    assert [(each.result, each.unasked) for each in await records.told("text-1")] == [("visit", False)]

    await written(records, "text-2")
    await stands(records, "text-2", "draft")
    assert await records.desk.later("text-2", KIM) == 1  # Esc
    with pytest.raises(Refused):
        await records.desk.later("text-2", LEE)
    assert await records.desk.later("text-2", KIM) == 1, "once is enough"
    assert len(await records.told("text-2")) == 1

    await written(records, "text-3")
    await stands(records, "text-3", "draft")
    await written(records, "text-4")
    await stands(records, "text-3", "unasked")  # the next one lies before her now
    await records.state(KIM, "away")
    await stands(records, "text-4", "unasked")
    await until(lambda: waiting == [0, 1, 2, 3])
    task.cancel()


async def test_one_that_the_clock_closes_waits_on_her_list_at_once(records: Records) -> None:
    await written(records, "text-1", closed_by="")
    assert (await stands(records, "text-1", "unasked")).agent_id == "kim"


async def test_an_answer_that_fails_after_the_end_is_still_to_be_done(records: Records) -> None:
    await written(records, "text-1")
    await stands(records, "text-1", "draft")
    after = records.at + timedelta(minutes=5)
    for _ in range(2):  # the gateway says it twice
        await records.say(
            "text-1", MessageSent(at=after, message_id="m1", to=NUMBER, text="네", by="kim", state="failed")
        )

    async def there() -> bool:
        return bool(await records.store.contacts.follow_ups(contact_id="text-1"))

    await holds(there)
    (one,) = await records.store.contacts.follow_ups(contact_id="text-1")
    assert (one.owner, one.by, one.person) == ("kim", "minwon", KEYS.key(NUMBER))


async def test_an_untouched_record_follows_the_line(records: Records) -> None:
    await talk(records)
    await records.state(KIM, "ready")
    early = await stands(records, "c1", "unasked")
    await holds(lambda: records.told("c1"))
    more = replace(DRAFT, need="과태료도 물었습니다.")
    await records.say("c1", RecordDrafted(at=records.at, draft=more))

    async def follows() -> bool:
        return (await records.keeping.record("c1")).written.need == more.need

    await holds(follows)
    kept = await records.keeping.record("c1")
    assert (kept.state, kept.version, kept.by) == ("unasked", early.version + 1, "minwon")
    hers = await records.desk.keep("c1", KIM, as_drafted(kept))
    await records.say("c1", RecordDrafted(at=records.at, draft=DRAFT))
    await asyncio.sleep(0.05)
    assert await records.keeping.record("c1") == hers, "what she has confirmed stays"


async def test_two_who_confirm_at_once_are_told_apart(records: Records) -> None:
    draft = await talk(records)
    hers, theirs = as_drafted(draft, result="visit"), as_drafted(draft, result="abuse")
    outcomes = await asyncio.gather(
        records.desk.keep("c1", KIM, hers), records.desk.keep("c1", BOSS, theirs), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["ContactRecord", "EditedMeanwhile"]
    assert len(await records.told("c1")) == 1


async def test_the_clock_never_overwrites_her(records: Records) -> None:
    draft = await talk(records)
    kept, _ = await asyncio.gather(records.desk.keep("c1", KIM, as_drafted(draft)), records.state(KIM, "ready"))
    assert (kept.state, kept.by) == ("confirmed", KIM.id)
    await records.settled("c1")
    assert await records.keeping.record("c1") == kept


async def test_what_the_clock_has_kept_meanwhile_is_no_word_against_hers(records: Records) -> None:
    draft = await talk(records)
    await records.state(KIM, "ready")
    await stands(records, "c1", "unasked")
    kept = await records.desk.keep("c1", KIM, as_drafted(draft, result="visit"))
    assert (kept.state, kept.by, kept.version, kept.written.result) == ("confirmed", KIM.id, 2, "visit")
    with pytest.raises(EditedMeanwhile):  # a person's is
        await records.desk.keep("c1", BOSS, as_drafted(draft))


async def test_a_confirmation_is_undone_by_whoever_made_it(records: Records) -> None:
    draft = await talk(records)
    kept = await records.desk.keep("c1", KIM, as_drafted(draft))
    with pytest.raises(Refused, match="what you have confirmed"):
        await records.desk.undo("c1", BOSS, UndoRecord(kept.version))
    undone = await records.desk.undo("c1", KIM, UndoRecord(kept.version))
    assert (undone.state, undone.version, undone.written) == ("unasked", 2, kept.written)
    assert [version.state for version in await records.store.contacts.versions("c1")] == ["unasked", "confirmed"]


async def test_a_confirmed_record_is_changed_with_a_reason_alone(records: Records) -> None:
    draft = await talk(records)
    kept = await records.desk.keep("c1", KIM, as_drafted(draft))
    with pytest.raises(BadInput, match="say why"):
        await records.desk.keep("c1", BOSS, as_drafted(kept, result="visit"))
    changed = await records.desk.keep("c1", BOSS, as_drafted(kept, result="visit", reason="방문 안내였음"))
    assert changed.by == "boss"
    with pytest.raises(EditedMeanwhile):
        await records.desk.keep("c1", KIM, as_drafted(kept, reason="늦었음"))
    with pytest.raises(BadInput, match="no such result"):
        await records.desk.keep("c1", KIM, as_drafted(changed, result="nonsense", reason="x"))


async def test_rights_are_hers_those_of_the_person_in_front_of_her_and_all_for_a_supervisor(records: Records) -> None:
    await talk(records)
    with pytest.raises(Refused, match="not yours"):
        await records.desk.read("c1", LEE)
    await records.state(LEE, "talking", "c2")
    await records.call("c2", agent=LEE)
    await records.keeping.draft("c2")
    assert (await records.desk.read("c1", LEE)).contact_id == "c1", "the same caller is in front of her"
    with pytest.raises(Refused, match="not yours"):
        await records.desk.writable("c1", LEE)
    await records.desk.read("c1", BOSS)
    with pytest.raises(Refused, match="no such record"):
        await records.desk.read("nobody", BOSS)
    seen = await records.store.audit.lines(AuditQuery())
    assert [(line.note.who, line.note.deed, line.note.subject) for line in reversed(seen)] == [
        ("lee", "saw", "c1"),
        ("boss", "saw", "c1"),
    ]


async def test_an_agent_finds_hers_alone_and_no_word_is_in_the_audit(records: Records) -> None:
    await talk(records)
    assert await records.desk.find(ContactQuery(words=("무단투기",)), LEE) == []
    assert len(await records.desk.find(ContactQuery(words=("무단투기",)), KIM)) == 1
    assert len(await records.desk.find(ContactQuery(words=("무단투기",), last4="5678"), BOSS)) == 1
    newest, *_ = await records.store.audit.lines(AuditQuery())
    assert newest.note.detail == "words, last4"


async def test_follow_ups_are_written_with_the_record_and_done_with_a_note(records: Records) -> None:
    draft = await talk(records)
    wish = NewFollowUp(text="현장 확인 뒤 전화", owner="lee", due=records.at.date())
    with pytest.raises(BadInput, match="no such person"):
        await records.desk.keep("c1", KIM, as_drafted(draft, follow_ups=(replace(wish, owner="nobody"),)))
    kept = await records.desk.keep("c1", KIM, as_drafted(draft, follow_ups=(wish,)))
    assert kept.open_follow_ups == 1
    (one,) = await records.store.contacts.follow_ups(owner="lee")
    assert one.person == kept.person
    done = await records.desk.follow_up_done(one.follow_up_id, LEE, note="전화함")
    assert (done.state, done.note, done.done_by) == ("done", "전화함", "lee")
    with pytest.raises(Refused, match="changed already"):
        await records.desk.follow_up_done(one.follow_up_id, LEE, note="")
    again = await records.desk.follow_up_reopened(one.follow_up_id, LEE)
    assert again.state == "open"
    with pytest.raises(Refused, match="no such follow-up"):
        await records.desk.follow_up_done("f0", LEE, note="")


async def test_a_callback_is_something_that_is_still_to_be_done(records: Records) -> None:
    await records.say("c1", CallbackBooked(at=records.at, callback_id="cb1", number=NUMBER))
    await records.call("c1")
    record = await stands(records, "c1", "alone")
    assert (record.open_follow_ups, record.written.result) == (1, "callback")
    await records.say("c9", CallbackBooked(at=records.at, callback_id="cb1", number=NUMBER, state="done"))

    async def nothing_is_left() -> bool:
        return not await records.store.contacts.follow_ups()

    await holds(nothing_is_left)


async def test_what_she_corrects_teaches_the_next_draft_and_what_nobody_looked_at_does_not(records: Records) -> None:
    lessons = records.keeping.teaching.lessons
    for number in range(4):
        draft = await talk(records, f"c{number}")
        await records.desk.keep(f"c{number}", KIM, as_drafted(draft, category="환경>무단투기"))
        await until(lambda number=number: _times(records) == number + 1)
    read = Lessons(await records.store.contacts.lessons())
    for kind in KINDS:
        assert lessons.told(kind) == read.told(kind), "what was added here is what another node reads"
    taught = await talk(records, "c9")
    assert taught.written.category == "환경>무단투기"
    await records.state(KIM, "ready")
    await stands(records, "c9", "unasked")
    assert _times(records) == 4, "nobody has looked at c9"
    kept = await records.keeping.record("c0")
    await records.desk.undo("c0", KIM, UndoRecord(kept.version))
    await until(lambda: _times(records) == 3)
    assert await records.keeping.teaching.forget("category", "") > 0
    assert lessons.told("category") == []


def _times(records: Records) -> int:
    told = {each.label: each.times for each in records.keeping.teaching.lessons.told("category")}
    return told.get("환경>무단투기", 0)


async def test_a_correction_stands_beside_what_was_heard(records: Records) -> None:
    await talk(records)
    (made,) = await records.desk.correct("c1", KIM, "caller-1", "중앙동 골목에 누가 쓰레기를 버렸습니다")
    assert (made.original, made.start, made.speaker) == ("중앙동 골목에 누가 쓰레기를 버렸어요", 21, "caller")
    assert await records.desk.correct("c1", KIM, "caller-1", made.original) == []
    with pytest.raises(Refused, match="no such utterance"):
        await records.desk.correct("c1", KIM, "caller-77", "무엇")
    with pytest.raises(BadInput, match="at most"):
        await records.desk.correct("c1", KIM, "caller-1", "가" * 1001)


async def test_a_record_without_a_number_belongs_to_nobody(records: Records) -> None:
    withheld = await talk(records, number="")
    assert (withheld.person, withheld.last4) == ("", "")
    await records.state(LEE, "talking", "c2")
    await records.call("c2", agent=LEE, number="")
    await records.keeping.draft("c2")
    with pytest.raises(Refused, match="not yours"):
        await records.desk.read("c1", LEE)
