"""Where things lie on the drawn map: metres become units of the picture, names find room. Pure geometry.

A name is treated as a row of discs along its base line; two names collide where discs do. So a name at any angle is
compared with any other by the same few lines.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

import msgspec

WIDTH: Final = 320
HEIGHT: Final = 240
_EDGE: Final = 30.0
"""Units kept free around what must be seen, for names."""
_NARROWEST_M: Final = 240.0
"""The picture shows at least so many metres from left to right."""
_INSET: Final = 4.0
"""Names end so far from the edge."""

Point = tuple[float, float]


class Frame(msgspec.Struct, frozen=True):
    """How metres (east, north of the place) become units (right, down)."""

    scale: float
    """Units a metre."""
    left: float
    """Units of the place from the left edge."""
    top: float
    """Units of the place from the upper edge."""

    def at(self, point: Point) -> Point:
        """The point in the picture."""
        return self.left + point[0] * self.scale, self.top - point[1] * self.scale


class Label(msgspec.Struct, frozen=True):
    """A name with its place: the middle of its line, and its slope."""

    text: str
    x: float
    y: float
    degrees: float = 0.0


Discs = list[tuple[float, float, float]]


def framed(points: Iterable[Point]) -> Frame:
    """A frame in which the place (0, 0) and all these points are seen, as large as may be."""
    seen = [(0.0, 0.0), *points]
    xs, ys = [x for x, _ in seen], [y for _, y in seen]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(
        WIDTH / _NARROWEST_M,
        (WIDTH - 2 * _EDGE) / wide if wide else math.inf,
        (HEIGHT - 2 * _EDGE) / high if high else math.inf,
    )
    return Frame(scale, WIDTH / 2 - (max(xs) + min(xs)) / 2 * scale, HEIGHT / 2 + (max(ys) + min(ys)) / 2 * scale)


def nearest(points: Sequence[Point]) -> Point:
    """The point of a line of points that is nearest to the place."""
    candidates = [points[0]]
    for (ax, ay), (bx, by) in pairwise(points):
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        share = min(max(-(ax * dx + ay * dy) / length, 0.0), 1.0) if length else 0.0
        candidates.append((ax + share * dx, ay + share * dy))
    return min(candidates, key=lambda point: math.hypot(*point))


@lru_cache(maxsize=256)
def width_of(text: str, size: float) -> float:
    """About how wide a text is at that size: Hangul and Han are one em, the rest is narrower."""
    ems = sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.58 for letter in text)
    return ems * size


def discs(label: Label, size: float) -> Discs:
    """The room that a name takes."""
    half = max(width_of(label.text, size) / 2 - size * 0.45, 0.0)
    count = max(math.ceil(half * 2 / size), 1)
    angle = math.radians(label.degrees)
    steps = [half * (2 * n / (count - 1) - 1) if count > 1 else 0.0 for n in range(count)]
    return [(label.x + s * math.cos(angle), label.y + s * math.sin(angle), size * 0.62) for s in steps]


def overlap(one: Discs, taken: Discs) -> float:
    """How much of the first lies on the others, and outside of the picture; 0 = free."""
    sum_of = 0.0
    for x, y, r in one:
        sum_of += sum(_depths(x, y, r, taken))
        sum_of += 4 * _outside(x, y, r)
    return sum_of


def _free(one: Discs, taken: Discs) -> bool:
    """Whether nothing of it overlaps: the first that does ends the question."""
    return all(not _outside(*disc) for disc in one) and all(not any(_depths(*disc, taken)) for disc in one)


def _depths(x: float, y: float, r: float, taken: Discs) -> Iterator[float]:
    for ox, oy, other in taken:
        reach = r + other
        if -reach < x - ox < reach:  # most are further away than that
            depth = reach - math.hypot(x - ox, y - oy)
            if depth > 0:
                yield depth


def _outside(x: float, y: float, r: float) -> float:
    return max(_INSET + r - x, x - (WIDTH - _INSET - r), _INSET + r - y, y - (HEIGHT - _INSET - r), 0.0)


def along_discs(line: Sequence[Point], radius: float) -> Discs:
    """The room that a street takes."""
    found: Discs = []
    for (ax, ay), (bx, by) in pairwise(line):
        count = min(int(math.hypot(bx - ax, by - ay) / 8) + 1, 200)
        found += [(ax + (bx - ax) * n / count, ay + (by - ay) * n / count, radius) for n in range(count + 1)]
    return [disc for disc in found if -20 < disc[0] < WIDTH + 20 and -20 < disc[1] < HEIGHT + 20]


def beside(text: str, at: Point, size: float, taken: Discs, roads: Discs, *, reach: float) -> Label:
    """A name right, left, above or below of a point: the first side that is free, or at least only crosses a road."""
    half = width_of(text, size) / 2
    x, y = at
    sides = [
        Label(text, x + reach + half, y),
        Label(text, x - reach - half, y),
        Label(text, x, y + reach + size * 0.6),
        Label(text, x, y - reach - size * 0.6),
        *(Label(text, x + dx * half * 0.8, y + dy * (reach + size * 0.6)) for dx in (1, -1) for dy in (1, -1)),
    ]

    def cost(label: Label) -> float:
        room = discs(label, size)
        return 20 * overlap(room, taken) + overlap(room, roads)

    return min(sides, key=cost)


def along(text: str, line: Sequence[Point], size: float, taken: Discs) -> Label | None:
    """A name along a line where it is straight, free and in the picture; None where there is no room."""
    length = width_of(text, size)
    best: tuple[float, Label] | None = None
    for (ax, ay), (bx, by) in pairwise(line):
        piece = math.hypot(bx - ax, by - ay)
        if piece < length or piece == 0:  # two points that are one have no direction
            continue
        degrees = math.degrees(math.atan2(by - ay, bx - ax))
        degrees = (degrees + 90) % 180 - 90  # never upside down; straight up reads upwards
        for n in range(int((piece - length) // 6) + 1)[_seen((ax, ay), (bx, by), length / 2 / piece, 6 / piece)]:
            share = (length / 2 + 6 * n) / piece
            label = Label(text, ax + (bx - ax) * share, ay + (by - ay) * share, degrees)
            middle = math.hypot(label.x - WIDTH / 2, label.y - HEIGHT / 2)
            if (best is None or middle < best[0]) and _free(discs(label, size), taken):
                best = (middle, label)
    return best[1] if best else None


def _seen(a: Point, b: Point, first: float, step: float) -> slice:
    """Which steps from a to b (shares of the way) lie in the picture, and perhaps one more at each end."""
    low, high = 0.0, 1.0
    for start, end, most in ((a[0], b[0], WIDTH), (a[1], b[1], HEIGHT)):
        if abs(end - start) > 1e-3:
            edges = sorted((-start / (end - start), (most - start) / (end - start)))
            low, high = max(low, edges[0]), min(high, edges[1])
    return slice(max(int((low - first) / step) - 1, 0), max(int((high - first) / step) + 2, 0))
