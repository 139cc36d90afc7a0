"""Texts that come in several parts. Pure: the caller brings the time (seconds of one monotonic clock).

Parts are told by a user data header (8 or 16 bit reference; 3GPP TS 23.040, 9.2.3.24.1 and .8) or by SAR parameters.
They may come in any order and twice. What is not whole after ``WAIT_S`` is given out as it is; of more than ``LIMIT``
such texts the oldest is given out at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from channels import smpp_pdu as pdu

WAIT_S: Final = 600.0
LIMIT: Final = 500
MISSING: Final = "(…)"
"""Stands for a part that did not come."""
_MOST_PARTS: Final = 255

Key = tuple[str, str, int]
"""Who, to which number, in which coding."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A deliver_sm's text: whole, or a part."""

    text: bytes
    reference: int = 0
    """Which parts belong together."""
    number: int = 1
    """From 1."""
    total: int = 1


def piece_of(deliver: pdu.Deliver) -> Piece:
    """Which part it is. A header that cannot be is left out, and the text is taken for whole."""
    options = deliver.options
    body = deliver.body
    if deliver.esm_class & pdu.UDH_INDICATOR and body:
        header, body = body[1 : 1 + body[0]], body[1 + body[0] :]
        if (found := _concatenation(header)) is not None:
            return _piece(body, *found)
    if pdu.SAR_MSG_REF_NUM in options:
        tags = (pdu.SAR_MSG_REF_NUM, pdu.SAR_SEGMENT_SEQNUM, pdu.SAR_TOTAL_SEGMENTS)
        return _piece(body, *(_number(options, tag) for tag in tags))
    return Piece(text=body)


def _piece(text: bytes, reference: int, number: int, total: int) -> Piece:
    if not 1 <= number <= total <= _MOST_PARTS:
        return Piece(text=text)
    return Piece(text=text, reference=reference, number=number, total=total)


def _concatenation(header: bytes) -> tuple[int, int, int] | None:
    """Reference, number, total of a user data header; None when it is about something else."""
    while len(header) >= 2:
        kind, length, value = header[0], header[1], header[2 : 2 + header[1]]
        header = header[2 + length :]
        if kind == 0x00 and len(value) == 3:
            return value[0], value[2], value[1]
        if kind == 0x08 and len(value) == 4:
            return int.from_bytes(value[:2], "big"), value[3], value[2]
    return None


def _number(options: Mapping[int, bytes], tag: int) -> int:
    return int.from_bytes(options.get(tag, b""), "big")


class Joiner:
    """Holds the parts of texts that are not whole."""

    def __init__(self, *, limit: int = LIMIT) -> None:
        self._limit = limit
        self._sets: dict[tuple[Key, int, int], tuple[float, dict[int, bytes]]] = {}

    def add(self, key: Key, piece: Piece, now: float) -> list[bytes] | None:
        """The text's parts in order once the last has come; None until then.

        They stay until ``done``, so that a text that could not be handed on is whole again when a part comes anew.
        """
        if piece.total == 1:
            return [piece.text]
        _began, parts = self._sets.setdefault((key, piece.reference, piece.total), (now, {}))
        parts[piece.number] = piece.text
        return [parts[number] for number in sorted(parts)] if len(parts) == piece.total else None

    def done(self, key: Key, piece: Piece) -> None:
        """The text is handed on."""
        self._sets.pop((key, piece.reference, piece.total), None)

    def overdue(self, now: float) -> list[tuple[Key, list[bytes | None]]]:
        """Texts that are not whole and will not be: what came, None where a part is missing. They are forgotten."""
        late = [each for each, (began, _parts) in self._sets.items() if now - began >= WAIT_S]
        late += [each for each in self._sets if each not in late][: max(0, len(self._sets) - len(late) - self._limit)]
        found: list[tuple[Key, list[bytes | None]]] = []
        for each in late:
            _began, parts = self._sets.pop(each)
            found.append((each[0], [parts.get(number) for number in range(1, each[2] + 1)]))
        return found
