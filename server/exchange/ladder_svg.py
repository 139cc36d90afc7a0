"""One call as a picture: lanes for those who spoke, an arrow for each message. SVG by hand, no library. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from server.exchange.ladder import Arrow, Role

_LANE, _ROW, _TOP, _LEFT, _RIGHT = 300, 42, 96, 110, 40
_NAMES: dict[Role, str] = {
    "caller": "caller",
    "agent": "agent's phone",
    "third": "third party",
    "supervisor": "supervisor",
    "exchange": "exchange",
}
_ORDER: tuple[Role, ...] = ("exchange", "caller", "agent", "third", "supervisor")
_STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1d2733 }
  .name { font-weight: 600; text-anchor: middle } .where, .time { fill: #5b6b7c } .where { text-anchor: middle }
  .time { text-anchor: end } .title { text-anchor: middle }
  .detail { text-anchor: middle; fill: #5b6b7c; font-size: 11px }
  .lane { stroke: #c3ccd6; stroke-dasharray: 3 3 } .arrow { stroke: #2f5d9b; stroke-width: 1.5; fill: none }
  .ours { stroke: #1f7a4d } .failed { stroke: #b3261e } .again { stroke-dasharray: 5 4 } .bad { fill: #b3261e }
"""


def draw(arrows: Sequence[Arrow], *, title: str = "", zone: str = "UTC") -> str:
    """The picture. Times are seconds from the first message; its moment stands in the head, in UTC."""
    lanes = lanes_of(arrows)
    place = {lane: _LEFT + _LANE // 2 + _LANE * number for number, lane in enumerate(lanes)}
    width = _LEFT + _LANE * max(len(lanes), 1) + _RIGHT
    height = _TOP + _ROW * (len(arrows) + 1)
    began = arrows[0].at if arrows else 0.0
    when = datetime.fromtimestamp(began, UTC).strftime("%Y-%m-%d %H:%M:%S") if arrows else "no message"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label="{escape(title)}">',
        f"<style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z" fill="context-stroke"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="16" y="24" class="name" style="text-anchor:start">{escape(title)}</text>',
        f'<text x="16" y="42" class="where" style="text-anchor:start">{when} {zone}</text>',
    ]
    for (name, where), x in place.items():
        parts += [
            f'<text x="{x}" y="66" class="name">{escape(name)}</text>',
            f'<text x="{x}" y="82" class="where">{escape(where)}</text>',
            f'<line x1="{x}" y1="{_TOP - 6}" x2="{x}" y2="{height - 8}" class="lane"/>',
        ]
    for number, arrow in enumerate(arrows):
        parts += _arrow(arrow, place, _TOP + _ROW * (number + 1) - 8, arrow.at - began)
    return "\n".join([*parts, "</svg>", ""])


def lanes_of(arrows: Sequence[Arrow]) -> list[tuple[str, str]]:
    """Name and address of each lane from left to right: caller, minwon, agent's phone, third party."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    workers: list[str] = []
    for arrow in arrows:
        if arrow.worker not in workers:
            workers.append(arrow.worker)
        side = -1 if arrow.role in ("exchange", "caller") else 1
        found.setdefault(lane_of(arrow), (side, _ORDER.index(arrow.role)))
    left = [lane for lane, (side, _) in sorted(found.items(), key=lambda item: item[1]) if side < 0]
    right = [lane for lane, (side, _) in sorted(found.items(), key=lambda item: item[1]) if side > 0]
    return [*left, *((worker, "minwon") for worker in workers), *right]


def lane_of(arrow: Arrow) -> tuple[str, str]:
    """The lane of the other side."""
    return _NAMES[arrow.role], arrow.peer.rpartition(":")[0] or arrow.peer


def _arrow(arrow: Arrow, place: dict[tuple[str, str], int], y: int, seconds: float) -> list[str]:
    ours, theirs = place[(arrow.worker, "minwon")], place[lane_of(arrow)]
    start, end = (ours, theirs) if arrow.sent else (theirs, ours)
    middle = (start + end) // 2 if abs(start - end) <= _LANE else end + (_LANE // 2 if start > end else -_LANE // 2)
    classes = ["arrow", *(["ours"] if arrow.sent else []), *(["failed"] if arrow.failed else [])]
    classes += ["again"] if arrow.again else []
    again = " (again)" if arrow.again else ""
    bad = " bad" if arrow.failed else ""
    rows = [
        f'<text x="{_LEFT - 14}" y="{y + 4}" class="time">{seconds:.3f} s</text>',
        f'<line x1="{start}" y1="{y}" x2="{end}" y2="{y}" class="{" ".join(classes)}" marker-end="url(#tip)"/>',
        f'<text x="{middle}" y="{y - 5}" class="title{bad}">{escape(arrow.title)}{again}</text>',
    ]
    if arrow.detail:
        rows.append(f'<text x="{middle}" y="{y + 12}" class="detail">{escape(arrow.detail)}</text>')
    return rows
