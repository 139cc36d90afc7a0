"""What an import has to say about rows. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from core.errors import BadInput


class RowNote(msgspec.Struct, frozen=True, kw_only=True):
    """Something to say about one row."""

    line: int
    """Line in the file where the row begins; the header is 1. In JSON the n-th object."""
    reason: str
    """One line, Korean first."""


def no_row(rejected: Sequence[RowNote]) -> BadInput:
    """The error where a table has not one row that can be taken."""
    first = f" 첫 이유: {rejected[0].line}행 {rejected[0].reason}" if rejected else ""
    return BadInput(f"가져올 수 있는 행이 하나도 없습니다.{first} / The table has no usable row.")
