"""The last line of defence: resident numbers never reach a disk, all else does unchanged."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import (
    CallStarted,
    FormSent,
    FormValue,
    MessageSent,
    Party,
    Suggested,
    Suggestion,
    TranscriptFinal,
    Word,
)
from core.personal import MASK, without_resident_number, without_resident_numbers


def final(text: str) -> TranscriptFinal:
    word = Word(text="네", start=0.5, end=1, confidence=1)
    return TranscriptFinal(
        call_id="c", seq=1, speaker="caller", utterance="u", start=0, end=1, text=text, words=(word,)
    )


@given(
    day=st.dates(),
    sex=st.integers(1, 8),
    serial=st.integers(0, 999_999),
    mark=st.sampled_from(["", "-", " ", ".", "–", "—", "  ", " - ", " – "]),
    around=st.tuples(st.text("가 ,", max_size=3), st.text("가 ,", max_size=3)),
)
def test_every_resident_number_is_masked(day: date, sex: int, serial: int, mark: str, around: tuple[str, str]) -> None:
    number = f"{day:%y%m%d}{mark}{sex}{serial:06}"
    event = final(around[0] + number + around[1])
    masked = without_resident_numbers(msgspec.structs.replace(event, call_id="9001011234567"))
    alone = without_resident_numbers(event)
    assert masked == msgspec.structs.replace(alone, call_id="9001011234567"), "what else it holds makes no difference"
    assert isinstance(masked, TranscriptFinal)
    assert masked.text == around[0] + MASK + around[1]
    assert masked.words == ()
    assert masked.masked == ("resident_number",)
    assert masked.call_id == "9001011234567", "our own identifiers stay"


@given(st.text(alphabet="0123456789-. 가", max_size=12))
def test_shorter_numbers_stay_and_the_event_is_the_same_object(text: str) -> None:
    event = CallStarted(call_id="c", seq=1, caller=Party(number=text))
    assert without_resident_numbers(event) == event


def test_thirteen_digits_that_are_no_birthday_stay() -> None:
    event = final("접수 번호는 1799345678901 입니다")
    assert without_resident_numbers(event) == event


@given(day=st.dates(), sex=st.integers(1, 8), serial=st.integers(0, 999_999))
def test_every_way_to_write_one_is_masked(day: date, sex: int, serial: int) -> None:
    digits = f"{day:%y%m%d}{sex}{serial:06}"
    ways = [
        " ".join(digits),
        f"{' '.join(digits[:6])} - {' '.join(digits[6:])}",
        f"{day:%y %m %d} {digits[6:]}",
        f"{day:%y.%m.%d}-{digits[6:]}",
        f"{digits[:6]}-{sex} {serial:06}",
    ]
    assert [without_resident_number(f"번호 {way}, 끝") for way in ways] == [f"번호 {MASK}, 끝"] * len(ways)


@pytest.mark.parametrize("said", ["900101-1234567", "9001011234567", "900101  1234567", "9 0 0 1 0 1 1 2 3 4 5 6 7"])
def test_what_a_caller_types_into_a_form_and_an_agent_into_a_message_is_masked(said: str) -> None:
    values = (
        FormValue(field="name", label="이름", value="김하늘"),
        FormValue(field="x", label="문의", value=f"제 {said}"),
    )
    form = FormSent(call_id="c", seq=1, visit_id="9001011234567", screen="s", title="신청", values=values)
    masked = without_resident_numbers(form)
    assert isinstance(masked, FormSent)
    assert [value.value for value in masked.values] == ["김하늘", f"제 {MASK}"]
    assert masked.visit_id == "9001011234567"
    sent = without_resident_numbers(
        MessageSent(call_id="c", seq=2, message_id="m", to="01000001234", text=f"{said} 님")
    )
    assert isinstance(sent, MessageSent)
    assert (sent.text, sent.to) == (f"{MASK} 님", "01000001234")


@pytest.mark.parametrize(
    "text",
    ["010-1203-1234 10시 30분", "2026-03-02 09:00 1234567", "02-120, 031-120-1234", "1 2 3 4 5 6 7 8 9 0 1 2 3 4"],
)
def test_telephone_numbers_times_and_long_rows_stay(text: str) -> None:
    assert without_resident_number(text) == text


def test_names_and_cards_are_looked_at_too() -> None:
    number = "900101-1234567"
    started = without_resident_numbers(CallStarted(call_id="c", seq=1, caller=Party(name=number)))
    assert isinstance(started, CallStarted)
    assert started.caller.name == MASK
    card = Suggestion(id="1", title="여권", score=1, words=(number,))
    suggested = without_resident_numbers(Suggested(call_id="c", seq=2, suggestions=(card,)))
    assert isinstance(suggested, Suggested)
    assert suggested.suggestions[0].words == (MASK,)
