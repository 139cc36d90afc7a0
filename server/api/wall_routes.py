"""The addresses of the supervisor's wall and the big screen (``agent_assist.wall.routes``)."""

from __future__ import annotations

from typing import Any, Final, Literal

from agent_assist.wall import messages
from core.web.door import DoorFault
from server.api.routes import Answer, Route


def _page(path: str, name: str, summary: str) -> Route:
    return Route(
        method="GET",
        path=path,
        id=name,
        summary=summary,
        tag="wall",
        answers={200: Answer("The page.", content="text/html")},
    )


def _socket(path: str, name: str, summary: str, closed: str) -> Route:
    return Route(
        method="GET",
        path=path,
        id=name,
        summary=summary,
        tag="wall",
        answers={
            101: Answer(f"A WebSocket. {closed}"),
            403: Answer("Not from our own page (Origin).", content="text/plain"),
        },
    )


def _deed(
    path: str,
    name: str,
    summary: str,
    *,
    sends: Any = None,
    answer: Answer | None = None,
    refused: str = "",
    missing: str = "",
) -> Route:
    """What a supervisor does, with the answers that all of them have. It is noted in the audit log first."""
    answers: dict[int, Answer] = {
        **({200: answer} if answer else {204: Answer("Done.")}),
        **({400: Answer("What was sent cannot be read; the message says why.", DoorFault)} if sends else {}),
        401: Answer("Not signed in, or no longer.", DoorFault),
        403: Answer("She is no supervisor; or not from our own page (Origin).", DoorFault),
        **({404: Answer(missing, DoorFault)} if missing else {}),
        **({409: Answer(refused, DoorFault)} if refused else {}),
        503: Answer("It cannot be noted: the database is away.", DoorFault),
    }
    method: Literal["POST"] = "POST"
    return Route(
        method=method,
        path=f"/wall/api/{path}",
        id=name,
        summary=summary,
        tag="wall",
        needs="agent",
        sends=sends,
        answers=answers,
    )


_NO_CALL: Final = "Another supervises this call, it is over or only listened to, or her telephone cannot be called."
WALL: Final = (
    _page("/wall", "wall", "The supervisor's wall."),
    _page("/wallboard", "wallboard", "The big screen: numbers alone, by a token of scope 'wallboard'."),
    _socket(
        "/wall/ws",
        "wallSocket",
        "The wall's WebSocket: see the AsyncAPI document.",
        "It is closed at once with 4401 when not signed in, with 4403 for who is no supervisor.",
    ),
    _socket(
        "/wallboard/ws",
        "wallboardSocket",
        "The big screen's WebSocket: see the AsyncAPI document.",
        "It is closed at once with 4401 without a good token.",
    ),
    _deed(
        "calls/{call_id}/supervision",
        "supervise",
        "Listen, whisper to the agent, barge in, or leave; answered once the supervisor's telephone has.",
        sends=messages.Supervise,
        refused=_NO_CALL,
    ),
    _deed(
        "calls/{call_id}/takeover",
        "takeOver",
        "Her telephone takes the agent's place, who is free; the caller hears no gap.",
        sends=messages.TakeOver,
        refused=f"{_NO_CALL} Or the caller is being passed on.",
    ),
    _deed(
        "agents/{agent_id}/state",
        "setAgentState",
        "An agent becomes ready, away (now or after this call), gets time to write, or is signed out; with a reason "
        "that she sees.",
        sends=messages.SetState,
        refused="A call needs her, there is no such agent, or her state does not lead there.",
    ),
    _deed(
        "agents/{agent_id}/stays",
        "agentStays",
        "That she is away after this call is taken back.",
        refused="No supervisor has wanted it, or it has come to pass.",
    ),
    _deed(
        "notes",
        "sendNote",
        "A few words to one desk, to those of a team, or to all who are there.",
        sends=messages.SendNote,
        answer=Answer("To how many desks.", messages.NotesSent),
        refused="Nobody is there, or a desk has too many unread notes: then none gets it.",
    ),
    _deed(
        "alerts/care",
        "careForAlert",
        "She takes care of an alert, or gives it back; all walls see it.",
        sends=messages.Care,
        missing="The alert is over.",
    ),
    _deed(
        "issues/{issue_id}/seen",
        "issueSeenFromWall",
        "She takes note of what many callers speak of.",
        missing="There is no such issue.",
    ),
)
