from __future__ import annotations

from itertools import count

import msgspec

from agent_assist.knowledge.columns import FIELDS
from core.store.entry import Entry
from core.store.entry_names import Resolver, same_content
from core.store.knowledge import Category, Department, EntryVersion, Person
from tests.fakes.import_store import T0

PASSPORT = Department(id="d1", name="민원여권과", phone="120", hours="평일")
BAEK = Person(id="p1", name="백서연", department_id="d1", phone="121", deputy_id="p2")
IM = Person(id="p2", name="임도현", department_id="d1")
ENTRY = Entry(id="7", title="여권", category="민원>여권", department="민원여권과", person="백서연", deputy="임도현")


def resolver() -> Resolver:
    numbers = count(1)
    tree = [Category(id="c1", name="민원")]
    return Resolver([PASSPORT], [BAEK, IM], tree, make_id=lambda: f"new{next(numbers)}")


def version(of: Resolver, entry: Entry, before: EntryVersion | None = None, fields: object = FIELDS) -> EntryVersion:
    return of.version(entry, fields, before, by="kim", why="가져오기", at=T0)  # type: ignore[arg-type]


def test_known_names_are_found_and_new_ones_made_once_parents_first() -> None:
    names = resolver()
    found = version(names, ENTRY)
    assert (found.department_id, found.person_id, found.category_id) == ("d1", "p1", "new1")
    assert names.fresh() == (Category(id="new1", name="여권", parent_id="c1"),)
    again = version(names, msgspec.structs.replace(ENTRY, department="교통과", person="백서연", category="민원>여권"))
    assert names.fresh() == (
        Department(id="new2", name="교통과"),
        Person(id="new3", name="백서연", department_id="new2"),
        Person(id="new4", name="임도현", department_id="new2"),
    )
    assert again.person_id == "new3"
    assert names.fresh() == ()


def test_what_the_records_give_is_not_repeated() -> None:
    given = msgspec.structs.replace(ENTRY, phone="121", hours="평일")
    found = version(resolver(), given)
    assert (found.phone, found.hours, found.deputy_id) == ("", "", "")
    other = version(resolver(), msgspec.structs.replace(given, phone="199", hours="주말"))
    assert (other.phone, other.hours) == ("199", "주말")


def test_of_what_the_table_is_silent_the_entry_keeps_what_it_has() -> None:
    before = version(resolver(), msgspec.structs.replace(ENTRY, body="옛 본문", phone="199"))
    after = version(resolver(), Entry(id="7", title="새 제목"), before, {"id", "title"})
    assert after == msgspec.structs.replace(before, title="새 제목")


def test_a_closed_department_is_found_only_where_there_is_no_other() -> None:
    closed = Department(id="old", name="민원여권과", closed=True)
    assert version(Resolver([closed, PASSPORT], [], []), ENTRY).department_id == "d1"
    assert version(Resolver([closed], [], []), ENTRY).department_id == "old"


def test_who_wrote_it_and_when_does_not_count_as_content() -> None:
    one = version(resolver(), ENTRY)
    assert same_content(one, msgspec.structs.replace(one, version=9, by="lee", why="", state="draft"))
    assert not same_content(one, msgspec.structs.replace(one, body="다름"))
    assert not same_content(one, None)
