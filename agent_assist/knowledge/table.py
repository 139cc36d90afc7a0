"""What every kind of table is: a header and rows of cells; and what its readers share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal, Protocol

import msgspec

from agent_assist.knowledge.cells import Cell
from core.errors import BadInput

Kind = Literal["csv", "xlsx", "json"]

ROWS_LIMIT: Final = 1_048_576
"""As many as a sheet of Excel can have."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row with something in it."""

    line: int
    """Where it begins: line of the file, row of the sheet; in JSON the n-th object, from 1."""
    cells: tuple[Cell, ...]
    """May be shorter or longer than the header."""
    remarks: tuple[str, ...] = ()
    """What its reader wants a person to know, Korean first."""


class Table(Protocol):
    """A header and its rows. Blocks: async code reads it in a thread."""

    @property
    def kind(self) -> Kind:
        """What the file is."""

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns, as written."""

    @property
    def sheet(self) -> str:
        """Which sheet is read, '' where there are none."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """All that could be."""

    @property
    def encoding(self) -> str:
        """Of the text, '' where the kind leaves no choice."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know about the file, Korean first."""

    def rows(self) -> Iterator[Row]:
        """Row by row, from the first one on. ``BadInput`` where it can't be read on."""

    def count(self) -> int:
        """How many rows there will be."""


def counted(rows: Callable[[], Iterator[Row]]) -> int:
    """How many rows there are, by going through them."""
    return sum(1 for _ in rows())


def repeated(header: tuple[str, ...]) -> tuple[str, ...]:
    """A remark where two columns have the same name."""
    names = [" ".join(name.split()) for name in header if name.strip()]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    if not twice:
        return ()
    listed = ", ".join(f"'{name[:30]}'" for name in list(twice)[:5])
    return (f"이름이 같은 열이 있어 앞의 것을 씁니다: {listed} / columns of the same name: the first one is used",)


def too_many_rows() -> BadInput:
    """The error where a table has more than ``ROWS_LIMIT`` rows."""
    return BadInput(f"행이 {ROWS_LIMIT:,}개를 넘습니다. 나누어 올려 주세요. / Too many rows: split the file.")
