"""Dialects are known by their first message."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from telephony.forks.dialects import reader_for


@pytest.mark.parametrize(
    ("first", "dialect"),
    [
        ("MEDIA_START connection_id:1 format:ulaw", "asterisk"),
        ('{"event": "MEDIA_START", "connection_id": "1"}', "asterisk"),
        ('{"event": "connected", "protocol": "Call", "version": "1.0.0"}', "twilio"),
        ('{"event": "start", "start": {"callSid": "1"}}', "twilio"),
        ('{"callSid": "1", "sampleRate": 8000, "mixType": "stereo"}', "jambonz"),
        ("{}", "jambonz"),
        (b"\0\0", "jambonz"),
    ],
)
def test_each(first: str | bytes, dialect: str) -> None:
    assert reader_for(first, []).dialect == dialect


@pytest.mark.parametrize("first", ["", "hello", "[]", "{", '"x"'])
def test_none(first: str) -> None:
    with pytest.raises(BadInput):
        reader_for(first, [])
