from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.board import Board
from core.events import Suggestion


def cards(**scores: float) -> list[Suggestion]:
    """Best first."""
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return [Suggestion(id=name, title=name, score=score) for name, score in ranked]


def ids(board: Board) -> str:
    return "".join(card.id for card in board.cards)


def test_the_first_cards_lie_in_their_order() -> None:
    board = Board()
    assert board.offer(cards(a=0.9, b=0.7, c=0.6)) == board.cards
    assert ids(board) == "abc"


def test_an_utterance_without_a_topic_changes_nothing() -> None:
    board = Board()
    board.offer(cards(a=0.9))
    assert board.offer([]) is None
    assert ids(board) == "a"


def test_the_same_topic_in_another_order_moves_nothing() -> None:
    board = Board()
    board.offer(cards(a=0.9, b=0.8, c=0.7))
    assert board.offer(cards(b=0.95, a=0.9, c=0.6)) is None
    assert ids(board) == "abc"


def test_a_new_topic_lays_its_cards() -> None:
    board = Board()
    board.offer(cards(a=0.7, b=0.6))
    assert board.offer(cards(x=0.9, y=0.6, z=0.5)) is not None
    assert ids(board) == "xyz"


def test_a_weaker_newcomer_waits_until_the_old_topic_has_faded() -> None:
    board = Board()
    board.offer(cards(a=0.9, b=0.85, c=0.8))
    assert board.offer(cards(x=0.55)) is None
    board.offer(cards(x=0.55))
    board.offer(cards(x=0.55))
    assert "x" in ids(board)


def test_a_free_place_is_filled_without_moving_the_others() -> None:
    board = Board()
    board.offer(cards(a=0.9))
    board.offer(cards(b=0.95, a=0.9))
    board.offer(cards(a=0.9, b=0.5))
    assert ids(board)[0] in "ab"
    before = ids(board)
    board.offer(cards(**dict.fromkeys(before, 0.9)))
    assert ids(board) == before


def test_a_held_card_never_moves() -> None:
    board = Board()
    board.offer(cards(a=0.7, b=0.6, c=0.5))
    board.hold("b")
    board.offer(cards(x=0.9, y=0.8, z=0.7))
    assert ids(board) == "xby"
    board.release("b")
    board.offer(cards(p=0.99, q=0.98, r=0.97))
    assert ids(board) == "pqr"


def test_a_held_last_card_keeps_its_place_though_fewer_come() -> None:
    board = Board()
    board.offer(cards(a=0.7, b=0.6, c=0.5))
    board.hold("c")
    board.offer(cards(x=0.9))
    assert ids(board)[2] == "c"
    assert ids(board)[0] == "x"


OFFERS = st.lists(st.dictionaries(st.sampled_from("abcdefg"), st.floats(0.45, 1), max_size=3), max_size=12)


@given(OFFERS, st.sets(st.sampled_from("abcdefg"), max_size=2))
def test_whatever_comes(offers: list[dict[str, float]], held: set[str]) -> None:
    board = Board()
    for offer in offers:
        before = {card.id: at for at, card in enumerate(board.cards)}
        for name in held & before.keys():
            board.hold(name)
        answer = board.offer(cards(**offer))
        after = {card.id: at for at, card in enumerate(board.cards)}
        assert len(board.cards) == len(after) <= 3
        assert (answer is None) == (before == after)
        for name in held & before.keys():
            assert after[name] == before[name]


@given(OFFERS)
def test_the_same_words_again_never_change_the_board(offers: list[dict[str, float]]) -> None:
    board = Board()
    for offer in offers:
        board.offer(cards(**offer))
        for _ in range(12):
            board.offer(cards(**offer))
        assert board.offer(cards(**offer)) is None
