"""Both documents as files, as they lie in ``docs/api``."""

from __future__ import annotations

import json
from typing import Any

from ars.phone.door import COOKIE as VISIT_COOKIE
from server.api import routes, sockets
from server.api.admin_routes import ADMIN
from server.api.asyncapi import asyncapi
from server.api.desk_routes import DESK
from server.api.hook_routes import HOOKS
from server.api.openapi import openapi
from server.api.phone_routes import PHONE
from server.api.recording_routes import RECORDINGS
from server.api.records_routes import RECORDS
from server.api.sign_in_routes import SIGN_IN
from server.api.statistics_routes import STATISTICS
from server.api.text_routes import TEXTS
from server.api.wall_routes import WALL
from server.signing_in.auth import COOKIE

ROUTES = (*routes.HOUSE, *SIGN_IN, *DESK, *RECORDS, *RECORDINGS, *STATISTICS, *WALL, *ADMIN, *PHONE, *HOOKS, *TEXTS)
SOCKETS = (sockets.DESK, sockets.WALL, sockets.WALLBOARD, sockets.PHONE, sockets.PHONE_EVENTS)


def documents() -> dict[str, str]:
    """File name -> text."""
    return {
        "openapi.json": _text(openapi(ROUTES, {"agent": COOKIE, "link": VISIT_COOKIE})),
        "asyncapi.json": _text(asyncapi(SOCKETS)),
    }


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
