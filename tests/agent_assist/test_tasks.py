"""What owners have to do: opened once, closed once, by those who may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
from msgspec.structs import replace

from agent_assist.knowledge.tasks import Tasks, due, gone
from core.errors import Refused
from core.faulty import Faulty
from core.home import Home
from core.store.contract import Store
from core.store.knowledge import Department, EntryVersion, Person
from core.store.sql_store import open_store
from tests.agent_assist.test_lists import head
from tests.agent_assist.writers import ADMIN, AGENT, EDITOR, OWNER, T0, Clock, Who

DAY = date(2026, 3, 2)


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened = await open_store("", home)
    await opened.knowledge.put_department(Department(id="d1", name="민원과"))
    await opened.knowledge.put_department(Department(id="d2", name="교통과"))
    await opened.knowledge.put_person(Person(id="p1", name="김하늘", department_id="d2"))
    versions = [
        EntryVersion(entry_id="1", version=1, state="published", title="여권", department_id="d1", at=T0),
        EntryVersion(entry_id="2", version=1, state="published", title="주차", person_id="p1", at=T0),
        EntryVersion(entry_id="3", version=1, state="deleted", title="옛", department_id="d1", at=T0),
    ]
    await opened.knowledge.add_versions(versions)
    yield opened
    await opened.close()


@pytest.fixture
def tasks(store: Store) -> Tasks:
    return Tasks(store.knowledge, Clock())


def test_due_is_what_is_to_be_reviewed_or_expires() -> None:
    heads = [
        head("1", review_by=DAY),
        head("2", review_by=date(2026, 3, 3)),
        head("3", expires=date(2026, 3, 16)),
        head("4", expires=date(2026, 3, 17)),
        head("5", expires=date(2026, 1, 1), review_by=date(2025, 1, 1)),
        head("6", expires=DAY, published=0),
    ]
    found = due(heads, DAY, at=T0)
    assert [(task.kind, task.entry_id) for task in found] == [
        ("review", "1"),
        ("expiry", "3"),
        ("review", "5"),
        ("expiry", "5"),
    ]
    assert len({task.task_id for task in found}) == 4
    assert due(heads, DAY, at=T0, days=0)[1].entry_id == "5"
    later = due([replace(heads[0], review_by=date(2027, 1, 1))], date(2027, 1, 1), at=T0)
    assert later[0].task_id != found[0].task_id, "a new date is a new task"


def test_gone_is_what_somebody_left_behind() -> None:
    people = {"a": Person(id="a", name="가", left=True), "b": Person(id="b", name="나")}
    heads = [replace(head("1"), person_id="a"), replace(head("2"), person_id="b"), head("3")]
    heads.append(replace(head("4", published=0), person_id="a"))
    assert [(task.kind, task.entry_id) for task in gone(heads, people, at=T0)] == [("owner_gone", "1")]


async def test_a_report_reaches_the_owner_of_the_entrys_department(store: Store, tasks: Tasks) -> None:
    task = await tasks.report("1", " 전화가 02-123-4567로 바뀜\n900101-1234567 ", "agent", version=1, call_id="c")
    assert task.note == "전화가 02-123-4567로 바뀜\n******-*******", "the number that is wrong must be read"
    assert (task.kind, task.department_id, task.version, task.call_id, task.by) == ("correction", "d1", 1, "c", "agent")
    through_person = await tasks.report("2", "틀림", "agent")
    assert through_person.department_id == "d2"
    assert await tasks.mine(OWNER) == [task]
    assert await tasks.mine(Who("x", ("owner",), "d2")) == [through_person]
    assert await tasks.mine(EDITOR) == [through_person, task]
    assert await tasks.mine(EDITOR, limit=1) == [through_person]
    assert await tasks.mine(EDITOR, before=through_person.at) == [task]
    assert await tasks.mine(AGENT) == []
    assert await tasks.mine(Who("x", ("owner",), "없는 과")) == []


@pytest.mark.parametrize("entry_id", ["none", "3"])
async def test_what_is_not_there_cannot_be_wrong(tasks: Tasks, entry_id: str) -> None:
    with pytest.raises(Refused) as refused:
        await tasks.report(entry_id, "틀림", "agent")
    assert refused.value.code == "no_entry"


async def test_a_report_says_something(tasks: Tasks) -> None:
    with pytest.raises(Faulty):
        await tasks.report("1", " \n", "agent")
    with pytest.raises(Faulty):
        await tasks.report("1", "가" * 1001, "agent")


async def test_a_task_is_closed_once_with_an_answer(store: Store, tasks: Tasks) -> None:
    first, second = await tasks.report("1", "틀림", "agent"), await tasks.report("1", "틀림", "agent")
    with pytest.raises(Faulty):
        await tasks.done(first.task_id, OWNER, "")
    done = await tasks.done(first.task_id, OWNER, "고침 900101-1234567")
    assert (done.state, done.answer, done.done_by) == ("done", "고침 ******-*******", "san")
    assert done.done_at is not None
    assert done.done_at > done.at
    assert (await tasks.refuse(second.task_id, ADMIN, "맞음")).state == "refused"
    assert await tasks.mine(OWNER) == []
    assert len(await tasks.mine(OWNER, state=None)) == 2
    for deed, code in (
        (tasks.refuse(first.task_id, OWNER, "다시"), "task_closed"),
        (tasks.done("none", OWNER, "x"), "no_task"),
    ):
        with pytest.raises(Refused) as refused:
            await deed
        assert refused.value.code == code


@pytest.mark.parametrize("who", [AGENT, Who("x", ("owner",), "교통과"), Who("x", ("supervisor",))])
async def test_others_do_not_close_it(tasks: Tasks, who: Who) -> None:
    task = await tasks.report("1", "틀림", "agent")
    with pytest.raises(Refused) as refused:
        await tasks.done(task.task_id, who, "고침")
    assert refused.value.code == "not_allowed"


async def test_the_daily_look_opens_each_task_once(store: Store, tasks: Tasks) -> None:
    knowledge = store.knowledge
    await knowledge.add_versions(
        [
            EntryVersion(
                entry_id="1", version=0, state="published", title="여권", department_id="d1", review_by=DAY, at=T0
            )
        ]
    )
    (person,) = await knowledge.people()
    await knowledge.put_person(replace(person, left=True))
    assert await tasks.look(DAY) == 2
    assert await tasks.look(DAY) == 0
    opened = await tasks.mine(EDITOR)
    assert {(task.kind, task.entry_id, task.department_id, task.version) for task in opened} == {
        ("review", "1", "d1", 2),
        ("owner_gone", "2", "d2", 1),
    }
    await tasks.done(opened[0].task_id, ADMIN, "보았음")
    assert await tasks.look(date(2026, 3, 3)) == 0, "what was dealt with does not come back"
