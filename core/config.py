"""Configuration: one TOML file, read once into frozen structs. No other file reads the environment.

Every setting has an environment twin ``MINWON_<SECTION>_<KEY>`` (``MINWON_WEB_PORT=8443``) that wins over the file.
Unknown keys and wrong values raise ``ConfigError`` with the key, the reason and the nearest known name.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the configuration file."""


class NodeConfig(Section, frozen=True, kw_only=True):
    """[node]: this process."""

    home: str = ""
    """Folder of all state; '' = $MINWON_HOME or the platform's data folder."""
    name: str = "node1"
    """Shown in logs and metrics."""
    grace_s: float = 600.0
    """On SIGTERM, how long running calls may go on before they are ended."""


class WebConfig(Section, frozen=True, kw_only=True):
    """[web]: the desk, the API, health and metrics."""

    host: str = "127.0.0.1"
    port: int = 8090
    """0 = any free port."""
    session_hours: float = 12.0
    """A sign-in lasts so long."""
    secure_cookie: bool = False
    """True behind TLS."""
    metrics_allow: tuple[str, ...] = ("127.0.0.1/32", "::1/128")
    """Networks that may read /metrics without a sign-in."""


class RegisterConfig(Section, frozen=True, kw_only=True):
    """[sip.register]: be an extension of a PBX (RFC 3261 section 10)."""

    registrar: str
    """'sip:pbx.city.example'."""
    user: str
    """Number or name to register; worker n uses ``users[n]`` where given."""
    users: tuple[str, ...] = ()
    """One per worker, as members of a hunt group; empty = ``user`` for all."""
    auth_user: str = ""
    """Digest user name, '' = the user."""
    password: str = ""
    password_file: str = ""
    """A file with the password, for those who keep secrets apart."""
    expires_s: int = 300


class SipConfig(Section, frozen=True, kw_only=True):
    """[sip]: the bridge to the exchange."""

    host: str = "127.0.0.1"
    """Address to bind SIP and RTP to."""
    public_address: str = ""
    """Address to write into Contact and SDP when it differs (1:1 NAT)."""
    port: int = 5060
    """First worker's port; worker n listens on port + n. 0 = any free ports."""
    workers: int = 4
    """SIP worker processes; with the PyPI wheel each carries 2 calls."""
    transports: tuple[Literal["udp", "tcp"], ...] = ("udp", "tcp")
    codecs: tuple[Literal["PCMA", "PCMU"], ...] = ("PCMA", "PCMU")
    rtp_port: int = 16000
    """First RTP port; worker n uses 100 ports from rtp_port + 100 n. 0 = any free ports."""
    hotline: tuple[str, ...] = ()
    """Dialled numbers that are ours (user part of the request URI); empty = any. Others get 404."""
    trunks: tuple[str, ...] = ("127.0.0.0/8",)
    """Networks that INVITEs may come from; others get no answer and are counted."""
    register: RegisterConfig | None = None
    ring_timeout_s: float = 20.0
    """How long one agent's phone rings."""
    max_wait_s: float = 300.0
    """How long a caller waits for a free agent before the closing prompt."""
    no_audio_s: float = 5.0
    """No RTP for so long raises an alarm."""
    no_audio_end_s: float = 60.0
    """No RTP from a leg that does not answer OPTIONS either for so long ends the call."""
    session_expires_s: int = 1800
    """Session timer (RFC 4028); 0 = off."""
    retry_after_s: int = 10
    """Retry-After of a 503."""
    caller_id: str = "sip:120@127.0.0.1"
    """From of our calls to agents."""


class AgentConfig(Section, frozen=True, kw_only=True):
    """[[agents]]: who may answer and sign in."""

    id: str
    """Sign-in name."""
    name: str
    """As callers may hear it."""
    extension: str = ""
    uri: str = ""
    """Her phone: 'sip:2107@10.0.0.5'."""
    password_hash: str = ""
    """From `minwon password`; '' = can't sign in."""
    starts: Literal["away", "ready"] = "away"
    """Her state when the node starts."""


class SttConfig(Section, frozen=True, kw_only=True):
    """[stt]: speech to text."""

    model: str = ""
    """Folder or shelf name of the model; '' = the bundled Korean one."""
    workers: int = 0
    """Decode worker processes; 0 = one per core."""
    preroll_ms: int = 400
    """Audio before the gate opened that is decoded too (300-500)."""
    hangover_ms: int = 500
    """Silence after which an utterance is over."""
    max_utterance_s: float = 20.0
    """Longer speech is cut at its next pause."""
    recycle_utterances: int = 2000
    """A decode worker is replaced after so many utterances, to bound its memory."""
    recycle_mb: int = 600
    """... or when its resident memory is above this."""


class AssistConfig(Section, frozen=True, kw_only=True):
    """[assist]: suggestions."""

    cards: int = 3
    """At most so many cards."""
    bar: float = 0.35
    """Score under which a card is not shown."""
    context_turns: int = 4
    """Earlier utterances of both that count, less the older."""
    wrap_up_s: float = 20.0
    """Wrap-up time after a call before the agent is ready again; 0 = none."""


class StoreConfig(Section, frozen=True, kw_only=True):
    """[store]: the database."""

    url: str = ""
    """'' = SQLite in the home folder; or 'postgresql://user@host/name'."""
    password_file: str = ""


class LogConfig(Section, frozen=True, kw_only=True):
    """[log]: structured logs on stderr."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "text"] = "text"


class Config(Section, frozen=True, kw_only=True):
    """All of it."""

    node: NodeConfig = NodeConfig()
    web: WebConfig = WebConfig()
    sip: SipConfig = SipConfig()
    agents: tuple[AgentConfig, ...] = ()
    stt: SttConfig = SttConfig()
    assist: AssistConfig = AssistConfig()
    store: StoreConfig = StoreConfig()
    log: LogConfig = LogConfig()
