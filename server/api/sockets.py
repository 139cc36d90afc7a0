"""Every socket: where it is, what is said on it, by whom. The rules of each conversation stand at its room."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

import msgspec

from agent_assist import desk_messages
from agent_assist.wall import messages as wall_messages
from agent_assist.wall.board import Board
from ars import messages
from core.events import AnyEvent
from server.api.routes import Given

Side = Literal["node", "page"]


class Socket(msgspec.Struct, frozen=True, kw_only=True):
    """One channel and both sides of it."""

    id: str
    address: str
    summary: str
    description: str
    query: tuple[Given, ...] = ()
    from_node: tuple[type, ...]
    """Structs that the node sends."""
    from_page: tuple[type, ...] = ()
    """Structs that the page sends."""
    asks: str = ""
    """A frame of this text alone asks for a sign of life; '' = there is none."""
    events: bool = False
    """It is an event stream of the node's (text/event-stream), not a WebSocket."""


def _structs(union: Any) -> tuple[type, ...]:
    return get_args(union)


DESK: Final = Socket(
    id="desk",
    address="/desk/ws",
    summary="One agent's desk.",
    description="Hello first, then History if there is a call, then events as they happen: her own "
    "AgentStateChanged, QueueChanged, and every event of the call on her desk; for supervisors also IssueChanged, and "
    "AlertChanged of every other call. When busy_call changes to another call, "
    "a History of that call follows at once. After a lost connection the browser comes back with call and after; "
    "nothing is doubled or missing. Close codes: 1001 the node goes down, 1013 the browser was too slow (come back), "
    "4401 sign in again.",
    query=(
        Given("call", "The call of which the browser has events already."),
        Given("after", "The highest number of them.", {"type": "integer", "minimum": 0}),
    ),
    from_node=(desk_messages.Hello, desk_messages.History, desk_messages.Still, *_structs(AnyEvent)),
    asks=desk_messages.ASK,
)
WALL: Final = Socket(
    id="wall",
    address="/wall/ws",
    summary="One supervisor's wall.",
    description="WallPicture first, the house as it stands; then WallDifference, a JSON merge patch (RFC 7396) of it: "
    "once a second if something has changed, at once for states of agents, alerts and who joins. A second WallPicture "
    "replaces the first. Fields that have their usual value are left out. Close codes: 1001 the node goes down, 1013 "
    "the browser was too slow (come back), 4401 sign in again, 4403 she is no supervisor.",
    from_node=(wall_messages.WallPicture, wall_messages.WallDifference, wall_messages.Still),
    asks=desk_messages.ASK,
)
WALLBOARD: Final = Socket(
    id="wallboard",
    address="/wallboard/ws",
    summary="The big screen.",
    description="Board whenever a number has changed, at most once a second and at once for states of agents. Close "
    "codes as the wall's; 4401 also when the screen's token was revoked.",
    from_node=(Board, wall_messages.Still),
    asks=desk_messages.ASK,
)
_CLOSED = (
    "Close codes: 1001 the node goes down (come back), 1009 a message was too long, 1013 the phone was too slow (come "
    "back), 4410 load the page again (it says why), 4429 too many pages are open (go on with form posts)."
)
PHONE: Final = Socket(
    id="phone",
    address="/v/{token}/ws",
    summary="One caller's page.",
    description="Screen and Status first, then what changes. A screen is whole: the newest one counts, nothing has to "
    f"be asked for after a lost connection. {_CLOSED}",
    from_node=_structs(messages.NodeMessage),
    from_page=_structs(messages.PageMessage),
    asks=messages.ASK,
)
PHONE_EVENTS: Final = Socket(
    id="phoneEvents",
    address="/v/{token}/events",
    summary="The same as server-sent events, where no WebSocket is let through.",
    description="Each event's data is one message; Still comes by itself. The page's own messages are form posts (see "
    "openapi.json), answered with a list of messages.",
    from_node=_structs(messages.NodeMessage),
    events=True,
)
