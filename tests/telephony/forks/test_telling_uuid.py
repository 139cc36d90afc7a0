"""UUIDs that say whose voice comes with them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import Party, Speaker
from telephony.forks.said import Opened
from telephony.forks.telling_uuid import opened_by, telling_uuid

DIGITS = "0123456789"


def test_as_a_dialplan_writes_it() -> None:
    uuid = UUID("17123456-7842-8af2-8107-f01012345678")
    assert opened_by(uuid.bytes) == Opened(
        call="171234567842", speakers=("agent",), caller=Party(number="01012345678"), agent=Party(number="2107")
    )
    assert telling_uuid("171234567842", "agent", number="01012345678", extension="2107") == uuid
    assert uuid.version == 8


def test_nothing_told_but_the_side() -> None:
    opened = opened_by(UUID("17123456-7842-8cff-8fff-ffffffffffff").bytes)
    assert opened == Opened(call="171234567842", speakers=("caller",))


@given(
    st.text(DIGITS, min_size=12, max_size=12),
    st.sampled_from(["caller", "agent"]),
    st.text(DIGITS, max_size=12),
    st.text(DIGITS, max_size=5),
)
def test_there_and_back(call: str, speaker: Speaker, number: str, extension: str) -> None:
    opened = opened_by(telling_uuid(call, speaker, number=number, extension=extension).bytes)
    assert (opened.call, opened.speakers) == (call, (speaker,))
    assert (opened.caller.number, opened.agent.number) == (number, extension)


@given(st.binary(min_size=16, max_size=16))
def test_any_other_is_the_key_of_a_callers_voice(raw: bytes) -> None:
    opened = opened_by(raw)
    assert opened.call in {str(UUID(bytes=raw)), raw.hex()[:12]}
    assert len(opened.speakers) == 1


def test_uuids_of_chance_tell_nothing() -> None:
    for _ in range(200):
        uuid = uuid4()
        assert opened_by(uuid.bytes) == Opened(call=str(uuid), speakers=("caller",))


def test_what_cannot_be_told() -> None:
    for call, number in (("short", ""), ("171234567842", "abc")):
        with pytest.raises(ValueError):
            telling_uuid(call, "caller", number=number)
