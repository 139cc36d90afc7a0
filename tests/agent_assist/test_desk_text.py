"""An entry as a text message: with department and telephone, each once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.desk_text import text_of
from core.store.entry import Entry


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (
            Entry(id="1", title="등본", department="민원여권과", phone="070-0055-1100", message=" 신분증 지참 "),
            "신분증 지참\n민원여권과 070-0055-1100",
        ),
        (
            Entry(id="1", title="등본", department="민원여권과", phone="070-0055-1100", message="문의 07000551100"),
            "문의 07000551100",
        ),
        (
            Entry(id="1", title="등본", department="민원여권과", phone="070-0055-1100", message="민원여권과에 오세요"),
            "민원여권과에 오세요\n070-0055-1100",
        ),
        (Entry(id="1", title="전입신고", procedure=("신분증", "신고")), "전입신고\n- 신분증\n- 신고"),
        (Entry(id="1", title="전입신고", department="민원과"), "전입신고\n민원과"),
    ],
)
def test_department_and_telephone_stand_below_unless_named(entry: Entry, text: str) -> None:
    assert text_of(entry) == text


@given(st.text(max_size=80), st.sampled_from(["", "070-0055-1100", "02-120"]))
def test_the_telephone_is_always_there_for_the_eye(message: str, phone: str) -> None:
    text = text_of(Entry(id="1", title="등본", department="민원과", phone=phone, message=message))
    assert re.sub(r"\D", "", phone) in re.sub(r"\D", "", text)
    assert text.strip()


def test_every_shipped_entry_has_a_text_that_names_its_telephone(hanbit: tuple[Entry, ...]) -> None:
    for entry in hanbit:
        assert text_of(entry).count(entry.phone) == 1, entry.title
