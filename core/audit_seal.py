"""Seals on places of the audit log's chain: who can write the database alone cannot make one.

HMAC-SHA256 (RFC 2104) under a key of the site, ``MINWON_HOME/keys/audit.key``. Nodes that share a database share it.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from core.site_key import site_key
from core.store.audit import Anchor


class AuditSeal:
    """Seals places, and tells whether a seal is ours."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def anchor(self, number: int, chain: str, at: datetime) -> Anchor:
        """A sealed place."""
        return Anchor(number=number, chain=chain, at=at, seal=self._seal(number, chain, at))

    def made(self, anchor: Anchor) -> bool:
        """Whether we have sealed it, as it stands."""
        return hmac.compare_digest(anchor.seal, self._seal(anchor.number, anchor.chain, anchor.at))

    def _seal(self, number: int, chain: str, at: datetime) -> str:
        told = msgspec.json.encode([number, chain, at.astimezone(UTC).isoformat(timespec="microseconds")])
        return hmac.new(self._secret, told, sha256).hexdigest()


def open_audit_seal(file: Path) -> AuditSeal:
    """With the key in that file, which is made at first use. Raises ``EnvironmentFault``."""
    return AuditSeal(site_key(file, "audit_key"))
