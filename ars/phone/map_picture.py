"""A little map of a place, drawn here from the menu's data: no tiles, no map service, no picture from elsewhere.

:func:`draw` gives an SVG that stands alone (served as an image, so its styles are inside) and follows the reader's dark
or contrast setting. :func:`map_links` gives the addresses of map apps, for a tap; nothing is fetched from them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, Literal
from urllib.parse import quote
from xml.sax.saxutils import escape

import msgspec

from ars.model import Language, Place, Words, said
from ars.phone.map_layout import (
    HEIGHT,
    WIDTH,
    Discs,
    Frame,
    Label,
    Point,
    along,
    along_discs,
    beside,
    discs,
    framed,
    nearest,
    width_of,
)

MapApp = Literal["geo", "kakao", "naver"]
Look = Literal["auto", "high"]

_FURTHEST_M: Final = 600.0
"""A street that passes further away than this need not be seen."""
_STREET: Final = 12.0
_LANDMARK: Final = 12.5
_PLACE: Final = 14.0
_PIN: Final = "M0 0C-3.2-7.5-11-12.6-11-20.5A11 11 0 0 1 11-20.5C11-12.6 3.2-7.5 0 0Z"
"""Its tip is where the place is."""
_ROUND_M: Final = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
_NORTH: Final[Words] = {"ko": "북", "en": "N", "zh": "北", "ja": "北", "vi": "B", "mn": "Х"}
_MAP_OF: Final[Words] = {
    "ko": "{name} 약도",
    "en": "Map: {name}",
    "zh": "{name} 示意图",
    "ja": "{name} 略図",
    "vi": "Sơ đồ: {name}",
    "mn": "{name}: зураглал",
}
_STREETS: Final[Words] = {
    "ko": "길",
    "en": "Streets",
    "zh": "道路",
    "ja": "道路",
    "vi": "Đường",
    "mn": "Гудамж",
}
_NEARBY: Final[Words] = {
    "ko": "가까운 곳",
    "en": "Nearby",
    "zh": "附近",
    "ja": "近く",
    "vi": "Gần đó",
    "mn": "Ойролцоо",
}

_LIGHT: Final = (
    "--land:#eef0ea;--road:#fff;--side:#cdd2c8;--main:#ffe7ad;--mainside:#d9a93f;--name:#3d434a;--ink:#16191d;"
    "--halo:#fff;--mark:#0b4a86;--pin:#0a5c4e;--dot:#fff;--frame:#c9ced4"
)
_DARK: Final = (
    "--land:#1b2026;--road:#39414b;--side:#0e1114;--main:#6b5420;--mainside:#16110a;--name:#e3e7ea;--ink:#fff;"
    "--halo:#12161b;--mark:#8ec5ff;--pin:#3fc6a8;--dot:#10251f;--frame:#4a535d"
)
_HIGH: Final = (
    "--land:#fff;--road:#fff;--side:#000;--main:#fff;--mainside:#000;--name:#000;--ink:#000;--halo:#fff;--mark:#000;"
    "--pin:#000;--dot:#fff;--frame:#000"
)
_HIGH_DARK: Final = (
    "--land:#000;--road:#000;--side:#fff;--main:#000;--mainside:#fff;--name:#fff;--ink:#fff;--halo:#000;--mark:#fff;"
    "--pin:#ff0;--dot:#000;--frame:#fff"
)
_STYLE: Final = (
    f".m{{{_LIGHT};font-family:Pretendard,'Apple SD Gothic Neo','Noto Sans KR','Noto Sans CJK KR',sans-serif}}"
    f"@media(prefers-color-scheme:dark){{.m.auto{{{_DARK}}}}}"
    f".m.high{{{_HIGH}}}@media(prefers-contrast:more){{.m.auto{{{_HIGH}}}}}"
    f"@media(prefers-contrast:more) and (prefers-color-scheme:dark){{.m.auto{{{_HIGH_DARK}}}}}"
    f"@media(prefers-color-scheme:dark){{.m.high{{{_HIGH_DARK}}}}}"
    ".land{fill:var(--land)}.frame{fill:none;stroke:var(--frame)}"
    ".side,.road{fill:none;stroke-linecap:round;stroke-linejoin:round}"
    ".side{stroke:var(--side);stroke-width:12}.road{stroke:var(--road);stroke-width:10}"
    ".side.wide{stroke:var(--mainside);stroke-width:21}.road.wide{stroke:var(--main);stroke-width:18.5}"
    "text{text-anchor:middle;dominant-baseline:central}"
    ".name,.here,.mark,.scale{paint-order:stroke;stroke:var(--halo);stroke-width:3;stroke-linejoin:round}"
    f".name{{font-size:{_STREET}px;fill:var(--name);font-weight:600}}"
    ".name.wide{stroke:var(--main)}"
    f".mark{{font-size:{_LANDMARK}px;fill:var(--mark);font-weight:600}}"
    f".here{{font-size:{_PLACE}px;fill:var(--ink);font-weight:800;stroke-width:4}}"
    ".spot{fill:var(--mark);stroke:var(--halo);stroke-width:1.5}"
    ".pin{fill:var(--pin);stroke:var(--halo);stroke-width:1.5}.dot{fill:var(--dot)}"
    ".bar{fill:none;stroke:var(--ink);stroke-width:1.5}.barhalo{fill:none;stroke:var(--halo);stroke-width:4.5}"
    ".scale{font-size:11px;fill:var(--ink);font-weight:600}.needle{fill:var(--ink)}"
)


def draw(place: Place, language: Language, *, look: Look = "auto") -> str:
    """The map as an SVG document, in a few ms: keep it. ``look`` 'high' is for a page that was switched to it."""
    streets = [
        (_clean(said(street.name, language)), street.wide, [point for point in street.points if _finite(point)])
        for street in place.streets
    ]
    streets = [street for street in streets if len(street[2]) > 1]
    marks = [(_clean(said(mark.name, language)), mark.at) for mark in place.landmarks if _finite(mark.at)]
    near = [point for point in (nearest(points) for _, _, points in streets) if math.hypot(*point) < _FURTHEST_M]
    frame = framed([*near, *(at for _, at in marks)])
    name = _clean(said(place.name, language))
    lines = [(text, wide, [frame.at(point) for point in points]) for text, wide, points in streets]

    taken = [*_furniture(frame), *((*frame.at(at), 5.5) for _, at in marks)]
    roads = [disc for _, wide, line in lines for disc in along_discs(line, 10 if wide else 6)]
    here = beside(name, (frame.left, frame.top - 12), _PLACE, taken, roads, reach=16)
    taken += discs(here, _PLACE)
    mark_names = []
    for text, at in marks:
        mark = beside(text, frame.at(at), _LANDMARK, taken, roads, reach=7)
        taken += discs(mark, _LANDMARK)
        mark_names.append(mark)
    street_names = []
    for text, wide, line in sorted(lines, key=lambda street: not street[1]):
        label = along(text, line, _STREET, taken)
        if label is not None:
            taken += discs(label, _STREET)
            street_names.append((label, wide))

    title = said(_MAP_OF, language).format(name=name)
    told = [_clean(said(place.address, language))]
    for heading, names in ((_STREETS, [text for text, _, _ in streets]), (_NEARBY, [text for text, _ in marks])):
        if names:
            told.append(f"{said(heading, language)}: {', '.join(names)}")
    body = [
        f'<rect class="land" width="{WIDTH}" height="{HEIGHT}"/>',
        *_roads(lines),
        *(_text("name wide" if wide else "name", label) for label, wide in street_names),
        *(f'<circle class="spot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in (frame.at(at) for _, at in marks)),
        *(_text("mark", label) for label in mark_names),
        f'<g transform="translate({frame.left:.1f} {frame.top:.1f})"><path class="pin" d="{_PIN}"/>'
        '<circle class="dot" cy="-20.5" r="4"/></g>',
        _text("here", here),
        *_scale_bar(frame),
        f'<path class="needle" d="M302 12l6 15-6-4-6 4z"/>{_text("scale", Label(said(_NORTH, language), 302, 35))}',
        f'<rect class="frame" x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}"/>',
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="m {look}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' lang="{language}"><title>{escape(title)}</title><desc>{escape(". ".join(told))}</desc>'
        f"<style>{_STYLE}</style>{''.join(body)}</svg>"
    )


class MapLink(msgspec.Struct, frozen=True):
    """The same place in a map app."""

    app: MapApp
    """For the page's words and icon."""
    url: str


