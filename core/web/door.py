"""Who may come in, and how what went wrong is said.

Every address of a page's own API goes through :func:`guarded`: signed in (401), from our own page (403), with
one of the roles that the address asks for (403 ``role``). Errors are the desk's JSON ``{"code", "message"}``; three of
them carry more: ``edited_meanwhile`` the newest version's number, ``in_use`` how many use it, ``faulty`` all faults.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Final, Protocol, TypeVar

import msgspec
from aiohttp import web

from core.agent import Agent
from core.config import Role
from core.errors import BadInput, MinwonError, Refused
from core.faulty import Fault, Faulty
from core.log import get_logger
from core.store.knowledge import EditedMeanwhile, InUse
from core.web.guard import require_same_origin

log = get_logger("core.web")

_encode: Final = msgspec.json.Encoder().encode
LONGEST_TEXT: Final = 200
"""Characters of a query that are read."""
MOST: Final = 200
"""Lines of a list in one answer."""


class Knows(Protocol):
    """Whoever knows who has signed in."""

    def who(self, request: web.Request) -> Agent | None:
        """The signed-in person, or None. Must be cheap."""


Answer = Callable[[web.Request, Agent], Awaitable[Any]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
T = TypeVar("T")


class DoorFault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong, for the page."""

    code: str
    """Machine code: the page has a sentence for it."""
    message: str
    """In words, Korean first."""
    newest: int = 0
    """``edited_meanwhile``: number of the newest version."""
    users: int = 0
    """``in_use``: how many use it."""
    faults: tuple[Fault, ...] = ()
    """``faulty``: everything that is wrong, each with its field."""


_GONE: Final = frozenset(
    {
        "not_found",
        "no_entry",
        "no_such_version",
        "no_task",
        "no_upload",
        "no_run",
        "no_issue",
        "no_file",
        "no_attachment",
        "no_record",
        "no_follow_up",
        "no_utterance",
        "no_webhook",
        "no_delivery",
    }
)
"""Refusals that say that something is not there (any more): 404."""


def gone(code: str) -> bool:
    """Whether a refusal says that something is not there (any more)."""
    return code in _GONE


class Missing(Refused):
    """What was asked for is not there (any more)."""

    code = "not_found"


def guarded(house: Knows, roles: tuple[Role, ...], answer: Answer) -> Handler:
    """An answer as a handler: None = done, nothing to say; a response as it is; anything else as JSON."""

    async def handle(request: web.Request) -> web.StreamResponse:
        agent = house.who(request)
        if agent is None:
            return fault(401, DoorFault(code="signed_out", message="다시 로그인하세요 / sign in again"))
        if request.method != "GET":
            require_same_origin(request)
        if not agent.may(*roles):
            log.info("web.not_allowed", agent=agent.id, path=request.match_info.route.resource.canonical)  # type: ignore[union-attr]
            return fault(403, DoorFault(code="role", message="이 일을 할 권한이 없습니다 / your role may not do this"))
        try:
            found = await answer(request, agent)
        except EditedMeanwhile as clash:
            return fault(409, DoorFault(code=clash.code, message=str(clash), newest=clash.newest))
        except InUse as used:
            return fault(409, DoorFault(code=used.code, message=str(used), users=used.users))
        except Refused as refusal:
            return fault(
                404 if gone(refusal.code) else 403 if refusal.code in ("not_allowed", "not_yours") else 409,
                DoorFault(code=refusal.code, message=str(refusal)),
            )
        except Faulty as faulty:
            return fault(400, DoorFault(code=faulty.code, message=str(faulty), faults=faulty.faults))
        except BadInput as wrong:
            return fault(400, DoorFault(code=wrong.code, message=str(wrong)))
        except MinwonError as trouble:
            log.error("web.failed", agent=agent.id, code=trouble.code, reason=str(trouble))
            return fault(503, DoorFault(code=trouble.code, message=str(trouble)))
        if isinstance(found, web.StreamResponse):
            return found
        if found is None:
            return web.Response(status=204)
        return in_json(200, found)

    return handle


def fault(status: int, what: DoorFault) -> web.Response:
    """What went wrong, as JSON."""
    return in_json(status, what)


def in_json(status: int, content: Any) -> web.Response:
    """An answer that no cache keeps."""
    return web.Response(
        status=status, body=_encode(content), content_type="application/json", headers={"Cache-Control": "no-store"}
    )


async def sent(request: web.Request, kind: type[T]) -> T:
    """What the page sent. ``BadInput`` says which field is wrong."""
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except web.HTTPRequestEntityTooLarge as large:
        raise BadInput("너무 큽니다(최대 1 MB) / too large (1 MB at most)", code="too_large") from large
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise BadInput(f"보낸 내용을 읽을 수 없습니다 / what was sent cannot be read: {wrong}") from wrong


def text(request: web.Request, name: str = "text") -> str:
    """A text of the query, cut where nobody types on."""
    return request.query.get(name, "").strip()[:LONGEST_TEXT]


def number(request: web.Request, name: str, usual: int, *, least: int = 0, most: int = 10**9) -> int:
    """A number of the query."""
    written = request.query.get(name, str(usual))
    if not (written.isascii() and written.isdigit() and len(written) < 16 and least <= int(written) <= most):
        raise BadInput(f"{name}: {least}~{most}의 숫자여야 합니다 / {name} is a number from {least} to {most}")
    return int(written)


def version_of(request: web.Request) -> int:
    """The version in the path."""
    written = request.match_info["version"]
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        raise BadInput("판 번호가 아닙니다 / that is no version")
    return int(written)


def one_of(request: web.Request, name: str, allowed: tuple[str, ...]) -> str:
    """One of some words of the query, '' = not given."""
    written = request.query.get(name, "")
    if written and written not in allowed:
        raise BadInput(f"{name}: {', '.join(allowed)} 중 하나여야 합니다 / {name} is one of them")
    return written


def day(request: web.Request, name: str) -> date | None:
    """A day of the query, None = not given."""
    written = request.query.get(name, "")
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as wrong:
        raise BadInput(f"{name}: 2026-11-30 같은 날짜여야 합니다 / {name} is a day like 2026-11-30") from wrong
