"""Who answers today."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.knowledge.absence import Answering, answering, is_absent, next_change
from core.store.knowledge import Person

DAY = date(2026, 3, 2)
A = Person(id="a", name="가", deputy_id="b")
B = Person(id="b", name="나", deputy_id="c")
C = Person(id="c", name="다")
AWAY = {"absent_from": DAY, "absent_until": date(2026, 3, 9)}


def people(*records: Person) -> dict[str, Person]:
    return {record.id: record for record in records}


def test_who_is_there_answers_herself() -> None:
    assert answering("a", people(A, B, C), DAY) == Answering(person=A, chain=(B, C))


def test_an_absent_person_is_answered_for_by_the_first_deputy_who_is_there() -> None:
    away = Person(id="a", name="가", deputy_id="b", **AWAY)  # type: ignore[arg-type]
    also = Person(id="b", name="나", deputy_id="c", absent_from=DAY)
    found = answering("a", people(away, also, C), DAY)
    assert found == Answering(person=C, instead_of=away, reason="absent", until=date(2026, 3, 9), chain=(also, C))
    own = answering("a", people(away, also, C), DAY, deputy_id="c")
    assert own.chain == (C, also)
    assert own.person == C


def test_who_left_is_answered_for_and_nobody_may_be_left() -> None:
    left = Person(id="a", name="가", left=True, absent_until=DAY)
    assert answering("a", people(left), DAY) == Answering(instead_of=left, reason="left")


def test_an_entry_with_a_deputy_alone() -> None:
    assert answering("", people(B, C), DAY, deputy_id="b") == Answering(person=B, chain=(B, C))
    assert answering("x", {}, DAY) == Answering()


def test_the_next_day_on_which_something_changes() -> None:
    away = Person(id="a", name="가", absent_from=date(2026, 3, 5), absent_until=date(2026, 3, 9))
    assert next_change([away, C], DAY) == date(2026, 3, 5)
    assert next_change([away], date(2026, 3, 5)) == date(2026, 3, 10)
    assert next_change([away], date(2026, 3, 10)) is None
    assert next_change([Person(id="a", name="가", absent_until=date.max)], DAY) is None
    assert next_change([Person(id="a", name="가", left=True, absent_from=date(2026, 3, 5))], DAY) is None


DAYS = st.dates(date(2026, 3, 1), date(2026, 3, 12))
SOMEBODY = st.builds(
    Person, id=st.just("a"), name=st.just("가"), absent_from=st.none() | DAYS, absent_until=st.none() | DAYS,
    left=st.booleans(),
)  # fmt: skip


@given(st.lists(SOMEBODY, max_size=3), DAYS)
def test_until_the_next_change_nobody_comes_or_goes(persons: list[Person], today: date) -> None:
    change = next_change(persons, today)
    until = change or date(2026, 4, 1)
    days = [date.fromordinal(day) for day in range(today.toordinal(), until.toordinal())]
    assert all([is_absent(person, day) for person in persons] == [is_absent(p, today) for p in persons] for day in days)


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.booleans()), max_size=4),
    st.sampled_from("abcd"),
)
def test_who_answers_is_there_and_in_the_chain(rows: list[tuple[str, str, bool]], deputy: str) -> None:
    known = people(*(Person(id=who, name=who, deputy_id=next_one, left=left) for who, next_one, left in rows))
    found = answering("a", known, DAY, deputy_id=deputy)
    if found.person is not None:
        assert not found.person.left
        assert found.person in (*found.chain, known.get("a"))
    else:
        assert all(person.left for person in found.chain)
