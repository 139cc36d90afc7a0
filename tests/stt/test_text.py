"""An engine's words as the agent reads them."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import Word
from stt.contract import Hypothesis
from stt.masking import SHOWN
from stt.text import Finished, Finishing


def finish(text: str, finishing: Finishing | None = None, at: float = 0.0) -> Finished:
    words = tuple(
        Word(text=token, start=at + i / 2, end=at + i / 2 + 0.4, confidence=0.9) for i, token in enumerate(text.split())
    )
    return (finishing or Finishing()).final(Hypothesis(text=text, words=words, final=True), at, at + 3)


def test_numbers_and_spaces() -> None:
    """Digits where safe, single spaces, none before punctuation."""
    assert finish("  세 시   삼십 분에   뵐게요 .").text == "3시 30분에 뵐게요."


def test_masked_words_are_left_out() -> None:
    """Of the words too, and the kind is told."""
    finished = finish("제 번호는 팔 오 공 삼 일 이 이 삼 사 오 육 칠 팔 이에요")
    assert finished.text == f"제 번호는 {SHOWN['resident_number']} 이에요"
    assert [word.text for word in finished.words] == ["제", "번호는", "이에요"]
    assert finished.masked == ("resident_number",)


def test_words_stay_as_recognised() -> None:
    """Only the text is tidied."""
    finished = finish("백 이십 번지요")
    assert finished.text == "120번지요"
    assert [word.text for word in finished.words] == ["백", "이십", "번지요"]
    assert finished.masked == ()


def test_without_agreement_of_words_and_text_no_word_passes_a_mask() -> None:
    """Better none than the wrong ones."""
    said = Hypothesis(text="8503122345678", words=(Word(text="850312", start=0, end=1, confidence=1),), final=True)
    assert Finishing().final(said, 0, 1).words == ()


def test_a_number_over_two_utterances() -> None:
    """The leg remembers."""
    finishing = Finishing()
    finish("주민번호가 팔 오 공 삼 일 이 이고요", finishing)
    assert finishing.partial("이 삼 사 오", 4) == "[번호]"
    second = finish("이 삼 사 오 육 칠 팔", finishing, at=4)
    assert second.text == SHOWN["resident_number"]
    assert second.words == ()


def test_what_was_said_before_is_known_when_numbers_have_become_digits() -> None:
    """A receipt's number stays, told in an utterance of its own."""
    finishing = Finishing()
    finish("접수 번호가요", finishing)
    assert finish("이공이육 일일이육 공공일이삼사 예요", finishing, at=4).masked == ()


def test_partials_are_tidied_and_masked() -> None:
    """What is shown while somebody speaks."""
    assert Finishing().partial("백 이십 번지에 공 일 공 일 이 삼 사", 0) == "120번지에 [번호]"


pieces = st.sampled_from(
    [
        *"0123456789공일이삼사오육칠팔구영십백천만억 -,.",
        *(" 원", " 번", "월 ", " 일 ", "층", " 시", " 분", "번지", " 명"),
        *("이에요", "네 ", "하나", "둘", " 다시 ", "음 "),
    ]
)
korean = st.lists(pieces, max_size=40).map("".join)


@settings(max_examples=400)
@given(st.one_of(korean, st.text(max_size=60)))
def test_finishing_twice_changes_nothing_and_no_resident_number_comes_out(text: str) -> None:
    """Whatever is said."""
    once = finish(text).text
    assert finish(once).text == once
    assert not re.search(r"\d{13}", re.sub(r"[\s\-–.·/]", "", once))


@given(st.lists(korean, max_size=5))
def test_a_leg_survives_anything(texts: list[str]) -> None:
    """Utterance after utterance, with memory."""
    finishing = Finishing()
    for number, text in enumerate(texts):
        finishing.partial(text, number * 4.0)
        assert finish(text, finishing, number * 4.0).text is not None


def test_it_is_told_when_the_masked_words_were_said() -> None:
    """A recording is silent there."""
    said = "제 번호는 팔 오 공 삼 일 이 이 삼 사 오 육 칠 팔 이에요"
    words = tuple(
        Word(text=token, start=i / 2, end=i / 2 + 0.4, confidence=0.9) for i, token in enumerate(said.split())
    )
    finished = Finishing().final(Hypothesis(text=said, words=words, final=True), 10, 20)
    assert finished.silenced == ((11.0, 17.4),)
    assert finish("백 이십 번지요").silenced == ()


def test_of_a_number_in_pieces_the_first_piece_is_told_too() -> None:
    """Nobody knew before what it was."""
    finishing = Finishing()

    def say(text: str, at: float) -> Finished:
        tokens = text.split()
        words = tuple(Word(text=token, start=i / 2, end=i / 2 + 0.4, confidence=1) for i, token in enumerate(tokens))
        return finishing.final(Hypothesis(text=text, words=words, final=True), at, at + len(tokens) / 2)

    assert say("저는 팔 오 공 삼 일 이 이고요", 10).silenced == ()
    assert say("네", 15).silenced == ()
    assert say("이 삼 사 오 육 칠 팔", 17).silenced == ((10.5, 13.4), (17.0, 20.4))


def test_a_birthday_is_the_first_half_of_what_follows_a_minute_later() -> None:
    finishing = Finishing()
    finish("팔 오 공 삼 일 이", finishing)
    finish("잠깐만요 신분증을 찾아볼게요", finishing, at=6)
    later = finish("이 삼 사 오 육 칠 팔", finishing, at=40)
    assert later.masked == ("resident_number",)
    assert later.silenced[0] == (0.0, 2.9)


def test_where_words_and_text_do_not_agree_all_of_it_is_silent() -> None:
    said = Hypothesis(text="8503122345678", words=(Word(text="850312", start=0, end=1, confidence=1),), final=True)
    assert Finishing().final(said, 5, 9).silenced == ((5, 9),)


def test_another_language_too() -> None:
    said = "my number is eight five oh three one two two three four five six seven eight"
    finished = Finishing().final(Hypothesis(text=said, words=(), final=True), 5, 9, "en")
    assert finished.masked == ("resident_number",)
    assert finished.silenced == ((5, 9),)
