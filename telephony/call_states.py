"""The life of one call as a table, the same in the worker and in the node.

ringing --answer--> answered --dial--> dialling --agent_answered--> joined
   |  |             ^  ^                  |                            |
   |  |             |  +---agent_failed---+        (cancel_dial, release_agent: back to answered)
   |  +--refuse--> ended <---- caller_ended / hang_up / agent_ended (when joined) from everywhere
   +--listen--> listening                                             (a call that we only hear)
reserved --answer--> calling --caller_answered--> answered            (a call that we make)

joined --consult--> inviting --third_answered--> three                (third_failed, third_ended, drop_third: joined)
                       |                           |
                       +--> dialling               +--> joined        (agent_ended, hand_over: the third is the agent)

Whether the caller is on hold is no state: it is asked when the connections are made (``telephony.mixing``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

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
    """... and an agent's phone rings, or a third's who shall have the place of an agent who went."""
    JOINED = "joined"
    """Caller and agent hear each other."""
    INVITING = "inviting"
    """... and a third's phone rings."""
    THREE = "three"
    """Caller, agent and a third are there."""
    LISTENING = "listening"
    """Caller and agent talk elsewhere, we only hear them."""
    ENDED = "ended"
    """No leg is left that could do anything but close."""


TALKING: Final = frozenset({CallState.JOINED, CallState.INVITING, CallState.THREE})
"""Caller and agent are both there."""


class CallEvent(StrEnum):
    """What may happen to a call."""

    ANSWER = "answer"
    LISTEN = "listen"
    CALLER_ANSWERED = "caller_answered"
    REFUSE = "refuse"
    PLAY = "play"
    PLAY_TO_AGENT = "play_to_agent"
    PLAY_TO_THIRD = "play_to_third"
    DIAL = "dial"
    CANCEL_DIAL = "cancel_dial"
    AGENT_ANSWERED = "agent_answered"
    AGENT_FAILED = "agent_failed"
    AGENT_ENDED = "agent_ended"
    HOLD = "hold"
    CONSULT = "consult"
    THIRD_ANSWERED = "third_answered"
    THIRD_FAILED = "third_failed"
    THIRD_ENDED = "third_ended"
    CONFERENCE = "conference"
    DROP_THIRD = "drop_third"
    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"
    RELEASE_AGENT = "release_agent"
    REFER = "refer"
    SUPERVISE = "supervise"
    CALLER_ENDED = "caller_ended"
    HANG_UP = "hang_up"


_S, _E = CallState, CallEvent
_ANYWHERE = {_E.CALLER_ENDED: _S.ENDED, _E.HANG_UP: _S.ENDED}


def _while_talking(here: CallState) -> dict[CallEvent, CallState]:
    """What is possible as long as caller and agent are there."""
    same = (_E.PLAY, _E.PLAY_TO_AGENT, _E.HOLD, _E.REFER, _E.SUPERVISE)
    return {**dict.fromkeys(same, here), _E.RELEASE_AGENT: _S.ANSWERED, _E.DROP_THIRD: _S.JOINED, **_ANYWHERE}


_TABLE: dict[CallState, dict[CallEvent, CallState]] = {
    _S.RINGING: {_E.ANSWER: _S.ANSWERED, _E.LISTEN: _S.LISTENING, _E.REFUSE: _S.ENDED, **_ANYWHERE},
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
        **_while_talking(_S.JOINED),
        _E.CANCEL_DIAL: _S.ANSWERED,
        _E.CONSULT: _S.INVITING,
        _E.TAKE_OVER: _S.JOINED,  # the supervisor is the agent from now on
        _E.AGENT_ENDED: _S.ENDED,
    },
    _S.INVITING: {
        **_while_talking(_S.INVITING),
        _E.THIRD_ANSWERED: _S.THREE,
        _E.THIRD_FAILED: _S.JOINED,
        _E.HAND_OVER: _S.DIALLING,
        _E.AGENT_ENDED: _S.DIALLING,
    },
    _S.THREE: {
        **_while_talking(_S.THREE),
        _E.PLAY_TO_THIRD: _S.THREE,
        _E.CONFERENCE: _S.THREE,
        _E.THIRD_ENDED: _S.JOINED,
        _E.HAND_OVER: _S.JOINED,
        _E.AGENT_ENDED: _S.JOINED,
    },
    _S.LISTENING: _ANYWHERE,
    _S.ENDED: dict.fromkeys(CallEvent, _S.ENDED),
}
"""ENDED swallows everything: orders and a hang-up cross on the way, and that is nobody's mistake. So does an order to
drop a third who went meanwhile."""
_PLAYS: dict[Speaker, CallEvent] = {
    "caller": CallEvent.PLAY,
    "agent": CallEvent.PLAY_TO_AGENT,
    "third": CallEvent.PLAY_TO_THIRD,
}


def play_to(speaker: Speaker) -> CallEvent:
    """The event of a prompt to that side."""
    return _PLAYS[speaker]


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
