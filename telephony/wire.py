"""What the node and a SIP worker say to each other over a Unix socket: msgpack with 4 bytes of length before it.

The worker listens, the node connects; the worker's first message is ``Hello``. Control messages are never dropped.
Audio is: one ``Audio`` message a tick for all legs, oldest lost first when the node does not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeVar

import msgspec

from core.errors import BadInput
from core.events import CallWay, Party, Speaker, SupervisionMode
from telephony.contract import AnySignal, ConsultResult, Headers

T = TypeVar("T")

PROTOCOL = 3
"""Raised with every change that an older worker or node would not understand."""
LARGEST = 1 << 20
"""Bytes of the largest message that is believed; longer ones mean a broken stream."""
_HEADER = 4


class _Secret(msgspec.Struct, frozen=True, kw_only=True):
    """Shows no password, in whatever log or traceback it ends."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Register(_Secret, frozen=True, kw_only=True):
    """Be an extension of an exchange."""

    registrar: str
    user: str
    auth_user: str
    password: str
    expires_s: int


Srtp = Literal["off", "optional", "required"]
Role = Literal["agent", "third", "supervisor"]
"""What a leg that we dial is in its call."""


class Tls(msgspec.Struct, frozen=True, kw_only=True):
    """SIP over TLS."""

    port: int
    """0 = any free."""
    certificate_file: str
    key_file: str
    ca_file: str
    client_certificates: bool


class Peer(_Secret, frozen=True, kw_only=True):
    """Whose SIP is read, and on what terms."""

    name: str
    networks: tuple[str, ...]
    srtp: Srtp = "off"
    tls_only: bool = False
    user: str = ""
    """Digest; '' = none is asked for."""
    password: str = ""
    md5_only: bool = False
    """It does not know SHA-256, and cannot choose."""
    recorder: bool = False
    """Its INVITEs are recording sessions (RFC 7866)."""
    invites_per_s: float = 50.0
    front: bool = False
    """Our own Kamailio, which has its own limits."""


class Settings(_Secret, frozen=True, kw_only=True):
    """All that a worker must know, on its stdin, where no process list shows the password."""

    name: str
    """'sip0'."""
    socket: str
    """Path of the Unix socket to listen on."""
    prompts: str
    """Folder of the prompts: 8 kHz mono WAV, 16 bits."""
    host: str
    public_address: str
    port: int
    """0 = any free."""
    transports: tuple[Literal["udp", "tcp", "tls"], ...]
    tls: Tls | None = None
    srtp: Srtp = "off"
    """For whom no peer stands: telephones that are called directly, the registrar."""
    digest_key: bytes = b""
    """Seals the nonces of all workers of a node; b'' = one of its own."""
    codecs: tuple[str, ...]
    rtp_port: int
    """0 = any free."""
    rtp_ports: int
    """How many ports from ``rtp_port`` on."""
    build: str = ""
    """``sip_build.Build.name``, so that a worker of another build counts as outdated."""
    hotline: tuple[str, ...]
    extensions: str = ""
    """Pattern of agents' numbers: who is who in a recording session."""
    peers: tuple[Peer, ...]
    register: Register | None
    no_audio_s: float
    no_audio_end_s: float
    session_expires_s: int
    retry_after_s: int
    caller_id: str
    proxy: str = ""
    """Where our own calls go first; '' = straight to their address."""
    orphan_s: float = 60.0
    """An idle worker without a node goes away after so long."""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag=True):
    """Anything on the wire."""


# From the node.


class CallOut(Message, frozen=True, kw_only=True):
    """Keep room for a call to a citizen; ``Outgoing`` or ``NoRoom`` follows."""

    call: str
    """The node's choice."""
    uri: str
    reference: str
    ring_timeout_s: float


class Answer(Message, frozen=True, kw_only=True):
    """Send 200; for an outgoing call: send its INVITE. ``Answered`` follows, unless the call ends first."""

    call: str


class Refuse(Message, frozen=True, kw_only=True):
    """Send another final answer."""

    call: str
    status: int
    retry_after_s: int = 0


class Play(Message, frozen=True, kw_only=True):
    """Play a prompt to one side; ``PromptOver`` follows when it has been heard."""

    call: str
    prompt: str
    """A name in the prompt folder, or the absolute path of a file."""
    loop: bool
    to: Speaker
    number: int
    """Counts from 1 within the call, so that the end of an earlier one is not taken for this one's."""


