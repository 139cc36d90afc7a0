"""Out to other programs: webhooks, the REST API, and contacts as vCons."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from core.config.section import Section


class OutwardConfig(Section, frozen=True, kw_only=True):
    """Out to other programs: webhooks, the REST API under /api/v1/, and contacts as vCons."""

    webhook_networks: Annotated[tuple[str, ...], Meta(examples=[["127.0.0.0/8", "10.20.0.0/16"]])] = ()
    """Networks of the site whose receivers may be told over plain http. Receivers elsewhere need https, and never may
    an address be this machine's own or link-local, unless it is in one of these."""
    webhook_queue: Annotated[int, Meta(ge=10, le=1_000_000)] = 10_000
    """So many deliveries may wait for one receiver; what comes beyond is not delivered, and counted on its page."""
    webhook_hours: Annotated[float, Meta(gt=0, le=168)] = 24.0
    """So long a delivery is tried again; then it waits among the dead letters until somebody sends it again."""
    webhook_timeout_s: Annotated[float, Meta(gt=0, le=60)] = 10.0
    """A receiver that has not answered by then is tried again later: it should answer first and work after."""
    webhook_keep_days: Annotated[int, Meta(ge=1, le=365)] = 14
    """Deliveries that arrived, and dead letters, are kept so long."""
    rest_per_minute: Annotated[int, Meta(ge=1)] = 600
    """Requests that one token may make within a minute; more are told to come again later."""
    vcon_key_file: Annotated[str, Meta(examples=["vcon.pem"])] = ""
    """PEM file with an RSA key and its certificates, mode 0600, relative to this file, with which vCons are signed;
    '' = one of our own is made in the home folder at first use (keys/vcon.pem)."""
