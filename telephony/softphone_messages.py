"""What is said to a scripted softphone and what it says back: one JSON object a line, each a frozen struct.

Commands go to the process's stdin (``"do"`` names the kind), events come from its stdout (``"type"``). A call is
named by whoever starts it: ``out-1`` by the commander, ``in-1`` by the phone.
"""

from __future__ import annotations

from typing import Literal

import msgspec

DtmfMethod = Literal["rfc4733", "info"]
MediaState = Literal["active", "held_by_us", "held_by_peer", "none"]


class Registrar(msgspec.Struct, frozen=True, kw_only=True):
    """Where to register (RFC 3261 section 10), with digest."""

    uri: str
    """'sip:10.0.0.1:5060'."""
    user: str
    """Name for the digest."""
    password: str
    realm: str = "*"
    """'*' answers any realm."""
    expires_s: int = 300
    registers: bool = True
    """False: only its challenges to our calls are answered."""


class Answering(msgspec.Struct, frozen=True, kw_only=True):
    """What the phone does with an incoming call."""

    mode: Literal["auto", "ring", "refuse"] = "auto"
    """auto: 180, then 200 after ``after_ms``; ring: 180 for ever; refuse: ``status`` after ``after_ms``."""
    after_ms: int = 0
    status: int = 486
    """Final answer of 'refuse': 486 busy, 603 declined."""


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag=True):
    """Something the phone shall do. It says ``Done`` when that was carried out or found impossible."""

    number: int = 0
    """Repeated in ``Done``."""


class Open(Command, frozen=True, kw_only=True):
    """The first command: bind the sockets. Answered by ``Ready``."""

    host: str = "127.0.0.1"
    port: int = 0
    """SIP over UDP and TCP; 0 = any free port."""
    rtp_port: int = 0
    """First RTP port; 0 = any free ports."""
    user: str = "phone"
    name: str = ""
    """Display name in our From."""
    codecs: tuple[Literal["PCMA", "PCMU"], ...] = ("PCMA", "PCMU")
    """In order of preference; no other is offered."""
    lines: int = 4
    """More calls at once are refused with 486. The PyPI wheel knows at most 4."""
    answering: Answering = Answering()
    registrar: Registrar | None = None
    public_address: str = ""
    """Written into Contact and SDP when it differs from ``host``."""
    tls: bool = False
    """SIP over TLS too, for calls to ';transport=tls'."""
    ca_file: str = ""
    """Certificates of the authorities that a TLS peer must be vouched for by; '' = it is not checked."""
    srtp: Literal["off", "optional", "required"] = "off"
    quiet: bool = False
    """pjsip's own complaints do not appear on stderr."""
    traced: bool = False
    """Tell every SIP message: ``Traced``."""


class Answer(Command, frozen=True, kw_only=True):
    """Answer a ringing incoming call by hand."""

    call: str
    status: int = 200


class SetAnswering(Command, frozen=True, kw_only=True):
    """From now on treat incoming calls like this."""

    answering: Answering


class Dial(Command, frozen=True, kw_only=True):
    """Send an INVITE."""

    call: str
    """A name not used before."""
    uri: str
    """'sip:120@127.0.0.1:5070', with ';transport=tcp' for TCP."""
    from_uri: str = ""
    """From header's value, '"이름" <sip:0100000000@host>'; '' = the phone's own."""
    headers: tuple[tuple[str, str], ...] = ()
    """Further headers: P-Asserted-Identity (RFC 3325), Privacy (RFC 3323), X-..."""


class Play(Command, frozen=True, kw_only=True):
    """Say a WAV file (8 kHz mono, 16 bits) after those that are queued."""

    call: str
    clip: int
    """Named in ``Played``."""
    path: str
    interrupt: bool = False
    """Break off what is being said and forget the queue: barge-in."""


class Silence(Command, frozen=True, kw_only=True):
    """Stop speaking at once and forget the queue."""

    call: str


class Noise(Command, frozen=True, kw_only=True):
    """Background noise under the speech, looped; '' = off."""

    call: str
    path: str = ""


class Dtmf(Command, frozen=True, kw_only=True):
    """Press keys."""

    call: str
    digits: str
    """0-9 * # A-D."""
    method: DtmfMethod = "rfc4733"


class Hold(Command, frozen=True, kw_only=True):
    """re-INVITE with sendonly (RFC 3264), or back to sendrecv."""

    call: str
    on: bool


class Refer(Command, frozen=True, kw_only=True):
    """The transfer key: REFER (RFC 3515) to ``uri``, or to the other side of another call of ours (RFC 3891)."""

    call: str
    uri: str = ""
    replacing: str = ""
    """That other call."""


class Record(Command, frozen=True, kw_only=True):
    """Write what is heard into a WAV file, from now to the call's end; '' = stop."""

    call: str
    path: str = ""


class Measure(Command, frozen=True, kw_only=True):
    """Tell ``Stream`` every so often."""

    call: str
    every_ms: int
    """At least 20, the phone's own beat; 0 = no longer."""


