"""From records to what agents read: who stands in for whom, and trees without circles."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.store.knowledge import Category, Department, EntryVersion, Person
from core.store.resolving import Shelf, closes_circle, deputies, inherited, is_absent, lineage

DAY = date(2026, 3, 2)
T0 = datetime(2026, 3, 2, tzinfo=UTC)
AWAY = {"absent_from": date(2026, 3, 1), "absent_until": date(2026, 3, 3)}


def version(**more: str) -> EntryVersion:
    return EntryVersion(entry_id="1", version=4, title="여권", at=T0, **more)


def people(*records: Person) -> dict[str, Person]:
    return {record.id: record for record in records}


@pytest.mark.parametrize(
    ("absence", "absent"),
    [
        ({}, False),
        ({"absent_from": DAY}, True),
        ({"absent_from": date(2026, 3, 3)}, False),
        ({"absent_from": date(2026, 3, 1), "absent_until": DAY}, True),
        ({"absent_from": date(2026, 3, 1), "absent_until": date(2026, 3, 1)}, False),
        ({"absent_until": DAY}, True),
        ({"absent_until": date(2026, 3, 1)}, False),
        ({"left": True}, True),
    ],
)
def test_absence(absence: dict[str, object], absent: bool) -> None:
    assert is_absent(Person(id="p", name="김", **absence), DAY) is absent  # type: ignore[arg-type]


def test_deputies_follow_each_other_each_once() -> None:
    known = people(
        Person(id="a", name="a", deputy_id="b"),
        Person(id="b", name="b", deputy_id="c"),
        Person(id="c", name="c", deputy_id="a"),
        Person(id="x", name="x", deputy_id="b"),
    )
    assert [person.id for person in deputies("a", known)] == ["b", "c"]
    assert [person.id for person in deputies("a", known, "x")] == ["x", "b", "c"], "the entry's own first"
    assert [person.id for person in deputies("a", known, "gone")] == ["b", "c"]
    assert [person.id for person in deputies("", known, "c")] == ["c", "a", "b"]
    assert list(deputies("none", known)) == []


def test_while_everybody_is_away_the_first_deputy_is_named_and_the_persons_telephone() -> None:
    shelf = Shelf(
        people=[
            Person(id="a", name="가", phone="1", deputy_id="b", **AWAY),
            Person(id="b", name="나", phone="2", deputy_id="c", **AWAY),
            Person(id="c", name="다", phone="3", left=True),
        ]
    )
    entry = shelf.entry(version(person_id="a"), DAY)
    assert (entry.person, entry.deputy, entry.phone, entry.person_absent) == ("가", "나", "1", True)
    later = shelf.entry(version(person_id="a"), date(2026, 3, 4))
    assert (later.deputy, later.phone, later.person_absent) == ("나", "1", False)
    ever = shelf.entry(version(person_id="c"), None)
    assert ever.person_absent is False


def test_the_first_deputy_who_is_there_answers() -> None:
    shelf = Shelf(
        [Department(id="d", name="과", phone="9")],
        [
            Person(id="a", name="가", phone="1", deputy_id="b", department_id="d", **AWAY),
            Person(id="b", name="나", phone="2", deputy_id="c", **AWAY),
            Person(id="c", name="다"),
        ],
    )
    entry = shelf.entry(version(person_id="a"), DAY)
    assert (entry.deputy, entry.phone, entry.department) == ("다", "1", "과")
    assert shelf.entry(version(person_id="a", phone="5"), DAY).phone == "5"


def test_what_is_not_there_has_no_name() -> None:
    entry = Shelf().entry(version(person_id="x", department_id="x", category_id="x", deputy_id="x"), DAY)
    assert (entry.person, entry.department, entry.category, entry.deputy, entry.phone) == ("", "", "", "", "")
    assert entry.version == 4


def test_paths() -> None:
    shelf = Shelf(categories=[Category(id="b", name="여권", parent_id="a"), Category(id="a", name="민원")])
    assert (shelf.path("b"), shelf.path("a"), shelf.path(""), shelf.path("x")) == ("민원>여권", "민원", "", "")
    assert shelf.below("a") == {"a", "b"}
    assert shelf.below("x") == frozenset()


TREES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefg"), max_size=6)


@given(above=TREES, start=st.sampled_from("abcdefg"))
def test_even_a_broken_tree_ends(above: dict[str, str], start: str) -> None:
    line = lineage(start, above)
    assert len(line) == len(set(line))


@given(
    moves=st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=12),
    gone=st.sampled_from("abcdef"),
    heir=st.sampled_from("abcdef"),
)
def test_no_move_and_no_heir_makes_a_circle(moves: list[tuple[str, str]], gone: str, heir: str) -> None:
    above = dict.fromkeys("abcdef", "")
    for record, new in moves:
        if not closes_circle(record, new, above):
            above[record] = new
    if heir == gone:
        return
    above |= inherited(gone, heir, above)
    del above[gone]
    assert gone not in above.values(), "nobody hangs on what is gone"
    for record in above:
        line = lineage(record, above)
        assert above[line[-1]] == "", "every line ends at the top"
