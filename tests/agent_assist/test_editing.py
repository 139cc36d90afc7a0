"""Editing on a real store: every save is a version, who is second sees a merge and loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest
from msgspec.structs import replace

from agent_assist.knowledge.content import Content
from agent_assist.knowledge.editing import Editing, Merge, Saved
from agent_assist.knowledge.merging import Conflict
from core.errors import Refused
from core.faulty import Faulty
from core.home import Home
from core.store.contract import Store
from core.store.entry import Entry
from core.store.knowledge import Department, EditedMeanwhile, EntryVersion, Person
from core.store.sql_store import open_store
from tests.agent_assist.writers import ADMIN, AGENT, EDITOR, OTHER_EDITOR, OWNER, T0, Clock, Who

CONTENT = Content(title="여권 재발급", department_id="d1", body="하나\n둘\n셋\n넷\n다섯", phone="02-1")


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened = await open_store("", home)
    await opened.knowledge.put_department(Department(id="d1", name="민원과"))
    await opened.knowledge.put_department(Department(id="d2", name="교통과", phone="02-2"))
    yield opened
    await opened.close()


@pytest.fixture
def editing(store: Store) -> Editing:
    return Editing(store.knowledge, Clock())


async def published(editing: Editing, content: Content = CONTENT) -> str:
    version = await editing.create(content, EDITOR)
    await editing.review(version.entry_id, OTHER_EDITOR, based_on=1)
    await editing.publish(version.entry_id, ADMIN, based_on=2)
    return version.entry_id


async def read(store: Store) -> list[Entry]:
    return await store.entries()


async def code_of(deed: object) -> str:
    with pytest.raises(Refused) as refused:
        await deed  # type: ignore[misc]
    return refused.value.code


async def test_from_draft_to_published(store: Store, editing: Editing) -> None:
    draft = await editing.create(CONTENT, EDITOR, why="새 민원")
    assert (draft.version, draft.state, draft.by, draft.why, draft.at) == (1, "draft", "haneul", "새 민원", T0)
    assert await read(store) == []
    opened = await editing.open(draft.entry_id, OTHER_EDITOR)
    assert (opened.version, opened.content, opened.published) == (draft, CONTENT, 0)
    assert opened.steps == ("save", "review", "restore")
    assert (await editing.open(draft.entry_id, EDITOR)).steps == ("save", "restore")
    reviewed = await editing.review(draft.entry_id, OTHER_EDITOR, based_on=1)
    assert (reviewed.state, reviewed.by) == ("reviewed", "bada")
    assert await read(store) == []
    newest = await editing.publish(draft.entry_id, OWNER, based_on=2)
    (entry,) = await read(store)
    assert (entry.id, entry.title, entry.department, entry.version) == (draft.entry_id, "여권 재발급", "민원과", 3)
    assert newest.updated == entry.updated == newest.at.astimezone().date(), "found right today"
    saved = await editing.save(draft.entry_id, replace(CONTENT, title="새 제목"), EDITOR, based_on=3, why="바뀜")
    assert isinstance(saved, Saved)
    assert saved.version.state == "draft"
    assert (await read(store))[0].title == "여권 재발급", "agents go on reading what is published"
    assert (await editing.open(draft.entry_id, ADMIN)).published == 3


async def test_steps_and_rights_are_kept(editing: Editing) -> None:
    entry_id = await published(editing)
    assert await code_of(editing.create(CONTENT, AGENT)) == "not_allowed"
    assert await code_of(editing.create(replace(CONTENT, department_id="d2"), OWNER)) == "not_allowed"
    assert await code_of(editing.save(entry_id, CONTENT, AGENT, based_on=3)) == "not_allowed"
    assert await code_of(editing.delete(entry_id, EDITOR, based_on=3)) == "not_allowed"
    assert await code_of(editing.publish(entry_id, OWNER, based_on=3)) == "no_such_step"
    assert await code_of(editing.withdraw(entry_id, OWNER, based_on=2)) == "edited_meanwhile"
    assert await code_of(editing.open("none", ADMIN)) == "no_entry"
    assert await code_of(editing.restore(entry_id, 9, ADMIN, based_on=3)) == "no_such_version"
    assert await code_of(editing.save(entry_id, CONTENT, ADMIN, based_on=9)) == "no_such_version"
    assert await code_of(editing.diff(entry_id, 1, 9)) == "no_such_version"


async def test_ones_own_draft_is_reviewed_by_another_unless_she_is_alone(store: Store, editing: Editing) -> None:
    draft = await editing.create(CONTENT, EDITOR)
    assert await code_of(editing.review(draft.entry_id, EDITOR, based_on=1)) == "own_draft"
    alone = Editing(store.knowledge, Clock(), own_review=True)
    assert (await alone.review(draft.entry_id, EDITOR, based_on=1)).state == "reviewed"
    hers = await editing.create(CONTENT, ADMIN)
    assert (await editing.review(hers.entry_id, ADMIN, based_on=1)).state == "reviewed"


async def test_what_was_reviewed_can_be_sent_back_with_a_reason(editing: Editing) -> None:
    draft = await editing.create(CONTENT, EDITOR)
    await editing.review(draft.entry_id, OTHER_EDITOR, based_on=1)
    with pytest.raises(Faulty):
        await editing.send_back(draft.entry_id, OTHER_EDITOR, based_on=2, why=" ")
    back = await editing.send_back(draft.entry_id, OTHER_EDITOR, based_on=2, why="전화 확인")
    assert (back.state, back.why) == ("draft", "전화 확인")


async def test_a_save_without_a_change_adds_nothing(store: Store, editing: Editing) -> None:
    draft = await editing.create(CONTENT, EDITOR)
    saved = await editing.save(draft.entry_id, replace(CONTENT, title=" 여권  재발급 "), EDITOR, based_on=1)
    assert saved == Saved(version=draft, changed=False)
    assert len(await store.knowledge.versions(draft.entry_id)) == 1


async def test_what_is_wrong_is_not_saved(store: Store, editing: Editing) -> None:
    with pytest.raises(Faulty):
        await editing.create(replace(CONTENT, title=""), EDITOR)
    draft = await editing.create(CONTENT, EDITOR)
    with pytest.raises(Faulty) as refused:
        await editing.save(draft.entry_id, replace(CONTENT, body="주민 900101-1234567"), EDITOR, based_on=1)
    assert refused.value.faults[0].code == "personal_number"
    assert len(await store.knowledge.versions(draft.entry_id)) == 1


# Two editors at once.


async def test_the_second_sees_a_merge_and_both_changes_are_saved(store: Store, editing: Editing) -> None:
    draft = await editing.create(CONTENT, EDITOR)
    first = replace(CONTENT, phone="02-9", body="하나!\n둘\n셋\n넷\n다섯")
    second = replace(CONTENT, title="여권 다시 만들기", body="하나\n둘\n셋\n넷\n다섯\n여섯")
    theirs = await editing.save(draft.entry_id, first, EDITOR, based_on=1, why="전화 바뀜")
    assert isinstance(theirs, Saved)
    merge = await editing.save(draft.entry_id, second, OTHER_EDITOR, based_on=1)
    both = replace(second, phone="02-9", body="하나!\n둘\n셋\n넷\n다섯\n여섯")
    assert merge == Merge(newest=theirs.version, base=1, mine=second, merged=both, taken=("phone", "body"))
    assert len(await store.knowledge.versions(draft.entry_id)) == 2, "she sees it before it is saved"
    done = await editing.save(draft.entry_id, merge.merged, OTHER_EDITOR, based_on=merge.newest.version)
    assert isinstance(done, Saved)
    opened = await editing.open(draft.entry_id, EDITOR)
    assert opened.content == both
    assert opened.version.by == "bada"


async def test_what_cannot_be_decided_is_shown_with_both_sides_and_not_saved_unread(editing: Editing) -> None:
    draft = await editing.create(CONTENT, EDITOR)
    await editing.save(draft.entry_id, replace(CONTENT, phone="02-8", body="하나\n둘\nDREI"), EDITOR, based_on=1)
    mine = replace(CONTENT, phone="02-9", body="하나\n둘\nTHREE")
    merge = await editing.save(draft.entry_id, mine, OTHER_EDITOR, based_on=1)
    assert isinstance(merge, Merge)
    assert merge.mine == mine
    assert merge.conflicts == (
        Conflict(field="phone", base="02-1", theirs="02-8", mine="02-9"),
        Conflict(field="body", base="셋\n넷\n다섯", theirs="DREI", mine="THREE"),
    )
    with pytest.raises(Faulty) as refused:
        await editing.save(draft.entry_id, merge.merged, OTHER_EDITOR, based_on=2)
    assert refused.value.faults[0].code == "unmerged"
    decided = replace(merge.merged, body="하나\n둘\nDREI THREE")
    assert isinstance(await editing.save(draft.entry_id, decided, OTHER_EDITOR, based_on=2), Saved)


async def test_a_step_meanwhile_is_nothing_to_merge(editing: Editing) -> None:
    draft = await editing.create(CONTENT, EDITOR)
    await editing.review(draft.entry_id, OTHER_EDITOR, based_on=1)
    saved = await editing.save(draft.entry_id, replace(CONTENT, title="새 제목"), EDITOR, based_on=1)
    assert isinstance(saved, Saved)
    assert (saved.version.version, saved.version.state) == (3, "draft")


async def test_many_who_save_at_once_lose_nothing(store: Store, editing: Editing) -> None:
    draft = await editing.create(replace(CONTENT, keywords=("여권",)), EDITOR)

    async def add(word: str) -> None:
        content, base = replace(CONTENT, keywords=("여권", word)), 1
        while isinstance(result := await editing.save(draft.entry_id, content, EDITOR, based_on=base), Merge):
            content, base = result.merged, result.newest.version

    words = [f"말{number}" for number in range(8)]
    async with asyncio.timeout(30):
        await asyncio.gather(*(add(word) for word in words))
    opened = await editing.open(draft.entry_id, EDITOR)
    assert set(opened.content.keywords) == {"여권", *words}
    assert opened.version.version == 9


async def test_somebody_is_faster_between_our_look_and_our_save(store: Store, editing: Editing) -> None:
    draft = await editing.create(CONTENT, EDITOR)
    knowledge = store.knowledge
    seen = 0

    class Slow:
        """A store in which somebody else saves just before us, once."""

        def __getattr__(self, name: str) -> object:
            return getattr(knowledge, name)

        async def add_version(self, version: EntryVersion, *, based_on: int) -> None:
            nonlocal seen
            seen += 1
            if seen == 1:
                await editing.save(draft.entry_id, replace(CONTENT, phone="02-9"), OTHER_EDITOR, based_on=1)
            await knowledge.add_version(version, based_on=based_on)

    late = Editing(Slow(), Clock())  # type: ignore[arg-type]
    merge = await late.save(draft.entry_id, replace(CONTENT, title="새 제목"), EDITOR, based_on=1)
    assert isinstance(merge, Merge)
    assert (merge.merged.title, merge.merged.phone) == ("새 제목", "02-9")
    with pytest.raises(EditedMeanwhile):
        await late.review(draft.entry_id, OTHER_EDITOR, based_on=1)


# Taking back.


async def test_withdrawn_leaves_the_agents_and_deleted_also_the_lists(store: Store, editing: Editing) -> None:
    entry_id = await published(editing)
    withdrawn = await editing.withdraw(entry_id, EDITOR, based_on=3, why="폐지")
    assert (withdrawn.state, withdrawn.why) == ("withdrawn", "폐지")
    assert await read(store) == []
    assert [head.state for head in await store.knowledge.heads()] == ["withdrawn"]
    await editing.delete(entry_id, OWNER, based_on=4)
    assert await store.knowledge.heads() == []
    assert await code_of(editing.save(entry_id, CONTENT, EDITOR, based_on=5)) == "no_such_step"
    assert (await editing.open(entry_id, EDITOR)).steps == ("restore",)


async def test_restoring_brings_back_what_agents_read_in_one_step(store: Store, editing: Editing) -> None:
    entry_id = await published(editing)
    await editing.save(entry_id, replace(CONTENT, title="틀린 제목"), EDITOR, based_on=3)
    await editing.review(entry_id, OTHER_EDITOR, based_on=4)
    await editing.publish(entry_id, OWNER, based_on=5)
    assert (await read(store))[0].title == "틀린 제목"
    back = await editing.restore(entry_id, 3, OWNER, based_on=6)
    assert (back.version, back.state, back.why) == (7, "published", "3판에서 되돌림 / restored from version 3")
    (entry,) = await read(store)
    assert (entry.title, entry.version) == ("여권 재발급", 7)
    draft = await editing.restore(entry_id, 6, EDITOR, based_on=7)
    assert draft.state == "draft", "an editor does not publish"
    assert (await read(store))[0].version == 7
    await editing.delete(entry_id, ADMIN, based_on=8)
    assert await read(store) == []
    await editing.restore(entry_id, 3, ADMIN, based_on=9)
    assert [entry.title for entry in await read(store)] == ["여권 재발급"]


async def test_an_old_version_names_nobody_who_is_gone(store: Store, editing: Editing) -> None:
    await store.knowledge.put_person(Person(id="p1", name="김하늘"))
    draft = await editing.create(replace(CONTENT, person_id="p1"), EDITOR)
    await editing.save(draft.entry_id, CONTENT, EDITOR, based_on=1)
    await store.knowledge.drop_person("p1")
    back = await editing.restore(draft.entry_id, 1, EDITOR, based_on=2)
    assert back.person_id == ""
    assert back.department_id == "d1"


async def test_history_shows_what_changed_with_names(store: Store, editing: Editing) -> None:
    draft = await editing.create(CONTENT, EDITOR)
    changed = replace(CONTENT, department_id="d2", body="하나\n둘!\n셋\n넷\n다섯", expires=date(2027, 1, 1))
    await editing.save(draft.entry_id, changed, EDITOR, based_on=1)
    found = {change.field: change for change in await editing.diff(draft.entry_id, 1, 2)}
    assert list(found) == ["department_id", "body", "expires"]
    assert (found["department_id"].before, found["department_id"].after) == ("민원과", "교통과")
    assert (found["expires"].before, found["expires"].after) == ("", "2027-01-01")
    assert [(line.kind, line.text) for line in found["body"].lines] == [
        ("same", "하나"),
        ("removed", "둘"),
        ("added", "둘!"),
        ("same", "셋"),
        ("same", "넷"),
        ("same", "다섯"),
    ]


async def test_a_preview_is_what_agents_will_read(editing: Editing) -> None:
    entry = await editing.preview(replace(CONTENT, department_id="d2", phone=""), entry_id="7")
    assert (entry.id, entry.title, entry.department, entry.phone) == ("7", "여권 재발급", "교통과", "02-2")
    with pytest.raises(Faulty):
        await editing.preview(replace(CONTENT, title=""))


async def test_an_owner_hands_an_entry_over_but_does_not_publish_it_elsewhere(editing: Editing) -> None:
    owner = Who("san", ("owner",), "민원과")
    draft = await editing.create(CONTENT, owner)
    saved = await editing.save(draft.entry_id, replace(CONTENT, department_id="d2"), owner, based_on=1)
    assert isinstance(saved, Saved)
    assert await code_of(editing.review(draft.entry_id, owner, based_on=2)) == "not_allowed"


async def test_a_resident_number_in_a_reason_is_masked(store: Store, editing: Editing) -> None:
    draft = await editing.create(CONTENT, EDITOR, why="900101-1234567 요청")
    assert draft.why == "******-******* 요청"
    assert draft == await store.knowledge.version(draft.entry_id)
