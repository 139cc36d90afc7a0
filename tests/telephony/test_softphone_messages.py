"""The softphone's lines: what is written is read back; what is no message is refused."""

from __future__ import annotations

import msgspec
import pytest

from telephony import softphone_messages as msg

COMMANDS: list[msg.AnyCommand] = [
    msg.Open(number=1, registrar=msg.Registrar(uri="sip:a", user="b", password="c")),
    msg.SetAnswering(number=2, answering=msg.Answering(mode="refuse", after_ms=3, status=603)),
    msg.Dial(number=3, call="out-1", uri="sip:x@y", from_uri='"홍" <sip:1@y>', headers=(("Privacy", "id"),)),
    msg.Play(call="out-1", clip=1, path="/a b.wav", interrupt=True),
    msg.Dtmf(call="out-1", digits="1*#", method="info"),
    msg.HangUp(call="out-1"),
    msg.Quit(),
]
EVENTS: list[msg.AnyPhoneEvent] = [
    msg.Ready(port=5060),
    msg.Incoming(call="in-1", from_uri="<sip:1@y>", to_uri="<sip:2@y>", message="INVITE\r\n\r\n한"),
    msg.Key(call="in-1", digit="#", method="rfc4733"),
    msg.Ended(call="in-1", status=200, reason="OK", by_peer=True),
    msg.Done(number=3, failure="no"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_commands_survive_the_line(command: msg.AnyCommand) -> None:
    line = msg.to_line(command)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert msg.command_from(line) == command


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_events_survive_the_line(event: msg.AnyPhoneEvent) -> None:
    line = msg.to_line(event)
    assert line.count(b"\n") == 1
    assert msg.event_from(line) == event


@pytest.mark.parametrize(
    "line", [b"", b"{}", b'{"do":"Explode"}', b'{"do":"Play","call":"a"}', b"\xff", b'{"type":"Ready"}']
)
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        msg.command_from(line)
    with pytest.raises(msgspec.MsgspecError):
        msg.event_from(line)
