"""Both documents as files, as they lie in ``docs/api``."""

from __future__ import annotations

import json
from typing import Any, Final

from ars.phone.door import COOKIE as VISIT_COOKIE
from server.api import routes, sockets
from server.api.admin_routes import ADMIN
from server.api.agent_time_routes import AGENT_TIME
from server.api.asyncapi import asyncapi
from server.api.desk_routes import DESK
from server.api.hook_routes import HOOKS
from server.api.openapi import openapi
from server.api.phone_routes import PHONE
from server.api.recording_routes import RECORDINGS
from server.api.records_routes import RECORDS
from server.api.report_routes import REPORTS
from server.api.rest_routes import REST
from server.api.rights_routes import RIGHTS
from server.api.sign_in_routes import SIGN_IN
from server.api.statistics_routes import STATISTICS
from server.api.text_routes import TEXTS
from server.api.wall_routes import WALL
from server.api.webhook_routes import WEBHOOKS
from server.signing_in.auth import COOKIE

ROUTES = (
    *(
        *routes.HOUSE,
        *SIGN_IN,
        *DESK,
        *RECORDS,
        *RECORDINGS,
        *STATISTICS,
        *AGENT_TIME,
        *REPORTS,
        *RIGHTS,
        *WALL,
        *ADMIN,
        *PHONE,
        *HOOKS,
        *TEXTS,
    ),
    *WEBHOOKS,
)
SOCKETS = (sockets.DESK, sockets.WALL, sockets.WALLBOARD, sockets.PHONE, sockets.PHONE_EVENTS)

_ABOUT: Final = (
    "The agent's desk, the caller's page and the house's health. What the WebSockets and the event stream say is "
    "described in asyncapi.json; what other programs may ask, in rest.json."
)
_ABOUT_REST: Final = (
    "For other programs. Every request shows a token (Authorization: Bearer mw_...), and is noted in the audit log. "
    "Faults are problems (RFC 9457) with a machine code. Within v1 fields and addresses may be added; none is taken "
    "away or gets another meaning: readers pass over what they do not know."
)


def rest_document() -> str:
    """The REST API's own document, served at /api/v1/openapi.json."""
    return _text(openapi(REST, {}, title="minwon REST API v1", about=_ABOUT_REST))


def documents() -> dict[str, str]:
    """File name -> text."""
    return {
        "openapi.json": _text(
            openapi(ROUTES, {"agent": COOKIE, "link": VISIT_COOKIE}, title="minwon over HTTP", about=_ABOUT)
        ),
        "rest.json": rest_document(),
        "asyncapi.json": _text(asyncapi(SOCKETS)),
    }


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
