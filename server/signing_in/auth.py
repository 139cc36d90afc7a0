"""Who has signed in: from cookies and bearer tokens to people and programs. Pages: ``first_pages`` and others.

The cookie is HttpOnly and SameSite=Lax; POSTs must come from our own page. Sessions are kept in the store, so that a
restarted node signs nobody out in the middle of a call, and everybody sits where she sat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit

from aiohttp import web

from core import metrics
from core.agent import Agent
from core.audit import Audit, Deed, Note, Thing
from core.errors import BadInput, Refused
from core.events import now
from core.log import get_logger
from core.store.accounts import SessionRecord, Way
from server.signing_in.book import Book
from server.signing_in.directory import Directory
from server.signing_in.lock_out import LockOut
from server.signing_in.programs import Program, Programs
from server.signing_in.session_rules import browser_name

log = get_logger("server.auth")

COOKIE: Final = "minwon_session"
PROGRAM_COOKIE: Final = "minwon_wallboard"
"""Of a big screen: its token, which a page cannot put into a header. Good for the scope 'wallboard' alone."""


class Seats(Protocol):
    """Who sits where: ``server.hot_desk.HotDesk``."""

    @property
    def offered(self) -> bool:
        """Whether agents may choose a telephone."""

    def may_sit(self, agent_id: str, extension: str) -> None:
        """``BadInput``, ``Refused``: not there, not now."""

    async def sit(self, agent_id: str, extension: str) -> None:
        """She sits there, or will when the colleague's call there is over. ``BadInput``, ``Refused``: not there."""

    async def leave(self, agent_id: str) -> None:
        """She has signed out: no calls from now on; one that runs goes on."""

    def extension(self, agent_id: str) -> str:
        """The one that she chose, '' = none."""

    def resume(self, seats: Mapping[str, str]) -> None:
        """Where they sat before a restart."""


