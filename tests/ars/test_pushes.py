"""What an agent pushes: cards, departments, places as screens of their own."""

from __future__ import annotations

import pytest

from ars.pushes import card, department, place
from core.store.entry import Entry
from tests.ars.small import small_menu


@pytest.mark.parametrize("phone", ["031-0000-2345", "120"])
def test_a_card_has_its_steps_and_its_telephone(phone: str) -> None:
    entry = Entry(id="7", title="여권", department="민원과", phone=phone, procedure=("사진", "신청서"), body="수수료")
    shown = card(entry)
    assert shown.id == "@card-7"
    assert shown.pushed is not None
    assert shown.pushed.text == {"ko": "1. 사진\n\n2. 신청서\n\n수수료"}
    assert shown.contact is not None
    assert (shown.contact.phone, shown.contact.name["ko"]) == (phone, "민원과")
    contact = department(entry)
    assert (contact.id, contact.contact) == ("@contact-7", shown.contact)


@pytest.mark.parametrize("phone", ["", "내선 2", "javascript:1", "０３１-123", "12", "1" * 16, "-031"])
def test_what_is_no_telephone_is_not_dialled(phone: str) -> None:
    assert card(Entry(id="7", title="여권", phone=phone)).contact is None


def test_a_place_is_shown_under_its_name() -> None:
    stop = place(small_menu(), "hall")
    assert stop.id == "@place-hall"
    assert stop.pushed is not None
    assert (stop.pushed.title["ko"], stop.pushed.place) == ("한빛시청", "hall")
