"""Whom a call has dialled: numbers, roles, who waits."""

from __future__ import annotations

from telephony.sip_call_dials import Dials


async def test_numbers_count_over_all_roles_and_a_result_is_told_once() -> None:
    dials = Dials()
    agent, answered = dials.begin("agent")
    third, refused = dials.begin("third")
    assert (agent, third) == (1, 2)
    assert dials.settle(agent, "answered") and not dials.settle(agent, "busy")
    assert dials.settle(third, "refused") and not dials.settle(9, "busy")
    assert (await answered, await refused) == ("answered", "refused")
    assert (dials.number("agent"), dials.number("third"), dials.role(1), dials.role(2)) == (1, 0, "agent", None)


async def test_a_third_keeps_its_number_in_the_agents_place_and_who_waits_still_waits() -> None:
    dials = Dials()
    dials.adopt("agent", 3)
    number, answered = dials.begin("third")
    assert number == 4
    dials.third_is_agent()
    assert (dials.role(4), dials.role(3), dials.number("third")) == ("agent", None, 0)
    assert dials.settle(4, "answered") and await answered == "answered"


async def test_the_workers_word_counts_for_one_who_was_dropped() -> None:
    dials = Dials()
    dials.adopt("agent", 1)
    dials.adopt("third", 2)
    assert dials.forget("third") == 2 and dials.forget("third") == 0
    newer, _ = dials.begin("third")
    dials.third_is_agent(2)
    assert (dials.role(2), dials.role(newer)) == ("agent", "third")


async def test_a_supervisor_who_takes_the_call_over_is_no_supervisor_any_more() -> None:
    dials = Dials()
    dials.adopt("agent", 1)
    number, _ = dials.begin("supervisor")
    dials.third_is_agent(number)
    assert (dials.role(number), dials.role(1), dials.number("supervisor")) == ("agent", None, 0)


async def test_who_is_replaced_or_forgotten_or_ends_with_the_call_is_gone() -> None:
    dials = Dials()
    _, first = dials.begin("supervisor")
    _, second = dials.begin("supervisor")
    assert await first == "gone"
    dials.all_gone()
    assert await second == "gone" and dials.number("supervisor") == 0