class StopPrompt(Message, frozen=True, kw_only=True):
    """No prompt for that side."""

    call: str
    to: Speaker


class Dial(Message, frozen=True, kw_only=True):
    """Call an agent's phone, a third's or a supervisor's; ``Dialled`` follows, unless it is cancelled or the caller's
    leg ends."""

    call: str
    dial: int
    """Counts from 1 within the call, over all roles."""
    uri: str
    reference: str
    ring_timeout_s: float
    role: Role = "agent"
    headers: Headers = ()
    mode: SupervisionMode | None = None
    """Of a supervisor."""


class CancelDial(Message, frozen=True, kw_only=True):
    """CANCEL, or BYE if it was answered meanwhile; the caller stays. Of a third who has got the place of an agent that
    went, which the node does not know yet: the call is over, as it is when an agent goes and there is no third."""

    call: str
    dial: int


class Hold(Message, frozen=True, kw_only=True):
    """The caller on hold, or not."""

    call: str
    on: bool


class Conference(Message, frozen=True, kw_only=True):
    """Caller, agent and third hear each other."""

    call: str


class HandOver(Message, frozen=True, kw_only=True):
    """The third, or the supervisor, takes the agent's place."""

    call: str
    to: Literal["third", "supervisor"] = "third"


class Release(Message, frozen=True, kw_only=True):
    """End the leg of that role, also while it rings. Of the agent: the third's too, and the caller stays. Of the third:
    caller and agent talk again."""

    call: str
    role: Role


class Supervise(Message, frozen=True, kw_only=True):
    """What the supervisor's phone does from now on."""

    call: str
    mode: SupervisionMode


class Refer(Message, frozen=True, kw_only=True):
    """REFER on the caller's leg; ``Referred`` follows."""

    call: str
    uri: str
    replacing_third: bool


class TransferTold(Message, frozen=True, kw_only=True):
    """NOTIFY to the phone that sent a REFER."""

    call: str
    status: int


class Watch(Message, frozen=True, kw_only=True):
    """Tell every SIP message from now on (``Traced``), or no longer."""

    on: bool


class HangUp(Message, frozen=True, kw_only=True):
    """End both legs."""

    call: str


class Drain(Message, frozen=True, kw_only=True):
    """Refuse new calls with 503. With ``leave``, go away when the last call is over."""

    leave: bool = False


class Stop(Message, frozen=True, kw_only=True):
    """End all calls and go away."""


# From the worker.


class RunningCall(msgspec.Struct, frozen=True, kw_only=True):
    """A joined call that went on without a node."""

    call: str
    caller: Party
    called: str
    trunk: str
    started: float
    """Seconds since 1970."""
    reference: str
    dial: int
    silent_s: float
    outgoing: bool = False
    out_reference: str = ""
    """What ``CallOut`` said of it."""
    way: CallWay = "bridge"
    agent: Party = Party()
    third: str = ""
    """Reference of a third who is there, '' = none."""
    third_dial: int = 0
    supervisor: str = ""
    """Reference of the supervisor who takes part."""
    supervisor_dial: int = 0
    on_hold: bool = False
    """The caller hears hold music."""


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """A worker's counters since it started."""

    bad_messages: int = 0
    refused: int = 0
    frames_dropped: int = 0
    registered: bool | None = None
    refused_by: dict[str, int] = {}
    """``refused`` by reason: 'stranger', 'rate', 'digest', 'plain' (no TLS), 'srtp', 'siprec', 'hotline', 'full',
    'closed', 'offers' (re-INVITEs)."""


class Hello(Message, frozen=True, kw_only=True):
    """First words after the node connected."""

    protocol: int
    address: str
    """host:port of the SIP socket."""
    tls_address: str = ""
    """host:port of the TLS socket, '' = none."""
    capacity: int
    """Calls of two legs that pjsua2 can carry here."""
    build: str
    """pjproject's version and its leg limit."""
    settings: Settings
    draining: bool
    calls: tuple[RunningCall, ...] = ()


class Incoming(Message, frozen=True, kw_only=True):
    """A call for us; the caller hears ringing. Or a recording session: nobody hears us."""

    call: str
    caller: Party
    called: str
    trunk: str
    started: float
    """Seconds since 1970."""
    way: CallWay = "bridge"
    agent: Party = Party()
    """Of a recording session; its voice comes with dial 1."""


