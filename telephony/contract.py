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
from core.events import CallWay, KeyMethod, Party, Speaker, SupervisionMode

DialResult = Literal["answered", "no_answer", "busy", "refused", "unreachable", "gone"]
ConsultResult = DialResult | Literal["no_line"]
"""'no_line': every leg of the worker that carries the call is in use, or promised to another call's agent. 'gone'
also when the third was dropped while it rang."""


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
    """No RTP from that leg for ``no_audio_s`` though it is not on hold, nor known to pause (silence suppression)."""


class AudioBack(Signal, frozen=True, kw_only=True):
    """RTP came again."""


class PromptDone(Signal, frozen=True, kw_only=True):
    """A prompt that was not looped has been played to its end, or could not be played at all."""

    prompt: str
    """As it was given to ``play``; ``speaker`` is who heard it."""


class Identified(Signal, frozen=True, kw_only=True):
    """Of a call that we only listen to: who ``speaker`` is, or is from now on (SIPREC metadata, a fork's first
    message)."""

    party: Party


class TransferAsked(Signal, frozen=True, kw_only=True):
    """The transfer key of a phone (REFER, RFC 3515), of the agent or a third. It was answered 202; say how it went by
    ``transfer_told``: until then another is answered 491."""

    uri: str
    """Refer-To without its headers."""
    replaces: str = ""
    """Value of the Replaces header in it (RFC 3891): the phone has spoken with the other already."""


class HandedOver(Signal, frozen=True, kw_only=True):
    """The third has the agent's place: by ``hand_over``, or because the agent hung up while a third was there; or the
    supervisor has it, by ``take_over``. The agent's ``LegEnded`` comes before it (``by_peer`` tells whether she hung
    up); ``frames("third")`` is closed, the voice of whoever has her place is ``frames("agent")``, a new queue. Of a
    third whose phone still rang it comes when it answers, before ``consult`` returns 'answered'."""


class SupervisorLeft(Signal, frozen=True, kw_only=True):
    """The supervisor's phone hung up."""


class LegSound(Signal, frozen=True, kw_only=True):
    """Every 2 s what a leg's RTP and RTCP tell. Only the newest of a speaker waits in the queue."""

    packets: int
    """Received so far (RFC 3550)."""
    lost: int
    """Not received so far, or too late to be played."""
    reordered: int
    doubled: int
    jitter_ms: float
    """Interarrival jitter now."""
    round_trip_ms: float
    """By RTCP; 0 = unknown."""
    far_loss: float
    """0..1: what the party says that it lost of ours (RTCP receiver report)."""
    far_jitter_ms: float
    drift_ppm: float
    """How much faster than ours the party's clock runs; 0 until it can be told."""
    buffer_ms: float
    """Delay in the jitter buffer."""
    codec: str
    """'PCMA'."""
    late: int = 0
    """Those of ``lost`` that came, but too late to be played."""
    bursts: int = 0
    """Runs of lost packets so far: few long ones are worse than many short ones."""


class LegEnded(Signal, frozen=True, kw_only=True):
    """The leg is over. For the caller's leg: the call is over."""

    status: int = 0
    """SIP status: 200 for a BYE, the final answer's code else."""
    by_peer: bool = True
    """The other side ended it (BYE/CANCEL), not we."""
    reason: str = ""
    """'' or 'no_media', 'worker_lost', 'expired' (session timer, RFC 4028), 'failed' (the stack could not do it),
    'handed_on' (the exchange took the call over), 'source' (a recording session or fork broke off)."""


AnySignal = (
    Key
    | Held
    | Resumed
    | AudioLost
    | AudioBack
    | PromptDone
    | Identified
    | TransferAsked
    | HandedOver
    | SupervisorLeft
    | LegSound
    | LegEnded
)
Headers = tuple[tuple[str, str], ...]
"""Further SIP headers of an INVITE: (name, value)."""


