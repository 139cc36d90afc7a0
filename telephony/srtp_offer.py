"""Which of the voices that an SDP offers are encrypted: plain RTP (RFC 3551), or SRTP with keys in the SDP (RFC 4568).

Read tolerantly, line by line: what is broken is neither, and the stack has its own words for it.
"""

from __future__ import annotations

import re

import msgspec

_MEDIA = re.compile(r"m=audio +(\d+)\S* +(\S+)", re.IGNORECASE)
_PLAIN = frozenset({"RTP/AVP", "RTP/AVPF"})
_SECURED = frozenset({"RTP/SAVP", "RTP/SAVPF"})


class Offer(msgspec.Struct, frozen=True):
    """What there is to choose from."""

    plain: bool = False
    """A voice without encryption."""
    secured: bool = False
    """A voice with keys of SDES."""
    other: bool = False
    """A voice of another kind, as DTLS-SRTP (RFC 5764), or SRTP without a key."""

    @property
    def empty(self) -> bool:
        """No voice at all: an INVITE that wants the offer from us."""
        return not (self.plain or self.secured or self.other)


def offer_in(body: str) -> Offer:
    """Read an SDP, alone or among the parts of a multipart body."""
    keys_for_all = False
    profile, keyed = "", False
    plain = secured = other = False
    for line in [*body.splitlines(), "m="]:
        if line.startswith("m="):
            if profile in _PLAIN:
                plain = True
            elif profile in _SECURED and (keyed or keys_for_all):
                secured = True
            elif profile:
                other = True
            found = _MEDIA.match(line)
            profile, keyed = (found[2].upper(), False) if found and int(found[1]) else ("", False)
        elif line.startswith("a=crypto:"):
            keyed = True
            keys_for_all = keys_for_all or not profile
    return Offer(plain, secured, other)