class Outgoing(Message, frozen=True, kw_only=True):
    """There is room for the call that ``CallOut`` asked for."""

    call: str
    caller: Party
    called: str
    trunk: str
    started: float
    """Seconds since 1970."""
    reference: str


class NoRoom(Message, frozen=True, kw_only=True):
    """There is none."""

    call: str


class Answered(Message, frozen=True, kw_only=True):
    """200 was sent, or came."""

    call: str


class PromptOver(Message, frozen=True, kw_only=True):
    """A prompt came to its end, or could not be played."""

    call: str
    to: Speaker
    number: int


class Dialled(Message, frozen=True, kw_only=True):
    """How a dial ended; 'answered' = both voices pass."""

    call: str
    dial: int
    result: ConsultResult


class Referred(Message, frozen=True, kw_only=True):
    """How our REFER ended: the last status that the exchange told."""

    call: str
    status: int


class Traced(Message, frozen=True, kw_only=True):
    """A SIP message as it went over the wire, while ``Watch`` is on. Never written into a log."""

    at: float
    """Seconds since 1970."""
    sent: bool
    source: str
    """host:port/transport."""
    target: str
    text: bytes
    call: str = ""
    """The call, where the worker knows it."""
    role: str = ""
    """What the leg is in it: 'caller', or a ``Role``."""
    dropped: int = 0
    """So many messages before it were not told: too many at once."""


class Signalled(Message, frozen=True, kw_only=True):
    """Something happened on a leg. ``dial`` names the agent's leg, 0 the caller's."""

    call: str
    dial: int
    signal: AnySignal


class Audio(Message, frozen=True, kw_only=True):
    """Received voices since the last one, in order."""

    frames: tuple[tuple[str, int, int, bytes], ...]
    """(call, dial as in ``Signalled``, milliseconds since the call began, PCM or b'' where nothing came)."""


class Beat(Message, frozen=True, kw_only=True):
    """Once a second: I am alive."""

    statistics: Statistics


class Note(Message, frozen=True, kw_only=True):
    """A line for the node's log."""

    level: Literal["debug", "info", "warning", "error"]
    event: str
    fields: dict[str, str | int | float] = {}


AboutCall = (
    Answer
    | Refuse
    | Play
    | StopPrompt
    | Dial
    | CancelDial
    | Hold
    | Conference
    | HandOver
    | Release
    | Supervise
    | Refer
    | TransferTold
    | HangUp
)
"""Orders that concern one call."""
FromNode = AboutCall | CallOut | Watch | Drain | Stop
FromWorker = (
    Hello
    | Incoming
    | Outgoing
    | NoRoom
    | Answered
    | PromptOver
    | Dialled
    | Referred
    | Signalled
    | Audio
    | Traced
    | Beat
    | Note
)

_encoder = msgspec.msgpack.Encoder()
_settings: msgspec.msgpack.Decoder[Settings] = msgspec.msgpack.Decoder(Settings)
_from_node: msgspec.msgpack.Decoder[FromNode] = msgspec.msgpack.Decoder(FromNode)
_from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)


def pack(message: Message | Settings) -> bytes:
    """The message with its length before it."""
    body = _encoder.encode(message)
    return len(body).to_bytes(_HEADER, "big") + body


class Bytes:
    """Cuts a stream into the bodies of messages. Raises ``BadInput`` for a length that cannot be true."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that ``data`` completes."""
        self._buffer += data
        while len(self._buffer) >= _HEADER:
            length = int.from_bytes(self._buffer[:_HEADER], "big")
            if length > LARGEST:
                raise BadInput(f"a message of {length} bytes on the worker's socket: the stream is broken")
            if len(self._buffer) < _HEADER + length:
                return
            body = bytes(self._buffer[_HEADER : _HEADER + length])
            del self._buffer[: _HEADER + length]
            yield body


def settings_from(body: bytes) -> Settings:
    """Read a worker's settings."""
    return _decoded(_settings, body)


def from_node(body: bytes) -> FromNode:
    """Read what the node said."""
    return _decoded(_from_node, body)


def from_worker(body: bytes) -> FromWorker:
    """Read what the worker said."""
    return _decoded(_from_worker, body)


def _decoded(decoder: msgspec.msgpack.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise BadInput(f"not a message of protocol {PROTOCOL} on the worker's socket: {error}") from error
