"""From which number a text goes: only from one that is registered."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from channels.senders import chosen, usable
from core.errors import Refused
from core.store.texting import SenderNumber

TODAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, tzinfo=UTC)
CITY = SenderNumber(number="0331200120", name="시청", registered=date(2025, 1, 1), at=AT)
WASTE = SenderNumber(number="0331204567", name="자원", registered=TODAY, department="자원순환과", queue="waste", at=AT)
LATER = SenderNumber(number="0331209999", name="뒤", registered=date(2026, 3, 3), department="여권과", at=AT)
ALL = [CITY, WASTE, LATER]


def test_what_is_registered_by_today_may_send() -> None:
    assert usable(ALL, TODAY) == [CITY, WASTE]


def test_the_departments_number_then_the_queues_then_the_usual_one() -> None:
    assert chosen(ALL, TODAY, department="자원순환과") == WASTE.number
    assert chosen(ALL, TODAY, department="세무과", queue="waste") == WASTE.number
    assert chosen(ALL, TODAY, department="여권과") == ""
    assert chosen(ALL, TODAY) == ""


def test_a_wish_is_kept_to_or_refused() -> None:
    assert chosen(ALL, TODAY, wish=CITY.number, department="자원순환과") == CITY.number
    assert chosen(ALL, TODAY, wish="0331000000", usual="0331000000", department="자원순환과") == ""
    for wrong in (LATER.number, "0331111111"):
        with pytest.raises(Refused) as refused:
            chosen(ALL, TODAY, wish=wrong)
        assert refused.value.code == "sender_unknown"
