from __future__ import annotations

import pytest

from agent_assist.draft.used_cards import Categories, category, used_cards
from core.events import CardDeed, CardUsed, Event, Suggested, Suggestion


def shown(utterance: str, **scores: float) -> Suggested:
    return Suggested(
        suggestions=tuple(Suggestion(id=name, title=name, score=score) for name, score in scores.items()),
        utterance=utterance,
    )


def used(entry_id: str, *deeds: CardDeed) -> list[Event]:
    return [CardUsed(entry_id=entry_id, deed=deed) for deed in deeds]


@pytest.mark.parametrize(
    ("events", "order"),
    [
        ([], ()),
        (used("a", "opened") + used("b", "accepted"), ("b", "a")),
        (used("a", "opened", "opened", "opened") + used("b", "pinned"), ("b", "a")),
        (used("a", "pinned", "unpinned") + used("b", "opened"), ("b",)),
        (used("a", "opened", "dismissed"), ()),
        (used("a", "sent", "dismissed"), ("a",)),
        (used("a", "dismissed", "accepted"), ("a",)),
        (used("a", "accepted", "sent") + used("b", "accepted"), ("a", "b")),
    ],
)
def test_the_most_used_come_first(events: list[Event], order: tuple[str, ...]) -> None:
    assert used_cards(events).used == order


def test_what_brought_a_card_is_what_showed_it_first() -> None:
    cards = used_cards([shown("caller-1", a=0.8), shown("caller-2", a=0.9, b=0.7), *used("a", "accepted")])
    assert cards.brought == {"a": "caller-1"}
    told = [shown("caller-1", a=0.8), CardUsed(entry_id="a", deed="accepted", utterance="caller-3")]
    assert used_cards(told).brought == {"a": "caller-3"}


PATHS = {"a": "민원>여권", "b": "민원>등본", "c": "교통>버스", "d": ""}


def test_no_card_no_category() -> None:
    assert category(used_cards([]), PATHS) == Categories()
    assert category(used_cards(used("d", "accepted")), PATHS) == Categories()


def test_the_used_cards_category_is_sure_and_the_shown_one_is_named_beside_it() -> None:
    found = category(used_cards([shown("u", a=0.9, c=0.8), *used("a", "accepted")]), PATHS)
    assert found.best == "민원>여권"
    assert found.sure > 0.9
    ((other, sure),) = found.others
    assert other == "교통>버스"
    assert 0 < sure < 0.1


def test_cards_that_were_only_shown_say_less() -> None:
    found = category(used_cards([shown("u", a=0.9)]), PATHS)
    assert found.best == "민원>여권"
    assert 0.3 < found.sure <= 0.6
    assert category(used_cards([shown("u", a=0.3)]), PATHS).sure < found.sure


def test_a_card_that_was_put_away_says_nothing() -> None:
    found = category(used_cards([shown("u", a=0.9, c=0.6), *used("a", "dismissed")]), PATHS)
    assert (found.best, found.others) == ("교통>버스", ())


def test_two_leaves_of_a_branch_are_the_branch() -> None:
    found = category(used_cards(used("a", "accepted") + used("b", "accepted")), PATHS)
    assert (found.best, found.sure) == ("민원", 1.0)
    assert found.others == (("민원>등본", 0.5), ("민원>여권", 0.5))


def test_two_branches_are_half_sure() -> None:
    found = category(used_cards(used("a", "accepted") + used("c", "accepted")), PATHS)
    assert {found.best, found.others[0][0]} == {"민원>여권", "교통>버스"}
    assert found.sure == 0.5