class Auth:
    """Knows who asks; opens and ends sessions."""

    def __init__(
        self,
        directory: Directory,
        book: Book,
        programs: Programs,
        audit: Audit,
        *,
        session: timedelta = timedelta(hours=12),
        secure_cookie: bool = False,
        seats: Seats | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``session``: how long the cookie lasts. ``seats``: where telephones are chosen, None = nowhere."""
        self.directory = directory
        self.book = book
        self.programs = programs
        self.audit = audit
        self.lock_out = LockOut()
        self.clock = clock
        self.secure_cookie = secure_cookie
        self._session = session
        self._seats = seats

    async def open(self) -> None:
        """At the start: everybody is signed in who was, and sits where she sat."""
        await self.load()
        if self._seats is not None:
            self._seats.resume(self.book.seats())

    async def load(self) -> None:
        """Accounts, sessions and tokens as the store has them: again when another process has changed it."""
        before = {account.id: self.directory.credentials(account.id).forgiven for account in self.directory.accounts()}
        await self.directory.load()
        await self.book.load()
        await self.programs.load()
        for account_id, forgiven in before.items():
            if self.directory.credentials(account_id).forgiven != forgiven:
                self.lock_out.unlock(account_id)

    def who(self, request: web.Request) -> str | None:
        """The signed-in person's id, or None. Dictionary look-ups: cheap enough for every message."""
        session = self.session(request)
        return session.account_id if session is not None else None

    def agent(self, request: web.Request) -> Agent | None:
        """The signed-in person as a door sees her who need not know where she sits (``core.web.door.Knows``)."""
        account_id = self.who(request)
        return self.directory.agent(account_id, "") if account_id is not None else None

    def session(self, request: web.Request) -> SessionRecord | None:
        """Her session, None when she is not signed in or may no longer be."""
        token = request.cookies.get(COOKIE)
        session = self.book.find(token) if token else None
        if session is None or not self.directory.may_sign_in(session.account_id):
            return None
        return session

    def over(self, request: web.Request) -> asyncio.Event:
        """Set when the session of this request ends: whoever holds a line open closes it then."""
        return self.book.over(request.cookies.get(COOKIE, ""))

    def program(self, request: web.Request) -> Program | None:
        """The program that shows a good token, or None."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and token:
            return self.programs.find(token.strip())
        shown = self.programs.find(request.cookies.get(PROGRAM_COOKIE, ""))
        return shown if shown is not None and shown.may("wallboard") else None

    def known(self, account_id: str) -> str:
        """People type passwords into the name field: only real names reach the log."""
        return account_id if self.directory.account(account_id) is not None else "unknown"

    async def note(
        self, request: web.Request, who: str, deed: Deed, thing: Thing, *, subject: str = "", detail: str = ""
    ) -> None:
        """One line of the audit log, with the address of the request."""
        note = Note(who=who, deed=deed, thing=thing, subject=subject, detail=detail, address=request.remote or "")
        await self.audit.note(note)

    @property
    def chooses_seat(self) -> bool:
        """Whether the sign-in asks for a telephone."""
        return self._seats is not None and self._seats.offered

    def seat_fault(self, account_id: str, extension: str) -> str:
        """Why she cannot sit there, as a code; '' = she can, or nothing was chosen."""
        if self._seats is None or not self._seats.offered or not self._may_choose(account_id, extension):
            return ""
        try:
            self._seats.may_sit(account_id, extension)
        except (BadInput, Refused) as fault:
            log.warning("signin.no_seat", agent=account_id, code=fault.code)
            return fault.code
        return ""

    async def let_in(
        self,
        request: web.Request,
        answer: web.Response,
        account_id: str,
        *,
        extension: str,
        way: Way,
        provider_session: str = "",
        id_token_sealed: bytes = b"",
    ) -> None:
        """She is who she says: a session, with its cookie in the answer, and her seat."""
        address = request.remote or ""
        first = not self.book.living(account_id)
        await self.note(request, account_id, "signed_in", "session", subject=account_id, detail=way)
        token = await self.book.open(
            account_id,
            address=address,
            browser=browser_name(request.headers.get("User-Agent", "")),
            way=way,
            provider_session=provider_session,
            id_token_sealed=id_token_sealed,
        )
        await self.directory.signed_in(account_id, self.clock())
        answer.set_cookie(
            COOKIE,
            token,
            max_age=int(self._session.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self.secure_cookie,
        )
        if self._seats is not None and (extension or first):
            try:
                await self._seats.sit(account_id, extension if self._seats.offered else "")
            except (BadInput, Refused) as fault:  # taken since she was asked: she chooses at the desk
                log.warning("signin.no_seat", agent=account_id, code=fault.code)
            await self.keep_seat(account_id)
        metrics.SIGN_INS.labels(result="ok").inc()
        log.info("signin.done", agent=account_id, address=address, way=way)

    async def keep_seat(self, account_id: str) -> None:
        """Remember where she sits, for the node after a restart."""
        if self._seats is not None:
            await self.book.seat(account_id, self._seats.extension(account_id))

    async def let_out(self, request: web.Request, answer: web.Response) -> None:
        """She signs out."""
        session = self.session(request)
        answer.del_cookie(COOKIE, samesite="Lax", httponly=True, secure=self.secure_cookie)
        if session is None:
            return
        await self.end([session.token_hash], session.account_id)
        log.info("signout.done", agent=session.account_id)
        await self.note(request, session.account_id, "signed_out", "session", subject=session.account_id)

    async def end(self, token_hashes: list[str], account_id: str) -> None:
        """These sessions of hers are over; with the last one her seat is free."""
        await self.book.close(token_hashes)
        if self._seats is not None and not self.book.living(account_id) and self.directory.account(account_id):
            await self._seats.leave(account_id)

    async def end_all(self, account_id: str, *, but: str = "") -> int:
        """All sessions of hers are over, but for one token hash; how many there were."""
        gone = [each.token_hash for each in self.book.living(account_id) if each.token_hash != but]
        await self.end(gone, account_id)
        return len(gone)

    async def settle(self) -> None:
        """Now and then: sessions that have had their time end, what was seen goes into the store."""
        for session in self.book.ended():
            log.info("session.over", agent=session.account_id)
            await self.end([session.token_hash], session.account_id)
        await self.book.settle()
        await self.programs.settle()

    def _may_choose(self, account_id: str, extension: str) -> bool:
        # Without a number, another page of hers changes nothing: she sits where she sits.
        return bool(extension) or not self.book.living(account_id)


def safe(next_page: str) -> str:
    """Where to go after the sign-in: a page of ours, never another site ('//evil', '/\\evil', 'https:...')."""
    parts = urlsplit(next_page)
    ours = next_page.startswith("/") and not next_page.startswith("//") and "\\" not in next_page
    plain = next_page.isascii() and next_page.isprintable() and " " not in next_page
    return next_page if ours and plain and not parts.netloc and not parts.scheme else "/desk"
