"""The questions after the first: a code of the second factor, a new password, setting up the second factor.

=====  ==========================  ===================================================================================
GET    ``/signin/code``            asks for the second factor
POST   ``/signin/code``            form ``code``: of the app, or a recovery code; 303 on, or the page (401, 429)
GET    ``/signin/password``        asks for a new password
POST   ``/signin/password``        form ``password``, ``again``; 303 on, or the page (400)
GET    ``/signin/second``          sets up the second factor
GET    ``/signin/second/qr.svg``   its secret as a QR code
POST   ``/signin/second``          form ``code``; the recovery codes are shown this once
=====  ==========================  ===================================================================================

Who has not come so far, or took longer than ten minutes, is sent where she stands.
"""

from __future__ import annotations

from aiohttp import web

from core import qr
from core.errors import BadInput
from server.signing_in import codes, password_rules
from server.signing_in.halfway import Halfway
from server.signing_in.pending import Half
from server.signing_in.second import Second


class StepPages:
    """Adds them to an application."""

    def __init__(self, halfway: Halfway, second: Second) -> None:
        self._halfway = halfway
        self._second = second
        self._auth = halfway.auth
        self._directory = halfway.directory

    def setup(self, app: web.Application) -> None:
        """Add the addresses."""
        page = self._halfway.page
        app.router.add_get("/signin/code", page(self._code_page))
        app.router.add_post("/signin/code", page(self._code))
        app.router.add_get("/signin/password", page(self._password_page))
        app.router.add_post("/signin/password", page(self._password))
        app.router.add_get("/signin/second", page(self._enrol_page))
        app.router.add_get("/signin/second/qr.svg", page(self._picture))
        app.router.add_post("/signin/second", page(self._enrol))

    async def _code_page(self, request: web.Request) -> web.Response:
        self._halfway.at(request, "code")
        return self._halfway.show(request, "signin_code.html", {})

    async def _code(self, request: web.Request) -> web.Response:
        half = self._halfway.at(request, "code")
        typed = str((await request.post()).get("code", ""))[:100]
        if (wait_s := self._halfway.wait_s(request, half.account_id)) > 0:
            said = self._halfway.limited(request, half.account_id, wait_s)
            return self._halfway.show(request, "signin_code.html", {"error": said}, status=429, wait_s=wait_s)
        self._halfway.count(request, half.account_id)
        fault = await self._second.fault_of(half.account_id, typed)
        if fault:
            half.tries += 1
            await self._halfway.wrong(request, half.account_id, "code")
            said = self._halfway.say(request, f"signin.{fault}")
            return self._halfway.show(request, "signin_code.html", {"error": said}, status=401)
        self._halfway.right(request, half.account_id)
        half.shown |= {"code"}
        return await self._halfway.go_on(request, half)

    async def _password_page(self, request: web.Request) -> web.Response:
        return self._password_form(request, self._halfway.at(request, "new_password"))

    async def _password(self, request: web.Request) -> web.Response:
        half = self._halfway.at(request, "new_password")
        form = await request.post()
        password, again = str(form.get("password", "")), str(form.get("again", ""))
        account = self._directory.known(half.account_id)
        shortest = self._halfway.config.password_length
        fault = password_rules.fault_of(password, account_id=account.id, name=account.name, shortest=shortest)
        if fault or password != again:
            said = self._halfway.say(request, f"signin.{fault or 'not_again'}", shortest=shortest)
            return self._password_form(request, half, error=said, status=400)
        if not self._directory.credentials(half.account_id).invitation_hash:  # used up meanwhile, in another tab
            return self._halfway.said(request, "signin.invitation_wrong", status=409)
        await self._halfway.accounts.set_password(account.id, password, account.id, request.remote or "")
        half.shown |= {"new_password"}
        return await self._halfway.go_on(request, half)

    async def _enrol_page(self, request: web.Request) -> web.Response:
        return self._enrol_form(request, self._halfway.at(request, "enrol"))

    async def _picture(self, request: web.Request) -> web.Response:
        return picture(self._uri(self._halfway.at(request, "enrol")))

    async def _enrol(self, request: web.Request) -> web.Response:
        half = self._halfway.at(request, "enrol")
        typed = str((await request.post()).get("code", ""))[:100]
        try:
            recovery = await self._second.set_up(
                half.account_id, half.secret, typed, half.account_id, request.remote or ""
            )
        except BadInput:
            half.tries += 1
            said = self._halfway.say(request, "signin.code_wrong")
            return self._enrol_form(request, half, error=said, status=400)
        half.shown |= {"code"}
        fields = {"codes": "\n".join(recovery), "next": half.next_page}
        return await self._halfway.go_on(request, half, self._halfway.show(request, "signin_recovery.html", fields))

    def _password_form(self, request: web.Request, half: Half, *, error: str = "", status: int = 200) -> web.Response:
        shortest = self._halfway.config.password_length
        fields = {
            "id": half.account_id,
            "error": error,
            "shortest": str(shortest),
            "rule": self._halfway.say(request, "signin.password_rule", shortest=shortest),
        }
        return self._halfway.show(request, "signin_password.html", fields, status=status)

    def _enrol_form(self, request: web.Request, half: Half, *, error: str = "", status: int = 200) -> web.Response:
        self._uri(half)
        fields = {"secret": codes.spaced(half.secret), "error": error}
        return self._halfway.show(request, "signin_second.html", fields, status=status)

    def _uri(self, half: Half) -> str:
        half.secret = half.secret or codes.new_secret()
        return codes.uri(half.secret, account_id=half.account_id, centre=self._halfway.centre)


def picture(uri: str) -> web.Response:
    """A QR code that no cache keeps."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(text=qr.svg(uri), content_type="image/svg+xml", headers=headers)
