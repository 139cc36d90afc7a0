"""Plots as SVG, written by hand: curves, bars, dashed wishes, marked points; charts side by side on one sheet. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

import msgspec

_WIDTH, _HEIGHT, _GAP, _MARGIN, _HEAD, _FOOT = 460, 260, 90, 60, 60, 70
COLOURS: Final = ("#2f5d9b", "#1f7a4d", "#b3261e", "#8a5a00", "#6a3d9a", "#117a8b", "#5b6b7c", "#c2185b")
_STYLE: Final = """
  text { font: 12px system-ui, sans-serif; fill: #1d2733 } .dim { fill: #5b6b7c }
  .head { font-weight: 600; font-size: 14px } .end { text-anchor: end } .mid { text-anchor: middle }
  .axis { stroke: #9aa7b4 } .grid { stroke: #e3e8ee } .bar { fill: #b9cbe4 } .chosen { fill: #1f7a4d }
  .curve { fill: none; stroke-width: 2 } .wish { stroke: #b3261e; stroke-dasharray: 5 4 }
"""

Point = tuple[float, float]


class Axis(msgspec.Struct, frozen=True, kw_only=True):
    """From ``low`` to ``high``, linear."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    """Where something is written, and what."""
    label: str = ""

    def share(self, value: float) -> float:
        """Where a value lies, 0..1; values outside are drawn at the edge."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low or 1.0)))


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """Points joined by lines."""

    points: tuple[Point, ...]
    name: str = ""
    """In the legend; '' = it needs none."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A bar from the x axis up."""

    left: float
    right: float
    height: float
    title: str
    """Shown under the pointer."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One point that matters."""

    at: Point
    text: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """One plot."""

    title: str
    x: Axis
    y: Axis
    curves: tuple[Curve, ...] = ()
    bars: tuple[Bar, ...] = ()
    wishes: tuple[float, ...] = ()
    """Dashed lines across: what is wanted."""
    marks: tuple[Mark, ...] = ()


def ticks(high: float, unit: str = "", parts: int = 5) -> tuple[tuple[float, str], ...]:
    """So many round steps from 0 to ``high``, labelled."""
    return tuple((high * step / parts, f"{high * step / parts:g}{unit}") for step in range(parts + 1))


def round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20 ... that is no less: a good end of an axis."""
    size = 1e-3
    while True:
        for step in (1, 2, 5):
            if step * size >= value * (1 - 1e-9):
                return float(f"{step * size:.12g}")
        size *= 10


def sheet(charts: Sequence[Chart], *, label: str, foot: str = "") -> str:
    """The charts side by side. ``label`` is what a screen reader says, ``foot`` stands below."""
    width = len(charts) * (_WIDTH + _GAP) - _GAP + 2 * _MARGIN
    height = _HEAD + _HEIGHT + _FOOT
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' role="img" aria-label="{escape(label)}">',
            f"<style>{_STYLE}</style>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *(
                line
                for number, chart in enumerate(charts)
                for line in _chart(chart, _MARGIN + number * (_WIDTH + _GAP), _HEAD)
            ),
            f'<text x="{_MARGIN}" y="{height - 14}" class="dim">{escape(foot)}</text>',
            "</svg>",
            "",
        ]
    )


def _chart(chart: Chart, left: int, top: int) -> Iterator[str]:
    bottom, right = top + _HEIGHT, left + _WIDTH

    def x(value: float) -> float:
        return round(left + _WIDTH * chart.x.share(value), 1)

    def y(value: float) -> float:
        return round(bottom - _HEIGHT * chart.y.share(value), 1)

    yield f'<text x="{left}" y="{top - 24}" class="head">{escape(chart.title)}</text>'
    for value, text in chart.y.ticks:
        yield f'<line x1="{left}" x2="{right}" y1="{y(value)}" y2="{y(value)}" class="grid"/>'
        yield f'<text x="{left - 8}" y="{y(value) + 4}" class="dim end">{escape(text)}</text>'
    for bar in chart.bars:
        at, over = x(bar.left), y(bar.height)
        yield (
            f'<rect x="{at}" y="{over}" width="{x(bar.right) - at:.1f}" height="{bottom - over:.1f}" class="bar">'
            f"<title>{escape(bar.title)}</title></rect>"
        )
    for wish in chart.wishes:
        yield f'<line x1="{left}" x2="{right}" y1="{y(wish)}" y2="{y(wish)}" class="wish"/>'
    for number, curve in enumerate(chart.curves):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{x(across)},{y(up)}" for across, up in curve.points)
        yield f'<polyline points="{points}" class="curve" stroke="{colour}"/>'
        if curve.name:
            name, down = escape(curve.name), top + 14 * number
            yield f'<text x="{right}" y="{down}" class="end" style="fill:{colour}">{name}</text>'
    for mark in chart.marks:
        across, up = x(mark.at[0]), y(mark.at[1])
        yield f'<circle cx="{across}" cy="{up}" r="5" class="chosen"/>'
        yield f'<text x="{across}" y="{up - 12}" class="mid">{escape(mark.text)}</text>'
    for value, text in chart.x.ticks:
        yield f'<text x="{x(value)}" y="{bottom + 20}" class="dim mid">{escape(text)}</text>'
    yield f'<line x1="{left}" x2="{right}" y1="{bottom}" y2="{bottom}" class="axis"/>'
    if chart.x.label:
        yield f'<text x="{left}" y="{bottom + 40}" class="dim">{escape(chart.x.label)}</text>'
