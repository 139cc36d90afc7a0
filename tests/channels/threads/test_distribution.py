"""Who gets which written contact: whatever waits and whoever is there."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from channels.threads.distribution import Seat, dealt, serves
from core.events import Written

T0 = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def waiting(contact_id: str, minutes: float, queue: str = "") -> Written:
    at = T0 + timedelta(minutes=minutes)
    return Written(contact_id=contact_id, channel="text", queue=queue, opened=at, since=at, last_at=at, owed_since=at)


def seat(agent_id: str, minutes: float = 0, *queues: str) -> Seat:
    return Seat(agent_id=agent_id, since=T0 + timedelta(minutes=minutes), queues=queues)


def test_the_longest_waiting_one_to_who_owes_least() -> None:
    pairs = dealt(
        [waiting("b", 2), waiting("a", 1), waiting("c", 3)],
        [seat("kim", 5), seat("lee", 1)],
        {"lee": 1},
        most=2,
        passed_over={},
    )
    assert pairs == [("a", "kim"), ("b", "lee"), ("c", "kim")]


def test_where_somebody_is_in_danger_goes_before_whoever_waits_longer() -> None:
    there = [waiting("a", 0), waiting("b", 2), waiting("c", 1)]
    pairs = dealt(there, [seat("kim")], {}, most=2, passed_over={}, urgent={"b"})
    assert pairs == [("b", "kim"), ("a", "kim")]
    assert dealt(there, [seat("kim")], {}, most=1, passed_over={"b": {"kim"}}, urgent={"b"}) == [("a", "kim")]


def test_nobody_gets_more_than_she_may_or_what_is_not_hers() -> None:
    assert dealt([waiting("a", 0)], [seat("kim")], {"kim": 3}, most=3, passed_over={}) == []
    assert dealt([waiting("a", 0, "tax")], [seat("kim", 0, "water")], {}, most=3, passed_over={}) == []
    assert dealt([waiting("a", 0)], [seat("kim"), seat("lee", 9)], {}, most=3, passed_over={"a": {"kim"}}) == [
        ("a", "lee")
    ]


names = st.sampled_from(["kim", "lee", "park", "choi"])
queues = st.sampled_from(["", "tax", "water"])


@given(
    st.lists(st.tuples(st.integers(0, 60), queues), max_size=12),
    st.dictionaries(names, st.tuples(st.integers(0, 60), st.lists(queues.filter(bool), max_size=2)), max_size=4),
    st.dictionaries(names, st.integers(0, 4), max_size=4),
    st.integers(1, 4),
    st.dictionaries(st.integers(0, 11), st.frozensets(names), max_size=5),
)
def test_the_rules_hold(
    texts: list[tuple[int, str]],
    agents: dict[str, tuple[int, list[str]]],
    owing: dict[str, int],
    most: int,
    passed: dict[int, frozenset[str]],
) -> None:
    contacts = [waiting(f"c{number:02}", minutes, queue) for number, (minutes, queue) in enumerate(texts)]
    seats = [seat(name, since, *serving) for name, (since, serving) in agents.items()]
    passed_over = {f"c{number:02}": who for number, who in passed.items()}
    pairs = dealt(contacts, seats, owing, most=most, passed_over=passed_over)
    by_id = {contact.contact_id: contact for contact in contacts}
    by_agent = {one.agent_id: one for one in seats}
    assert len({contact for contact, _ in pairs}) == len(pairs), "nothing is given twice"
    for contact, agent in pairs:
        assert serves(by_agent[agent], by_id[contact].queue)
        assert agent not in passed_over.get(contact, frozenset())
    given_to = Counter(agent for _, agent in pairs)
    assert all(owing.get(agent, 0) + count <= most for agent, count in given_to.items())
    # What stays waiting waits because nobody may have it now.
    for contact_id in by_id.keys() - {contact for contact, _ in pairs}:
        assert not any(
            owing.get(one.agent_id, 0) + given_to[one.agent_id] < most
            and serves(one, by_id[contact_id].queue)
            and one.agent_id not in passed_over.get(contact_id, frozenset())
            for one in seats
        )
    assert [by_id[contact].owed_since for contact, _ in pairs] == sorted(by_id[c].owed_since for c, _ in pairs)  # type: ignore[type-var]
