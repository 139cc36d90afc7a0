"""The plot of ``minwon size``: SVG written by hand. Pure."""

from __future__ import annotations

from html import escape

from server.sizing.plan import Plan, levels

_WIDTH, _HEIGHT, _GAP, _MARGIN = 460, 260, 90, 60
_STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1d2733 } .dim { fill: #5b6b7c }
  .head { font-weight: 600; font-size: 14px } .end { text-anchor: end } .mid { text-anchor: middle }
  .axis { stroke: #9aa7b4 } .grid { stroke: #e3e8ee } .bar { fill: #b9cbe4 } .chosen { fill: #1f7a4d }
  .curve { fill: none; stroke: #2f5d9b; stroke-width: 2 } .wish { stroke: #b3261e; stroke-dasharray: 5 4 }
"""


def draw(of: Plan) -> str:
    """Two plots side by side: agents against service level, the day by hour."""
    width, height = 2 * _WIDTH + _GAP + 2 * _MARGIN, _HEIGHT + 130
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            ' role="img" aria-label="agents and service level">',
            f"<style>{_STYLE}</style>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *_levels(of, _MARGIN, 60),
            *_day(of, _MARGIN + _WIDTH + _GAP, 60),
            f'<text x="{_MARGIN}" y="{height - 14}" class="dim">{escape(of.profile.origin)}</text>',
            "</svg>",
            "",
        ]
    )


def _levels(of: Plan, left: int, top: int) -> list[str]:
    points = levels(of)
    first, last = points[0][0], points[-1][0]

    def x(agents: float) -> float:
        return left + _WIDTH * (agents - first) / max(1, last - first)

    def y(level: float) -> float:
        return top + _HEIGHT * (1 - level)

    curve = " ".join(f"{x(agents):.1f},{y(level):.1f}" for agents, level in points)
    within, wish = of.demand.within_s, of.demand.level
    step = max(1, (last - first) // 8)
    return [
        f'<text x="{left}" y="{top - 24}" class="head">Answered within {within:g} s, by agents</text>',
        *(
            f'<line x1="{left}" x2="{left + _WIDTH}" y1="{y(share / 100)}" y2="{y(share / 100)}" class="grid"/>'
            f'<text x="{left - 8}" y="{y(share / 100) + 4}" class="dim end">{share} %</text>'
            for share in range(0, 101, 20)
        ),
        f'<line x1="{left}" x2="{left + _WIDTH}" y1="{y(wish)}" y2="{y(wish)}" class="wish"/>',
        f'<polyline points="{curve}" class="curve"/>',
        f'<circle cx="{x(of.agents):.1f}" cy="{y(of.meets.level):.1f}" r="5" class="chosen"/>',
        f'<text x="{x(of.agents):.1f}" y="{y(of.meets.level) - 12:.1f}" class="mid">{of.agents} agents</text>',
        *(
            f'<text x="{x(agents):.1f}" y="{top + _HEIGHT + 20}" class="dim mid">{agents}</text>'
            for agents in range(first, last + 1, step)
        ),
        f'<line x1="{left}" x2="{left + _WIDTH}" y1="{top + _HEIGHT}" y2="{top + _HEIGHT}" class="axis"/>',
    ]


def _day(of: Plan, left: int, top: int) -> list[str]:
    most_calls = max(hour.calls for hour in of.hours) or 1.0
    most_agents = max(max(hour.agents for hour in of.hours), 1)
    bar = _WIDTH / len(of.hours)

    def y(share: float) -> float:
        return top + _HEIGHT * (1 - share)

    steps = " ".join(
        f"{left + bar * at:.1f},{y(hour.agents / most_agents):.1f}"
        for hour in of.hours
        for at in (hour.hour, hour.hour + 1)
    )
    return [
        f'<text x="{left}" y="{top - 24}" class="head">A day: calls (bars, most {most_calls:,.0f}) and agents'
        f" (line, most {most_agents:,})</text>",
        *(
            f'<rect x="{left + bar * hour.hour + 2:.1f}" y="{y(hour.calls / most_calls):.1f}" width="{bar - 4:.1f}"'
            f' height="{_HEIGHT * hour.calls / most_calls:.1f}" class="bar">'
            f"<title>{hour.hour}:00 {hour.calls:,.0f} calls, {hour.agents} agents</title></rect>"
            for hour in of.hours
        ),
        f'<polyline points="{steps}" class="curve"/>',
        *(
            f'<text x="{left + bar * (hour + 0.5):.1f}" y="{top + _HEIGHT + 20}" class="dim mid">{hour}</text>'
            for hour in range(0, 24, 3)
        ),
        f'<line x1="{left}" x2="{left + _WIDTH}" y1="{top + _HEIGHT}" y2="{top + _HEIGHT}" class="axis"/>',
        f'<text x="{left}" y="{top + _HEIGHT + 40}" class="dim">shape of the day assumed: an office</text>',
    ]
