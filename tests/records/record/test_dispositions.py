"""What became of a contact, as its events tell."""

from __future__ import annotations

import pytest

from core.config.records import RecordsConfig
from core.dispositions import dispositions
from core.events import (
    AlertChanged,
    CallbackBooked,
    CallEnded,
    CallJoined,
    ContactClosed,
    Event,
    FormSent,
    MessageSent,
    TransferChanged,
)
from records.record.dispositions import STANDARD, guessed

KNOWN = dispositions(RecordsConfig().results)
JOINED = CallJoined(agent_id="kim")
ENDED = CallEnded(reason="caller_hung_up", duration_s=100, talk_s=80)
TEXT = MessageSent(message_id="m1", to="010", text="안내", by="kim")


def test_names_have_two_languages_or_the_korean_one_twice() -> None:
    one, other = dispositions(("answered=답변 완료/Answered", "own=우리말"))
    assert (one.code, one.ko, one.en) == ("answered", "답변 완료", "Answered")
    assert (other.ko, other.en) == ("우리말", "우리말")
    assert {each.code for each in KNOWN} == STANDARD


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([JOINED, ENDED], "answered"),
        ([JOINED, TEXT, ENDED], "text_sent"),
        ([JOINED, TEXT, MessageSent(message_id="m1", to="010", text="", by="kim", state="failed"), ENDED], "answered"),
        ([JOINED, MessageSent(message_id="m1", to="010", text="(link)"), ENDED], "answered"),
        ([JOINED, TransferChanged(transfer_id="t", kind="blind", state="done", to="02"), ENDED], "transferred"),
        ([JOINED, TransferChanged(transfer_id="t", kind="blind", state="returned", to="02"), ENDED], "answered"),
        ([JOINED, AlertChanged(alert_id="a", kind="abuse", steps=("warned", "ended")), ENDED], "abuse"),
        ([CallbackBooked(callback_id="c", number="010"), CallEnded(reason="caller_hung_up")], "callback"),
        ([CallEnded(reason="caller_hung_up")], "abandoned"),
        ([CallEnded(reason="menu_ended")], "self_service"),
        ([FormSent(visit_id="v", screen="s", title="t"), CallEnded(reason="caller_hung_up")], "self_service"),
        ([JOINED, CallEnded(reason="caller_hung_up", talk_s=3)], "answered"),
        ([ContactClosed(reason="answered")], "answered"),
        ([ContactClosed(reason="spam")], "no_answer_needed"),
    ],
)
def test_events_speak_for_a_result(events: list[Event], code: str) -> None:
    assert guessed(events, KNOWN)[0].value == code


def test_a_short_talk_has_other_results_a_key_away() -> None:
    found = guessed([JOINED, CallEnded(reason="agent_hung_up", talk_s=3)], KNOWN)
    assert {"answered", "cut_off"} <= {guess.value for guess in found}


def test_a_code_that_the_site_does_not_use_is_not_drafted() -> None:
    assert guessed([JOINED, TEXT, ENDED], dispositions(("answered=답변",)))[0].value == "answered"
    assert guessed([CallEnded(reason="menu_ended")], dispositions(("answered=답변",))) == ()
