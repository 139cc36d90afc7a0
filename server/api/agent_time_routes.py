"""The address of agents' time. Roles come from the table that enforces them."""

from __future__ import annotations

from typing import Final, cast

from records.routes import agent_time as room
from server.api.records_routes import office
from server.api.routes import Answer, Given

_NOBODY: Final = cast(room.AgentTimeHouse, None)  # the table alone is looked at, nobody asks
_ROLES: Final = {route.path: route.roles for route in room.agent_time_routes(_NOBODY)}
_DAY: Final = {"type": "string", "format": "date"}
_PATH: Final = "statistics/agent-time"

AGENT_TIME: Final = (
    office(
        "GET",
        _PATH,
        "AgentTime",
        "Hours by state and reason away, occupancy, utilisation of agents.",
        Answer("A line for each agent (and day), and all together.", room.AgentTimes),
        _ROLES[_PATH],
        query=(
            Given("first", "First local day; left out: the last one.", _DAY),
            Given("last", "Last local day, included; left out: today.", _DAY),
            Given("cut", "'day' = each day apart, 62 at most; '' = together.", {"type": "string", "enum": ["", "day"]}),
            Given("agent", "Only this agent; may be given several times.", {"type": "string", "maxLength": 200}),
        ),
        forbidden="An agent sees her own time, a supervisor that of whom she oversees (`not_allowed`).",
    ),
)
