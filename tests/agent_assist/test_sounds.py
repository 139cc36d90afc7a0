from __future__ import annotations

from agent_assist.sounds import Sounds

SOUNDS = Sounds([("여권", 1), ("위임장", 2), ("서울역", 3), ("식중독", 4), ("물", 5), ("대형폐기물", 6)])


def numbers(word: str) -> list[int]:
    return [number for number, _ in SOUNDS.like(word, 0.75)]


def test_one_letter_wrong_is_still_the_word() -> None:
    assert numbers("위인장") == [2]
    assert numbers("식종독") == [4]
    assert numbers("서울력") == [3]
    assert numbers("대형페기물") == [6]


def test_another_word_is_another_word() -> None:
    assert numbers("자전거") == []


def test_one_syllable_sounds_like_too_much() -> None:
    assert numbers("물") == []


def test_the_most_alike_comes_first() -> None:
    sounds = Sounds([("과태료", 1), ("과태로", 2), ("과태", 3)])
    found = sounds.like("과태료", 0.6)
    assert found[0] == (1, 1.0)
    assert [likeness for _, likeness in found] == sorted((likeness for _, likeness in found), reverse=True)


def heard(word: str) -> list[int]:
    return [number for number, _ in SOUNDS.heard(word)]


def test_a_word_is_heard_at_the_beginning_of_another_as_written() -> None:
    assert heard("여꿔니요")[0] == 1
    assert heard("위인장을")[0] == 2
    assert heard("식쭝독이에요")[0] == 4
    assert dict(SOUNDS.heard("여꿔니요"))[1] == 1.0


def test_two_letters_wrong_is_another_word() -> None:
    assert heard("야관") == []
    assert heard("자전거") == []
    assert heard("") == []


def test_the_sound_of_nothing_known_finds_nothing() -> None:
    assert Sounds([]).heard("여권") == ()
