"""Did a request come from our own page? Against forged requests and foreign WebSockets (CSRF, CSWSH). Pure."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_same_origin(origin: str, host: str, public_url: str = "") -> bool:
    """Whether the header ``Origin`` names our own page.

    Browsers send it with every POST and every WebSocket (RFC 6454 section 7). Only host and port are compared, because
    behind a TLS proxy we do not see the scheme. ``host`` is the request's; ``public_url`` our address as the world
    knows it, for a proxy that asks us by another name. A client that sends no origin is no browser of ours, nor is
    'null' (a page without one, or a sandbox).
    """
    try:
        found = urlsplit(origin).netloc.lower()
        ours = {host.lower(), urlsplit(public_url).netloc.lower()}
    except ValueError:  # an address that is none: '[1'
        return False
    return bool(found) and found in ours
