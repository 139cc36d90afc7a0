"""The first question: who is there? By password, or by the one-time code of an invitation.

=====  =======================  ======================================================================================
GET    ``/signin``              the page; ``?next=/desk`` where to go afterwards, ``?lang=en``
POST   ``/signin``              form ``id``, ``password``, ``extension``, ``next``; 303 on, or the page with what was
                                wrong (401, 403, 429; 409: not at that telephone)
GET    ``/signin/invitation``   the page for a first password; ``?id=``
POST   ``/signin/invitation``   form ``id``, ``code``; as above
POST   ``/signout``             ends the session; 303 to the page, or the page that goes on to the identity provider
GET    ``/signin/wallboard``    ``?token=mw_...&next=``: a big screen's token becomes its cookie
=====  =======================  ======================================================================================
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import quote

from aiohttp import web
from msgspec.structs import replace

from core.log import get_logger
from core.store.accounts import SessionRecord
from server.signing_in.auth import PROGRAM_COOKIE, safe
from server.signing_in.codes import invitation_hash
from server.signing_in.halfway import Halfway
from server.signing_in.passwords import hash_password, outdated

log = get_logger("server.auth")

SignedOut = Callable[[web.Request, SessionRecord], Awaitable[str]]
"""Where the browser must go so that the identity provider signs her out too; '' = nowhere."""
_YEAR_S: Final = 365 * 86400


async def _nowhere(_request: web.Request, _session: SessionRecord) -> str:
    return ""


class FirstPages:
    """Adds them to an application."""

    def __init__(
        self,
        halfway: Halfway,
        *,
        provider: str = "",
        signed_out: SignedOut = _nowhere,
        prefill: tuple[str, str] | None = None,
    ) -> None:
        """``provider``: what the identity provider is called, '' = there is none. ``prefill`` (id, password) is for the
        demo alone: its page is filled in."""
        self._halfway = halfway
        self._auth = halfway.auth
        self._directory = halfway.directory
        self._provider = provider
        self._signed_out = signed_out
        self._prefill = prefill

    def setup(self, app: web.Application) -> None:
        """Add the addresses."""
        page = self._halfway.page
        app.router.add_get("/signin", page(self._page))
        app.router.add_post("/signin", page(self._sign_in))
        app.router.add_get("/signin/invitation", page(self._invitation))
        app.router.add_post("/signin/invitation", page(self._invited))
        app.router.add_post("/signout", page(self._sign_out))
        app.router.add_get("/signin/wallboard", page(self._wallboard))

    async def _page(self, request: web.Request) -> web.Response:
        next_page = safe(request.query.get("next", ""))
        if self._auth.who(request) is not None:
            raise web.HTTPFound(next_page)
        return self._form(request, next_page, self._prefill[0] if self._prefill else "")

    async def _sign_in(self, request: web.Request) -> web.Response:
        form = await request.post()
        account_id, password = str(form.get("id", "")).strip()[:100], str(form.get("password", ""))[:1000]
        next_page, extension = safe(str(form.get("next", ""))), str(form.get("extension", "")).strip()[:32]
        if (wait_s := self._halfway.wait_s(request, account_id)) > 0:
            said = self._halfway.limited(request, account_id, wait_s)
            return self._form(request, next_page, account_id, extension, error=said, status=429, wait_s=wait_s)
        self._halfway.count(request, account_id)
        if not await self._right(account_id, password):
            await self._halfway.wrong(request, account_id, "password")
            return self._refused(request, next_page, account_id, extension, "signin.wrong", 401)
        self._halfway.right(request, account_id)
        if why := self._kept_out(account_id):
            await self._auth.note(request, account_id, "tried", "session", subject=account_id, detail=why)
            return self._refused(request, next_page, account_id, extension, f"signin.{why}", 403)
        if fault := self._auth.seat_fault(account_id, extension):
            return self._refused(request, next_page, account_id, extension, f"signin.{fault}", 409)
        half = self._halfway.new_half(account_id, "password", next_page, extension)
        return await self._halfway.begin(request, half)

    async def _invitation(self, request: web.Request) -> web.Response:
        return self._invitation_form(request, request.query.get("id", "")[:100])

    async def _invited(self, request: web.Request) -> web.Response:
        form = await request.post()
        account_id = str(form.get("id", "")).strip()[:100]
        if (wait_s := self._halfway.wait_s(request, account_id)) > 0:
            said = self._halfway.limited(request, account_id, wait_s)
            return self._invitation_form(request, account_id, error=said, status=429, wait_s=wait_s)
        self._halfway.count(request, account_id)
        hers, typed = self._directory.credentials(account_id), invitation_hash(str(form.get("code", ""))[:100])
        good = hers.invitation_ends is not None and self._auth.clock() < hers.invitation_ends
        if not (good and typed and hmac.compare_digest(typed, hers.invitation_hash)) or self._kept_out(account_id):
            await self._halfway.wrong(request, account_id, "invitation")
            said = self._halfway.say(request, "signin.invitation_wrong")
            return self._invitation_form(request, account_id, error=said, status=401)
        self._halfway.right(request, account_id)
        return await self._halfway.begin(request, self._halfway.new_half(account_id, "invitation", "/desk"))

    async def _sign_out(self, request: web.Request) -> web.Response:
        session = self._auth.session(request)
        onward = await self._signed_out(request, session) if session is not None else ""
        if onward:
            # A page, not a redirect: forms of ours may lead nowhere else (Content-Security-Policy: form-action).
            fields = {"onward": onward, "provider": self._provider}
            answer = self._halfway.show(request, "signin_onward.html", fields)
        else:
            answer = web.Response(status=303, headers={"Location": "/signin"})
        await self._auth.let_out(request, answer)
        return answer

    async def _wallboard(self, request: web.Request) -> web.Response:
        token = request.query.get("token", "")[:200]
        program = self._auth.programs.find(token)
        if program is None or not program.may("wallboard"):
            log.warning("wallboard.refused", address=request.remote)
            return self._halfway.said(request, "signin.wallboard_refused", status=401)
        answer = web.Response(status=303, headers={"Location": safe(request.query.get("next", "/wallboard"))})
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.set_cookie(
            PROGRAM_COOKIE, token, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=self._auth.secure_cookie
        )
        await self._auth.note(request, program.who, "signed_in", "token", subject=program.name, detail="wallboard")
        return answer

    async def _right(self, account_id: str, password: str) -> bool:
        if not await self._halfway.is_password(account_id, password):
            return False
        known = self._directory.password_hash(account_id)
        if outdated(known) and len(password) >= self._halfway.config.password_length:
            async with self._halfway.checking:
                await self._renew(account_id, password)
        return True

    async def _renew(self, account_id: str, password: str) -> None:
        """The same password under today's costs."""
        renewed = replace(
            self._directory.credentials(account_id),
            password_hash=await asyncio.to_thread(hash_password, password),
            file_mark=self._directory.file_mark(account_id),
        )
        await self._directory.put_credentials(renewed)
        log.info("signin.hash_renewed", agent=account_id)

    def _kept_out(self, account_id: str) -> str:
        """Why the right password does not let her in: 'disabled', 'locked', 'use_provider'; '' = it does."""
        account = self._directory.account(account_id)
        if account is None or account.disabled:
            return "disabled"
        if self._directory.credentials(account_id).locked:
            return "locked"
        return "use_provider" if self._halfway.config.local == "admins" and "admin" not in account.roles else ""

    def _refused(
        self, request: web.Request, next_page: str, account_id: str, extension: str, key: str, status: int
    ) -> web.Response:
        said = self._halfway.say(request, key, provider=self._provider)
        return self._form(request, next_page, account_id, extension, error=said, status=status)

    def _form(
        self,
        request: web.Request,
        next_page: str,
        account_id: str,
        extension: str = "",
        *,
        error: str = "",
        status: int = 200,
        wait_s: float = 0.0,
    ) -> web.Response:
        fields = {
            "next": next_page,
            "next_query": quote(next_page),
            "id": account_id,
            "password": self._prefill[1] if self._prefill else "",
            "error": error,
            "extension": extension,
            "seat": "" if self._auth.chooses_seat else "hidden",
            "by": self._halfway.say(request, "signin.by", provider=self._provider),
            "by_provider": "" if self._provider else "hidden",
            "id_focus": "" if self._prefill or account_id else "autofocus",
            "password_focus": "autofocus" if account_id and not self._prefill else "",
            "button_focus": "autofocus" if self._prefill else "",
            "demo": self._halfway.say(request, "signin.demo") if self._prefill else "",
        }
        return self._halfway.show(request, "signin.html", fields, status=status, wait_s=wait_s)

    def _invitation_form(
        self, request: web.Request, account_id: str, *, error: str = "", status: int = 200, wait_s: float = 0.0
    ) -> web.Response:
        fields = {"id": account_id, "error": error}
        return self._halfway.show(request, "signin_invitation.html", fields, status=status, wait_s=wait_s)
