"""Sign-in over HTTP: one page, one cookie, sessions on our side.

=====  ============  ==================================================================
GET    ``/signin``   the page; ``?next=/desk`` where to go afterwards, ``?lang=en``
POST   ``/signin``   form ``id``, ``password``, ``extension``, ``next``; 303 there, or the page with what was wrong
                     (401, 429; 409: not at that telephone)
POST   ``/signout``  ends the session; 303 to the page
=====  ============  ==================================================================

The cookie is HttpOnly and SameSite=Lax; POSTs must come from our own page. Sessions are kept in a file of the home
folder, so a restarted node signs nobody out in the middle of a call, and everybody sits where she sat.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

import msgspec
from aiohttp import web
from msgspec.structs import replace

from agent_assist.desk_pages import DeskPages
from core import metrics
from core.errors import BadInput, Refused
from core.log import get_logger
from core.web.guard import require_same_origin
from core.web.pages import LANGUAGE_COOKIE, language_of
from server.passwords import COST, hash_password, verify
from server.sessions import Attempts, Session, Sessions

__all__ = ["Auth", "hash_password", "verify"]

log = get_logger("server.auth")

COOKIE: Final = "minwon_session"
WINDOW_S: Final = 300.0
OF_ONE: Final = 5
"""Wrong passwords for one account from one address within the window."""
OF_ACCOUNT: Final = 30
"""... for one account from everywhere. Higher, so that a stranger can't easily lock an agent out."""
OF_ADDRESS: Final = 60
"""... from one address, which may be a whole office behind one router."""
AT_ONCE: Final = 2
"""Passwords checked at the same time: each takes 16 MiB and 0.2 s of a core."""


class Seats(Protocol):
    """Who sits where: ``server.hot_desk.HotDesk``."""

    @property
    def offered(self) -> bool:
        """Whether agents may choose a telephone."""

    def extension(self, agent_id: str) -> str:
        """The one that she chose, '' = none."""

    async def sit(self, agent_id: str, extension: str) -> None:
        """She sits there. ``BadInput``, ``Refused``: not there, not now."""

    async def leave(self, agent_id: str) -> None:
        """She has signed out."""

    def resume(self, seats: Mapping[str, str]) -> None:
        """Where they sat before a restart."""


