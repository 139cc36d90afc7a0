"""The second gateway: a message centre of the city or its carrier, spoken to in SMPP 3.4."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from core.config.section import Port, Section


class SmppConfig(Section, frozen=True, kw_only=True):
    """A message centre (SMSC) by SMPP 3.4, for `sms.gateway` 'smpp'."""

    host: str = ""
    """Its name or address."""
    port: Port = 2775
    """Its port."""
    system_id: str = ""
    """Who we are to it."""
    password: str = ""
    """Our password. Better kept apart, in `password_file`."""
    password_file: str = ""
    """A file with the password and nothing else, mode 0600; relative to this file."""
    system_type: str = ""
    """As the message centre wants it, mostly ''."""
    per_second: Annotated[float, Meta(gt=0)] = 50.0
    """At most so many submissions a second: what the centre allows."""
    window: Annotated[int, Meta(ge=1, le=1000)] = 10
    """At most so many submissions without an answer at a time."""