class Call(Protocol):
    """A call that came in, or one that ``Bridge.call_out`` makes. The object is owned by one call flow; methods are
    called from its task only.

    After the caller's ``LegEnded`` every method is a no-op and ``dial`` returns 'gone'.
    """

    call_id: str
    outgoing: bool
    """We call the caller (a callback)."""
    reference: str
    """What ``call_out`` was given; '' for a call that came in. Kept by the worker for adoption."""
    caller: Party
    """The citizen, also when we call."""
    called: str
    """The number of ours that she dialled; for an outgoing call the number that she sees."""
    trunk: str
    """For the engineer: 'sip0 127.0.0.1:5070/udp'."""
    started: datetime
    adopted_agent: str
    """'' for a new call; else the ``reference`` given to ``dial`` by the node before: the call is already joined."""
    adopted_third: str
    """Of an adopted call: the ``reference`` given to ``consult``, '' = no third is there."""
    adopted_supervisor: str
    """Of an adopted call: the ``reference`` given to ``supervise``, '' = nobody supervises."""
    on_hold: bool
    """Whether the caller hears hold music (``hold``, ``consult``); true to now, of an adopted call too."""
    silent_s: float
    """For an adopted call: seconds without a node."""
    way: CallWay
    """'bridge'; of the others we only hear: after ``answer`` both voices come, and whatever would act on the call
    (``play``, ``dial`` ...) is ``IllegalStep``, except ``hang_up``, which ends our listening."""
    agent: Party
    """Of a call that we only listen to: who is on the agent's side, as far as its source told; else empty."""

    def frames(self, speaker: Speaker) -> FrameQueue:
        """The leg's received voice. The caller's from ``answer()`` on; the agent's from 'answered' on, a new queue
        for each agent that was joined. It is closed when the leg ends. ``Frame.start`` counts from ``started``."""

    def signals(self) -> AsyncIterator[AnySignal]:
        """What happens on the legs, in order; ends after the caller's ``LegEnded``, which comes after the
        agent's. Bounded: 256, keys are dropped first."""

    async def answer(self) -> None:
        """200 OK. Before it the caller hears ringing (180 is sent by the worker at once).

        On an outgoing call: send the INVITE; returns when the party has answered, or the call is over (its ``LegEnded``
        is among the signals then: ``by_peer`` with the SIP status, 486 busy, 480 no answer in time, 408 unreachable).
        Cancelling the await of an outgoing call ends it (CANCEL).
        """

    async def refuse(self, status: int, *, retry_after_s: int = 0) -> None:
        """A final answer other than 200, with Retry-After where given; ends the call."""

    async def play(self, prompt: str, *, loop: bool = False, to: Speaker = "caller") -> None:
        """Play a prompt to one side; replaces the one that this side is hearing, at once.

        ``prompt`` is a name in the prompt folder, without '.wav', or the absolute path of a WAV file of 8 kHz, mono,
        16 bits, at most 10 minutes. A file is read once and then kept in memory, so what it says must not change under
        one path; one in the node's run folder is private and never kept. A file that is missing or broken: a note in
        the log, ``PromptDone`` at once, and the call goes on.

        Once joined, the prompt is mixed with the other's voice, and the other does not hear it. ``to="agent"`` is
        possible from then on only: ``IllegalStep`` before.
        """

    async def stop_prompt(self, to: Speaker = "caller") -> None:
        """No prompt for that side. No ``PromptDone`` follows, not even one that waits to be read from ``signals()``;
        ``play`` takes that of its predecessor back in the same way."""

    async def dial(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> DialResult:
        """Call an agent's phone. On 'answered' both voices already pass both ways and prompts have stopped.
        Cancelling the await cancels the INVITE. ``reference`` (the agent's id) is kept by the worker for adoption."""

    # More than two. All of it when joined only, ``IllegalStep`` else. What a party that goes leaves behind is always a
    # talk of those who stay: nobody is ever alone with silence. Who hears whom: ``telephony/mixing.py``.

    async def hold(self, on: bool) -> None:
        """The caller hears hold music and is not heard; no words of hers come. Off: all who are there talk."""

    async def consult(self, uri: str, *, reference: str, ring_timeout_s: float, headers: Headers = ()) -> ConsultResult:
        """Call a third party for the agent, who hears its ringing; the caller is on hold from now on. On 'answered'
        agent and third talk, ``frames("third")`` is a new queue. Else the caller is on hold still: ``hold(False)``.
        Cancelling the await cancels the INVITE, and the caller is on hold still. ``IllegalStep`` while a third is
        there or rings.

        A third who hangs up: ``LegEnded(speaker="third")``, and caller and agent talk again.

        An agent who hangs up while the third is there: ``HandedOver``. While the third still rings: her ``LegEnded``,
        the caller hears a ringing tone; on 'answered' ``HandedOver``; else the caller is alone, as after ``answer``:
        ``play``, ``dial`` again. Cancelling the await then leaves the caller alone, too."""

    async def conference(self) -> None:
        """With a third: all three hear each other. ``IllegalStep`` when it is not there (any more)."""

    async def drop_third(self) -> None:
        """End the third's leg (also while it rings: ``consult`` returns 'gone'); caller and agent talk again. No
        ``LegEnded`` follows. No-op without a third."""

    async def hand_over(self) -> None:
        """The third takes the agent's place, who is let go: as if she had hung up, also while the third still rings.
        ``IllegalStep`` when there is no third (any more)."""

    async def take_over(self) -> None:
        """The supervisor takes the agent's place, who is let go; the caller hears the two without a gap. Her
        ``LegEnded(by_peer=False)``, then ``HandedOver``; the supervisor's voice is ``frames("agent")``, a new queue.
        ``IllegalStep`` while a third is there or rings; no-op when the supervisor has just hung up."""

    async def release_agent(self) -> None:
        """End the agent's leg, and a third's; the caller stays and is no longer on hold, as after ``answer``:
        ``play``, ``dial`` again. A supervisor stays. No ``LegEnded`` follows."""

    async def refer(self, uri: str, *, replacing_third: bool = False) -> int:
        """Ask the exchange to take the call over: REFER on the caller's leg (RFC 3515), with ``replacing_third`` to
        the third's own dialog (RFC 3891). Returns the last status that it told: on 2xx the caller's
        ``LegEnded(reason="handed_on")`` follows; otherwise nothing has changed. 408 when it never told."""

    async def transfer_told(self, status: int) -> None:
        """How the transfer that a phone asked for went, for the NOTIFY to it: below 200 while it is on its way.
        No-op without ``TransferAsked``, or when that phone is gone."""

    async def supervise(
        self, uri: str, *, reference: str, mode: SupervisionMode, ring_timeout_s: float, headers: Headers = ()
    ) -> ConsultResult:
        """Call a supervisor's phone and let it take part; also replaces the one before. Her voice is not transcribed.
        She stays until she hangs up (``SupervisorLeft``), is let go, or the call ends."""

    async def set_supervision(self, mode: SupervisionMode | None) -> None:
        """Change what she does; None ends her leg, also while it rings (``supervise`` returns 'gone'). No-op without
        her; possible in every state."""

    async def hang_up(self) -> None:
        """End all legs; ``LegEnded(by_peer=False)`` follows for third, agent and caller, as far as they are there."""


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
    """Requests refused: over capacity, of strangers ..."""
    frames_dropped: int
    refused_by: dict[str, int] = {}
    """``refused`` by reason, as ``wire.Statistics`` lists them."""
    tls_address: str = ""
    """host:port of its TLS socket, '' = none."""
    registered: bool | None = None
    """None when not set to register."""
    pid: int = 0
    """Its process; 0 while there is none."""


class CallSource(Protocol):
    """Where calls come from: the SIP bridge, the forks. ``async with source`` = ports bound."""

    async def __aenter__(self) -> CallSource: ...
    async def __aexit__(self, *exc: object) -> None: ...

    def calls(self) -> AsyncIterator[Call]:
        """New calls; ends with ``drain``."""

    async def drain(self) -> None:
        """Take no new calls; running ones go on."""


class Bridge(CallSource, Protocol):
    """All SIP workers as one. ``async with bridge`` = ports bound, workers ready, running calls adopted."""

    async def __aenter__(self) -> Bridge: ...
    async def __aexit__(self, *exc: object) -> None: ...

    def calls(self) -> AsyncIterator[Call]:
        """New calls, and first those that were adopted; ends with ``drain``."""

    async def call_out(self, uri: str, *, reference: str = "", ring_timeout_s: float = 30.0) -> Call:
        """A call to a citizen that we make: a place for it in the worker with most room. ``answer()`` sends the INVITE
        and waits at most ``ring_timeout_s``; everything after is as for a call that came in. It counts as a call of two
        legs from now on, and is not among ``calls()``: hang it up if it is not wanted any more.

        Who may be called is for the call flow to decide. ``BadInput`` for what is no SIP address; ``Refused`` when no
        worker has room, or the bridge is drained.
        """

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
