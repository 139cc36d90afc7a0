"""Sign-in by the city's identity provider.

=====  ========================  =====================================================================================
GET    ``/signin/oidc``          off to the provider; ``?next=``, ``?extension=``
GET    ``/signin/oidc/return``   back from it: signed in, or a page that says why not
POST   ``/signin/oidc/ended``    the provider ends sessions (back-channel logout): form ``logout_token``
=====  ========================  =====================================================================================

Whoever comes for the first time gets an account; her name, roles and team follow the provider at every sign-in. Her
telephone and queues are set here.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec
from aiohttp import web
from msgspec.structs import replace

from core import metrics
from core.config import OidcConfig
from core.errors import KeyFault, MinwonError, Refused
from core.keyring import Keyring
from core.log import get_logger
from core.store.accounts import Account, SessionRecord
from server.signing_in.accounts import Accounts
from server.signing_in.auth import safe
from server.signing_in.claims import Told, told
from server.signing_in.halfway import Halfway
from server.signing_in.pending import LIFE
from server.signing_in.provider import Asked, Provider, ProviderDown
from server.signing_in.session_rules import hash_of, new_token

log = get_logger("server.oidc")

ASKED_COOKIE: Final = "minwon_oidc"
MOST_ASKED: Final = 1000
"""Sign-ins under way at the provider; with one more the oldest begins anew."""
_PURPOSE: Final = "id_token"


class _Away(msgspec.Struct, frozen=True, kw_only=True):
    asked: Asked
    next_page: str
    extension: str
    ends: datetime


class ProviderPages:
    """Adds them to an application."""

    def __init__(
        self,
        halfway: Halfway,
        provider: Provider,
        keyring: Keyring,
        config: OidcConfig,
        *,
        public_url: Callable[[], str],
    ) -> None:
        """``public_url``: how browsers reach us, without a slash at the end."""
        self._halfway = halfway
        self._auth = halfway.auth
        self._accounts: Accounts = halfway.accounts
        self._directory = halfway.directory
        self._provider = provider
        self._keyring = keyring
        self._config = config
        self._public_url = public_url
        self._away: OrderedDict[str, _Away] = OrderedDict()

    def setup(self, app: web.Application) -> None:
        """Add the addresses."""
        app.router.add_get("/signin/oidc", self._halfway.page(self._ask))
        app.router.add_get("/signin/oidc/return", self._halfway.page(self._back))
        app.router.add_post("/signin/oidc/ended", self._ended)

    async def signed_out(self, _request: web.Request, session: SessionRecord) -> str:
        """Where the browser signs out at the provider; '' = nowhere, or it does not answer."""
        if session.way != "oidc":
            return ""
        try:
            id_token = self._keyring.open(session.id_token_sealed, _PURPOSE).decode() if session.id_token_sealed else ""
            return await self._provider.sign_out_url(id_token, f"{self._public_url()}/signin")
        except MinwonError as fault:  # signing out here must not wait for it
            log.warning("oidc.no_sign_out", code=fault.code)
            return ""

    async def _ask(self, request: web.Request) -> web.Response:
        try:
            asked = await self._provider.ask(self._redirect_uri())
        except ProviderDown:
            return self._down(request)
        token = new_token()
        self._away[hash_of(token)] = _Away(
            asked=asked,
            next_page=safe(request.query.get("next", "")),
            extension=request.query.get("extension", "").strip()[:32],
            ends=self._auth.clock() + LIFE,
        )
        while len(self._away) > MOST_ASKED:
            self._away.popitem(last=False)
        answer = web.Response(status=302, headers={"Location": asked.url, "Cache-Control": "no-store"})
        answer.set_cookie(
            ASKED_COOKIE,
            token,
            max_age=int(LIFE.total_seconds()),
            path="/signin/oidc",
            httponly=True,
            samesite="Lax",
            secure=self._auth.secure_cookie,
        )
        return answer

    async def _back(self, request: web.Request) -> web.Response:
        away = self._away.pop(hash_of(request.cookies.get(ASKED_COOKIE, "")), None)
        state = request.query.get("state", "")
        if away is None or self._auth.clock() >= away.ends or not hmac.compare_digest(state, away.asked.state):
            return await self._refuse(request, "unknown", "not_begun")
        if "error" in request.query:
            log.warning("oidc.error", error=request.query["error"][:60])
            cancelled = request.query["error"] == "access_denied"
            return await self._refuse(request, "unknown", "cancelled" if cancelled else "provider_refused")
        try:
            proven = await self._provider.prove(
                request.query.get("code", ""), request.query.get("iss", ""), away.asked, self._redirect_uri()
            )
            who = told(proven.claims, self._config)
            account = await self._account(who, request)
        except ProviderDown:
            return self._down(request)
        except Refused as no:
            log.warning("oidc.refused", code=no.code, reason=str(no))
            return await self._refuse(request, "unknown", no.code)
        if fault := self._auth.seat_fault(account.id, away.extension):
            return await self._refuse(request, account.id, fault)
        answer = web.Response(status=303, headers={"Location": away.next_page})
        answer.del_cookie(ASKED_COOKIE, path="/signin/oidc")
        await self._auth.let_in(
            request,
            answer,
            account.id,
            extension=away.extension,
            way="oidc",
            provider_session=str(proven.claims.get("sid", "")),
            id_token_sealed=self._sealed(proven.id_token),
        )
        return answer

    async def _ended(self, request: web.Request) -> web.Response:
        headers = {"Cache-Control": "no-store"}
        try:
            who = await self._provider.logged_out(str((await request.post()).get("logout_token", "")))
        except Refused as no:
            return web.json_response(
                {"error": "invalid_request", "error_description": str(no)}, status=400, headers=headers
            )
        except ProviderDown:
            return web.json_response({"error": "temporarily_unavailable"}, status=503, headers=headers)
        account = self._directory.by_subject(f"{self._config.issuer} {who.subject}") if who.subject else None
        for session in self._auth.book.living():
            hers = account is None or session.account_id == account.id
            this = not who.session or session.provider_session == who.session
            if session.way == "oidc" and hers and this and (account is not None or who.session):
                await self._auth.note(
                    request, "minwon", "signed_out", "session", subject=session.account_id, detail="by the provider"
                )
                await self._auth.end([session.token_hash], session.account_id)
        return web.Response(headers=headers)

    async def _account(self, who: Told, request: web.Request) -> Account:
        """Hers: the one that she had, one of the same name that may be hers, or a new one."""
        account = self._directory.by_subject(who.subject)
        if account is None:
            account = await self._first_time(who, request)
        if not self._directory.may_sign_in(account.id):
            locked = self._directory.credentials(account.id).locked
            raise Refused("this account may not sign in", code="locked" if locked else "disabled")
        if account.origin == "oidc":
            team = who.team if self._config.team_claim else account.team
            return await self._accounts.follow(replace(account, name=who.name, roles=who.roles, team=team))
        return account

    async def _first_time(self, who: Told, request: web.Request) -> Account:
        account = self._directory.account(who.id)
        if account is not None and (not self._config.adopt or self._directory.credentials(account.id).subject):
            raise Refused(f"the sign-in name '{who.id}' is somebody else's here", code="name_taken")
        if account is None:
            account = Account(
                id=who.id, origin="oidc", name=who.name, roles=who.roles, team=who.team, made=self._auth.clock()
            )
            detail = f"made at the first sign-in, {', '.join(who.roles)}"
            await self._auth.note(request, who.id, "granted", "account", subject=who.id, detail=detail)
            account = await self._accounts.follow(account)
        hers = self._directory.credentials(account.id)
        await self._directory.put_credentials(replace(hers, subject=who.subject))
        return account

    async def _refuse(self, request: web.Request, account_id: str, code: str) -> web.Response:
        metrics.SIGN_INS.labels(result="wrong").inc()
        await self._auth.note(request, account_id, "tried", "session", subject=account_id, detail=f"provider: {code}")
        key = f"signin.{code}" if code in _SAID else "signin.provider_refused"
        return self._halfway.said(request, key, status=403, provider=self._config.name)

    def _down(self, request: web.Request) -> web.Response:
        return self._halfway.said(request, "signin.provider_down", status=503, provider=self._config.name)

    def _sealed(self, id_token: str) -> bytes:
        try:
            return self._keyring.seal(id_token.encode(), _PURPOSE)
        except KeyFault as fault:
            log.warning("oidc.no_hint", reason=str(fault))
            return b""

    def _redirect_uri(self) -> str:
        return f"{self._public_url()}/signin/oidc/return"


_SAID: Final = frozenset(
    {
        "not_begun",
        "cancelled",
        "no_name",
        "no_role",
        "no_team",
        "name_taken",
        "disabled",
        "locked",
        "extension_busy",
        "bad_extension",
        "busy_with_call",
    }
)
"""Refusals that the page has words for; others are the provider's."""
