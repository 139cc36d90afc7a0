"""The last line of defence: resident numbers never reach a disk, all else does unchanged."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.events import CallStarted, Party, Suggested, Suggestion, TranscriptFinal, Word
from core.personal import MASK, without_resident_numbers


def final(text: str) -> TranscriptFinal:
    word = Word(text="네", start=0.5, end=1, confidence=1)
    return TranscriptFinal(
        call_id="9001011234567", seq=1, speaker="caller", utterance="u", start=0, end=1, text=text, words=(word,)
    )


@given(
    day=st.dates(),
    sex=st.integers(1, 8),
    serial=st.integers(0, 999_999),
    mark=st.sampled_from(["", "-", " ", ".", "–"]),
    around=st.tuples(st.text("가 ,", max_size=3), st.text("가 ,", max_size=3)),
)
def test_every_resident_number_is_masked(day: date, sex: int, serial: int, mark: str, around: tuple[str, str]) -> None:
    number = f"{day:%y%m%d}{mark}{sex}{serial:06}"
    masked = without_resident_numbers(final(around[0] + number + around[1]))
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


def test_names_and_cards_are_looked_at_too() -> None:
    number = "900101-1234567"
    started = without_resident_numbers(CallStarted(call_id="c", seq=1, caller=Party(name=number)))
    assert isinstance(started, CallStarted)
    assert started.caller.name == MASK
    card = Suggestion(id="1", title="여권", score=1, words=(number,))
    suggested = without_resident_numbers(Suggested(call_id="c", seq=2, suggestions=(card,)))
    assert isinstance(suggested, Suggested)
    assert suggested.suggestions[0].words == (MASK,)