class HangUp(Command, frozen=True, kw_only=True):
    """CANCEL, BYE or a final answer, whichever the call's state needs."""

    call: str
    status: int = 0
    """Final answer where the call came in and was not answered yet; 0 = 603."""


class Quit(Command, frozen=True, kw_only=True):
    """End all calls and the process. The end of stdin means the same."""


AnyCommand = (
    Open
    | SetAnswering
    | Answer
    | Dial
    | Play
    | Silence
    | Noise
    | Dtmf
    | Hold
    | Refer
    | Record
    | Measure
    | HangUp
    | Quit
)


class PhoneEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """Something that happened to the phone."""

    call: str = ""
    """Which call, '' for the phone itself."""


class Ready(PhoneEvent, frozen=True, kw_only=True):
    """Sockets are bound."""

    port: int
    """SIP port, UDP and TCP."""


class Registered(PhoneEvent, frozen=True, kw_only=True):
    """The registrar answered."""

    status: int
    """200, or why not."""


class Incoming(PhoneEvent, frozen=True, kw_only=True):
    """Somebody calls us."""

    from_uri: str
    to_uri: str
    message: str
    """The whole INVITE as it came."""


class Ringing(PhoneEvent, frozen=True, kw_only=True):
    """A provisional answer to our INVITE."""

    status: int
    """180, or 183 with early media."""


class Answered(PhoneEvent, frozen=True, kw_only=True):
    """The call is up, whoever began it."""


class Playing(PhoneEvent, frozen=True, kw_only=True):
    """A clip's first sample goes out now."""

    clip: int
    seconds: float
    """Its length."""
    at: float = 0.0
    """When, on the machine's monotonic clock."""


class Recording(PhoneEvent, frozen=True, kw_only=True):
    """What comes from now on is written."""

    at: float
    """When, on the machine's monotonic clock."""


class Stream(PhoneEvent, frozen=True, kw_only=True):
    """What pjsua2 knows of the RTP that comes."""

    at: float
    """When, on the machine's monotonic clock."""
    codec: str
    """'PCMA'."""
    told: str
    """host:port where the SDP says that the other side is."""
    source: str
    """host:port that its packets come from; '' = none came."""
    packets: int
    bytes: int
    """Of payload."""
    lost: int
    reordered: int
    doubled: int
    jitter_ms: float
    round_trip_ms: float
    """By RTCP; 0 = unknown."""
    key_type: int
    """Payload type that we send key presses with (RFC 4733); -1 = none was agreed."""


class Traced(PhoneEvent, frozen=True, kw_only=True):
    """A SIP message as it was on the wire."""

    at: float
    """Seconds since 1970."""
    sent: bool
    peer: str
    """host:port of the other side."""
    text: str


class Played(PhoneEvent, frozen=True, kw_only=True):
    """A clip is over."""

    clip: int
    whole: bool
    """False if it was broken off or never begun."""


class Key(PhoneEvent, frozen=True, kw_only=True):
    """The other side pressed a key."""

    digit: str
    method: DtmfMethod


class Sound(PhoneEvent, frozen=True, kw_only=True):
    """What we hear changed from silence to sound, or back (after half a second of silence)."""

    on: bool


class Media(PhoneEvent, frozen=True, kw_only=True):
    """The direction of the audio changed."""

    state: MediaState


class Transfer(PhoneEvent, frozen=True, kw_only=True):
    """How our REFER goes: its answer, then what the other side tells by NOTIFY."""

    status: int
    final: bool


class Begun(PhoneEvent, frozen=True, kw_only=True):
    """A call that nobody ordered here: the other side of a call asked for it (REFER), or it takes that call's place
    (Replaces)."""

    of: str
    """Which call."""


class Ended(PhoneEvent, frozen=True, kw_only=True):
    """The call is over."""

    status: int
    """SIP status: 200 for a BYE, the final answer's code else."""
    reason: str
    by_peer: bool
    """The other side ended it."""


class Done(PhoneEvent, frozen=True, kw_only=True):
    """A command was carried out, or not."""

    number: int
    """Which."""
    failure: str = ""
    """Why not, in words; '' = carried out."""


AnyPhoneEvent = (
    Ready
    | Registered
    | Incoming
    | Ringing
    | Answered
    | Playing
    | Played
    | Recording
    | Stream
    | Traced
    | Key
    | Transfer
    | Begun
    | Sound
    | Media
    | Ended
    | Done
)

_encoder = msgspec.json.Encoder()
_commands: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_events: msgspec.json.Decoder[AnyPhoneEvent] = msgspec.json.Decoder(AnyPhoneEvent)


def to_line(message: Command | PhoneEvent) -> bytes:
    """The message with its line's end."""
    return _encoder.encode(message) + b"\n"


def command_from(line: bytes) -> AnyCommand:
    """Raises ``msgspec.ValidationError`` or ``msgspec.DecodeError`` for what is no command."""
    return _commands.decode(line)


def event_from(line: bytes) -> AnyPhoneEvent:
    """Raises ``msgspec.ValidationError`` or ``msgspec.DecodeError`` for what is no event."""
    return _events.decode(line)
