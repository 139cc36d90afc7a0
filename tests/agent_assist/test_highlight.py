from __future__ import annotations

from agent_assist.highlight import said
from agent_assist.korean import Morpheme


def test_a_noun_stands_without_its_particle_and_a_verb_with_its_ending() -> None:
    text = "저기 등본을 떼려고요"
    morphemes = [Morpheme("등본", "NNG", 3, 5), Morpheme("떼", "VV", 7, 8)]
    assert said(text, morphemes, [(7, 8), (3, 5)]) == ("등본", "떼려고요")


def test_overlapping_and_touching_places_become_one() -> None:
    text = "주민등록등본이요"
    assert said(text, [], [(0, 4), (4, 6), (0, 6)]) == ("주민등록등본",)


def test_a_word_said_twice_is_shown_once() -> None:
    assert said("여권 여권", [], [(0, 2), (3, 5)]) == ("여권",)


def test_the_most_telling_are_taken() -> None:
    assert said("가 나 다", [], [(4, 5), (0, 1), (2, 3)], limit=2) == ("가", "다")


def test_nothing_matched() -> None:
    assert said("네", [], []) == ()
