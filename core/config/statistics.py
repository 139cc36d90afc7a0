"""Statistics, reports, and the mail that brings them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from core.config.section import Section


class StatisticsConfig(Section, frozen=True, kw_only=True):
    """What is counted, and how. After a change: `minwon statistics recompute`."""

    timezone: str = "Asia/Seoul"
    """IANA name of the city's time zone, whatever the machine's is: office hours, days, weeks and months are in it."""
    target_s: Annotated[float, Meta(gt=0, le=3600)] = 20.0
    """A call is in time when an agent answers within so many seconds of wanting one."""
    target_percent: Annotated[float, Meta(ge=0, le=100)] = 80.0
    """Share of the calls that shall be in time: the line that the wall and the charts show."""
    written_target_s: Annotated[float, Meta(gt=0)] = 600.0
    """A text or chat is in time when a person answers within so many seconds."""
    short_abandon_s: Annotated[float, Meta(ge=0, le=60)] = 5.0
    """Who hangs up within so many seconds of waiting is no abandoned call, but a slip."""
    count_every_s: Annotated[float, Meta(ge=0.1, le=60)] = 1.0
    """How often contacts that have ended or changed are counted."""


class MailConfig(Section, frozen=True, kw_only=True):
    """The city's mail server, for scheduled reports. Without a host nothing is sent."""

    host: str = ""
    """Name or address of the mail server (SMTP submission, RFC 6409)."""
    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    """Its port: 587 with STARTTLS, 465 with TLS from the beginning, 25 within the house."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is protected; 'none' only on a network that is the city's own."""
    ca_file: str = ""
    """Certificates (PEM) of the authority that signed the server's, where the system does not know it; relative to this
    file."""
    user: str = ""
    """Name to sign in with, '' = without."""
    password: str = ""
    """Its password; better in ``password_file``."""
    password_file: str = ""
    """A file with the password and nothing else, mode 0600; relative to this file."""
    sender: str = ""
    """Address that mails come from: 'callcentre@hanbit.go.kr'."""
    domains: tuple[str, ...] = ()
    """Domains that may get mail: reports go to no others. None = nobody gets any."""
    timeout_s: Annotated[float, Meta(gt=0, le=600)] = 30.0
    """How long the server may take for each answer."""
