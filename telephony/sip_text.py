"""SIP messages as text, for what asks an exchange without a stack: requests written, answers read. No I/O.

Only what out-of-dialog requests need (RFC 3261 sections 8.1 and 10.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from telephony import digest
from telephony.request import request_from

_STATUS = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?\Z")
_PARAMETER = re.compile(r'([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;]+))')
_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,6})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


class Reply(msgspec.Struct, frozen=True):
    """An answer of the other side."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    """Lower-case long names, in order."""
    body: str = ""

    def first(self, name: str) -> str:
        """The first value of a header, or ''."""
        return next((value for key, value in self.headers if key == name and value), "")

    def words(self, name: str) -> tuple[str, ...]:
        """The comma-separated values of all headers of a name: Allow, Supported."""
        values = ",".join(value for key, value in self.headers if key == name)
        return tuple(word.strip() for word in values.split(",") if word.strip())

    @property
    def via(self) -> dict[str, str]:
        """Parameters of the topmost Via: 'received' and 'rport' tell how the other side sees us (RFC 3581)."""
        return parameters(self.first("via").partition(",")[0])


class Digest(msgspec.Struct, frozen=True):
    """Who we say that we are."""

    user: str
    password: str


def reply_from(message: bytes) -> Reply | None:
    """Read an answer; None if it is none."""
    read = request_from(message)
    start = message.lstrip(b"\r\n").partition(b"\n")[0].strip().decode("utf-8", "replace")
    found = _STATUS.match(start)
    return Reply(int(found[1]), (found[2] or "").strip(), read.headers, read.body) if found else None


def request_text(
    method: str,
    uri: str,
    *,
    via: str,
    branch: str,
    sender: str,
    receiver: str,
    tag: str,
    call_id: str,
    cseq: int,
    headers: Sequence[tuple[str, str]] = (),
) -> bytes:
    """A request without a body. ``via``: 'UDP 10.0.0.7:5060'; ``sender`` and ``receiver``: SIP addresses."""
    lines = [
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/{via};branch=z9hG4bK{branch};rport",
        "Max-Forwards: 70",
        f"From: <{sender}>;tag={tag}",
        f"To: <{receiver}>",
        f"Call-ID: {call_id}",
        f"CSeq: {cseq} {method}",
        *(f"{name}: {value}" for name, value in headers),
        "User-Agent: minwon",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def parameters(value: str) -> dict[str, str]:
    """``name=value`` pairs of a header, names in lower case; a name alone is ''."""
    pairs = {match[1].lower(): _plain(match[2], match[3]) for match in _PARAMETER.finditer(value)}
    alone = {part.strip().lower(): "" for part in value.split(";")[1:] if "=" not in part}
    return {**alone, **pairs}


def authorization(challenge: str, who: Digest, method: str, uri: str, nonce_of_ours: str) -> str:
    """The answer to WWW-Authenticate or Proxy-Authenticate (RFC 7616, RFC 8760); '' for a way that we do not know."""
    asked = digest.parameters(challenge)
    fields = {
        "username": who.user,
        "realm": asked.get("realm", ""),
        "nonce": asked.get("nonce", ""),
        "uri": uri,
        "algorithm": asked.get("algorithm", "MD5"),
    }
    if "auth" in [word.strip() for word in asked.get("qop", "").split(",")]:
        fields |= {"qop": "auth", "nc": "00000001", "cnonce": nonce_of_ours}
    response = digest.expected_response(fields, method, who.user, who.password)
    if not asked or not response:
        return ""
    if "opaque" in asked:
        fields["opaque"] = asked["opaque"]
    bare = ("algorithm", "qop", "nc")
    words = [f"{name}={value}" if name in bare else f'{name}="{value}"' for name, value in fields.items()]
    return f'Digest {", ".join(words)}, response="{response}"'


def cut(buffer: bytes) -> tuple[bytes, bytes]:
    """The first whole message of a stream and what is left (RFC 3261 section 18.3); b'' where it is not whole yet."""
    buffer = buffer.lstrip(b"\r\n")
    head, gap, rest = buffer.partition(b"\r\n\r\n")
    if not gap:
        return b"", buffer
    found = _LENGTH.search(head)
    length = int(found[1]) if found else 0
    if len(rest) < length:
        return b"", buffer
    return head + gap + rest[:length], rest[length:]


def _plain(quoted: str | None, bare: str | None) -> str:
    return re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare or ""
