from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.draft.sentences import Turn, pieces
from agent_assist.draft.summary import LENGTH_LIMIT, Summary, Topics, checked, summarised


def call(*said: str) -> list[Turn]:
    """'C ...' and 'A ...'."""
    return [
        Turn(speaker="caller" if text[0] == "C" else "agent", text=text[2:], utterance=f"u-{at}")
        for at, text in enumerate(said)
    ]


def test_the_question_not_the_small_talk() -> None:
    summary = summarised(
        call(
            "C 아이고 오늘 날씨가 춥네요",
            "A 네 그렇네요",
            "C 여권을 갱신하려고 하는데 사진이 몇 장 필요한가요",
            "A 여권 사진은 한 장 필요합니다",
        ),
        Topics(),
    )
    assert summary == Summary(
        need="여권을 갱신하려고 하는데 사진이 몇 장 필요한가요", answer="여권 사진은 한 장 필요합니다"
    )


def test_the_words_that_brought_the_used_card_weigh_more() -> None:
    said = call(
        "C 버스 시간표도 궁금하고요",
        "C 주차 요금도 궁금하고요",
        "C 도서관 자리도 궁금하고요",
    )
    assert "도서관" not in summarised(said, Topics()).need
    used = Topics(brought={"u-2": 1.0}, asked=pieces("도서관 이용"))
    assert "도서관" in summarised(said, used).need


def test_the_answer_comes_after_the_need_and_says_what_the_entry_says() -> None:
    said = call(
        "A 상담 시간은 아홉 시부터 여섯 시까지입니다",
        "C 등본 수수료가 얼마예요",
        "A 오늘은 바람이 많이 붑니다",
        "A 창구에서는 사백 원입니다",
    )
    summary = summarised(said, Topics(told=pieces("등본 창구 수수료 사백 원")))
    assert summary.answer.startswith("창구에서는 사백 원입니다") or summary.answer.endswith("창구에서는 사백 원입니다")
    assert "아홉 시" not in summary.answer


def test_nothing_wanted_nothing_written() -> None:
    assert summarised([], Topics()) == Summary()
    assert summarised(call("C 여보세요", "A 네 말씀하세요", "C 네 네 감사합니다"), Topics()) == Summary()


def test_a_named_number_of_the_city_may_be_told() -> None:
    said = call("C 여권은 어디에 물어봐요", "A 민원여권과 070-0055-1100으로 전화하시면 됩니다")
    assert "0055" not in summarised(said, Topics()).answer
    assert "070-0055-1100" in summarised(said, Topics(numbers=("070-0055-1100",))).answer


words = st.sampled_from(
    ["등본", "여권을", "떼려고요", "네", "되나요", "010-1234-5678", "안녕하세요", "얼마예요", "주소는", "*****-*******"]
)
texts = st.lists(words, max_size=12).map(" ".join)


@given(st.lists(st.tuples(st.sampled_from("CA"), texts), max_size=12))
def test_never_long_never_a_number_and_always_what_was_said(said: list[tuple[str, str]]) -> None:
    turns = call(*(f"{who} {text}" for who, text in said))
    summary = summarised(turns, Topics())
    for text in (summary.need, summary.answer):
        assert len(text) <= LENGTH_LIMIT
        assert "1234" not in text
        assert "**" not in text
    spoken = " ".join(turn.text for turn in turns)
    assert all(word in spoken for word in summary.need.replace("(번호)", "").split())


def test_a_models_words_are_made_harmless() -> None:
    said = call("C 여권 수수료가 얼마예요", "A 53000원입니다")
    good = Summary(need="여권 수수료를\n 물음", answer="53000원")
    assert checked(good, said, Topics()) == Summary(need="여권 수수료를 물음", answer="53000원")
    assert checked(Summary(answer="20000원"), said, Topics()).answer == ""
    assert len(checked(Summary(need="가 " * 500), said, Topics()).need) <= LENGTH_LIMIT
    phone = call("C 010-1234-5678")
    assert "1234" not in checked(Summary(need="전화 010-1234-5678"), phone, Topics()).need
