"""The consultation database's contract, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from core.errors import BadInput
from core.home import Home
from core.store.contract import Store
from core.store.entry import Attachment, Entry, Reference
from core.store.knowledge import (
    Category,
    Department,
    Document,
    EditedMeanwhile,
    EntryVersion,
    Gap,
    ImportJob,
    InUse,
    IssueRecord,
    KnowledgeStore,
    Lesson,
    Person,
    Synonym,
    Task,
    TermRate,
    Usage,
)
from core.store.sql_store import open_store

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
RESIDENT = "900101-1234567"
MASKED = "******-*******"


@pytest.fixture
def knowledge(store: Store) -> KnowledgeStore:
    return store.knowledge


def version(entry_id: str = "1", number: int = 1, **more: object) -> EntryVersion:
    fields: dict[str, object] = {"title": f"제목 {entry_id}", "at": T0 + timedelta(minutes=number)}
    return EntryVersion(entry_id=entry_id, version=number, **(fields | more))  # type: ignore[arg-type]


async def put(knowledge: KnowledgeStore, entry_id: str = "1", **more: object) -> None:
    """Publish a version on top of what is there."""
    await knowledge.add_versions([version(entry_id, **({"state": "published"} | more))])


FULL = version(
    state="published",
    title="여권 😀 'quoted\" \\ 100%",
    phone="02-120",
    hours="평일 09:00-18:00",
    procedure=("신청서", "사진 1장"),
    body="# 본문\n\n- 하나\n- 둘\u2028",
    keywords=("여권", "분실"),
    excludes=("비자",),
    links=(Reference(title="외교부", url="https://www.passport.go.kr/"),),
    attachments=(Attachment(id="ab" * 32, name="신청서.hwp", size=7),),
    message="안내",
    expires=date(2027, 1, 1),
    review_by=date(2026, 6, 1),
    updated=date(2026, 1, 2),
    by="haneul",
    why="처음 씀",
)


# Versions.


async def test_a_version_comes_back_as_it_was(knowledge: KnowledgeStore) -> None:
    await knowledge.add_version(FULL, based_on=0)
    assert await knowledge.version("1") == FULL
    assert await knowledge.versions("1") == [FULL]
    assert await knowledge.version("1", 2) is None
    assert await knowledge.version("none") is None
    assert await knowledge.versions("none") == []


async def test_versions_are_only_added_and_numbered_without_a_gap(knowledge: KnowledgeStore) -> None:
    await knowledge.add_version(version(number=9, why="a"), based_on=0)
    await knowledge.add_version(version(number=9, why="b"), based_on=1)
    await knowledge.add_versions([version(why="c"), version("2", why="x"), version(why="d")])
    assert [(known.version, known.why) for known in await knowledge.versions("1")] == [
        (4, "d"),
        (3, "c"),
        (2, "b"),
        (1, "a"),
    ]
    assert (await knowledge.version("1", 2) or FULL).why == "b"
    assert [head.version for head in await knowledge.heads()] == [4, 1]
    chosen = await knowledge.chosen_versions({"1": 3, "2": 1, "none": 1})
    assert {entry_id: known.why for entry_id, known in chosen.items()} == {"1": "c", "2": "x"}
    assert await knowledge.chosen_versions({}) == {}


async def test_who_saves_second_is_told_and_nothing_is_overwritten(knowledge: KnowledgeStore) -> None:
    await knowledge.add_version(version(why="first"), based_on=0)
    with pytest.raises(EditedMeanwhile) as refused:
        await knowledge.add_version(version(why="another new one"), based_on=0)
    assert refused.value.newest == 1
    assert [known.why for known in await knowledge.versions("1")] == ["first"]


async def test_of_many_who_save_at_once_one_wins(knowledge: KnowledgeStore, store_url: str, home: Home) -> None:
    await knowledge.add_version(version(), based_on=0)
    other = await open_store(store_url, home)
    try:
        stores = [knowledge, other.knowledge] * 4
        saving = (
            each.add_version(version(why=str(number)), based_on=1) for number, each in enumerate(stores)
        )  # fmt: skip
        results = await asyncio.gather(*saving, return_exceptions=True)
    finally:
        await other.close()
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, EditedMeanwhile) for result in results) == 7
    assert len(await knowledge.versions("1")) == 2


async def test_agents_see_the_newest_published_version(store: Store, knowledge: KnowledgeStore) -> None:
    async def seen() -> list[tuple[str, int]]:
        return [(entry.title, entry.version) for entry in await store.entries()]

    steps = [("draft", None), ("reviewed", None), ("published", 3), ("draft", 3), ("published", 5), ("withdrawn", None)]
    steps += [("draft", None), ("published", 8), ("deleted", None), ("draft", None)]
    for number, (state, expected) in enumerate(steps, 1):
        before = await store.entries_revision()
        visible = await seen()
        await knowledge.add_version(version(state=state, title=f"판 {number}"), based_on=number - 1)
        assert await seen() == ([] if expected is None else [(f"판 {expected}", expected)]), (number, state)
        changed = await seen() != visible
        assert (await store.entries_revision() > before) == changed, "the revision tells of what agents read, only"


async def test_a_batch_is_taken_as_a_whole_with_the_progress_of_its_import(knowledge: KnowledgeStore) -> None:
    job = ImportJob(job_id="j", source="a.csv", digest="d", rows=4, done=2, taken=2, at=T0)
    await knowledge.add_versions([version("1"), version("2")], job=job)
    assert await knowledge.job("d") == job
    further = replace(job, done=4, taken=4)
    with pytest.raises(BadInput):
        await knowledge.add_versions([version("3"), version("4", title="\ud800")], job=further)
    assert await knowledge.job("d") == job, "what was not taken is not counted as done"
    assert [head.entry_id for head in await knowledge.heads()] == ["1", "2"]
    await knowledge.add_versions([version("3"), version("4")], job=further)
    assert await knowledge.job("d") == further
    assert len(await knowledge.heads()) == 4


# Heads.


async def test_heads_are_found_and_paged_as_people_count(knowledge: KnowledgeStore) -> None:
    await knowledge.put_category(Category(id="c1", name="민원"))
    await knowledge.put_category(Category(id="c2", name="여권", parent_id="c1"))
    await knowledge.put_department(Department(id="d1", name="민원과"))
    await knowledge.put_person(Person(id="p1", name="김하늘", department_id="d1"))
    await put(knowledge, "10", category_id="c2", department_id="d1", title="여권 100%", expires=date(2026, 4, 1))
    await put(knowledge, "2", category_id="c1", person_id="p1", title="Parking_Lot", review_by=date(2026, 5, 1))
    await put(knowledge, "1", state="draft", title="초안", by="haneul")
    await put(knowledge, "3", state="deleted")

    async def ids(**query: object) -> list[str]:
        return [head.entry_id for head in await knowledge.heads(**query)]  # type: ignore[arg-type]

    assert await ids() == ["1", "2", "10"]
    assert await ids(limit=2) == ["1", "2"]
    assert await ids(after="2") == ["10"]
    assert await ids(state="draft") == ["1"]
    assert await ids(state="deleted") == ["3"]
    assert await ids(category_id="c1") == ["2", "10"], "what is below comes along"
    assert await ids(category_id="c2") == ["10"]
    assert await ids(category_id="unknown") == []
    assert await ids(department_id="d1") == ["2", "10"], "by itself or through its person"
    assert await ids(text="parking_") == ["2"]
    assert await ids(text="0%") == ["10"]
    assert await ids(text="%") == ["10"], "a sign is a sign"
    assert await ids(text="10") == ["10"], "also by id"
    assert await ids(text=unicodedata.normalize("NFD", "여권")) == ["10"], "from a Mac"
    assert await ids(text="\0" * 100_000) == ["1", "2", "10"]
    assert await ids(due_before=date(2026, 4, 1)) == []
    assert await ids(due_before=date(2026, 4, 2)) == ["10"]
    assert await ids(due_before=date(2027, 1, 1)) == ["2", "10"]
    (head,) = await knowledge.heads(text="여권")
    assert (head.category, head.department, head.person, head.state) == ("민원>여권", "민원과", "", "published")
    assert (head.version, head.published, head.expires, head.at) == (1, 1, date(2026, 4, 1), T0 + timedelta(minutes=1))
    (hers,) = await knowledge.heads(after="1", limit=1)
    assert (hers.department_id, hers.department, hers.person, hers.person_id) == ("d1", "민원과", "김하늘", "p1")
    assert await knowledge.count_entries() == {
        "draft": 1,
        "reviewed": 0,
        "published": 2,
        "withdrawn": 0,
        "deleted": 1,
    }


# What agents read.


@pytest.fixture
async def city(knowledge: KnowledgeStore) -> KnowledgeStore:
    await knowledge.put_department(Department(id="d1", name="민원과", phone="02-1", hours="09-18"))
    await knowledge.put_department(Department(id="d2", name="교통과", phone="02-2"))
    await knowledge.put_person(Person(id="p2", name="이바다", department_id="d1", phone="02-12"))
    await knowledge.put_person(Person(id="p1", name="김하늘", department_id="d1", phone="02-11", deputy_id="p2"))
    await knowledge.put_person(Person(id="p3", name="박산", department_id="d1"))
    await knowledge.put_category(Category(id="c1", name="민원"))
    await put(knowledge, "1", department_id="d1", person_id="p1", category_id="c1")
    return knowledge


async def only(store: Store) -> Entry:
    (entry,) = await store.entries()
    return entry


async def test_names_and_fall_backs_are_looked_up(store: Store, city: KnowledgeStore) -> None:
    entry = await only(store)
    assert (entry.department, entry.person, entry.deputy) == ("민원과", "김하늘", "이바다")
    assert (entry.category, entry.phone, entry.hours, entry.version) == ("민원", "02-11", "09-18", 1)
    await put(city, "1", department_id="d1", person_id="p3", deputy_id="p1", hours="10-12", expires=date(2020, 1, 1))
    entry = await only(store)
    assert (entry.person, entry.deputy, entry.phone, entry.hours) == ("박산", "김하늘", "02-1", "10-12")
    assert entry.expires == date(2020, 1, 1), "the assistant leaves expired ones out, not the store"
    await put(city, "1", person_id="p1", phone="02-777")
    entry = await only(store)
    assert (entry.phone, entry.department) == ("02-777", "민원과")


async def test_one_change_of_a_record_shows_in_all_entries(store: Store, city: KnowledgeStore) -> None:
    await put(city, "2", department_id="d1", person_id="p1")
    revision = await store.entries_revision()
    await city.put_department(Department(id="d1", name="민원여권과", phone="02-1"))
    assert {entry.department for entry in await store.entries()} == {"민원여권과"}
    assert await store.entries_revision() > revision
    assert (await city.departments())[1] == Department(id="d1", name="민원여권과", phone="02-1")
    revision = await store.entries_revision()
    await city.put_category(Category(id="c1", name="여권"))
    assert (await store.entries())[0].category == "여권"
    assert await store.entries_revision() > revision
    revision = await store.entries_revision()
    await city.put_category(Category(id="c1", name="여권"))
    await city.put_category(Category(id="c9", name="새로"))
    assert await store.entries_revision() == revision, "nothing that agents read has changed"


async def test_many_records_are_added_at_once_or_none(store: Store, city: KnowledgeStore) -> None:
    before, revision = await city.people(), await store.entries_revision()
    more: list[Department | Person | Category] = [
        Department(id="d7", name="세무과"),
        Person(id="p7", name="정솔", department_id="d7"),
        Category(id="c7", name="세금"),
        Category(id="c8", name="재산세", parent_id="c7"),
    ]
    with pytest.raises(BadInput):
        await city.add_records([*more, Person(id="p1", name="같은 번호")])
    assert await city.people() == before
    assert "d7" not in {department.id for department in await city.departments()}
    await city.add_records(more)
    await city.add_records(())
    assert more[0] in await city.departments() and more[1] in await city.people()
    assert [record for record in await city.categories() if record in more] == more[2:]
    assert await store.entries_revision() == revision, "no entry names them yet"


async def test_while_a_person_is_absent_her_deputy_answers(store: Store, city: KnowledgeStore) -> None:
    (hers,) = [person for person in await city.people() if person.id == "p1"]
    revision = await store.entries_revision()
    await city.put_person(replace(hers, absent_from=date(2020, 1, 1)))
    entry = await only(store)
    assert (entry.person_absent, entry.person, entry.deputy, entry.phone) == (True, "김하늘", "이바다", "02-12")
    assert await store.entries_revision() > revision
    await city.put_person(replace(hers, absent_from=date(2020, 1, 1), absent_until=date(2020, 1, 9)))
    assert (await only(store)).person_absent is False
    known = await city.version("1")
    assert known is not None
    during = await city.resolved(known, date(2020, 1, 9))
    assert (during.person_absent, during.phone) == (True, "02-12")
    assert (await city.resolved(known, date(2020, 1, 10))).phone == "02-11"


async def test_who_moves_takes_the_entries_along(store: Store, city: KnowledgeStore) -> None:
    await put(city, "2", department_id="d2", person_id="p1")
    (hers,) = [person for person in await city.people() if person.id == "p1"]
    await city.put_person(replace(hers, department_id="d2", phone="02-22"))
    first, second = await store.entries()
    assert (first.department, first.phone) == ("교통과", "02-22")
    assert second.department == "교통과"
    assert [head.entry_id for head in await city.heads(department_id="d2")] == ["1", "2"]


# Records in use, circles.


async def test_a_department_in_use_goes_only_with_an_heir(store: Store, city: KnowledgeStore) -> None:
    await city.put_department(Department(id="d3", name="여권팀", parent_id="d1"))
    await city.put_task(Task(task_id="t", kind="correction", entry_id="1", department_id="d1", at=T0))
    with pytest.raises(InUse) as refused:
        await city.drop_department("d1")
    assert refused.value.users == 1 + 3 + 1 + 1, "an entry, three people, a department below, an open task"
    with pytest.raises(BadInput):
        await city.drop_department("d1", heir_id="nowhere")
    with pytest.raises(BadInput):
        await city.drop_department("d1", heir_id="d1")
    assert (await only(store)).department == "민원과"
    revision = await store.entries_revision()
    await city.drop_department("d1", heir_id="d2")
    assert (await only(store)).department == "교통과"
    assert await store.entries_revision() > revision
    assert {person.department_id for person in await city.people()} == {"d2"}
    assert [task.department_id for task in await city.tasks()] == ["d2"]
    assert [(d.id, d.parent_id) for d in await city.departments()] == [("d2", ""), ("d3", "d2")]
    assert [head.entry_id for head in await city.heads(department_id="d2")] == ["1"]
    await city.drop_department("d1")
    await city.put_department(Department(id="d9", name="빈 과"))
    await city.drop_department("d9")
    assert len(await city.departments()) == 2


async def test_a_department_below_may_inherit(city: KnowledgeStore) -> None:
    await city.put_department(Department(id="top", name="국"))
    await city.put_department(Department(id="d1", name="민원과", parent_id="top"))
    await city.put_department(Department(id="d3", name="팀", parent_id="d1"))
    await city.put_department(Department(id="d4", name="반", parent_id="d3"))
    await city.drop_department("d1", heir_id="d4")
    parents = {record.id: record.parent_id for record in await city.departments()}
    assert parents == {"top": "", "d2": "", "d3": "top", "d4": "d3"}


async def test_a_person_in_use_goes_only_with_an_heir(store: Store, city: KnowledgeStore) -> None:
    with pytest.raises(InUse) as refused:
        await city.drop_person("p1")
    assert refused.value.users == 1
    await city.drop_person("p1", heir_id="p3")
    assert (await only(store)).person == "박산"
    await city.drop_person("p2")
    assert [person.id for person in await city.people()] == ["p3"]


async def test_who_had_her_as_deputy_gets_the_heir_but_never_herself(city: KnowledgeStore) -> None:
    await city.put_person(Person(id="p4", name="최들", deputy_id="p1"))
    await city.drop_person("p1", heir_id="p4")
    assert {person.id: person.deputy_id for person in await city.people()} == {"p2": "", "p3": "", "p4": "p2"}


async def test_a_category_in_use_goes_only_with_an_heir(store: Store, city: KnowledgeStore) -> None:
    await city.put_category(Category(id="c2", name="여권", parent_id="c1"))
    await city.put_category(Category(id="c3", name="기타"))
    with pytest.raises(InUse) as refused:
        await city.drop_category("c1")
    assert refused.value.users == 2
    await city.drop_category("c1", heir_id="c3")
    assert (await only(store)).category == "기타"
    assert [(c.id, c.parent_id) for c in await city.categories()] == [("c3", ""), ("c2", "c3")]


async def test_a_deleted_entry_does_not_keep_a_category(city: KnowledgeStore) -> None:
    await put(city, "1", state="deleted", category_id="c1")
    await city.drop_category("c1")
    assert await city.categories() == []


async def test_categories_come_parents_first_by_their_place(knowledge: KnowledgeStore) -> None:
    tree = [("b", "", 1, "가"), ("a", "", 0, "나"), ("a2", "a", 2, "가"), ("a1", "a", 1, "나"), ("b1", "b", 0, "다")]
    await knowledge.put_category(Category(id="x", name="나중", place=9))
    for category_id, above, place, name in tree:
        await knowledge.put_category(Category(id=category_id, name=name, parent_id=above, place=place))
    assert [category.id for category in await knowledge.categories()] == ["a", "a1", "a2", "b", "b1", "x"]


async def test_nothing_is_above_itself(city: KnowledgeStore) -> None:
    await city.put_category(Category(id="c2", name="둘", parent_id="c1"))
    await city.put_department(Department(id="d3", name="셋", parent_id="d1"))
    for circle in (
        city.put_category(Category(id="c1", name="하나", parent_id="c2")),
        city.put_category(Category(id="c7", name="하나", parent_id="c7")),
        city.put_department(Department(id="d1", name="민원과", parent_id="d3")),
        city.put_department(Department(id="d8", name="과", parent_id="d8")),
        city.put_person(Person(id="p2", name="이바다", deputy_id="p1")),
        city.put_person(Person(id="p1", name="김하늘", deputy_id="p1")),
    ):
        with pytest.raises(BadInput) as refused:
            await circle
        assert refused.value.code == "circle"
    assert [category.parent_id for category in await city.categories()] == ["", "c1"]


async def test_another_node_sees_a_change_at_once(city: KnowledgeStore, store_url: str, home: Home) -> None:
    other = await open_store(store_url, home)
    try:
        assert (await only(other)).department == "민원과"
        await city.put_department(Department(id="d1", name="민원여권과"))
        assert (await only(other)).department == "민원여권과"
    finally:
        await other.close()


# put_entries.


async def test_names_become_records_once(store: Store, knowledge: KnowledgeStore) -> None:
    one = Entry(id="1", title="여권", category="민원>여권", department="민원과", person="김하늘", deputy="이바다")
    two = Entry(id="2", title="주차", category="민원>주차", department="교통과", person="김하늘")
    await store.put_entries([one, two])
    await store.put_entries([replace(two, title="주차 단속", person="이바다")])
    assert [record.name for record in await knowledge.departments()] == ["교통과", "민원과"]
    assert len(await knowledge.people()) == 4, "namesakes of two departments are two people"
    assert [record.name for record in await knowledge.categories()] == ["민원", "여권", "주차"]
    newest, first = await knowledge.versions("2")
    assert (newest.version, newest.state, newest.by, first.title) == (2, "published", "import", "주차")


async def test_records_of_an_import_are_stable_under_renaming(store: Store, knowledge: KnowledgeStore) -> None:
    await store.put_entries([Entry(id="1", title="여권", department="민원과", phone="02-1", hours="09-18")])
    (record,) = await knowledge.departments()
    await knowledge.put_department(replace(record, name="여권과", phone="02-1", hours="09-18"))
    await store.put_entries([Entry(id="2", title="비자", department="여권과", phone="02-1", hours="09-18")])
    await knowledge.put_department(replace(record, name="여권과", phone="02-9", hours="10-12"))
    first, second = await store.entries()
    assert (second.department, second.phone, second.hours) == ("여권과", "02-9", "10-12"), "what it gave, follows"
    assert (first.phone, first.hours) == ("02-1", "09-18"), "what was the entry's own, stays"


async def test_equal_content_adds_no_version_also_after_a_round_trip(store: Store, knowledge: KnowledgeStore) -> None:
    entry = Entry(
        id="1",
        title=f"여권 {RESIDENT}",
        category="민원 > 여권",
        department=" 민원과 ",
        person="김하늘",
        phone="02-1\0",
        links=(Reference(title="가", url="https://a.kr"),),
        expires=date(2027, 1, 1),
    )
    await store.put_entries([entry])
    await store.put_entries([entry])
    await store.put_entries(await store.entries())
    assert len(await knowledge.versions("1")) == 1
    (kept,) = await store.entries()
    assert (kept.title, kept.category, kept.department, kept.phone) == (f"여권 {MASKED}", "민원>여권", "민원과", "02-1")


async def test_a_deleted_entry_that_is_imported_again_is_there_again(store: Store, knowledge: KnowledgeStore) -> None:
    await store.put_entries([Entry(id="1", title="여권")])
    await put(knowledge, "1", state="deleted")
    await store.put_entries([Entry(id="1", title="여권")])
    assert [entry.version for entry in await store.entries()] == [3]


# Personal numbers and other rubbish.


async def test_a_resident_number_is_never_stored_in_any_words(store: Store, knowledge: KnowledgeStore) -> None:
    text = f"번호 {RESIDENT}\0"
    link = Reference(title=text, url=f"https://a.kr/{RESIDENT}")
    await knowledge.add_version(
        version(
            state="published",
            title=text,
            body=text,
            why=text,
            hours=text,
            message=text,
            procedure=(text,),
            keywords=(text,),
            excludes=(text,),
            links=(link,),
            attachments=(Attachment(id="9001011234567" + "a" * 51, name=text, size=1),),
        ),
        based_on=0,
    )
    await knowledge.put_department(Department(id="d", name=text))
    await knowledge.put_person(Person(id="p", name="김", duty=text))
    await knowledge.put_category(Category(id="c", name=text))
    await knowledge.put_task(Task(task_id="t", kind="correction", entry_id="1", note=text, answer=text, at=T0))
    await knowledge.put_synonym(Synonym(lay=text, office=(text,), at=T0))
    await knowledge.put_gap(Gap(gap_id="g", call_id="c", text=text, at=T0))
    await knowledge.put_document(Document(name="n", version=1, body=text, why=text, at=T0), based_on=0)
    await knowledge.put_issue(IssueRecord(issue_id="i", terms=(text,), quotes=(text,), entry_title=text, since=T0))
    await knowledge.put_job(ImportJob(job_id="j", source=text, digest="d", rows=1, at=T0))
    await knowledge.put_lessons([Lesson(entry_id="1", term=text, gain=1, times=1, at=T0)])
    await knowledge.put_rates([TermRate(term=text, district=text, slot=1, mean=1, weeks=1)])
    found = [
        await knowledge.versions("1"),
        await knowledge.heads(),
        await store.entries(),
        await knowledge.departments(),
        await knowledge.people(),
        await knowledge.categories(),
        await knowledge.tasks(),
        await knowledge.synonyms(),
        await knowledge.gaps(),
        await knowledge.document_versions("n"),
        await knowledge.issues(),
        await knowledge.jobs(),
        await knowledge.lessons(),
        await knowledge.rates(),
    ]
    for kept in found:
        assert RESIDENT not in str(kept)
        assert "\0" not in str(kept)
        assert MASKED in str(kept) or "duty" in str(kept)
    (kept_version,) = await knowledge.versions("1")
    assert kept_version.attachments[0].id.startswith("9001011234567"), "a hash is no number of anybody"
    assert kept_version.attachments[0].name == f"번호 {MASKED}"


# Tasks, synonyms, gaps, documents.


async def test_tasks_are_replaced_and_listed_newest_first(knowledge: KnowledgeStore) -> None:
    for number in range(4):
        at = T0 + timedelta(minutes=number)
        department, entry = f"d{number % 2}", f"e{number % 3}"
        task = Task(
            task_id=f"t{number}", kind="correction", entry_id=entry, department_id=department, note="틀림", at=at
        )
        await knowledge.put_task(task)
    done = Task(
        task_id="t1",
        kind="review",
        entry_id="e1",
        version=3,
        department_id="d1",
        note="틀림",
        call_id="c",
        by="haneul",
        at=T0 + timedelta(minutes=1),
        state="done",
        answer="고침",
        done_by="bada",
        done_at=T0 + timedelta(hours=1),
    )
    await knowledge.put_task(done)

    async def ids(**query: object) -> list[str]:
        return [task.task_id for task in await knowledge.tasks(**query)]  # type: ignore[arg-type]

    assert await ids() == ["t3", "t2", "t1", "t0"]
    assert await ids(limit=1) == ["t3"]
    assert await ids(before=T0 + timedelta(minutes=2)) == ["t1", "t0"]
    assert await ids(state="open") == ["t3", "t2", "t0"]
    assert await ids(department_id="d1") == ["t3", "t1"]
    assert await ids(entry_id="e0", state="open") == ["t3", "t0"]
    assert (await knowledge.tasks(state="done")) == [done]
    assert await knowledge.task("t1") == done
    assert await knowledge.task("none") is None
    again = [replace(done, state="open"), replace(done, task_id="t9", state="open"), replace(done, task_id="t9")]
    assert await knowledge.add_tasks(again) == 1
    assert await knowledge.add_tasks([]) == 0
    assert await knowledge.task("t1") == done, "what is there stays as it is"


async def test_synonyms_are_replaced_and_raise_the_revision(store: Store, knowledge: KnowledgeStore) -> None:
    await knowledge.put_synonym(Synonym(lay="떼다", office=("발급",), at=T0))
    await knowledge.put_synonym(Synonym(lay="가다", office=("이동", "전입"), state="proposed", seen=3, by="a", at=T0))
    revision = await store.entries_revision()
    assert revision > 0
    newer = Synonym(lay="떼다", office=("발급", "교부"), state="off", at=T0)
    await knowledge.put_synonym(newer)
    assert [synonym.lay for synonym in await knowledge.synonyms()] == ["가다", "떼다"]
    assert (await knowledge.synonyms())[1] == newer
    assert await store.entries_revision() > revision
    revision = await store.entries_revision()
    await knowledge.drop_synonym("떼다")
    assert await store.entries_revision() > revision
    await knowledge.drop_synonym("떼다")
    assert len(await knowledge.synonyms()) == 1


async def test_gaps_are_listed_by_state_and_time(knowledge: KnowledgeStore) -> None:
    for number, state in enumerate(("open", "covered", "open")):
        at = T0 + timedelta(minutes=number)
        await knowledge.put_gap(Gap(gap_id=f"g{number}", call_id="c", text="말", at=at, state=state))  # type: ignore[arg-type]
    assert [gap.gap_id for gap in await knowledge.gaps()] == ["g2", "g0"]
    assert [gap.gap_id for gap in await knowledge.gaps(state=None)] == ["g2", "g1", "g0"]
    assert [gap.gap_id for gap in await knowledge.gaps(since=T0 + timedelta(minutes=1))] == ["g2"]
    assert [gap.gap_id for gap in await knowledge.gaps(limit=1)] == ["g2"]
    covered = Gap(gap_id="g0", call_id="c", text="말", at=T0, state="covered", entry_id="7")
    await knowledge.put_gap(covered)
    assert (await knowledge.gaps(state="covered"))[1] == covered


async def test_documents_keep_their_versions(store: Store, knowledge: KnowledgeStore) -> None:
    first = Document(name="alert_words", version=1, body='{"a": 1}', by="haneul", why="처음", at=T0)
    await knowledge.put_document(first, based_on=0)
    revision = await store.entries_revision()
    await knowledge.put_document(replace(first, body="{}"), based_on=1)
    assert await store.entries_revision() > revision
    with pytest.raises(EditedMeanwhile) as refused:
        await knowledge.put_document(first, based_on=1)
    assert refused.value.newest == 2
    assert await knowledge.document("alert_words") == replace(first, version=2, body="{}")
    assert await knowledge.document("alert_words", 1) == first
    assert await knowledge.document("none") is None
    assert [document.version for document in await knowledge.document_versions("alert_words")] == [2, 1]
    assert len(await knowledge.document_versions("alert_words", 1)) == 1


# Learning, radar, imports.


async def test_lessons_are_replaced_forgotten_and_dropped(knowledge: KnowledgeStore) -> None:
    lessons = [Lesson(entry_id=str(n % 3), term=f"t{n}", gain=n + 0.5, times=n, at=T0) for n in range(6)]
    await knowledge.put_lessons([])
    await knowledge.put_lessons(lessons)
    assert sorted(await knowledge.lessons(), key=lambda lesson: lesson.term) == lessons
    changed = replace(lessons[0], gain=-1.25, times=9)
    await knowledge.put_lessons([changed, replace(lessons[1], gain=0)])
    assert sorted(await knowledge.lessons(), key=lambda lesson: lesson.term) == [changed, *lessons[2:]]
    assert await knowledge.drop_lessons("0") == 2
    assert await knowledge.drop_lessons() == 3
    assert await knowledge.lessons() == []


async def test_usage_adds_up(knowledge: KnowledgeStore) -> None:
    day = date(2026, 3, 1)
    await knowledge.count_usage([])
    await knowledge.count_usage([Usage(entry_id="1", day=day, shown=3, opened=1), Usage(entry_id="2", day=day, sent=1)])
    await knowledge.count_usage(
        [Usage(entry_id="1", day=day, shown=2, dismissed=1), Usage(entry_id="1", day=TODAY, accepted=4)]
    )
    await knowledge.count_usage([Usage(entry_id="1", day=day - timedelta(days=1), shown=100)])
    assert await knowledge.usage(since=day) == [
        Usage(entry_id="1", day=day, shown=5, opened=1, accepted=4, dismissed=1),
        Usage(entry_id="2", day=day, sent=1),
    ]
    assert await knowledge.usage(since=TODAY) == [Usage(entry_id="1", day=TODAY, accepted=4)]


async def test_issues_and_rates_are_kept(knowledge: KnowledgeStore) -> None:
    issue = IssueRecord(
        issue_id="i1", terms=("단수", "수도"), district="중구", calls=9, usual=0.5, since=T0, quotes=("물이",)
    )
    await knowledge.put_issue(issue)
    await knowledge.put_issue(IssueRecord(issue_id="i2", terms=(), since=T0 + timedelta(minutes=1)))
    seen = replace(issue, state="seen", by="haneul", calls=12)
    await knowledge.put_issue(seen)
    assert [known.issue_id for known in await knowledge.issues()] == ["i2", "i1"]
    assert await knowledge.issues(before=T0 + timedelta(minutes=1)) == [seen]
    assert len(await knowledge.issues(limit=1)) == 1
    rates = [TermRate(term="단수", district="", slot=slot, mean=slot / 4, weeks=2.5) for slot in range(3)]
    await knowledge.put_rates([])
    await knowledge.put_rates(rates)
    await knowledge.put_rates([replace(rates[1], mean=9.0)])
    assert await knowledge.rates() == [rates[0], replace(rates[1], mean=9.0), rates[2]]


async def test_imports_are_found_by_what_they_read(knowledge: KnowledgeStore) -> None:
    old = ImportJob(job_id="a", source="x.csv", digest="d", rows=10, done=3, at=T0)
    new = ImportJob(job_id="b", source="x.csv", digest="d", rows=10, at=T0 + timedelta(hours=1), by="haneul")
    await knowledge.put_job(new)
    await knowledge.put_job(old)
    stopped = replace(old, state="stopped", done=5, taken=4, rejected=1)
    await knowledge.put_job(stopped)
    assert await knowledge.job("d") == new
    assert await knowledge.job("other") is None
    assert await knowledge.jobs() == [new, stopped]
    assert await knowledge.jobs(1) == [new]


async def test_a_large_database_is_added_and_read_at_once(store: Store, knowledge: KnowledgeStore) -> None:
    versions = [version(str(number), state="published", body="본문 " * 100) for number in range(1, 5_001)]
    await knowledge.add_versions(versions)
    await knowledge.add_versions(versions[:2_000])
    entries = await store.entries()
    assert [entry.id for entry in entries] == [str(number) for number in range(1, 5_001)]
    assert {entry.version for entry in entries[:2_000]} == {2}
