"""Every command_status means something, and is said in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.reasons import in_english
from channels.smpp_answers import bind_refusal, meaning, reason


def test_meanings() -> None:
    assert [meaning(status) for status in (0x00, 0x14, 0x58, 0x08, 0x64, 0x0B, 0x437)] == [
        *("taken", "throttled", "throttled", "later", "later", "refused", "refused"),
    ]


@given(status=st.integers(1, 0xFFFF_FFFF))
def test_every_refusal_has_words_in_both_languages(status: int) -> None:
    assert reason(status).endswith(f"[{status:X}]")
    assert in_english(reason(status)) != reason(status)
    assert bind_refusal(status)
