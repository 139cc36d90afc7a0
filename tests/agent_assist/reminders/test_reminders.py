from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.reminders.reminders import WORDS_LAG_S, Reminders
from agent_assist.reminders.rule import Rule
from agent_assist.reminders.rules import shipped
from core.errors import Refused
from core.events import ReminderChanged, Speaker

GREET = Rule(id="greet", title="인사", phrases=("상담사 _ 입니다",), within_s=15, text="인사하세요", text_en="Greet")
CONSENT = Rule(
    id="consent",
    title="동의",
    phrases=("동의 하",),
    when="after_phrase",
    after_speaker="agent",
    after=("전화번호 말씀",),
    within_s=0,
    earlier=True,
    text="동의를 받으세요",
)
THANKS = Rule(
    id="thanks",
    title="끝인사",
    phrases=("더 궁금",),
    when="after_phrase",
    after=("감사합니다",),
    within_s=8,
    text="끝인사",
)
SMOKE = Rule(
    id="smoke", title="화재", speaker="caller", phrases=("연기 나",), negate=False, within_s=60, entry_id="119"
)
LATER = Rule(
    id="later",
    title="재촉",
    speaker="caller",
    phrases=("언제 되",),
    negate=False,
    when="after_phrase",
    after_speaker="agent",
    after=("접수 됐",),
    within_s=0,
    text="예상 날짜를 알려 주세요",
)


def told(changes: Sequence[ReminderChanged]) -> list[tuple[str, str]]:
    return [(change.rule_id, change.state) for change in changes]


def test_said_in_time_nobody_hears_of_it() -> None:
    call = Reminders([GREET])
    assert call.next_at is None
    call.joined(3.0)
    assert call.next_at == 18.0 + WORDS_LAG_S
    assert call.heard(7.0, "agent", "한빛시 상담사 김하늘입니다") == ()
    assert call.next_at is None
    assert call.tick(100.0) == ()


def test_not_said_in_time_reminds_once_and_said_at_last_takes_it_back() -> None:
    call = Reminders([GREET])
    call.joined(3.0)
    assert call.tick(19.9) == ()
    assert told(call.tick(20.0)) == [("greet", "due")]
    assert call.tick(21.0) == ()
    assert told(call.heard(25.0, "agent", "상담사 김하늘입니다")) == [("greet", "met")]


def test_the_callers_words_are_not_the_agents() -> None:
    call = Reminders([GREET])
    call.joined(0.0)
    call.heard(2.0, "caller", "상담사 김하늘입니다")
    assert told(call.tick(30.0)) == [("greet", "due")]


def test_words_that_arrive_late_still_count() -> None:
    call = Reminders([GREET])
    call.joined(0.0)
    call.tick(16.0)
    assert call.heard(14.5, "agent", "상담사 김하늘입니다") == ()
    assert call.tick(60.0) == ()


def test_an_utterance_of_another_also_tells_the_time() -> None:
    call = Reminders([GREET])
    call.joined(0.0)
    assert told(call.heard(40.0, "caller", "여보세요")) == [("greet", "due")]


def test_before_the_talk_nothing_runs() -> None:
    call = Reminders([GREET])
    assert call.tick(1000.0) == ()


def test_a_second_agent_is_not_reminded_again() -> None:
    call = Reminders([GREET])
    call.joined(0.0)
    call.tick(20.0)
    call.joined(50.0)
    assert call.tick(100.0) == ()


def test_what_must_be_said_before_reminds_at_once() -> None:
    call = Reminders([CONSENT])
    assert told(call.heard(30.0, "agent", "전화번호 말씀해 주세요")) == [("consent", "due")]
    assert told(call.heard(40.0, "agent", "개인정보 수집에 동의하시나요")) == [("consent", "met")]


def test_what_was_said_before_is_as_good() -> None:
    call = Reminders([CONSENT])
    call.heard(20.0, "agent", "개인정보 수집에 동의하시나요")
    assert call.heard(30.0, "agent", "전화번호 말씀해 주세요") == ()


def test_both_in_one_utterance_is_as_good() -> None:
    call = Reminders([CONSENT])
    assert call.heard(20.0, "agent", "정보 수집에 동의하시면 전화번호 말씀해 주세요") == ()


def test_said_before_does_not_count_where_the_rule_says_so() -> None:
    call = Reminders([THANKS])
    call.heard(5.0, "agent", "더 궁금하신 점 있으세요")
    call.heard(10.0, "caller", "네 감사합니다")
    assert call.next_at == 18.0 + WORDS_LAG_S
    assert told(call.tick(20.0)) == [("thanks", "due")]


