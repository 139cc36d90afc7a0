"""The plot of ``minwon size``: agents against service level, and the day by hour. Pure."""

from __future__ import annotations

from core.charts import Axis, Bar, Chart, Curve, Mark, sheet, ticks
from server.sizing.plan import Plan, levels

_PERCENT = Axis(low=0, high=100, ticks=ticks(100, " %"))


def draw(of: Plan) -> str:
    """Two plots side by side, as SVG."""
    return sheet((_levels(of), _day(of)), label="agents and service level", foot=of.profile.origin)


def _levels(of: Plan) -> Chart:
    points = tuple((float(agents), 100 * level) for agents, level in levels(of))
    first, last = int(points[0][0]), int(points[-1][0])
    step = max(1, (last - first) // 8)
    return Chart(
        title=f"Answered within {of.demand.within_s:g} s, by agents",
        x=Axis(low=first, high=last, ticks=tuple((agents, str(agents)) for agents in range(first, last + 1, step))),
        y=_PERCENT,
        curves=(Curve(points=points),),
        wishes=(100 * of.demand.level,),
        marks=(Mark(at=(of.agents, 100 * of.meets.level), text=f"{of.agents} agents"),),
    )


def _day(of: Plan) -> Chart:
    most_calls = max(hour.calls for hour in of.hours) or 1.0
    most_agents = max(max(hour.agents for hour in of.hours), 1)
    return Chart(
        title=f"A day: calls (bars, most {most_calls:,.0f}) and agents (line, most {most_agents:,})",
        x=Axis(
            low=0,
            high=len(of.hours),
            ticks=tuple((hour + 0.5, str(hour)) for hour in range(0, 24, 3)),
            label="shape of the day assumed: an office",
        ),
        y=Axis(low=0, high=1, ticks=()),
        bars=tuple(
            Bar(
                left=hour.hour + 0.1,
                right=hour.hour + 0.9,
                height=hour.calls / most_calls,
                title=f"{hour.hour}:00 {hour.calls:,.0f} calls, {hour.agents} agents",
            )
            for hour in of.hours
        ),
        curves=(
            Curve(
                points=tuple(
                    (float(at), hour.agents / most_agents) for hour in of.hours for at in (hour.hour, hour.hour + 1)
                )
            ),
        ),
    )
