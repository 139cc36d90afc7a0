"""A report before it is drawn: sections, tables with units, charts, notes. HTML and workbooks are made of the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from core.charts import Chart
from records.statistics.measures import Measure, Unit

Kind = Literal["text", "count", "percent", "seconds", "score", "change"]
"""What a column holds; 'change' is a difference that is written already."""
Cell = str | float | None
NOTHING: Final = "–"
UNITS: Final[Mapping[str, str]] = {"count": "건", "percent": "%", "seconds": "분:초", "score": "점"}
"""As the head of a table says them."""
_MINUTE: Final = 60
_HOUR: Final = 3600


class Column(msgspec.Struct, frozen=True):
    """Of a table."""

    name: str
    kind: Kind = "text"

    @property
    def unit(self) -> str:
        """As the head of a table says it."""
        return UNITS.get(self.kind, "")


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of figures."""

    title: str
    """Also the name of its sheet in a workbook."""
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    """Below it, after '※'."""
    total: bool = False
    """The last row sums the others."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """'가. ...' of a section: sentences, a chart, a table."""

    title: str
    sentences: tuple[str, ...] = ()
    """Numbered '1)', '2)' in print."""
    chart: Chart | None = None
    table: Table | None = None


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """'1. ...'."""

    title: str
    parts: tuple[Part, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole."""

    title: str
    centre: str
    """Who reports."""
    first: date
    """First local day that it is about."""
    last: date
    """Last one, included."""
    made: datetime
    """With the city's zone."""
    sections: tuple[Section, ...]
    formulas: tuple[Measure, ...]
    """Every figure that is in it."""
    empty: bool = False
    """Nobody called or wrote in these days."""


def table_of(measures: tuple[Measure, ...], *before: Column) -> tuple[Column, ...]:
    """Columns of these figures, behind others."""
    return (*before, *(Column(measure.ko, measure.unit) for measure in measures))


def written(cell: Cell, kind: Kind) -> str:
    """A cell as people read it."""
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return cell
    match kind:
        case "percent":
            return f"{cell:,.1f}"
        case "score":
            return f"{cell:.2f}"
        case "seconds":
            return clock(cell)
        case _:
            return f"{cell:,.0f}"


def clock(seconds: float) -> str:
    """7 -> 0:07, 3671 -> 1:01:11."""
    whole = round(seconds)
    minutes, rest = divmod(whole, _MINUTE)
    return f"{minutes}:{rest:02}" if whole < _HOUR else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def with_unit(value: float | None, unit: Unit) -> str:
    """A figure within a sentence."""
    if value is None:
        return NOTHING
    return written(value, unit) + ("" if unit == "seconds" else UNITS[unit])
