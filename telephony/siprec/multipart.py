"""The parts of a SIP body (RFC 2046 section 5.1, RFC 5621): an SDP and metadata, as recording clients send them.

Tolerant of what they really send: a boundary in quotes or not, CRLF or LF, a preamble, no closing line, parts within
parts, base64. What cannot be true is a ``BadInput`` that says why.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from itertools import islice

import msgspec

from core.errors import BadInput
from telephony.request import decoded

LONGEST = 65_536
"""Characters of a body that are read; a SIP message has no more (UDP)."""
MOST_PARTS = 16
DEEPEST = 3
"""Multiparts within multiparts."""
_HEADERS = 16_384
"""Characters of one part's headers."""
_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', re.IGNORECASE)
_FOLD = re.compile(r"\n[ \t]+")


class Part(msgspec.Struct, frozen=True):
    """One leaf of the tree."""

    type: str
    """Media type in lower case, without parameters: 'application/sdp'."""
    text: str
    """Decoded; lines end with LF."""


def parts(content_type: str, body: str) -> tuple[Part, ...]:
    """Every leaf, in order; of a body that is no multipart its one part, of an empty one none.

    ``BadInput`` for a body that is too long, too deep or of too many parts, a multipart whose boundary is not there,
    base64 that is none.
    """
    if len(body) > LONGEST:
        raise BadInput(f"a body of {len(body)} characters: at most {LONGEST} are read")
    found = tuple(islice(_leaves(content_type, "", body.replace("\r\n", "\n"), 0), MOST_PARTS + 1))
    if len(found) > MOST_PARTS:
        raise BadInput(f"a body of more than {MOST_PARTS} parts")
    return found


def first(of: tuple[Part, ...], *types: str) -> str:
    """The text of the first part of one of these types, or ''."""
    return next((part.text for part in of if part.type in types), "")


def _leaves(content_type: str, encoding: str, text: str, depth: int) -> Iterator[Part]:
    kind = content_type.partition(";")[0].strip().lower()
    text = _plain(encoding, text)
    if not kind.startswith("multipart/"):
        if text.strip():
            yield Part(kind or "text/plain", text)
        return
    if depth >= DEEPEST:
        raise BadInput(f"multiparts within multiparts, more than {DEEPEST} deep")
    for section in _sections(content_type, text):
        headers, content = _headers(section)
        inner = headers.get("content-type", headers.get("c", ""))
        inner_encoding = headers.get("content-transfer-encoding", "")
        yield from _leaves(inner, inner_encoding.strip().lower(), content, depth + 1)


def _sections(content_type: str, text: str) -> list[str]:
    """What stands between the lines that begin with the boundary."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise BadInput("a multipart body without a boundary in its Content-Type")
    boundary = re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]
    line = re.compile(rf"^--{re.escape(boundary)}(--)?[ \t]*$", re.MULTILINE)
    marks = list(islice(line.finditer(text), MOST_PARTS + 2)) if boundary else []
    if not marks:
        raise BadInput("the boundary of a multipart body does not occur in it")
    sections: list[str] = []
    for number, mark in enumerate(marks[: MOST_PARTS + 1]):
        if mark[1]:  # the closing line: what follows is nobody's
            break
        end = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        sections.append(text[mark.end() + 1 : end])
    return sections


def _headers(section: str) -> tuple[dict[str, str], str]:
    """A part's headers by lower-case name, and its content. A part may begin with the empty line."""
    if section.startswith("\n"):
        return {}, section[1:]
    head, _, content = section.partition("\n\n")
    if len(head) > _HEADERS:
        raise BadInput("a part of a multipart body has endless headers")
    pairs = (line.partition(":") for line in _FOLD.sub(" ", head).split("\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}, content


def _plain(encoding: str, text: str) -> str:
    match encoding:
        case "base64":
            try:
                return decoded(base64.b64decode("".join(text.split()), validate=True)).replace("\r\n", "\n")
            except (binascii.Error, ValueError) as error:
                raise BadInput(f"a part says that it is base64, and is not: {error}") from None
        case "quoted-printable":
            return decoded(quopri.decodestring(text.encode())).replace("\r\n", "\n")
        case _:
            return text
