"""The sections of the configuration file. Types carry the limits, the sentence under a field is its documentation."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta

from core.config.inbox import InboxConfig
from core.config.keys import KeysConfig
from core.config.outward import OutwardConfig
from core.config.recording import RecordingConfig
from core.config.records import RecordsConfig
from core.config.retention import RetentionConfig
from core.config.section import Port, Role, Seconds, Section, SomeSeconds
from core.config.signing_in import OidcConfig, SignInConfig
from core.config.smpp import SmppConfig
from core.config.statistics import MailConfig, StatisticsConfig
from core.config.texts import TextsConfig
from core.config.wall import WallConfig

SAMPLE_MENU: Final = "hanbit"
"""The value of ``ars.menu`` that is no file but the shipped sample."""


class NodeConfig(Section, frozen=True, kw_only=True):
    """This process."""

    home: str = ""
    """Folder of all state. `MINWON_HOME` sets it too; '' = the platform's data folder."""
    name: Annotated[str, Meta(min_length=1)] = "node1"
    """Shown in logs and metrics."""
    grace_s: Seconds = 600.0
    """On SIGTERM, how long running calls may go on before they are ended."""


class WebConfig(Section, frozen=True, kw_only=True):
    """The desk, the API, health and metrics."""

    centre: str = "한빛시 민원콜센터"
    """Name of the call centre, in the corner of the desk."""
    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0 = all of this machine."""
    port: Port = 8090
    """0 = any free port."""
    public_url: Annotated[str, Meta(examples=["https://120.city.example"])] = ""
    """How callers' smartphones reach this node, through the city's TLS proxy; '' = as it listens. Links begin so."""
    proxies: tuple[str, ...] = ("127.0.0.1/32", "::1/128")
    """Networks of reverse proxies whose X-Forwarded-For is believed, for rate limits and the access log."""
    session_hours: Annotated[float, Meta(gt=0)] = 12.0
    """A sign-in lasts so long."""
    secure_cookie: bool = False
    """True behind TLS: the sign-in's cookie is then sent over https only."""
    metrics_allow: tuple[str, ...] = ("127.0.0.1/32", "::1/128")
    """Networks that may read /metrics without a sign-in."""


class RegisterConfig(Section, frozen=True, kw_only=True):
    """Be an extension of a PBX (RFC 3261 section 10)."""

    registrar: Annotated[str, Meta(examples=["sip:pbx.city.example"])]
    """SIP address of the PBX."""
    user: Annotated[str, Meta(min_length=1, examples=["120"])]
    """Number or name to register; worker n uses `users[n]` where given."""
    users: tuple[str, ...] = ()
    """One per worker, as members of a hunt group; empty = `user` for all."""
    auth_user: str = ""
    """Digest user name, '' = the user."""
    password: str = ""
    """Digest password. Better kept apart, in `password_file`."""
    password_file: str = ""
    """A file with the password and nothing else, mode 0600; relative to this file."""
    expires_s: Annotated[int, Meta(ge=30, le=86400)] = 300
    """How long a registration holds; it is renewed in time."""


class TlsConfig(Section, frozen=True, kw_only=True):
    """SIP over TLS 1.2 or newer. Files are read again when they change; running calls are not touched."""

    port: Port = 5081
    """First worker's TLS port; worker n listens on port + 2 n. 0 = any free ports."""
    certificate_file: Annotated[str, Meta(min_length=1, examples=["sip-cert.pem"])]
    """Our certificate with its chain, PEM; relative to this file."""
    key_file: Annotated[str, Meta(min_length=1, examples=["sip-key.pem"])]
    """Its private key, PEM, mode 0600; relative to this file."""
    ca_file: Annotated[str, Meta(examples=["city-ca.pem"])] = ""
    """Certificates of the authorities whose peers we trust; '' = the peers' certificates are not checked."""
    client_certificates: bool = False
    """Peers that connect must show a certificate of `ca_file`."""


Srtp = Literal["off", "optional", "required"]


