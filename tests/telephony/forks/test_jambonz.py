"""jambonz ``listen``, and FreeSWITCH's modules that send the same."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.events import Party
from telephony.forks.jambonz import JambonzReader
from telephony.forks.said import Ended, Opened, Pressed, Voice

PCM = bytes(640)
METADATA = {
    "callSid": "fd1c8a0e",
    "direction": "inbound",
    "from": "01012345678",
    "to": "120",
    "callerName": "김하늘",
    "sampleRate": 16000,
    "mixType": "stereo",
    "agent": "2107",
}


def text(**fields: object) -> str:
    return msgspec.json.encode(fields).decode()


def test_both_voices_of_a_call() -> None:
    reader = JambonzReader([])
    assert reader.read(text(**METADATA)) == [
        Opened(
            call="fd1c8a0e",
            speakers=("caller", "agent"),
            caller=Party(number="01012345678", name="김하늘"),
            agent=Party(number="2107"),
            called="120",
        )
    ]
    assert reader.read(PCM) == [Voice(data=PCM, speakers=("caller", "agent"), coding="slin", rate=16000)]


def test_facts_of_the_verb_and_of_the_address() -> None:
    reader = JambonzReader([("agent", "2108"), ("to", "111")])
    opened = reader.read(text(callSid="x", metadata={"agent": "2107"}, to="sip:120@exchange"))[0]
    assert isinstance(opened, Opened)
    assert (opened.agent.number, opened.called, opened.speakers) == ("2107", "120", ("caller",))


def test_a_caller_who_withholds_her_number() -> None:
    opened = JambonzReader([]).read(text(callSid="x", **{"from": "anonymous"}))[0]
    assert isinstance(opened, Opened) and opened.caller == Party(anonymous=True)


def test_freeswitch_without_a_word() -> None:
    reader = JambonzReader([("call", "7"), ("rate", "8000"), ("mix", "stereo"), ("from", "0215771577")])
    opened, voice = reader.read(PCM)
    assert isinstance(opened, Opened) and (opened.call, opened.caller.number) == ("7", "0215771577")
    assert voice == Voice(data=PCM, speakers=("caller", "agent"), coding="slin", rate=8000)


def test_a_stream_of_the_agents_channel_has_her_voice_first() -> None:
    opened = JambonzReader([("speaker", "agent"), ("mix", "stereo")]).read(text(callSid="x"))[0]
    assert isinstance(opened, Opened) and opened.speakers == ("agent", "caller")


def test_keys_and_goodbyes() -> None:
    reader = JambonzReader([])
    reader.read(text(callSid="x"))
    assert reader.read(text(event="dtmf", dtmf="2", duration="1600")) == [Pressed(speaker="caller", digit="2")]
    assert reader.read(text(event="dtmf", dtmf="22")) == []
    assert reader.read(text(type="disconnect")) == [Ended()]
    assert reader.read(text(type={"not": "a word"})) == []


@pytest.mark.parametrize(
    "message",
    ['{"callSid": ', "[]", '{"sampleRate": 7}', '{"sampleRate": "fast"}', '{"mixType": "mixed"}', '{"speaker": "dog"}'],
)
def test_what_cannot_be_listened_to(message: str) -> None:
    with pytest.raises(BadInput):
        JambonzReader([]).read(message)


@given(st.lists(st.one_of(st.binary(max_size=64), st.text(max_size=64)), max_size=6))
def test_garbage_is_read_or_refused(messages: list[str | bytes]) -> None:
    reader = JambonzReader([])
    for message in messages:
        try:
            reader.read(message)
        except BadInput:
            return
