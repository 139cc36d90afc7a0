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


def test_words_that_are_not_over_bring_one_card() -> None:
    board = Board()
    assert board.preview(cards(a=0.9)[0]) is not None
    assert board.cards[0].tentative
    assert board.preview(cards(b=0.9)[0]) is None
    board.offer(cards(a=0.9, b=0.6))
    assert ids(board) == "ab"
    assert not any(card.tentative for card in board.cards)


def test_a_final_that_does_not_speak_for_it_takes_it_back() -> None:
    board = Board()
    board.offer(cards(a=0.9))
    board.preview(cards(x=0.95)[0])
    assert ids(board) == "ax"
    assert board.offer([]) is not None
    assert ids(board) == "a"


def test_a_tentative_card_that_the_agent_holds_stays() -> None:
    board = Board()
    board.preview(cards(a=0.9)[0])
    board.hold("a")
    board.offer([])
    assert ids(board) == "a"


def test_a_full_board_gives_its_last_place_to_a_new_topic_alone() -> None:
    board = Board()
    board.offer(cards(a=0.9, b=0.8, c=0.7))
    assert board.preview(cards(x=0.5)[0]) is None
    assert board.preview(cards(x=0.95)[0]) is not None
    assert ids(board) == "abx"
    board = Board()
    board.offer(cards(a=0.9, b=0.8, c=0.7))
    board.hold("c")
    assert board.preview(cards(x=0.95)[0]) is None


def test_a_dismissed_card_does_not_come_back() -> None:
    board = Board()
    board.offer(cards(a=0.9, b=0.8))
    assert board.dismiss("a") is not None
    assert board.offer(cards(a=0.95)) is None
    assert board.preview(cards(a=0.99)[0]) is None
    assert ids(board) == "b"
    assert board.dismiss("a") is None


STEPS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from("abcdefg"), st.floats(0.45, 1)), max_size=4),
        st.dictionaries(st.sampled_from("abcdefg"), st.floats(0.45, 1), max_size=3),
    ),
    max_size=8,
)


@given(STEPS, st.sets(st.sampled_from("abcdefg"), max_size=2))
def test_no_flicker_within_an_utterance(
    steps: list[tuple[list[tuple[str, float]], dict[str, float]]], held: set[str]
) -> None:
    board = Board()
    firm: set[str] = set()
    """What the agent holds."""
    for partials, final in steps:
        gone: set[str] = set()
        for name, score in partials:
            before = [card.id for card in board.cards]
            places = {one: at for at, one in enumerate(before) if one in firm}
            board.preview(cards(**{name: score})[0])
            after = [card.id for card in board.cards]
            gone |= set(before) - set(after)
            assert not gone & set(after)
            assert all(after[at] == one for one, at in places.items())
        places = {one: at for at, one in enumerate(ids(board)) if one in firm}
        board.offer(cards(**final))
        assert not any(card.tentative for card in board.cards)
        assert all(ids(board).find(one) == at for one, at in places.items())
        firm = held & set(ids(board))
        for name in firm:
            board.hold(name)