class SipConfig(Section, frozen=True, kw_only=True):
    """The bridge to the exchange."""

    build: Literal["best", "wheel", "tuned"] = "best"
    """Which pjsua2: 'tuned' = made by `make pjsua2`, 'wheel' = PyPI's; 'best' = tuned where it is installed."""

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    """Address to bind SIP and RTP to."""
    public_address: str = ""
    """Address to write into Contact and SDP when it differs (1:1 NAT)."""
    port: Port = 5060
    """First worker's port; worker n listens on port + n. 0 = any free ports."""
    workers: Annotated[int, Meta(ge=1, le=64)] = 4
    """SIP worker processes; with the PyPI wheel each carries 2 calls, with the tuned build 250."""
    transports: Annotated[tuple[Literal["udp", "tcp", "tls"], ...], Meta(min_length=1)] = ("udp", "tcp")
    """What to listen on; 'tls' needs [sip.tls]."""
    srtp: Srtp = "off"
    """Voices encrypted (SRTP with SDES keys, RFC 4568): 'optional' = when the exchange offers or takes it; 'required' =
    no call without. For `trunks`; a peer of [[peers]] has its own."""
    codecs: Annotated[tuple[Literal["PCMA", "PCMU"], ...], Meta(min_length=1)] = ("PCMA", "PCMU")
    """G.711 flavours that are offered, best first."""
    rtp_port: Port = 16000
    """First RTP port; worker n uses `rtp_ports` from rtp_port + rtp_ports * n. 0 = any free ports."""
    rtp_ports: Annotated[int, Meta(ge=0, le=8192)] = 0
    """RTP ports of one worker; a call takes 4, one with a third party and a supervisor 8. 0 = as many as it can use."""
    hotline: tuple[str, ...] = ()
    """Dialled numbers that are ours (user part of the request URI); empty = any. Others get 404."""
    trunks: tuple[str, ...] = ("127.0.0.0/8",)
    """Networks that INVITEs may come from; others get no answer and are counted."""
    invites_per_s: Annotated[float, Meta(gt=0)] = 50.0
    """INVITEs a second from one address; more get no answer and are counted."""
    proxy: Annotated[str, Meta(examples=["sip:10.20.0.15:5060;lr"])] = ""
    """Where our own calls go first, as our Kamailio, so that the exchange sees one address; '' = straight there."""
    fronts: Annotated[tuple[str, ...], Meta(examples=[["127.0.0.1"]])] = ()
    """Addresses of our own Kamailio (`minwon exchange front`): who stands behind it is told by it, limits are its."""
    ring_timeout_s: SomeSeconds = 20.0
    """How long one agent's phone rings."""
    max_wait_s: Seconds = 300.0
    """How long a caller waits for a free agent before the closing prompt."""
    no_audio_s: SomeSeconds = 2.0
    """No RTP, or dead silence, for so long raises an alarm that says which side; at most 3 keeps the promise of 3 s."""
    no_audio_end_s: SomeSeconds = 60.0
    """No RTP from a leg that does not answer OPTIONS either for so long ends the call."""
    session_expires_s: Annotated[int, Meta(ge=0, le=86400)] = 1800
    """Session timer (RFC 4028), at least 90; 0 = off."""
    retry_after_s: Annotated[int, Meta(ge=1, le=3600)] = 10
    """Retry-After of a 503."""
    caller_id: str = "sip:120@127.0.0.1"
    """From of our calls to agents."""
    outbound: Annotated[str, Meta(examples=["sip:{number}@10.0.0.5"])] = ""
    """SIP address by which the exchange calls a number, for callbacks and departments; '' = we call agents alone."""
    outbound_numbers: Annotated[str, Meta(examples=["0(10|70|2|[3-6][1-5])[0-9]{7,8}"])] = (
        "0(10|70|2|[3-6][1-5])[0-9]{7,8}"
    )
    """Pattern of the whole numbers that may be called so, digits only; others are refused (toll fraud)."""
    internal_numbers: Annotated[str, Meta(examples=["[2-8][0-9]{3}"])] = "[2-8][0-9]{3}"
    """Pattern of extensions of the house, to which calls may be passed on; they too go by `outbound`."""
    outbound_per_hour: Annotated[int, Meta(ge=0)] = 600
    """At most so many calls to the outside within an hour, callbacks and transfers together; 0 = no limit."""
    transfer: Literal["bridge", "refer"] = "bridge"
    """How a caller is passed on: 'bridge' = through us, so that nobody is lost and words go on; 'refer' = the exchange
    takes the call over (RFC 3515) and our lines are free."""
    phone: Annotated[str, Meta(examples=["sip:{extension}@10.0.0.5"])] = ""
    """SIP address of the phone at an extension, for agents who choose a desk at sign-in; '' = `agents.uri` alone."""
    extensions: Annotated[str, Meta(examples=["[2-8][0-9]{3}"])] = "[0-9]{3,5}"
    """Pattern of extensions at which agents may sign in; in a recording session such a number is the agent's."""
    auto_answer: Literal["off", "call-info", "alert-info", "answer-mode", "all"] = "off"
    """Header that makes an agent's phone answer by itself (headsets): Call-Info answer-after=0, Alert-Info, RFC 5373
    Answer-Mode. For agents with `auto_answer`."""
    tls: TlsConfig | None = None
    """Left out: no TLS."""
    register: RegisterConfig | None = None
    """Left out: listen as a trunk only."""


