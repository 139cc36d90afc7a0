"""The counselling record and the index that finds it, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from core.errors import Refused
from core.events import FormValue, HeardValue
from core.receipt import receipt_number
from core.store.contacts import (
    CardKept,
    ContactQuery,
    ContactRecord,
    Correction,
    FollowUp,
    FormKept,
    Guess,
    PassedOn,
    RecordLesson,
    TextKept,
    Wording,
)
from core.store.knowledge import EditedMeanwhile
from core.store.sql_store import SqlStore

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERSON = "a" * 32
WASTE = Wording(
    category="생활>폐기물",
    department="청소행정과",
    district="중앙동",
    result="answered",
    need="골목에 쓰레기를 무단 투기한 사람을 신고하고 싶습니다.",
    answer="청소행정과에서 현장을 확인한다고 안내했습니다.",
)


def record(contact_id: str = "c1", minutes: float = 0, **more: object) -> ContactRecord:
    known = {"agent_id": "kim", "person": PERSON, "last4": "5678", "written": WASTE, "ended": T0 + timedelta(hours=1)}
    return ContactRecord(contact_id=contact_id, at=T0 + timedelta(minutes=minutes), **{**known, **more})  # type: ignore[arg-type]


async def found(store: SqlStore, **wish: object) -> list[str]:
    return [one.contact_id for one in await store.contacts.find(ContactQuery(**wish))]  # type: ignore[arg-type]


async def test_a_draft_is_kept_whole_and_follows_its_contact(store: SqlStore) -> None:
    full = record(
        path=("처음", "생활 민원"),
        forms=(FormKept(title="신고", values=(FormValue(field="where", label="어디", value="중앙로 3"),)),),
        values=(HeardValue(kind="date", value="2026-03-02", spoken="오늘", start=0, end=2),),
        cards=(CardKept(entry_id="7", title="무단투기 신고", version=2),),
        texts=(TextKept(message_id="m1", state="queued", by="kim"),),
        transfers=(PassedOn(name="청소행정과", kind="consult", state="done"),),
        promises=("내일 전화드리겠습니다.",),
        categories=(Guess("생활>폐기물", 0.8), Guess("교통>주차", 0.2)),
    )
    kept = await store.contacts.draft(full)
    assert kept == replace(full, place=int(T0.timestamp() * 1000), number=receipt_number("c1", T0))
    assert await store.contacts.record("c1") == kept
    assert await store.contacts.records(["c1", "c1", "nobody"]) == {"c1": kept}
    assert await store.contacts.records([]) == {}
    again = await store.contacts.draft(replace(full, texts=(TextKept(message_id="m1", state="delivered", by="kim"),)))
    assert again.texts[0].state == "delivered"
    assert await store.contacts.record("c1") == again
    assert await store.contacts.record("nobody") is None


async def test_what_people_wrote_stays_when_the_course_goes_on(store: SqlStore) -> None:
    await store.contacts.draft(record())
    mine = replace(WASTE, need="불법 주차를 신고함")
    await store.contacts.keep("c1", mine, based_on=0, by="kim", at=T0)
    now = await store.contacts.draft(record(texts=(TextKept(message_id="m1", state="sent"),)))
    assert (now.written, now.state, now.version, now.texts[0].state) == (mine, "confirmed", 1, "sent")


async def test_every_version_is_kept_with_who_and_why(store: SqlStore) -> None:
    await store.contacts.draft(record())
    first = await store.contacts.keep("c1", WASTE, based_on=0, by="minwon", at=T0, state="unasked")
    assert (first.version, first.state, first.by, first.changed) == (1, "unasked", "minwon", T0)
    later = T0 + timedelta(days=1)
    changed = replace(WASTE, result="text_sent")
    await store.contacts.keep("c1", changed, based_on=1, by="boss", at=later, reason="문자로 보냈음")
    newest, oldest = await store.contacts.versions("c1")
    assert (newest.version, newest.by, newest.reason, newest.written, newest.at) == (
        2,
        "boss",
        "문자로 보냈음",
        changed,
        later,
    )
    assert (oldest.version, oldest.state, oldest.written) == (1, "unasked", WASTE)


async def test_of_two_confirmations_at_once_one_wins_and_the_other_is_told(store: SqlStore) -> None:
    await store.contacts.draft(record())
    tries = [
        store.contacts.keep("c1", replace(WASTE, result=result), based_on=0, by=result, at=T0)
        for result in ("answered", "abuse", "callback")
    ]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    (won,) = [one for one in outcomes if isinstance(one, ContactRecord)]
    lost = [one for one in outcomes if isinstance(one, EditedMeanwhile)]
    assert len(lost) == 2
    assert {one.newest for one in lost} == {1}
    assert await store.contacts.record("c1") == won
    assert len(await store.contacts.versions("c1")) == 1
    with pytest.raises(Refused, match="no such record"):
        await store.contacts.keep("c2", WASTE, based_on=0, by="kim", at=T0)


async def test_two_drafts_of_one_contact_at_once_are_one(store: SqlStore) -> None:
    await asyncio.gather(*(store.contacts.draft(record()) for _ in range(4)))
    assert await found(store) == ["c1"]


async def test_contacts_that_begin_together_have_places_of_their_own(store: SqlStore) -> None:
    for name in ("c1", "c2", "c3"):
        await store.contacts.draft(record(name))
    assert await found(store) == ["c3", "c2", "c1"]
    first = await store.contacts.find(ContactQuery(limit=2))
    rest = await store.contacts.find(ContactQuery(limit=2, before=first[-1].place))
    assert [one.contact_id for one in (*first, *rest)] == ["c3", "c2", "c1"]


async def test_the_number_that_a_citizen_quotes_finds_her_contact_alone(store: SqlStore) -> None:
    kept = await store.contacts.draft(record())
    await store.contacts.draft(record("c2"))
    assert await found(store, number=kept.number) == ["c1"]
    await store.contacts.keep("c1", replace(WASTE, need="그대로"), based_on=0, by="kim", at=T0)
    again = await store.contacts.draft(record())
    assert again.number == kept.number
    assert await found(store, number=kept.number, words=("그대로",)) == ["c1"]
    assert await found(store, number="26000000000") == []


async def test_no_two_contacts_have_one_number(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def few(_contact_id: str, at: datetime, attempt: int = 0) -> str:
        return receipt_number("everybody", at, attempt)

    monkeypatch.setattr("core.store.sql_contacts.receipt_number", few)
    monkeypatch.setattr("core.store.sql_contact_load.receipt_number", few)
    await asyncio.gather(*(store.contacts.draft(record(f"a{n}")) for n in range(3)))
    assert await store.contacts.load(record(f"b{n}", minutes=9) for n in range(3)) == 3
    every = await store.contacts.find(ContactQuery())
    assert len({one.number for one in every}) == len(every) == 6


@pytest.mark.parametrize(
    ("words", "finds"),
    [
        (("무단투기",), True),
        (("단투",), True),
        (("무단", "신고"), True),
        (("쓰레기를무단",), True),
        (("폐기물",), True),
        (("청소행정",), True),
        (("무단주차",), False),
        (("투무",), False),
        (("무단", "주차"), False),
        (("100%",), False),
    ],
)
async def test_any_two_letters_find_it_however_it_is_spaced(
    store: SqlStore, words: tuple[str, ...], finds: bool
) -> None:
    await store.contacts.draft(record())
    assert await found(store, words=words) == (["c1"] if finds else [])


async def test_pairs_that_stand_apart_are_no_word(store: SqlStore) -> None:
    apart = replace(WASTE, need="무단으로 단투를 하고 투기", answer="")
    await store.contacts.draft(record(written=apart))
    assert await found(store, words=("무단투기",)) == []


async def test_filters_narrow_the_search_each_by_itself_and_together(store: SqlStore) -> None:
    other = Wording(category="교통>주차", department="교통과", district="평화동", result="passed_on", need="주차 단속")
    await store.contacts.draft(record("c1"))
    await store.contacts.draft(
        record("c2", 10, written=other, agent_id="lee", last4="1234", person="b" * 32, channel="text")
    )
    for wish in (
        {"agent_id": "lee"},
        {"category": "교통"},
        {"category": "교통>주차"},
        {"department": "교통과"},
        {"district": "평화동"},
        {"result": "passed_on"},
        {"last4": "1234"},
        {"person": "b" * 32},
        {"channel": "text"},
        {"since": T0 + timedelta(minutes=5)},
        {"words": ("단속",), "agent_id": "lee", "category": "교통", "state": "draft"},
    ):
        assert await found(store, **wish) == ["c2"], wish
    assert await found(store, until=T0 + timedelta(minutes=5)) == ["c1"]
    assert await found(store, words=("단속",), agent_id="kim") == []
    assert await found(store, category="교") == []


async def test_the_index_follows_every_change(store: SqlStore) -> None:
    await store.contacts.draft(record())
    await store.contacts.keep("c1", replace(WASTE, need="불법 현수막"), based_on=0, by="kim", at=T0)
    assert await found(store, words=("현수막",)) == ["c1"]
    assert await found(store, words=("쓰레기",)) == []
    assert await found(store, state="draft") == []
    assert await found(store, state="confirmed", words=("현수막",)) == ["c1"]


async def test_old_contacts_are_found_behind_many_new_ones(store: SqlStore) -> None:
    await store.contacts.draft(record("old", -60 * 24 * 400))
    plain = Wording(need="여권 발급")
    for number in range(12):
        await store.contacts.draft(record(f"c{number}", number * 60 * 24 * 20, written=plain))
    assert await found(store, words=("쓰레기",)) == ["old"]
    names = await found(store, words=("여권",), limit=50)
    assert names == [f"c{number}" for number in reversed(range(12))]
    paged: list[str] = []
    before = 0
    while some := await store.contacts.find(ContactQuery(words=("여권",), limit=5, before=before)):
        paged += [one.contact_id for one in some]
        before = some[-1].place
    assert paged == names


async def test_a_person_is_counted_and_a_list_waits_for_her(store: SqlStore) -> None:
    for number in range(3):
        await store.contacts.draft(record(f"c{number}", number))
    assert await store.contacts.count(person=PERSON) == 3
    assert await store.contacts.count(person=PERSON, since=T0 + timedelta(minutes=1)) == 2
    assert [one.contact_id for one in await store.contacts.drafts()] == ["c0", "c1", "c2"]
    await store.contacts.keep("c0", WASTE, based_on=0, by="minwon", at=T0, state="unasked")
    assert await store.contacts.unasked("kim") == 1
    assert await store.contacts.unasked("lee") == 0
    assert [one.contact_id for one in await store.contacts.drafts()] == ["c1", "c2"]


def follow_up(follow_up_id: str = "f1", **more: object) -> FollowUp:
    known = {
        "contact_id": "c1",
        "person": PERSON,
        "text": "현장 확인 결과 전화",
        "owner": "kim",
        "due": date(2026, 3, 5),
    }
    return FollowUp(follow_up_id=follow_up_id, by="kim", at=T0, **{**known, **more})  # type: ignore[arg-type]


async def test_follow_ups_stand_by_owner_and_day_and_are_found_with_their_contact(store: SqlStore) -> None:
    await store.contacts.draft(record())
    await store.contacts.keep("c1", WASTE, based_on=0, by="kim", at=T0, follow_ups=(follow_up(),))
    await store.contacts.put_follow_up(follow_up("f2", due=date(2026, 3, 4)))
    await store.contacts.put_follow_up(follow_up("f3", owner="lee"))
    assert [one.follow_up_id for one in await store.contacts.follow_ups(owner="kim")] == ["f2", "f1"]
    assert [one.follow_up_id for one in await store.contacts.follow_ups(after=(date(2026, 3, 4), "f2"))] == ["f1", "f3"]
    assert [one.follow_up_id for one in await store.contacts.follow_ups(owners=("lee", ""))] == ["f3"]
    assert await store.contacts.follow_ups(owner="kim", owners=("lee", "")) == []
    assert await found(store, open_follow_up=True) == ["c1"]
    for name in ("f1", "f2", "f3"):
        one = await store.contacts.follow_up(name)
        assert one is not None
        await store.contacts.put_follow_up(replace(one, state="done", note="전화함", done_by="kim", done_at=T0))
    assert await store.contacts.follow_ups(person=PERSON) == []
    assert len(await store.contacts.follow_ups(contact_id="c1", state=None)) == 3
    assert await found(store, open_follow_up=True) == []
    assert (await store.contacts.find(ContactQuery()))[0].open_follow_ups == 0


async def test_a_correction_keeps_what_was_heard_first(store: SqlStore) -> None:
    made = Correction(
        contact_id="c1",
        utterance="caller-3",
        speaker="caller",
        start=3.0,
        end=5.0,
        original="무단 추기",
        text="무단 투기",
        by="kim",
        at=T0,
    )
    await store.contacts.put_correction(made)
    await store.contacts.put_correction(replace(made, original="무단 투기", text="무단투기", reviewed_by="boss"))
    assert await store.contacts.corrections(contact_id="c1") == [replace(made, text="무단투기", reviewed_by="boss")]
    assert await store.contacts.corrections(reviewed=False) == []
    assert len(await store.contacts.corrections(reviewed=True)) == 1
    await store.contacts.drop_correction("c1", "caller-3")
    assert await store.contacts.corrections() == []


async def test_lessons_add_up_and_are_forgotten(store: SqlStore) -> None:
    assert await store.contacts.lessons_revision() == 0
    one = RecordLesson(kind="category", label="생활>폐기물", feature="w:쓰레기", times=1)
    assert await store.contacts.add_lessons([one, one, replace(one, feature="")]) == 1
    assert [(lesson.feature, lesson.times) for lesson in await store.contacts.lessons()] == [("", 1), ("w:쓰레기", 2)]
    assert await store.contacts.lessons_revision() == 1
    assert (
        await store.contacts.add_lessons([replace(one, times=-2), replace(one, kind="result", label="answered")]) == 2
    )
    assert [lesson.label for lesson in await store.contacts.lessons()] == ["생활>폐기물", "answered"]
    assert await store.contacts.drop_lessons("category", "생활>폐기물") == 1
    assert await store.contacts.drop_lessons() == 1
    assert await store.contacts.lessons() == []


async def test_what_is_forgotten_is_gone_with_all_that_belongs_to_it(store: SqlStore) -> None:
    await store.contacts.draft(record())
    await store.contacts.keep("c1", WASTE, based_on=0, by="kim", at=T0, follow_ups=(follow_up(),))
    assert await store.contacts.forget(["c1", "c9"]) == 1
    assert await store.contacts.record("c1") is None
    assert await store.contacts.versions("c1") == []
    assert await store.contacts.follow_ups(state=None) == []
    assert await found(store, words=("쓰레기",)) == []
    await store.contacts.draft(record("c2"))
    assert await found(store, words=("쓰레기",)) == ["c2"]


async def test_a_resident_number_is_never_kept(store: SqlStore) -> None:
    await store.contacts.draft(record(written=replace(WASTE, need="제 번호는 900101-1234568 입니다")))
    kept = await store.contacts.keep("c1", replace(WASTE, answer="900101-1234568"), based_on=0, by="kim", at=T0)
    assert "1234568" not in kept.written.answer
    assert await found(store, words=("1234568",)) == []
