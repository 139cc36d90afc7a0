"""The last line of defence: resident numbers never reach a disk, all else does unchanged."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contacts.contact import Places
from core.contacts.phones import phones
from core.contacts.plates import plates
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
from core.personal import (
    MASK,
    without_contacts,
    without_personal_number,
    without_personal_numbers,
)


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
    masked = without_personal_numbers(msgspec.structs.replace(event, call_id="9001011234567"))
    alone = without_personal_numbers(event)
    assert masked == msgspec.structs.replace(alone, call_id="9001011234567"), "what else it holds makes no difference"
    assert isinstance(masked, TranscriptFinal)
    assert masked.text == around[0] + MASK + around[1]
    assert masked.words == ()
    assert masked.masked == ("resident_number",)
    assert masked.call_id == "9001011234567", "our own identifiers stay"


@given(st.text(alphabet="0123456789-. 가", max_size=12))
def test_shorter_numbers_stay_and_the_event_is_the_same_object(text: str) -> None:
    event = CallStarted(call_id="c", seq=1, caller=Party(number=text))
    assert without_personal_numbers(event) == event


def test_thirteen_digits_that_are_no_birthday_stay() -> None:
    event = final("접수 번호는 1799345678901 입니다")
    assert without_personal_numbers(event) == event


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
    assert [without_personal_number(f"번호 {way}, 끝") for way in ways] == [f"번호 {MASK}, 끝"] * len(ways)


@pytest.mark.parametrize("said", ["900101-1234567", "9001011234567", "900101  1234567", "9 0 0 1 0 1 1 2 3 4 5 6 7"])
def test_what_a_caller_types_into_a_form_and_an_agent_into_a_message_is_masked(said: str) -> None:
    values = (
        FormValue(field="name", label="이름", value="김하늘"),
        FormValue(field="x", label="문의", value=f"제 {said}"),
    )
    form = FormSent(call_id="c", seq=1, visit_id="9001011234567", screen="s", title="신청", values=values)
    masked = without_personal_numbers(form)
    assert isinstance(masked, FormSent)
    assert [value.value for value in masked.values] == ["김하늘", f"제 {MASK}"]
    assert masked.visit_id == "9001011234567"
    sent = without_personal_numbers(
        MessageSent(call_id="c", seq=2, message_id="m", to="01000001234", text=f"{said} 님")
    )
    assert isinstance(sent, MessageSent)
    assert (sent.text, sent.to) == (f"{MASK} 님", "01000001234")


@pytest.mark.parametrize(
    "text",
    ["010-1203-1234 10시 30분", "2026-03-02 09:00 1234567", "02-120, 031-120-1234", "1 2 3 4 5 6 7 8 9 0 1 2 3 4"],
)
def test_telephone_numbers_times_and_long_rows_stay(text: str) -> None:
    assert without_personal_number(text) == text


def test_names_and_cards_are_looked_at_too() -> None:
    number = "900101-1234567"
    started = without_personal_numbers(CallStarted(call_id="c", seq=1, caller=Party(name=number)))
    assert isinstance(started, CallStarted)
    assert started.caller.name == MASK
    card = Suggestion(id="1", title="여권", score=1, words=(number,))
    suggested = without_personal_numbers(Suggested(call_id="c", seq=2, suggestions=(card,)))
    assert isinstance(suggested, Suggested)
    assert suggested.suggestions[0].words == (MASK,)


@pytest.mark.parametrize(
    ("text", "left", "kind"),
    [
        ("카드 4111-1111-1111-1111 이요", "카드 ****-****-****-**** 이요", "card"),
        ("4111111111111111", "****-****-****-****", "card"),
        ("3782-822463-10005", "****-****-****-****", "card"),
        ("면허 11-22-333333-44", "면허 **-**-******-**", "driving_licence"),
        ("서울 12-345678-90", "**-**-******-**", "driving_licence"),
        ("여권은 M12345678", "여권은 M********", "passport"),
        ("M123A4567이요", "M********이요", "passport"),
    ],
)
def test_cards_licences_and_passports_are_masked_too(text: str, left: str, kind: str) -> None:
    masked = without_personal_numbers(final(text))
    assert isinstance(masked, TranscriptFinal)
    assert (masked.text, masked.masked, masked.words) == (left, (kind,), ())


@pytest.mark.parametrize(
    "text",
    [
        "4111-1111-1111-1112",
        "1234567812345678",
        "99-22-333333-44",
        "XM12345678",
        "m12345678",
        "ARM12345678",
        "hanbit@M12345678",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    """A wrong check digit, no such region, part of something else."""
    event = final(text)
    assert without_personal_numbers(event) == event


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("번호는 010-1234-5678이에요", "번호는 [전화]이에요"),
        ("공일공 일이삼사 오육칠팔이요", "[전화]이요"),
        ("빛가람동 백이십 다시 삼 번지요", "[주소]요"),
        ("큰솔로 이십삼 길 십오 백일 동 천이백삼 호", "[주소]"),
        ("차는 12가 3456이고 메일은 a.b-c@d.co.kr", "차는 [차량번호]이고 메일은 [이메일]"),
        ("주민번호 900101-1234567", f"주민번호 {MASK}"),
        ("11월 26일 오후 3시에 3만원", "11월 26일 오후 3시에 3만원"),
        ("119나 120에 전화하세요", "119나 120에 전화하세요"),
        ("", ""),
    ],
)
def test_what_leaves_the_house_tells_nobody_where_she_lives(text: str, left: str) -> None:
    assert without_contacts(text) == left


def test_a_city_s_own_names_make_more_addresses() -> None:
    places = Places(streets=frozenset({"해안도로"}))
    assert without_contacts("어제 해안도로 15 앞에서요") == "어제 해안도로 15 앞에서요"
    assert without_contacts("어제 해안도로 15 앞에서요", places) == "어제 [주소] 앞에서요"


@given(st.text(alphabet="0123456789공일이삼사오육칠팔구십백가로길동호번지 -@.aM서울", max_size=60))
def test_nothing_of_it_is_left(text: str) -> None:
    left = without_contacts(text)
    assert without_personal_number(left) == left
    assert phones(left) == []
    assert plates(left) == []


def test_contacts_at_every_place_of_a_long_text() -> None:
    text = "가나다 010-1234-5678 " * 5_000
    assert without_contacts(text) == "가나다 [전화] " * 5_000