class PeerConfig(Section, frozen=True, kw_only=True):
    """An exchange, proxy or recording client with terms of its own; one table each. `sip.trunks` is the short way."""

    name: Annotated[str, Meta(min_length=1, examples=["cucm"])]
    """For logs and metrics."""
    networks: Annotated[tuple[str, ...], Meta(min_length=1, examples=[["10.20.0.10/32"]])]
    """Where its SIP comes from."""
    srtp: Srtp = "off"
    """As `sip.srtp`, for this peer."""
    tls_only: bool = False
    """What comes by UDP or TCP gets no answer."""
    user: str = ""
    """Digest user that it must show (RFC 3261 section 22, SHA-256 as in RFC 8760); '' = its address is enough."""
    password: str = ""
    """Its digest password. Better kept apart, in `password_file`."""
    password_file: str = ""
    """A file with the password and nothing else, mode 0600; relative to this file."""
    md5_only: bool = False
    """Ask for MD5 alone, for exchanges that stumble over SHA-256 beside it."""
    recorder: bool = False
    """It is a SIPREC recording client: its INVITEs are recording sessions (RFC 7866), not calls."""
    invites_per_s: Annotated[float, Meta(gt=0)] = 50.0
    """As `sip.invites_per_s`, for each address of this peer."""


class ForksConfig(Section, frozen=True, kw_only=True):
    """Copies of voices that an exchange streams to us: it keeps the calls, we listen."""

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Meta(ge=-1, le=65535)] = -1
    """WebSocket streams (jambonz, Twilio-style, Asterisk); -1 = off, 0 = any free port."""
    audiosocket_port: Annotated[int, Meta(ge=-1, le=65535)] = -1
    """Asterisk AudioSocket (TCP); -1 = off, 0 = any free port."""
    networks: tuple[str, ...] = ("127.0.0.0/8",)
    """Where streams may come from; others are closed without an answer and counted."""
    token: str = ""
    """What WebSocket streams must show, as bearer, as password of HTTP Basic or as `?token=`. Better kept apart, in
    `token_file`."""
    token_file: str = ""
    """A file with the token and nothing else, mode 0600; relative to this file."""
    certificate_file: str = ""
    """Our certificate for wss, PEM; relative to this file; '' = ws without TLS. AudioSocket has no TLS."""
    key_file: str = ""
    """Its private key, PEM, mode 0600; relative to this file."""
    ca_file: str = ""
    """Streams must show a certificate of these authorities (mutual TLS); '' = the token is enough."""
    streams: Annotated[int, Meta(ge=1, le=10_000)] = 200
    """At most so many at a time; more are refused."""


class FrontConfig(Section, frozen=True, kw_only=True):
    """Kamailio before the SIP workers: what `minwon exchange front` writes its configuration from."""

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    """Address that the exchange sends to."""
    port: Port = 5060
    """The one port of UDP and TCP."""
    tls_port: Port = 0
    """TLS port, with the files of [sip.tls]; 0 = none."""


