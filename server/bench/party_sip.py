"""The SIP of cheap parties: as much of it as one call needs (RFC 3261), written and read as text. Pure."""

from __future__ import annotations

import re
from typing import Final

_COPIED: Final = re.compile(r"(?im)^(?:via|from|to|call-id|cseq|record-route):.*$")
_LINE_END: Final = "\r\n"


def invite(number: int, here: str, to: str, rtp_port: int) -> str:
    """The INVITE of call ``number``, from and to host:port."""
    return request("INVITE", number, here, to, f"sip:120@{to}", "", body=sdp(here, rtp_port))


def request(
    method: str, number: int, here: str, to: str, target: str, to_tag: str, *, route: str = "", body: str = ""
) -> str:
    """Any request of that call; its CSeq is 1, or 2 for the BYE. ``route``: the proxy that wants to see it."""
    sequence = 2 if method == "BYE" else 1
    way = f"Route: {route}{_LINE_END}" if route else ""
    kind = f"Content-Type: application/sdp{_LINE_END}" if body else ""
    return (
        f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK{number}-{method.lower()}\r\n"
        f"From: <sip:010{number:08}@{here}>;tag=c{number}\r\nTo: <sip:120@{to}>{to_tag}\r\n"
        f"Call-ID: bench{number}@{here}\r\nCSeq: {sequence} {method}\r\nContact: <sip:caller@{here}>\r\n"
        f"{way}Max-Forwards: 70\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}"
    )


def answer(asked: str, status: str, here: str, *, body: str = "") -> str:
    """An answer to a request, in its own words."""
    kept = [line.rstrip() for line in _COPIED.findall(asked)]
    kept = [f"{line};tag=agent" if line.lower().startswith("to:") and ";tag=" not in line else line for line in kept]
    kind = f"Content-Type: application/sdp{_LINE_END}" if body else ""
    return (
        f"SIP/2.0 {status}\r\n{_LINE_END.join(kept)}\r\nContact: <sip:agent@{here}>\r\n"
        f"{kind}Content-Length: {len(body)}\r\n\r\n{body}"
    )


def sdp(here: str, rtp_port: int) -> str:
    """G.711 A-law, 20 ms, at that port."""
    host = here.partition(":")[0]
    return (
        f"v=0\r\no=bench 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
        f"m=audio {rtp_port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n"
    )


def header(text: str, name: str) -> str:
    """Value of the first header of that name, or ''."""
    found = re.search(rf"(?im)^{name}\s*:\s*(.*?)\r?$", text)
    return found[1] if found else ""


def media_port(text: str) -> int:
    """The RTP port in an SDP; 0 if there is none."""
    found = re.search(r"^m=audio (\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0


def status(text: str) -> int:
    """Of an answer; 0 for a request."""
    return int(text[8:11]) if text.startswith("SIP/2.0 ") else 0
