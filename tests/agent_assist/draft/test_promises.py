from __future__ import annotations

from agent_assist.draft.promises import FOLLOW_UPS_LIMIT, follow_ups
from core.events import CallbackBooked, Event, MessageSent, MessageState, Speaker, TranscriptFinal


def says(text: str, speaker: Speaker = "agent") -> Event:
    return TranscriptFinal(speaker=speaker, utterance=f"{speaker}-1", start=0, end=1, text=text)


def message(state: MessageState, by: str = "kim") -> Event:
    return MessageSent(message_id="m", to="01000000000", text="...", state=state, by=by)


def test_what_the_agent_promised() -> None:
    assert follow_ups([says("네 담당 부서에 확인해서 연락드리겠습니다 잠시만요")]) == (
        "담당 부서에 확인해서 연락드리겠습니다",
    )


def test_the_callers_promises_are_not_ours() -> None:
    assert follow_ups([says("제가 다시 연락드릴게요", "caller")]) == ()


def test_said_twice_is_promised_once_in_the_last_words() -> None:
    assert follow_ups([says("확인해서 연락드리겠습니다"), says("내일 확인해서 연락드리겠습니다")]) == (
        "내일 확인해서 연락드리겠습니다",
    )


def test_a_promised_message_that_went_is_done() -> None:
    promise = says("주소를 문자로 보내 드리겠습니다")
    assert follow_ups([promise]) == ("주소를 문자로 보내 드리겠습니다",)
    assert follow_ups([promise, message("queued"), message("sent")]) == ()
    assert follow_ups([promise, message("sent", by="")]) != (), "the menu's message is not hers"
    assert follow_ups([message("sent"), promise]) != (), "sent before she promised"


def test_a_message_that_failed_is_to_be_sent_again() -> None:
    assert follow_ups([message("queued"), message("failed")]) == ("문자 메시지가 가지 않았습니다. 다시 보내야 합니다.",)


def test_a_booked_callback_until_it_is_done() -> None:
    booked = CallbackBooked(callback_id="c", number="01000000000")
    assert follow_ups([booked]) == ("콜백이 예약되어 있습니다.",)
    assert follow_ups([booked, CallbackBooked(callback_id="c", number="01000000000", state="done")]) == ()


def test_no_number_is_written_down() -> None:
    (promise,) = follow_ups([says("010-1234-5678 번호로 연락드리겠습니다")])
    assert "1234" not in promise


def test_they_are_limited() -> None:
    names = ["건축과", "세정과", "도로과", "환경과", "교통과", "복지과", "보건소", "수도과", "공원과", "위생과"]
    said = [says(f"{name} 담당 부서에 {name * 3} 전달하겠습니다") for name in names]
    assert len(follow_ups(said)) == FOLLOW_UPS_LIMIT