class AgentConfig(Section, frozen=True, kw_only=True):
    """Who may answer and sign in; one table each."""

    id: Annotated[str, Meta(min_length=1, examples=["haneul"])]
    """Sign-in name."""
    name: Annotated[str, Meta(min_length=1, examples=["김하늘"])]
    """As callers may hear it."""
    extension: str = ""
    """Her number inside the house, shown on the desk."""
    uri: Annotated[str, Meta(examples=["sip:2107@10.0.0.5"])] = ""
    """Her phone's SIP address; '' = she gets no calls."""
    password_hash: str = ""
    """From `minwon password`; '' = can't sign in."""
    auto_answer: bool = False
    """Her phone answers by itself (`sip.auto_answer`)."""
    starts: Literal["away", "ready"] = "away"
    """Her state when the node starts."""
    queues: tuple[str, ...] = ()
    """Queues of the menu that she serves, as "tax"; empty = all."""
    roles: tuple[Role, ...] = ("agent",)
    """What she may do: agent = take calls; editor = write the consultation database; owner = answer for her
    department's entries; supervisor = see alerts and issues of all calls; admin = everything, and the settings."""
    department: Annotated[str, Meta(examples=["민원여권과"])] = ""
    """The department for whose entries an owner answers."""
    team: str = ""
    """Her team: a supervisor of a team sees its figures; '' = of no team, or of all."""


class SttConfig(Section, frozen=True, kw_only=True):
    """Speech to text."""

    model: str = ""
    """Folder or shelf name of the model; '' = the bundled Korean one."""
    workers: Annotated[int, Meta(ge=0, le=256)] = 0
    """Decode worker processes; 0 = one per core."""
    preroll_ms: Annotated[int, Meta(ge=300, le=500)] = 400
    """Audio before the gate opened that is decoded too."""
    hangover_ms: Annotated[int, Meta(ge=100, le=3000)] = 500
    """Silence after which an utterance is over."""
    max_utterance_s: Annotated[float, Meta(ge=3, le=120)] = 20.0
    """Longer speech is cut at its next pause."""
    recycle_utterances: Annotated[int, Meta(ge=1)] = 2000
    """A decode worker is replaced after so many utterances, to bound its memory."""
    recycle_mb: Annotated[int, Meta(ge=100)] = 1000
    """... or when its resident memory is above this."""


class LanguageConfig(Section, frozen=True, kw_only=True):
    """A language that callers speak besides that of `stt.model`: a speech model of its own, with its own workers."""

    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", examples=["en"])]
    """BCP 47, as the desk and the menu name it."""
    model: Annotated[str, Meta(min_length=1, examples=["vosk-model-small-en-us-0.15"])]
    """Folder or shelf name of the model; `minwon models list` names those that are there."""
    workers: Annotated[int, Meta(ge=1, le=256)] = 1
    """Decode worker processes of this model."""
    lines: Annotated[tuple[str, ...], Meta(examples=[["1120"]])] = ()
    """Called numbers on which this language is heard from the first word on."""


class AssistConfig(Section, frozen=True, kw_only=True):
    """Suggestions."""

    cards: Annotated[int, Meta(ge=1, le=3)] = 3
    """At most so many cards."""
    bar: Annotated[float, Meta(ge=0, le=1)] = 0.45
    """Score under which a card is not shown."""
    context_turns: Annotated[int, Meta(ge=0, le=20)] = 4
    """Earlier utterances of both that count, less the older."""
    wrap_up_s: Seconds = 20.0
    """Wrap-up time after a call before the agent is ready again; 0 = none."""
    districts: Annotated[tuple[str, ...], Meta(examples=[["중앙동", "은하면"]])] = ()
    """Parts of the city as people say them: addresses are known by them, and the issue radar tells where."""
    streets: Annotated[tuple[str, ...], Meta(examples=[["시민로", "한빛로"]])] = ()
    """Road names, so that an address is known although it was misheard."""
    semantic_model: Annotated[str, Meta(examples=["/srv/models/ko-sentences"])] = ""
    """Folder of a sentence-embedding model (ONNX) that re-ranks cards, relative to this file; '' = none."""
    second_reader: bool = True
    """A draft of the consultation database is reviewed by somebody else than who wrote it."""


