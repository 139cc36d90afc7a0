"""The life of one call as a table, the same in the worker and in the node.

ringing --answer--> answered --dial--> dialling --agent_answered--> joined
   |                ^  ^                  |                            |
   |                |  +---agent_failed---+        (cancel_dial: back to answered)
   +--refuse--> ended <---- caller_ended / hang_up / agent_ended (when joined) from everywhere
                    |
reserved --answer--> calling --caller_answered--> answered         (a call that we make)
"""

from __future__ import annotations

from enum import StrEnum

from core.errors import IllegalStep
from core.events import Speaker
from telephony.contract import DialResult


class CallState(StrEnum):
    """Where a call is."""

    RINGING = "ringing"
    """The caller hears ringing; nothing was decided."""
    RESERVED = "reserved"
    """A place for a caller whom we shall call; nothing was sent."""
    CALLING = "calling"
    """We called her and wait for her answer."""
    ANSWERED = "answered"
    """The caller hears us: silence or a prompt."""
    DIALLING = "dialling"
    """... and an agent's phone rings."""
    JOINED = "joined"
    """Caller and agent hear each other."""
    ENDED = "ended"
    """No leg is left that could do anything but close."""


class CallEvent(StrEnum):
    """What may happen to a call."""

    ANSWER = "answer"
    CALLER_ANSWERED = "caller_answered"
    REFUSE = "refuse"
    PLAY = "play"
    PLAY_TO_AGENT = "play_to_agent"
    DIAL = "dial"
    CANCEL_DIAL = "cancel_dial"
    AGENT_ANSWERED = "agent_answered"
    AGENT_FAILED = "agent_failed"
    AGENT_ENDED = "agent_ended"
    CALLER_ENDED = "caller_ended"
    HANG_UP = "hang_up"


_S, _E = CallState, CallEvent
_ANYWHERE = {_E.CALLER_ENDED: _S.ENDED, _E.HANG_UP: _S.ENDED}
_TABLE: dict[CallState, dict[CallEvent, CallState]] = {
    _S.RINGING: {_E.ANSWER: _S.ANSWERED, _E.REFUSE: _S.ENDED, **_ANYWHERE},
    _S.RESERVED: {_E.ANSWER: _S.CALLING, **_ANYWHERE},
    _S.CALLING: {_E.CALLER_ANSWERED: _S.ANSWERED, **_ANYWHERE},
    _S.ANSWERED: {_E.PLAY: _S.ANSWERED, _E.DIAL: _S.DIALLING, _E.CANCEL_DIAL: _S.ANSWERED, **_ANYWHERE},
    _S.DIALLING: {
        _E.PLAY: _S.DIALLING,
        _E.CANCEL_DIAL: _S.ANSWERED,
        _E.AGENT_ANSWERED: _S.JOINED,
        _E.AGENT_FAILED: _S.ANSWERED,
        **_ANYWHERE,
    },
    _S.JOINED: {
        _E.PLAY: _S.JOINED,
        _E.PLAY_TO_AGENT: _S.JOINED,
        _E.CANCEL_DIAL: _S.ANSWERED,
        _E.AGENT_ENDED: _S.ENDED,
        **_ANYWHERE,
    },
    _S.ENDED: dict.fromkeys(CallEvent, _S.ENDED),
}
"""ENDED swallows everything: orders and a hang-up cross on the way, and that is nobody's mistake."""


def play_to(speaker: Speaker) -> CallEvent:
    """The event of a prompt to that side."""
    return CallEvent.PLAY if speaker == "caller" else CallEvent.PLAY_TO_AGENT


def step(state: CallState, event: CallEvent) -> CallState:
    """The state after ``event``. Raises ``IllegalStep`` where the table knows no way."""
    try:
        return _TABLE[state][event]
    except KeyError:
        raise IllegalStep("call", state, event) from None


def dial_result(status: int) -> DialResult:
    """What the final answer of an agent's phone means for the queue (RFC 3261 section 21)."""
    if 200 <= status < 300:
        return "answered"
    if status in (486, 600):
        return "busy"
    if status in (480, 487):
        return "no_answer"
    if status in (401, 403, 407, 433, 603, 607, 608):
        return "refused"
    return "unreachable"