def test_a_phrase_may_bring_a_card() -> None:
    call = Reminders([SMOKE])
    call.joined(0.0)
    assert call.cards() == ()
    assert call.next_at is None or call.next_at > 60
    changes = call.heard(10.0, "caller", "지금 연기가 나요")
    assert told(changes) == [("smoke", "due")]
    assert changes[0].text == "화재"
    assert call.cards() == ("119",)
    assert told(call.dismiss("smoke")) == [("smoke", "dismissed")]
    assert call.cards() == ()


def test_after_its_time_the_phrase_brings_nothing() -> None:
    call = Reminders([SMOKE])
    call.joined(0.0)
    assert call.heard(61.0, "caller", "지금 연기가 나요") == ()
    assert call.cards() == ()


def test_without_an_end_it_waits_for_the_whole_call() -> None:
    call = Reminders([LATER])
    call.heard(10.0, "caller", "언제 되나요")
    call.heard(11.0, "agent", "접수됐습니다")
    assert call.next_at is None
    assert told(call.heard(900.0, "caller", "그거 언제 되나요")) == [("later", "due")]


def test_dismissing() -> None:
    call = Reminders([GREET], language="en")
    with pytest.raises(Refused) as refused:
        call.dismiss("greet")
    assert refused.value.code == "no_reminder"
    with pytest.raises(Refused):
        call.dismiss("unknown")
    call.joined(0.0)
    (due,) = call.tick(17.0)
    assert due.text == "Greet"
    assert told(call.dismiss("greet")) == [("greet", "dismissed")]
    assert call.dismiss("greet") == ()
    assert call.heard(30.0, "agent", "상담사 김하늘입니다") == ()


def test_a_good_call_keeps_all_shipped_rules() -> None:
    call = Reminders(shipped())
    call.joined(2.0)
    talk: list[tuple[float, Speaker, str]] = [
        (6.0, "agent", "감사합니다 한빛시 민원콜센터 상담사 김하늘입니다"),
        (9.0, "agent", "통화 내용은 녹음되고 있습니다 무엇을 도와드릴까요"),
        (15.0, "caller", "여권을 잃어버렸는데요"),
        (40.0, "agent", "개인정보 수집에 동의하시면 연락처 말씀해 주세요"),
        (60.0, "agent", "더 궁금하신 점 있으신가요"),
        (63.0, "caller", "아니요 감사합니다 수고하세요"),
    ]
    assert [change for at, who, text in talk for change in call.heard(at, who, text)] == []
    assert call.tick(500.0) == ()


steps = st.lists(
    st.one_of(
        st.tuples(st.just("joined"), st.floats(0, 200), st.just("agent"), st.just("")),
        st.tuples(st.just("tick"), st.floats(0, 200), st.just("agent"), st.just("")),
        st.tuples(
            st.just("heard"),
            st.floats(0, 200),
            st.sampled_from(["agent", "caller"]),
            st.sampled_from(
                [
                    "상담사 김하늘입니다",
                    "전화번호 말씀해 주세요",
                    "동의하시나요",
                    "감사합니다",
                    "연기가 나요",
                    "언제 되나요",
                    "네",
                ]
            ),
        ),
        st.tuples(
            st.just("dismiss"), st.floats(0, 200), st.just("agent"), st.sampled_from(["greet", "consent", "smoke", "x"])
        ),
    ),
    max_size=30,
)


@given(steps)
def test_whatever_happens_each_rule_is_due_once_and_then_settled(
    happened: list[tuple[str, float, Speaker, str]],
) -> None:
    rules = [GREET, CONSENT, THANKS, SMOKE, LATER]
    call = Reminders(rules)
    seen: dict[str, list[str]] = {rule.id: [] for rule in rules}
    for what, at, who, text in sorted(happened, key=lambda step: step[1]):
        try:
            changes = {
                "joined": lambda at=at: call.joined(at),
                "tick": lambda at=at: call.tick(at),
                "heard": lambda at=at, who=who, text=text: call.heard(at, who, text),
                "dismiss": lambda text=text: call.dismiss(text),
            }[what]()
        except Refused:
            assert what == "dismiss"
            continue
        for rule_id, state in told(changes):
            seen[rule_id].append(state)
        assert set(call.cards()) == {"119"} if seen["smoke"] == ["due"] else not call.cards()
    assert all(states in ([], ["due"], ["due", "met"], ["due", "dismissed"]) for states in seen.values())
    for _, state in told(call.tick(10_000.0)):
        assert state == "due"
    assert call.next_at is None
