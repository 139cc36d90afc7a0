from __future__ import annotations

import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.draft.sentences import TURNS_LIMIT, Turn, pieces, sentences, turns
from core.events import CallEnded, TranscriptFinal, TranscriptPartial


def cut(text: str) -> list[str]:
    return [each.text for each in sentences([Turn(speaker="caller", text=text)])]


def test_finals_are_turns_in_their_order_and_nothing_else() -> None:
    events = [
        TranscriptFinal(speaker="agent", utterance="agent-1", start=0, end=1, text="네"),
        TranscriptPartial(speaker="caller", utterance="caller-1", start=1, text="등본"),
        TranscriptFinal(speaker="caller", utterance="caller-1", start=1, end=2, text="등본이요"),
        TranscriptFinal(speaker="caller", utterance="caller-2", start=1, end=2, text="  "),
        CallEnded(reason="caller_hung_up"),
    ]
    assert turns(events) == (
        Turn(speaker="agent", text="네", utterance="agent-1"),
        Turn(speaker="caller", text="등본이요", utterance="caller-1"),
    )


def test_turns_are_limited() -> None:
    final = TranscriptFinal(speaker="agent", utterance="agent-1", start=0, end=1, text="네")
    assert len(turns([final] * (TURNS_LIMIT + 5))) == TURNS_LIMIT


def test_an_ending_ends_a_sentence_without_a_full_stop() -> None:
    assert cut("제가 이사를 했는데요 전입신고 어떻게 하나요") == ["제가 이사를 했는데요", "전입신고 어떻게 하나요"]
    assert cut("수어로 되나요? 예약은요.") == ["수어로 되나요?", "예약은요."]


def test_a_number_is_not_cut() -> None:
    assert cut("수수료는 1.5 퍼센트입니다") == ["수수료는 1.5 퍼센트입니다"]


def test_only_words_with_a_topic_count() -> None:
    (small,) = sentences([Turn(speaker="caller", text="네 알겠습니다")])
    assert small.words == 0
    (topic,) = sentences([Turn(speaker="caller", text="여권을 재발급하려고")])
    assert topic.words == 2


def test_particles_and_endings_make_no_difference() -> None:
    assert pieces("여권을") == pieces("여권이") == pieces("여권은요")
    assert pieces("여권") & pieces("여권을 재발급하려고")


def test_text_from_a_mac_is_the_same() -> None:
    assert cut(unicodedata.normalize("NFD", "여권을 잃어버렸어요")) == ["여권을 잃어버렸어요"]


@given(st.text("가나다요네 .?!*1\n", max_size=300))
def test_whatever_was_said_sentences_come_from_it_in_order(text: str) -> None:
    rest = " ".join(text.split())
    for each in cut(text):
        _, found, rest = rest.partition(each)
        assert found
        assert each == each.strip()


def test_a_huge_turn_costs_no_time() -> None:
    began = time.perf_counter()
    cut("아 " * 50_000)
    cut("가" * 100_000)
    assert time.perf_counter() - began < 0.5
