"""What all pages of the sign-in share: the half sign-in in its cookie, who must wait, and where it goes on."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final

from aiohttp import web

from core import metrics
from core.config import Role, SignInConfig
from core.errors import MinwonError
from core.log import get_logger
from core.web.guard import require_same_origin
from core.web.pages import LANGUAGE_COOKIE, Pages, language_of
from server.signing_in.accounts import Accounts
from server.signing_in.auth import Auth
from server.signing_in.passwords import NOBODY, verify
from server.signing_in.pending import LIFE, Half, Halves
from server.signing_in.steps import Needs, Proof, Step, next_step

log = get_logger("server.auth")

HALF_COOKIE: Final = "minwon_signin"
CHECKING_AT_ONCE: Final = 2
"""Passwords checked at the same time: each takes 19 MiB and some 30 ms of a core."""
_PATHS: Final[dict[Step, str]] = {
    "first": "/signin",
    "code": "/signin/code",
    "new_password": "/signin/password",
    "enrol": "/signin/second",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Halfway:
    """One per node, shared by the pages."""

    def __init__(self, auth: Auth, accounts: Accounts, pages: Pages, config: SignInConfig, *, centre: str) -> None:
        self.auth = auth
        self.accounts = accounts
        self.directory = auth.directory
        self.pages = pages
        self.config = config
        self.centre = centre
        self.checking = asyncio.Semaphore(CHECKING_AT_ONCE)
        self._halves = Halves()

    def page(self, handler: Handler) -> Handler:
        """A handler whose POSTs come from our own page, whose faults are told in words, and whose language changes by
        ``?lang=``."""

        async def handle(request: web.Request) -> web.StreamResponse:
            if request.method == "POST":
                require_same_origin(request)
            elif (language := request.query.get("lang")) in ("ko", "en"):
                answer = web.Response(
                    status=302, headers={"Location": str(request.rel_url.without_query_params("lang"))}
                )
                answer.set_cookie(LANGUAGE_COOKIE, language, samesite="Lax", max_age=365 * 86400)
                return answer
            try:
                return await handler(request)
            except MinwonError as trouble:
                log.error("signin.failed", code=trouble.code, reason=str(trouble))
                return self.said(request, "signin.unavailable", status=503)

        return handle

    def half(self, request: web.Request) -> Half | None:
        """What this browser has begun; None when it must begin anew, or may not sign in any more."""
        half = self._halves.find(request.cookies.get(HALF_COOKIE, ""), self.auth.clock())
        return half if half is not None and self.directory.may_sign_in(half.account_id) else None

    def at(self, request: web.Request, step: Step) -> Half:
        """The half sign-in to which that question belongs; else the browser is sent where it stands."""
        half = self.half(request)
        stands: Step = self._step(half) if half is not None else "first"
        if half is None or stands != step:
            raise web.HTTPSeeOther(_PATHS.get(stands, "/signin"))
        return half

    async def begin(self, request: web.Request, half: Half) -> web.Response:
        """The first proof was given: on to the next question, or in."""
        if self._step(half) == "in":
            return await self.go_on(request, half)
        answer = self._see(self._step(half))
        answer.set_cookie(
            HALF_COOKIE,
            self._halves.begin(half),
            max_age=int(LIFE.total_seconds()),
            path="/signin",
            httponly=True,
            samesite="Lax",
            secure=self.auth.secure_cookie,
        )
        return answer

    async def go_on(self, request: web.Request, half: Half, answer: web.Response | None = None) -> web.Response:
        """One more proof was given: on to the next question, or in. ``answer``: the page to show then."""
        step = self._step(half)
        if step != "in":
            return self._see(step)
        self._halves.end(request.cookies.get(HALF_COOKIE, ""))
        if answer is None:
            answer = web.Response(status=303, headers={"Location": half.next_page})
        if HALF_COOKIE in request.cookies:
            answer.del_cookie(HALF_COOKIE, path="/signin")
        await self.auth.let_in(request, answer, half.account_id, extension=half.extension, way="password")
        return answer

    def new_half(self, account_id: str, shown: Proof, next_page: str, extension: str = "") -> Half:
        """A sign-in that begins with that proof."""
        return Half(
            account_id=account_id,
            shown=frozenset({shown}),
            next_page=next_page,
            extension=extension,
            ends=self.auth.clock() + LIFE,
        )

    def must_second(self, roles: Iterable[Role]) -> bool:
        """Whether one of these roles may not go without a second factor."""
        return any(role in self.config.second_factor for role in roles)

    async def is_password(self, account_id: str, password: str) -> bool:
        """Whether it is hers; takes as long for somebody who is not there."""
        known = self.directory.password_hash(account_id)
        async with self.checking:
            return await asyncio.to_thread(verify, password, known or NOBODY) and bool(known)

    def wait_s(self, request: web.Request, account_id: str) -> float:
        """Seconds for which whoever sits there may not try this account."""
        address = request.remote or ""
        known = address in self.auth.book.addresses(account_id)
        return self.auth.lock_out.wait_s(account_id, address, self._now(), known=known)

    def count(self, request: web.Request, account_id: str) -> None:
        """Counted as wrong before it is checked, forgiven after it: many tries at once are many tries."""
        self.auth.lock_out.fail(account_id, request.remote or "", self._now())

    def right(self, request: web.Request, account_id: str) -> None:
        """It was right."""
        self.auth.lock_out.right(account_id, request.remote or "")

    async def wrong(self, request: web.Request, account_id: str, what: str) -> None:
        """It was wrong: counted, logged and noted."""
        metrics.SIGN_INS.labels(result="wrong").inc()
        known = self.auth.known(account_id)
        log.warning("signin.failed", agent=known, address=request.remote, what=what)
        await self.auth.note(request, known, "tried", "session", subject=known, detail=f"wrong {what}")
        if self.wait_s(request, account_id) > 0:
            await self.auth.note(request, known, "tried", "session", subject=known, detail="locked out for a while")

    def limited(self, request: web.Request, account_id: str, wait_s: float) -> str:
        """She must wait: in words, and counted."""
        metrics.SIGN_INS.labels(result="limited").inc()
        log.warning("signin.limited", agent=self.auth.known(account_id), address=request.remote)
        return self.say(request, "signin.limited", minutes=math.ceil(wait_s / 60))

    def say(self, request: web.Request, key: str, **values: object) -> str:
        """One message in her language."""
        return self.pages.say(language_of(request), key, **values)

    def show(
        self, request: web.Request, name: str, fields: Mapping[str, str], *, status: int = 200, wait_s: float = 0.0
    ) -> web.Response:
        """A page."""
        answer = self.pages.html(name, language_of(request), {"error": "", **fields})
        answer.set_status(status)
        if wait_s > 0:
            answer.headers["Retry-After"] = str(math.ceil(wait_s))
        return answer

    def said(self, request: web.Request, key: str, *, status: int, **values: object) -> web.Response:
        """A page that says one thing, with the way back to the beginning."""
        return self.show(request, "signin_said.html", {"said": self.say(request, key, **values)}, status=status)

    def _step(self, half: Half) -> Step:
        roles = self.directory.known(half.account_id).roles
        has_second = bool(self.directory.credentials(half.account_id).totp_sealed)
        return next_step(half.shown, Needs(has_second=has_second, must_second=self.must_second(roles)))

    def _see(self, step: Step) -> web.Response:
        return web.Response(status=303, headers={"Location": _PATHS[step]})

    def _now(self) -> float:
        return self.auth.clock().timestamp()
