"""A message is right before it is taken: number, text, kind, secrets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from channels.compose import composed
from channels.contract import LINK
from core.errors import BadInput

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LINK_TEXT = "https://120.city.example/v/AbCdEf0123456789"


def test_number_text_and_kind_are_made_right() -> None:
    made = composed(message_id="m", to="+82 10-0000-1234", text=" 안내 – 여권 ", at=AT, call_id="c", by="haneul")
    assert (made.to, made.text, made.kind, made.call_id, made.by) == (
        "01000001234",
        "안내 - 여권",
        "sms",
        "c",
        "haneul",
    )


def test_what_is_kept_of_a_link_is_a_word() -> None:
    made = composed(message_id="m", to="01000001234", text=f"화면: {LINK_TEXT}", at=AT, secrets=(LINK_TEXT,))
    assert LINK_TEXT in made.text
    assert made.kept == f"화면: {LINK}"


@pytest.mark.parametrize(
    ("to", "text", "code"),
    [
        ("0212345678", "안내", "not_a_mobile"),
        ("", "안내", "not_a_mobile"),
        ("01000001234", " 🙂 ", "message_empty"),
        ("01000001234", "们", "message_unwritable"),
        ("01000001234", "가" * 1001, "message_too_long"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_code(to: str, text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        composed(message_id="m", to=to, text=text, at=AT)
    assert caught.value.code == code
    assert to == "" or to not in str(caught.value), "errors are logged, numbers are not"


def test_a_secret_that_is_not_in_the_text_is_our_mistake() -> None:
    with pytest.raises(AssertionError):
        composed(message_id="m", to="01000001234", text="안내", at=AT, secrets=("https://x",))
