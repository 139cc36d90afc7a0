"""What went wrong, as RFC 9457 says it (``application/problem+json``)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web

from core.errors import BadInput, MinwonError, Refused
from core.faulty import Fault, Faulty
from core.store.knowledge import EditedMeanwhile
from core.web.door import gone

MEDIATYPE: Final = "application/problem+json"
_encode: Final = msgspec.json.Encoder().encode


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457, with our machine code beside it."""

    type: str = "about:blank"
    """Nothing more than the status and the code."""
    title: str
    """The status in words."""
    status: int
    """Of the answer."""
    detail: str
    """What is wrong and what to do, Korean first."""
    code: str
    """Machine code; it never changes within v1."""
    newest: int = 0
    """'edited_meanwhile': the version that is there now."""
    faults: tuple[Fault, ...] = ()
    """'faulty': everything that is wrong, each with its field."""


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, *, newest: int = 0
) -> web.Response:
    """One as an answer."""
    return _answer(
        Problem(title=HTTPStatus(status).phrase, status=status, code=code, detail=detail, newest=newest), headers
    )


def problem_of(fault: MinwonError) -> web.Response:
    """What the house raised. What it has no words for is not caught here."""
    match fault:
        case EditedMeanwhile():
            return problem(412, fault.code, str(fault), newest=fault.newest)
        case Faulty():
            told = Problem(
                title="Bad Request", status=400, code=fault.code, detail=str(fault), faults=tuple(fault.faults)
            )
            return _answer(told, None)
        case Refused():
            return problem(_refused(fault.code), fault.code, str(fault))
        case BadInput():
            return problem(400, fault.code, str(fault))
        case _:
            return problem(503, fault.code, str(fault), {"Retry-After": "5"})


def _refused(code: str) -> int:
    if gone(code):
        return 404
    return 403 if code in ("not_allowed", "not_yours") else 409


def _answer(told: Problem, headers: Mapping[str, str] | None) -> web.Response:
    return web.Response(
        status=told.status,
        body=_encode(told),
        content_type=MEDIATYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