class Auth:
    """Knows the accounts, gives and takes sessions. ``setup`` adds its pages to an application."""

    def __init__(
        self,
        password_hashes: Mapping[str, str],
        pages: DeskPages,
        *,
        session_s: float = 12 * 3600.0,
        secure_cookie: bool = False,
        file: Path | None = None,
        prefill: tuple[str, str] | None = None,
        seats: Seats | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``password_hashes`` by agent id, '' = may not sign in. ``file`` keeps sessions over a restart.
        ``prefill`` (id, password) is for the demo alone: its page is filled in. ``seats``: where telephones are
        chosen, None = nowhere."""
        self._hashes = password_hashes
        self._pages = pages
        self._session_s = session_s
        self._secure = secure_cookie
        self._file = file
        self._prefill = prefill
        self._clock = clock
        kept = [session for session in _read(file) if session.agent_id in password_hashes]
        self._sessions = Sessions(kept)
        self._seats = seats
        if seats is not None:
            seats.resume({session.agent_id: session.extension for session in kept if session.extension})
        self._by_one = Attempts(OF_ONE, WINDOW_S)
        self._by_account = Attempts(OF_ACCOUNT, WINDOW_S)
        self._by_address = Attempts(OF_ADDRESS, WINDOW_S)
        self._checking = asyncio.Semaphore(AT_ONCE)
        self._writing = asyncio.Lock()
        # Checked for accounts that do not exist, so that the answer's time does not tell which do.
        self._nobody = f"scrypt${COST[0]}${COST[1]}${COST[2]}$AAAAAAAAAAAAAAAAAAAAAA==$AAAA"

    def setup(self, app: web.Application) -> None:
        """Add the sign-in's addresses."""
        app.router.add_get("/signin", self._page)
        app.router.add_post("/signin", self._sign_in)
        app.router.add_post("/signout", self._sign_out)

    def who(self, request: web.Request) -> str | None:
        """The signed-in agent's id, or None. A dictionary look-up: cheap enough for every message."""
        token = request.cookies.get(COOKIE)
        return self._sessions.agent(token, self._clock()) if token else None

    async def _page(self, request: web.Request) -> web.Response:
        next_page = _safe(request.query.get("next", ""))
        if request.query.get("lang") in ("ko", "en"):
            answer = web.Response(status=302, headers={"Location": f"/signin?next={quote(next_page)}"})
            answer.set_cookie(LANGUAGE_COOKIE, request.query["lang"], samesite="Lax", max_age=365 * 86400)
            return answer
        if self.who(request) is not None:
            raise web.HTTPFound(next_page)
        return self._form(request, next_page, agent_id=self._prefill[0] if self._prefill else "")

    async def _sign_in(self, request: web.Request) -> web.Response:
        require_same_origin(request)
        form = await request.post()
        agent_id, password = str(form.get("id", "")).strip()[:100], str(form.get("password", ""))[:1000]
        next_page = _safe(str(form.get("next", "")))
        keys = (
            (self._by_one, f"{agent_id} {request.remote}"),
            (self._by_account, agent_id),
            (self._by_address, str(request.remote)),
        )
        now = self._clock()
        if (wait_s := max(attempts.wait_s(key, now) for attempts, key in keys)) > 0:
            metrics.SIGN_INS.labels(result="limited").inc()
            log.warning("signin.limited", agent=self._known(agent_id), address=request.remote)
            said = self._pages.say(language_of(request), "signin.limited", minutes=math.ceil(wait_s / 60))
            answer = self._form(request, next_page, agent_id=agent_id, error=said, status=429)
            answer.headers["Retry-After"] = str(math.ceil(wait_s))
            return answer
        # Counted before the check, forgiven after it: many tries at once are many tries.
        for attempts, key in keys:
            attempts.fail(key, now)
        if not await self._right(agent_id, password):
            metrics.SIGN_INS.labels(result="wrong").inc()
            log.warning("signin.failed", agent=self._known(agent_id), address=request.remote)
            said = self._pages.say(language_of(request), "signin.wrong")
            return self._form(request, next_page, agent_id=agent_id, error=said, status=401)
        for attempts, key in keys:
            attempts.forgive(key)
        extension = str(form.get("extension", "")).strip()[:32]
        if fault := await self._sit(agent_id, extension):
            said = self._pages.say(language_of(request), f"signin.{fault}")
            return self._form(request, next_page, agent_id=agent_id, extension=extension, error=said, status=409)
        answer = web.Response(status=303, headers={"Location": next_page})
        answer.set_cookie(
            COOKIE,
            self._sessions.open(agent_id, ends=now + self._session_s),
            max_age=int(self._session_s),
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )
        await self.keep()
        metrics.SIGN_INS.labels(result="ok").inc()
        log.info("signin.done", agent=agent_id, address=request.remote)
        return answer

    async def _sign_out(self, request: web.Request) -> web.Response:
        require_same_origin(request)
        agent_id = self.who(request)
        log.info("signout.done", agent=agent_id)
        self._sessions.close(request.cookies.get(COOKIE, ""))
        if self._seats is not None and agent_id and not self._sessions.any_of(agent_id, self._clock()):
            await self._seats.leave(agent_id)
        await self.keep()
        answer = web.Response(status=303, headers={"Location": "/signin"})
        answer.del_cookie(COOKIE, samesite="Lax", httponly=True, secure=self._secure)
        return answer

    async def _sit(self, agent_id: str, extension: str) -> str:
        """Let her sit where she says; why not, as a code."""
        if self._seats is None or not self._seats.offered:
            return ""
        if not extension and self._sessions.any_of(agent_id, self._clock()):
            return ""  # another page of hers: she sits where she sits
        try:
            await self._seats.sit(agent_id, extension)
        except (BadInput, Refused) as fault:
            log.warning("signin.no_seat", agent=agent_id, code=fault.code)
            return fault.code
        return ""

    async def _right(self, agent_id: str, password: str) -> bool:
        known = self._hashes.get(agent_id, "")
        async with self._checking:
            return await asyncio.to_thread(verify, password, known or self._nobody) and bool(known)

    def _known(self, agent_id: str) -> str:
        """People type passwords into the name field: only real names reach the log."""
        return agent_id if agent_id in self._hashes else "unknown"

    def _form(
        self,
        request: web.Request,
        next_page: str,
        *,
        agent_id: str,
        extension: str = "",
        error: str = "",
        status: int = 200,
    ) -> web.Response:
        language = language_of(request)
        answer = self._pages.html(
            "signin.html",
            language,
            {
                "next": next_page,
                "next_query": quote(next_page),
                "id": agent_id,
                "password": self._prefill[1] if self._prefill else "",
                "error": error,
                "extension": extension,
                "seat": "" if self._seats is not None and self._seats.offered else "hidden",
                "id_focus": "" if self._prefill else "autofocus",
                "button_focus": "autofocus" if self._prefill else "",
                "demo": self._pages.say(language, "signin.demo") if self._prefill else "",
            },
        )
        answer.set_status(status)
        return answer

    async def keep(self) -> None:
        """Sessions, and who sits where, into the file, readable by us alone."""
        if self._file is not None:
            async with self._writing:
                living = [self._with_seat(session) for session in self._sessions.living(self._clock())]
                await asyncio.to_thread(_write, self._file, living)

    def _with_seat(self, session: Session) -> Session:
        extension = self._seats.extension(session.agent_id) if self._seats is not None else ""
        return replace(session, extension=extension)


def _safe(next_page: str) -> str:
    """Where to go after the sign-in: a page of ours, never another site ('//evil', '/\\evil', 'https:...')."""
    parts = urlsplit(next_page)
    ours = next_page.startswith("/") and not next_page.startswith("//") and "\\" not in next_page
    plain = next_page.isascii() and next_page.isprintable() and " " not in next_page
    return next_page if ours and plain and not parts.netloc and not parts.scheme else "/desk"


def _read(file: Path | None) -> list[Session]:
    """Sessions of the node before; a file that can't be read means that all sign in again."""
    if file is None or not file.exists():
        return []
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Session])
    except (OSError, msgspec.MsgspecError) as fault:
        log.warning("sessions.unreadable", reason=str(fault))
        return []


def _write(file: Path, sessions: list[Session]) -> None:
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(msgspec.json.encode(sessions))
    new.replace(file)