def map_links(place: Place, language: Language) -> tuple[MapLink, ...]:
    """Where map apps show the place. 'geo' (RFC 5870) opens whatever app the phone has."""
    at = f"{place.latitude:.6f},{place.longitude:.6f}"
    name = quote(said(place.name, language), safe="")
    address = quote(said(place.address, "ko"), safe="")
    return (
        MapLink("geo", f"geo:{at}?q={at}({name})"),
        MapLink("kakao", f"https://map.kakao.com/link/map/{name},{at}"),
        # Found by its Korean address; c = where the map stands meanwhile: longitude, latitude, zoom.
        MapLink(
            "naver",
            f"https://map.naver.com/p/search/{address}?c={place.longitude:.6f},{place.latitude:.6f},17,0,0,0,dh",
        ),
    )


def _roads(lines: Iterable[tuple[str, bool, list[Point]]]) -> list[str]:
    """All edges first, then all surfaces, so that crossings are open; wide ones on top."""
    ordered = sorted(lines, key=lambda street: street[1])
    paths = [(" wide" if wide else "", " ".join(f"{x:.1f},{y:.1f}" for x, y in line)) for _, wide, line in ordered]
    return [
        f'<polyline class="{kind}{wide}" points="{points}"/>' for kind in ("side", "road") for wide, points in paths
    ]


def _text(kind: str, label: Label) -> str:
    turn = f' transform="rotate({label.degrees:.1f} {label.x:.1f} {label.y:.1f})"' if abs(label.degrees) > 0.5 else ""
    return f'<text class="{kind}" x="{label.x:.1f}" y="{label.y:.1f}"{turn}>{escape(label.text)}</text>'


def _bar(frame: Frame) -> tuple[int, float]:
    """Round metres, and their units: at most a quarter of the picture."""
    metres = max((m for m in _ROUND_M if m * frame.scale <= WIDTH / 4), default=_ROUND_M[0])
    return metres, metres * frame.scale


def _scale_bar(frame: Frame) -> list[str]:
    metres, units = _bar(frame)
    text = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    path = f"M12 223v5h{units:.1f}v-5"
    label = Label(text, 12 + max(units, width_of(text, 11)) / 2, 215)
    return [f'<path class="barhalo" d="{path}"/><path class="bar" d="{path}"/>', _text("scale", label)]


def _furniture(frame: Frame) -> Discs:
    """What is there before any name: pin, north arrow, scale bar."""
    pin = [(frame.left, frame.top - 20, 13.0), (frame.left, frame.top - 4, 5.0)]
    north = [(302.0, 20.0, 12.0), (302.0, 35.0, 9.0)]
    _, units = _bar(frame)
    return [*pin, *north, *((12 + x, 220.0, 12.0) for x in range(0, int(max(units, 30)) + 1, 10))]


def _finite(point: Point) -> bool:
    return all(math.isfinite(value) and abs(value) < 1e6 for value in point)


def _clean(text: str) -> str:
    """Without what XML 1.0 has no place for, on one line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
