"""What telephony gives to the call flow, whatever stack is below: a bridge of calls, each with two legs.

``telephony.sip`` is the real one (pjsua2 in worker processes); ``tests/fakes/bridge.py`` plays scripts. Both pass
``tests/contracts/test_leg.py``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from core.audio import FrameQueue
from core.events import KeyMethod, Party, Speaker

DialResult = Literal["answered", "no_answer", "busy", "refused", "unreachable", "gone"]


class Signal(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """Something that happened on a leg."""

    speaker: Speaker = "caller"


class Key(Signal, frozen=True, kw_only=True):
    """A key press, once per press (RFC 4733 end packets and repeats are folded)."""

    digit: str
    method: KeyMethod


class Held(Signal, frozen=True, kw_only=True):
    """That side put the call on hold (RFC 3264: sendonly, inactive, or c=0.0.0.0)."""


class Resumed(Signal, frozen=True, kw_only=True):
    """That side took the call back from hold."""


class AudioLost(Signal, frozen=True, kw_only=True):
    """No RTP from that leg for ``no_audio_s`` though it is not on hold."""


class AudioBack(Signal, frozen=True, kw_only=True):
    """RTP came again."""


class PromptDone(Signal, frozen=True, kw_only=True):
    """A prompt that was not looped has been played to its end."""

    prompt: str


class LegEnded(Signal, frozen=True, kw_only=True):
    """The leg is over. For the caller's leg: the call is over."""

    status: int = 0
    """SIP status: 200 for a BYE, the final answer's code else."""
    by_peer: bool = True
    """The other side ended it (BYE/CANCEL), not we."""
    reason: str = ""
    """'' or 'no_media', 'worker_lost', 'expired' (session timer, RFC 4028)."""


AnySignal = Key | Held | Resumed | AudioLost | AudioBack | PromptDone | LegEnded


class Call(Protocol):
    """One inbound call. The object is owned by one call flow; methods are called from its task only.

    After the caller's ``LegEnded`` every method is a no-op and ``dial`` returns 'gone'.
    """

    call_id: str
    caller: Party
    called: str
    trunk: str
    """For the engineer: 'sip0 127.0.0.1:5070/udp'."""
    started: datetime
    adopted_agent: str
    """'' for a new call; else the ``reference`` given to ``dial`` by the node before: the call is already joined."""
    silent_s: float
    """For an adopted call: seconds without a node."""

    def frames(self, speaker: Speaker) -> FrameQueue:
        """The leg's received voice. The caller's from ``answer()`` on; the agent's from 'answered' on, a new queue
        for each agent that was joined. It is closed when the leg ends. ``Frame.start`` counts from ``started``."""

    def signals(self) -> AsyncIterator[AnySignal]:
        """What happens on the legs, in order; ends after the caller's ``LegEnded``, which comes after the
        agent's. Bounded: 256, keys are dropped first."""

    async def answer(self) -> None:
        """200 OK. Before it the caller hears ringing (180 is sent by the worker at once)."""

    async def refuse(self, status: int, *, retry_after_s: int = 0) -> None:
        """A final answer other than 200, with Retry-After where given; ends the call."""

    async def play(self, prompt: str, *, loop: bool = False) -> None:
        """Play a prompt (name in the prompt folder, without '.wav') to the caller; replaces the one playing."""

    async def stop_prompt(self) -> None:
        """Silence. No ``PromptDone`` follows."""

    async def dial(self, uri: str, *, reference: str, ring_timeout_s: float) -> DialResult:
        """Call an agent's phone. On 'answered' both voices already pass both ways and prompts have stopped.
        Cancelling the await cancels the INVITE. ``reference`` (the agent's id) is kept by the worker for adoption."""

    async def hang_up(self) -> None:
        """End both legs; ``LegEnded(by_peer=False)`` follows."""


class WorkerState(msgspec.Struct, frozen=True, kw_only=True):
    """One SIP worker as `/readyz`, `/metrics` and `minwon check` show it."""

    name: str
    address: str
    """host:port of its SIP socket."""
    alive: bool
    calls: int
    capacity: int
    restarts: int
    bad_messages: int
    """SIP that was dropped as malformed."""
    refused: int
    """INVITEs refused: over capacity, not on the allow-list."""
    frames_dropped: int
    registered: bool | None = None
    """None when not set to register."""
    pid: int = 0
    """Its process; 0 while there is none."""


class Bridge(Protocol):
    """All SIP workers as one. ``async with bridge`` = ports bound, workers ready, running calls adopted."""

    async def __aenter__(self) -> Bridge: ...
    async def __aexit__(self, *exc: object) -> None: ...

    def calls(self) -> AsyncIterator[Call]:
        """New calls, and first those that were adopted; ends with ``drain``."""

    async def drain(self) -> None:
        """Take no new calls (503 with Retry-After); running calls go on."""

    @property
    def adopted(self) -> Collection[str]:
        """Ids of the calls that were found running when the bridge was entered; ``calls()`` hands them out first."""

    def workers(self) -> Sequence[WorkerState]:
        """The present state of each worker."""

    @property
    def addresses(self) -> Sequence[str]:
        """'host:port' of each worker's SIP socket."""
