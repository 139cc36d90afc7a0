"""What lights up when: every token of the text has a time, in order."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from core.events import Word
from records.recording.timed_text import timed


def words(*said: str, start: float = 10.0) -> tuple[Word, ...]:
    return tuple(Word(text=text, start=start + i, end=start + i + 0.8, confidence=1) for i, text in enumerate(said))


def test_words_that_agree_have_their_own_times() -> None:
    got = timed("여권을 신청하려고요.", words("여권을", "신청하려고요"), 10, 12)
    assert [(token.text, token.start, token.end) for token in got] == [
        ("여권을", 10, 10.8),
        ("신청하려고요.", 11, 11.8),
    ]


def test_numerals_share_the_time_of_their_words() -> None:
    got = timed("3시 30분에 뵐게요", words("세", "시", "삼십", "분에", "뵐게요"), 10, 15)
    assert got[0].start == 10
    assert got[1].end == 13.8
    assert (got[2].start, got[2].end) == (14, 14.8)


def test_a_mask_is_one_token_between_the_words_around_it() -> None:
    heard = words("번호는", start=10) + words("이에요", start=18)
    got = timed("번호는 [주민등록번호 가림] 이에요", heard, 10, 19)
    assert [token.text for token in got] == ["번호는", "[주민등록번호 가림]", "이에요"]
    assert (got[1].start, got[1].end) == (10.8, 18)


def test_without_words_the_time_is_shared() -> None:
    got = timed("가나 다라", (), 4, 8)
    assert [(token.start, token.end) for token in got] == [(4, 6), (6, 8)]


_SYLLABLES = st.text("가나다라0123.", min_size=1, max_size=4)


@given(
    text=st.lists(_SYLLABLES, max_size=12).map(" ".join), said=st.lists(_SYLLABLES, max_size=12), masks=st.booleans()
)
def test_every_token_has_a_time_in_order(text: str, said: list[str], masks: bool) -> None:
    text = text + " [카드번호 가림]" if masks else text
    heard = words(*said)
    got = timed(text, heard, 10.0, 10.0 + max(1, len(said)))
    assert [token.text for token in got] == re.findall(r"\[[^\]]*\]\S*|\S+", text)
    starts = [token.start for token in got]
    assert starts == sorted(starts)
    assert all(10.0 <= token.start <= token.end <= 10.0 + max(1, len(said)) for token in got)
