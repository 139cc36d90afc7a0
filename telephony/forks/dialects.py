"""Which dialect a WebSocket stream speaks: its first message tells, so that any address will do."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import BadInput
from telephony.forks import asterisk_ws, twilio
from telephony.forks.asterisk_ws import AsteriskReader, control
from telephony.forks.jambonz import JambonzReader
from telephony.forks.said import Reader
from telephony.forks.twilio import TwilioReader


def reader_for(first: str | bytes, parameters: Sequence[tuple[str, str]]) -> Reader:
    """The reader of a stream that begins so; the message is still to be read by it."""
    if isinstance(first, bytes):
        return JambonzReader(parameters)
    event = control(first).get("event")
    if event == asterisk_ws.START:
        return AsteriskReader(parameters)
    if isinstance(event, str) and event in twilio.EVENTS:
        return TwilioReader(parameters)
    if first.lstrip().startswith("{"):
        return JambonzReader(parameters)
    raise BadInput("a first message of no known dialect", code="dialect")
