"""Asterisk's WebSocket channel, both forms of its control messages."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.events import Party
from telephony.forks.asterisk_ws import AsteriskReader, control
from telephony.forks.said import Opened, Pressed, Voice

LINE = "MEDIA_START connection_id:e226e283 channel:WebSocket/minwon/0x7f0638 format:ulaw optimal_frame_size:160"


def text(**fields: object) -> str:
    return msgspec.json.encode(fields).decode()


@pytest.mark.parametrize(
    "start",
    [LINE, text(event="MEDIA_START", connection_id="e226e283", format="ulaw", optimal_frame_size=160)],
    ids=["text", "json"],
)
def test_one_voice_of_a_call(start: str) -> None:
    reader = AsteriskReader([("call", "1712345678.42"), ("speaker", "agent"), ("agent", "2107")])
    assert reader.read(start) == [
        Opened(call="1712345678.42", speakers=("agent",), agent=Party(number="2107")),
    ]
    assert reader.read(b"\xff" * 160) == [Voice(data=b"\xff" * 160, speakers=("agent",), coding="ulaw", rate=8000)]
    for message in ("MEDIA_XOFF", "MEDIA_XON", text(event="MEDIA_XOFF"), "QUEUE_DRAINED", "STATUS queue_length:43", ""):
        assert not reader.read(message)


def test_by_channel_variables() -> None:
    variables = {"MINWON_CALL": "7", "MINWON_SPEAKER": "caller", "MINWON_FROM": "01012345678", "OTHER": "x"}
    opened = AsteriskReader([]).read(text(event="MEDIA_START", format="slin16", channel_variables=variables))[0]
    assert opened == Opened(call="7", speakers=("caller",), caller=Party(number="01012345678"))


def test_who_tells_nothing_is_a_caller_alone() -> None:
    assert AsteriskReader([]).read(LINE) == [Opened(call="e226e283", speakers=("caller",))]


@pytest.mark.parametrize("message", ["DTMF_END digit:5", text(event="DTMF_END", digit="5")])
def test_keys(message: str) -> None:
    reader = AsteriskReader([])
    reader.read(LINE)
    assert reader.read(message) == [Pressed(speaker="caller", digit="5")]
    assert not reader.read("DTMF_END digit:55")


@pytest.mark.parametrize(
    ("name", "rate"), [("slin", 8000), ("slin12", 12000), ("slin16", 16000), ("slin44", 44100), ("slin192", 192000)]
)
def test_linear_of_every_rate(name: str, rate: int) -> None:
    reader = AsteriskReader([])
    reader.read(f"MEDIA_START connection_id:1 format:{name}")
    voice = reader.read(bytes(320))[0]
    assert isinstance(voice, Voice) and (voice.coding, voice.rate) == ("slin", rate)


@pytest.mark.parametrize("message", ["MEDIA_START format:opus", "MEDIA_START format:slin7", b"sound", "{broken"])
def test_what_cannot_be_listened_to(message: str | bytes) -> None:
    with pytest.raises(BadInput):
        AsteriskReader([]).read(message)


@given(st.text(max_size=80))
def test_any_line_is_some_event(message: str) -> None:
    try:
        assert "event" in control(message) or message.lstrip().startswith("{")
    except BadInput:
        assert message.lstrip().startswith("{")
