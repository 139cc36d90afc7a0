from __future__ import annotations

import threading

import pytest

from agent_assist.korean import Analyser, analyser


def content(language: Analyser, text: str, *, tolerant: bool = False) -> list[str]:
    return [m.form for m in language.morphemes(text, tolerant=tolerant) if m.kind]


@pytest.mark.parametrize("text", ["등본을", "등본이", "등본은요", "등본도", "등본이라도"])
def test_particles_fall_off(language: Analyser, text: str) -> None:
    assert content(language, text) == ["등본"]


@pytest.mark.parametrize("text", ["떼려고요", "떼야", "뗄게요", "뗐어요"])
def test_endings_fall_off(language: Analyser, text: str) -> None:
    assert content(language, text) == ["떼"]


@pytest.mark.parametrize(
    "text", ["여보세요", "네 네 감사합니다", "아니 그게 아니고요", "그렇게 하세요", "😀😀", "", "   "]
)
def test_small_talk_has_no_topic(language: Analyser, text: str) -> None:
    assert content(language, text) == []


def test_spelling_by_ear_is_read(language: Analyser) -> None:
    assert "집" not in content(language, "어린이지베")
    assert "어린이집" in content(language, "어린이지베 보내려고요", tolerant=True)


def test_places_are_those_in_the_text(language: Analyser) -> None:
    text = "저기 등본을 떼려고요"
    (found,) = [m for m in language.morphemes(text, tolerant=True) if m.form == "등본"]
    assert text[found.start : found.end] == "등본"


def test_regular_verbs_have_the_same_tag_as_irregular_ones(language: Analyser) -> None:
    assert {m.tag for m in language.morphemes("신고를 돕고 걷고 먹고") if m.form in {"돕", "걷", "먹"}} == {"VV"}


def test_many_words_at_once_are_analysed_like_one(language: Analyser) -> None:
    words = ["등본을", "여권이"] * 300
    each = [[m.form for m in found] for found in language.each(words)]
    assert each == [["등본", "을"], ["여권", "이"]] * 300


def test_the_model_tells_how_alike_words_are(language: Analyser) -> None:
    anchors = language.anchors(50)
    assert len(set(anchors)) == 50
    assert anchors == language.anchors(50)
    likeness = language.likeness(("아버지", "NNG"), anchors)
    assert likeness is not None
    assert len(likeness) == 50
    assert all(-1 <= one <= 1 for one in likeness)
    assert language.likeness(("뷁뷁뷁", "NNG"), anchors) is None


def test_it_is_loaded_once_whoever_asks_first() -> None:
    found: list[Analyser] = []
    threads = [threading.Thread(target=lambda: found.append(analyser())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1


def test_threads_get_the_same_answers(language: Analyser) -> None:
    expected = language.morphemes("대형 폐기물을 버리려고 하는데요", tolerant=True)
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(30):
            if (found := language.morphemes("대형 폐기물을 버리려고 하는데요", tolerant=True)) != expected:
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
