"""Asking a peer for its password: digest authentication of incoming requests.

RFC 3261 section 22, RFC 7616, RFC 8760. Nonces are not kept: each carries its time and a seal over time and source, so
every worker of a node knows them, and one that was seen with its words from another address is worth nothing. What is
kept, bounded, is how often each was used.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
from collections import OrderedDict
from collections.abc import Callable, Iterable
from enum import Enum

MAX_AGE_S = 60.0
"""A nonce that is older is answered with a new one (stale=true); the peer then answers without asking anybody."""
_KEPT = 4096
_NONCE = struct.Struct(">QI15s")
"""Milliseconds since 1970, a number, the seal."""
_PARAMETER = re.compile(r'([A-Za-z0-9-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_NC = re.compile(r"[0-9a-fA-F]{8}")
_ALGORITHMS: dict[str, Callable[[bytes], str]] = {
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
}
"""Best first (RFC 8760 section 2.1): a peer takes the first that it knows."""


class Outcome(Enum):
    """What the credentials of a request are worth."""

    GOOD = "good"
    ABSENT = "absent"
    """None for us: ask for them."""
    STALE = "stale"
    """The nonce is too old, of another node, or was used up: ask again; the password may be right."""
    WRONG = "wrong"


class Challenger:
    """Asks and checks. ``key`` is the seal's; workers that share it know each other's nonces."""

    def __init__(self, key: bytes, realm: str = "minwon") -> None:
        self._key = key
        self._realm = realm
        self._asked = 0
        self._used: OrderedDict[str, int] = OrderedDict()
        """Nonces that were shown to us, with the highest count that came."""
        self._forgotten_ms = -1
        """Nonces up to this time may have been used and forgotten: they are stale."""

    def challenges(self, source: str, now: float, *, stale: bool = False, md5_only: bool = False) -> list[str]:
        """Values of the WWW-Authenticate headers for a peer at ``source``. ``now`` in seconds since 1970."""
        self._asked += 1
        ms, number = int(now * 1000), self._asked & 0xFFFFFFFF
        packed = _NONCE.pack(ms, number, self._seal(ms, number, source))
        nonce = base64.urlsafe_b64encode(packed).decode()
        rest = ", stale=true" if stale else ""
        names = ["MD5"] if md5_only else list(_ALGORITHMS)
        return [f'Digest realm="{self._realm}", nonce="{nonce}", algorithm={name}, qop="auth"{rest}' for name in names]

    def check(
        self, values: Iterable[str], *, method: str, user: str, password: str, source: str, now: float
    ) -> Outcome:
        """What a request's Authorization headers prove. Each use of a nonce must have a higher count than the last."""
        outcome = Outcome.ABSENT
        for value in values:
            credentials = parameters(value)
            if credentials.get("realm") != self._realm:
                continue
            outcome = self._checked(credentials, method, user, password, source, now)
            if outcome is not Outcome.WRONG:
                break
        return outcome

    def _checked(
        self, credentials: dict[str, str], method: str, user: str, password: str, source: str, now: float
    ) -> Outcome:
        nonce = credentials.get("nonce", "")
        issued_ms = self._issued(nonce, source)
        if issued_ms is None or not -MAX_AGE_S <= now - issued_ms / 1000 <= MAX_AGE_S:
            return Outcome.STALE
        expected = expected_response(credentials, method, user, password)
        given = credentials.get("response", "").lower()
        right_user = hmac.compare_digest(credentials.get("username", "").encode(), user.encode())
        if not hmac.compare_digest(expected.encode(), given.encode()) or not right_user or not expected:
            return Outcome.WRONG
        # Without qop there is no count (RFC 2069): such a nonce is good for one request.
        count = int(credentials["nc"], 16) if credentials.get("qop") else 1
        return Outcome.GOOD if self._is_new_use(nonce, issued_ms, count) else Outcome.STALE

    def _is_new_use(self, nonce: str, issued_ms: int, count: int) -> bool:
        last = self._used.get(nonce)
        if (last is None and issued_ms <= self._forgotten_ms) or count <= (last or 0):
            return False
        self._used[nonce] = count
        self._used.move_to_end(nonce)
        if len(self._used) > _KEPT:
            forgotten, _ = self._used.popitem(last=False)
            self._forgotten_ms = max(self._forgotten_ms, _NONCE.unpack(base64.urlsafe_b64decode(forgotten))[0])
        return True

    def _issued(self, nonce: str, source: str) -> int | None:
        """When we gave this nonce to this source, in milliseconds; None if we never did."""
        try:
            ms, number, seal = _NONCE.unpack(base64.b64decode(nonce, altchars=b"-_", validate=True))
        except (ValueError, struct.error):
            return None
        return ms if hmac.compare_digest(seal, self._seal(ms, number, source)) else None

    def _seal(self, ms: int, number: int, source: str) -> bytes:
        return hmac.digest(self._key, f"{ms} {number} {source}".encode(), "sha256")[:15]


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Digest header by lower-case name; {} for another scheme. The first of a name counts."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        return {}
    found: dict[str, str] = {}
    for name, quoted, token in _PARAMETER.findall(rest):
        found.setdefault(name.lower(), token or re.sub(r"\\(.)", r"\1", quoted))
    return found


def expected_response(credentials: dict[str, str], method: str, user: str, password: str) -> str:
    """The response that proves the password (RFC 7616 section 3.4.1); '' for what we never ask for."""
    digest = _ALGORITHMS.get(credentials.get("algorithm", "MD5").upper())
    qop = credentials.get("qop", "")
    if digest is None or qop not in ("", "auth") or (qop and not _NC.fullmatch(credentials.get("nc", ""))):
        return ""
    secret = digest(f"{user}:{credentials.get('realm', '')}:{password}".encode())
    asked = digest(f"{method}:{credentials.get('uri', '')}".encode())
    nonce = credentials.get("nonce", "")
    between = f"{credentials['nc']}:{credentials.get('cnonce', '')}:{qop}:" if qop else ""
    return digest(f"{secret}:{nonce}:{between}{asked}".encode())
