from __future__ import annotations

from collections import Counter

import pytest

from agent_assist.korean import analyser
from server.bench.simulated_use import EARLIER, LATER, SMALL_TALK, Agents, Asked, Callers
from server.knowledge import sample_entries


@pytest.fixture(scope="module")
def callers() -> Callers:
    return Callers(sample_entries(), analyser(), seed=1)


def test_the_same_seed_asks_the_same(callers: Callers) -> None:
    again = [Callers(sample_entries(), analyser(), seed=1) for _ in range(2)]
    first, second = ([each.ask(each.entries, EARLIER) for _ in range(50)] for each in again)
    assert first == second


def test_all_ways_are_asked_in_and_some_entries_far_more_often(callers: Callers) -> None:
    asked = [callers.ask(callers.entries, LATER) for _ in range(600)]
    assert {each.way for each in asked} == {"named", "vague", "own"}
    often = Counter(each.entry_id for each in asked).most_common()
    assert often[0][1] > 5 * often[len(often) // 2][1]


def test_an_own_word_is_in_no_entry_and_always_the_same(callers: Callers) -> None:
    text = " ".join(f"{entry.title} {entry.body} {' '.join(entry.keywords)}" for entry in callers.entries)
    own = [each for each in (callers.ask(callers.entries, EARLIER) for _ in range(600)) if each.way == "own"]
    said = {each.entry_id: set(each.text.split()) for each in own}
    for each in own:
        said[each.entry_id] &= set(each.text.split())
    repeated = [entry for entry, count in Counter(each.entry_id for each in own).items() if count > 3]
    assert repeated
    assert all(any(word not in text for word in said[entry]) for entry in repeated)


def test_earlier_and_later_sentences_differ() -> None:
    for way in EARLIER:
        assert not set(EARLIER[way]) & set(LATER[way])
    assert len(set(SMALL_TALK)) == len(SMALL_TALK)


def test_agents_mostly_take_the_right_card(callers: Callers) -> None:
    agents = Agents(callers.entries, seed=2)
    asked = Asked(text="", entry_id="right", way="vague")
    answers = [agents.answer(asked, ["wrong", "right"]) for _ in range(400)]
    taken = Counter(entry for _, deeds in answers for entry, deed in deeds if deed == "accepted")
    assert taken["right"] > 5 * taken["wrong"] > 0
    assert len({agent for agent, _ in answers}) > 5


def test_what_was_not_shown_is_often_found(callers: Callers) -> None:
    agents = Agents(callers.entries, seed=2)
    asked = Asked(text="", entry_id="right", way="vague")
    found = [agents.answer(asked, [])[1] for _ in range(200)]
    assert 60 < sum(deeds == [("right", "opened"), ("right", "accepted")] for deeds in found) < 140
