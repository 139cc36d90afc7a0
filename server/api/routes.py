"""Addresses of the web application: who may ask, what is sent, what is answered. A test holds them to the router.

What a handler does stands at the handler; here is what a client has to know. The rooms' addresses are in
``desk_routes``, ``admin_routes``, ``sign_in_routes`` and ``phone_routes``, here are the house's own.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

Needs = Literal["nobody", "agent", "link", "network", "token"]
"""Who may ask: everybody, a signed-in agent, who has a visit's link and its browser, an allowed network, or a program
with a token that has the address's scope."""


class Given(msgspec.Struct, frozen=True):
    """A part of the path or the query."""

    name: str
    meaning: str
    schema: dict[str, Any] = msgspec.field(default_factory=lambda: {"type": "string"})


class Answer(msgspec.Struct, frozen=True):
    """What comes back."""

    meaning: str
    body: Any = None
    """Its type, None = nothing or not JSON."""
    content: str = ""
    """Its media type, if it is not JSON alone: with a ``body``, JSON is for the page's script (Accept)."""
    problem: bool = False
    """The body is a problem (RFC 9457), not plain JSON."""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One address and method."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    """As the router writes it; '{path}' takes slashes, too."""
    id: str
    """Its name in generated clients."""
    summary: str
    tag: str
    needs: Needs = "nobody"
    scope: str = ""
    """Of a token."""
    query: tuple[Given, ...] = ()
    headers: tuple[Given, ...] = ()
    """Of the request."""
    sends: Any = None
    """Type of the JSON body."""
    form: dict[str, str] = {}
    """Fields of a form's body, with their meanings."""
    files: bool = False
    """The form may carry files (multipart)."""
    uploads: str = ""
    """The body is a file itself, of this media type."""
    answers: dict[int, Answer] = {}


_PATHS: Final = {
    "job": "The report's job_id.",
    "call_id": "The call's id.",
    "contact_id": "The contact's id, a call's or a written contact's.",
    "entry_id": "The entry's id in the consultation database.",
    "photo_id": "The picture's id.",
    "callback_id": "The booking's id.",
    "gateway": "Whose webhook: 'minwon' (our own shape) or 'sinch'.",
    "path": "A file's name.",
    "agent_id": "The agent's sign-in name.",
    "token": "The secret of the visit's link.",
    "file": "A file's name.",
    "id": "The record's id.",
    "version": "Number of the version.",
    "attachment_id": "The file's id.",
    "task_id": "The task's id.",
    "upload_id": "The uploaded file's id.",
    "run_id": "The import's id.",
    "name": "The list's name.",
    "issue_id": "The issue's id.",
    "alert_id": "The alert's id within the call.",
    "rule_id": "The rule's id.",
    "note_id": "The supervisor's note.",
    "recording_id": "The recording's id.",
    "hold_id": "The legal hold's id.",
    "report_id": "The purge report's id.",
    "work_id": "The work's id, as its beginning told.",
    "message_id": "The text message's id.",
    "account_id": "The account's sign-in name.",
    "session_id": "The session's id, as the list tells it.",
    "webhook_id": "The receiver's id.",
    "delivery_id": "The webhook's id: the header webhook-id.",
    "text_id": "The text's id.",
    "step": "disable, enable, lock, unlock, reset_second or invite.",
}


def given_in_path(name: str) -> Given:
    """A part of the path."""
    return Given(name, _PATHS[name])


HOUSE: Final = (
    Route(
        method="GET",
        path="/healthz",
        id="alive",
        summary="Whether the process answers.",
        tag="house",
        answers={200: Answer("It does: 'ok'.", content="text/plain")},
    ),
    Route(
        method="GET",
        path="/readyz",
        id="ready",
        summary="Whether calls are taken.",
        tag="house",
        answers={
            200: Answer("They are.", {"type": "object", "properties": {"ready": {"const": True}}}),
            503: Answer(
                "They are not; 'missing' says what keeps the node from it, by part.",
                {
                    "type": "object",
                    "properties": {
                        "ready": {"const": False},
                        "missing": {"type": "object", "additionalProperties": {"type": "string"}},
                    },
                },
            ),
        },
    ),
    Route(
        method="GET",
        path="/metrics",
        id="metrics",
        summary="Figures for Prometheus.",
        tag="house",
        needs="network",
        answers={
            200: Answer("Prometheus' text format.", content="text/plain"),
            403: Answer("Not from here: see web.metrics_allow.", content="text/plain"),
        },
    ),
)
