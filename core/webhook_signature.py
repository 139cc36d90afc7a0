"""Signed webhooks, as https://www.standardwebhooks.com/ says: who sent this, and when. Pure.

Three headers: ``webhook-id`` (the same for every try of one message), ``webhook-timestamp`` (seconds since 1970, of
this try) and ``webhook-signature``: ``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``; several may
stand there, with a blank between. A secret is ``whsec_`` and base64, or any other text, which then is its own key.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from core.errors import Refused

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
CLOCK_S: Final = 300
"""So far the sender's clock may be from ours, and so long a webhook is good."""
_PREFIX: Final = "whsec_"
_ID: Final = re.compile(r"[\x21-\x7e]{1,200}")
_SECONDS: Final = re.compile(r"[0-9]{1,12}")
_MOST_SIGNATURES: Final = 10


class Forged(Refused):
    """What came is not from whom it says: ``signature``, or too old or from the future: ``clock``."""

    code = "signature"


def key_of(secret: str) -> bytes:
    """The key that a secret stands for. Raises ``ValueError`` for a broken ``whsec_``."""
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as wrong:
        raise ValueError("what stands behind whsec_ is not base64") from wrong


def signed(key: bytes, webhook_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers for a body."""
    timestamp = str(int(at.timestamp()))
    return {ID: webhook_id, TIMESTAMP: timestamp, SIGNATURE: f"v1,{_mac(key, webhook_id, timestamp, body)}"}


def verified(keys: Iterable[bytes], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The webhook's id. ``keys``: any of them may have signed. ``headers``: found by any case.

    Raises ``Forged``: 'signature' first, so that a stranger learns nothing of our clock, then 'clock'.
    """
    webhook_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    given = [part[3:] for part in headers.get(SIGNATURE, "").split(" ")[:_MOST_SIGNATURES] if part.startswith("v1,")]
    if not (_ID.fullmatch(webhook_id) and _SECONDS.fullmatch(timestamp) and given):
        raise Forged(f"a webhook shows {ID}, {TIMESTAMP} and {SIGNATURE}: see docs/texts-in.md")
    wanted = [_mac(key, webhook_id, timestamp, body) for key in keys]
    # Every pair is compared, and each in constant time: how long it takes tells nothing.
    if not sum(same(mac, one) for mac in wanted for one in given):
        raise Forged("the signature is not that of our secret: see docs/texts-in.md")
    in_time(int(timestamp), now)
    return webhook_id


def in_time(seconds: int, now: datetime) -> None:
    """Raises ``Forged`` ('clock') for a moment that is too far from ours."""
    if abs(now.timestamp() - seconds) > CLOCK_S:
        raise Forged(f"signed more than {CLOCK_S // 60} minutes from our time: set the clocks", code="clock")


def same(mac: str, given: str) -> bool:
    """Compared in constant time, whatever it is."""
    return hmac.compare_digest(mac.encode(), given.encode("utf-8", "replace"))


def _mac(key: bytes, webhook_id: str, timestamp: str, body: bytes) -> str:
    return base64.b64encode(hmac.digest(key, f"{webhook_id}.{timestamp}.".encode() + body, "sha256")).decode()
