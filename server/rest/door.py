"""Who may come in: a program with a token (RFC 6750) that has the address's scope, so often a minute.

A program acts as a supervisor of the whole house named 'token:NAME' would, within its scopes: so the house's own rules
and its audit log hold for it as they do for people.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final, Literal, NamedTuple, Protocol

from aiohttp import web

from core import metrics
from core.agent import Agent
from core.errors import MinwonError, Refused
from core.log import get_logger
from core.store.accounts import Scope
from core.web.door import in_json
from server.rest.problems import problem, problem_of
from server.rest.windows import WINDOW_S, Left, Windows
from server.signing_in.programs import Program

log = get_logger("server.rest")

PREFIX: Final = "/api/v1"
Method = Literal["GET", "POST", "PUT", "DELETE"]


class Caller(NamedTuple):
    """The program that asks."""

    program: Program
    agent: Agent
    """As the house's rules see it."""
    address: str
    """Where it asks from."""

    def require(self, scope: Scope) -> None:
        """``Refused`` ('not_allowed') unless it has that scope too."""
        if not self.program.may(scope):
            raise Refused(
                f"이 토큰에는 {scope} 권한이 없습니다 / this token lacks the scope {scope}", code="not_allowed"
            )


Answer = Callable[[web.Request, Caller], Awaitable[Any]]


class RestRoute(NamedTuple):
    """One address. The table of them is the rule: nothing is reached around it."""

    method: Method
    path: str
    """Below ``/api/v1/``."""
    scope: Scope
    """That a token needs."""
    answer: Answer
    status: int = 200
    """Of an answer that is JSON."""


class KnowsPrograms(Protocol):
    """Whoever knows tokens."""

    def program(self, request: web.Request) -> Program | None:
        """The program that shows a good one. Must be cheap."""


class Door:
    """One for the API."""

    def __init__(self, known: KnowsPrograms, *, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._known = known
        self._windows = Windows(per_minute)
        self._clock = clock

    def guarded(self, route: RestRoute) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The address as a handler: None = done, nothing to say; a response as it is; anything else as JSON."""

        async def handle(request: web.Request) -> web.StreamResponse:
            answer = await self._answer(request, route)
            kind = "429" if answer.status == 429 else f"{answer.status // 100}xx"
            metrics.REST_REQUESTS.labels(result=kind).inc()
            return answer

        return handle

    async def _answer(self, request: web.Request, route: RestRoute) -> web.StreamResponse:
        program = self._program(request)
        if program is None:
            challenge = {"WWW-Authenticate": 'Bearer realm="minwon"'}
            return problem(401, "no_token", "토큰이 없거나 끝났습니다 / show a good token (Bearer)", challenge)
        left = self._windows.take(program.name, self._clock())
        if not left.ok:
            late = {"Retry-After": str(left.seconds), **self._told(left)}
            return problem(429, "too_many", "잠시 뒤에 다시 하세요 / too many requests: come again later", late)
        if not program.may(route.scope):
            log.info("rest.not_allowed", program=program.name, path=route.path)
            lacks = {
                "WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{route.scope}"',
                **self._told(left),
            }
            detail = f"이 토큰에는 {route.scope} 권한이 없습니다 / this token lacks the scope {route.scope}"
            return problem(403, "not_allowed", detail, lacks)
        caller = Caller(program, Agent(id=program.who, name=program.name, roles=("supervisor",)), request.remote or "")
        answer = await _answered(request, route, caller)
        if not answer.prepared:
            answer.headers.update(self._told(left))
        return answer

    def _program(self, request: web.Request) -> Program | None:
        # A header alone: a cookie comes by itself from any page that a person opens.
        return self._known.program(request) if "Authorization" in request.headers else None

    def _told(self, left: Left) -> dict[str, str]:
        """draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"minute";q={self._windows.limit};w={WINDOW_S}',
            "RateLimit": f'"minute";r={left.requests};t={left.seconds}',
        }


async def _answered(request: web.Request, route: RestRoute, caller: Caller) -> web.StreamResponse:
    try:
        found = await route.answer(request, caller)
    except MinwonError as fault:
        answer = problem_of(fault)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("rest.failed", program=caller.program.name, code=fault.code, reason=str(fault))
        return answer
    except web.HTTPRequestRangeNotSatisfiable as beyond:
        where = {"Content-Range": beyond.headers.get("Content-Range", "")}
        return problem(416, "range", "그 범위는 없습니다 / there is no such range", where)
    if found is None:
        return web.Response(status=204)
    return found if isinstance(found, web.StreamResponse) else in_json(route.status, found)