class ArsConfig(Section, frozen=True, kw_only=True):
    """The visual ARS: menu on the caller's phone and in her ear."""

    menu: Annotated[str, Meta(examples=["menu.toml"])] = ""
    """The city's menu file, relative to this file; 'hanbit' = the sample of the invented city; '' = no menu."""
    opening: Literal["menu", "agent"] = "menu"
    """What a caller hears first: the menu's voice, or an agent's phone ringing (the menu is then on the page alone)."""
    prompts: str = ""
    """Folder of the city's recordings, relative to this file: NAME.LANGUAGE.wav; espeak-ng says what is missing."""
    link_on_ring: bool = True
    """Send the link by SMS as soon as a mobile number calls; else on a key press, by the menu or by the agent."""
    grace_minutes: Annotated[float, Meta(ge=1, le=120)] = 15.0
    """How long the caller's page lives on after the call."""
    visits: Annotated[int, Meta(ge=10, le=100_000)] = 10_000
    """At most so many visits at a time; beyond it calls have voice alone, and the web entry says so."""
    uploads_mb: Annotated[int, Meta(ge=10)] = 2000
    """Most that photos may take on disk; beyond it photos are refused in words."""
    uploads_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    """Photos are deleted after so many days."""


class SmsConfig(Section, frozen=True, kw_only=True):
    """Text messages to callers."""

    gateway: Literal["outbox", "sens", "smpp"] = "outbox"
    """'outbox' = kept and shown on the desk, sent nowhere; 'sens' = Naver Cloud SENS over HTTPS; 'smpp' = [smpp]."""
    sender: Annotated[str, Meta(examples=["0331200120"])] = ""
    """The sender's number, digits only, registered beforehand as the law wants; needed by a gateway."""
    url: Annotated[str, Meta(examples=["https://sens.apigw.gov-ntruss.com"])] = "https://sens.apigw.gov-ntruss.com"
    """The gateway's address, https://host."""
    service: str = ""
    """The service id that the gateway gave."""
    access_key: str = ""
    """The gateway's access key."""
    secret_key_file: str = ""
    """A file with the gateway's secret key and nothing else, mode 0600; relative to this file."""
    secret_key: str = ""
    """The secret key itself. Better kept apart, in `secret_key_file`."""
    waiting: Annotated[int, Meta(ge=1)] = 5000
    """At most so many texts wait for the gateway; more are refused in words."""
    at_once: Annotated[int, Meta(ge=1, le=1000)] = 16
    """So many are handed over side by side; for SMPP no fewer than `smpp.window`."""


class StoreConfig(Section, frozen=True, kw_only=True):
    """The database."""

    url: Annotated[str, Meta(examples=["postgresql://minwon@db.city.example/minwon"])] = ""
    """'' = SQLite in the home folder; or a postgresql:// address."""
    password_file: str = ""
    """A file with the database password and nothing else, mode 0600; relative to this file."""


class LogConfig(Section, frozen=True, kw_only=True):
    """Structured logs on stderr."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is written."""
    format: Literal["json", "text"] = "text"
    """json for machines, text for people."""


class Config(Section, frozen=True, kw_only=True):
    """All of it."""

    node: NodeConfig = NodeConfig()
    web: WebConfig = WebConfig()
    sip: SipConfig = SipConfig()
    peers: tuple[PeerConfig, ...] = ()
    forks: ForksConfig = ForksConfig()
    front: FrontConfig = FrontConfig()
    agents: tuple[AgentConfig, ...] = ()
    stt: SttConfig = SttConfig()
    languages: tuple[LanguageConfig, ...] = ()
    assist: AssistConfig = AssistConfig()
    wall: WallConfig = WallConfig()
    outward: OutwardConfig = OutwardConfig()
    ars: ArsConfig = ArsConfig()
    sms: SmsConfig = SmsConfig()
    smpp: SmppConfig = SmppConfig()
    texts: TextsConfig = TextsConfig()
    inbox: InboxConfig = InboxConfig()
    records: RecordsConfig = RecordsConfig()
    recording: RecordingConfig = RecordingConfig()
    retention: RetentionConfig = RetentionConfig()
    statistics: StatisticsConfig = StatisticsConfig()
    mail: MailConfig = MailConfig()
    keys: KeysConfig = KeysConfig()
    sign_in: SignInConfig = SignInConfig()
    oidc: OidcConfig = OidcConfig()
    store: StoreConfig = StoreConfig()
    log: LogConfig = LogConfig()
