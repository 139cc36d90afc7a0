"""Everybody's own account: ``/account`` is the page, ``/account/api/...`` is JSON as the desk's.

=====  ================================  =============================================================================
GET    ``/account``                      the page
GET    ``/account/api/me``               ``Own``
POST   ``/account/api/password``         ``PasswordForm``: changed; her other sessions end. 204, 400, 429
POST   ``/account/api/second``           begin to set up the second factor: ``SecondBegun``
GET    ``/account/api/second/qr.svg``    its secret as a QR code
POST   ``/account/api/second/confirm``   ``CodeForm``: it counts from now on; ``Recovery``
POST   ``/account/api/second/recovery``  ``PasswordForm`` (``old`` alone): new recovery codes; ``Recovery``
POST   ``/account/api/second/drop``      ``PasswordForm`` (``old`` alone): none any more; 204
GET    ``/account/api/sessions``         her own, the newest first
POST   ``/account/api/sessions/revoke``  ``SessionId``, '' = all but this one; 204
=====  ================================  =============================================================================
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from aiohttp import web

from core.agent import Agent
from core.config import Role
from core.errors import BadInput, Refused
from core.store.accounts import Origin
from core.web.door import guarded, sent
from core.web.pages import language_of
from server.signing_in import codes
from server.signing_in.halfway import Halfway
from server.signing_in.password_rules import require_good
from server.signing_in.second import Second
from server.signing_in.seen import SecondSeen, SessionSeen, session_seen
from server.signing_in.step_pages import picture

ALL: Final[tuple[Role, ...]] = ("agent", "editor", "owner", "supervisor")
MOST_BEGUN: Final = 1000
"""Second factors that are being set up; with one more the oldest begins anew."""


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """Her account."""

    id: str
    """Sign-in name."""
    name: str
    """As callers may hear it."""
    roles: Sequence[Role]
    """What she may do."""
    team: str
    """Her team."""
    department: str
    """Of an owner."""
    centre: str
    """Name of the call centre."""
    origin: Origin
    """Who keeps the profile."""
    has_password: bool
    """She can sign in by a password; its change is for her."""
    password_at: datetime | None
    """When it was set here."""
    shortest: int
    """Characters of a new one at least."""
    second: SecondSeen
    """Her second factor."""
    must_second: bool
    """One of her roles may not go without."""


class PasswordForm(msgspec.Struct, frozen=True, kw_only=True):
    """She shows her password, and perhaps sets a new one."""

    old: str
    """The one that holds."""
    new: str = ""
    """The one that shall hold."""


class CodeForm(msgspec.Struct, frozen=True, kw_only=True):
    """A code of the app."""

    code: str
    """Six digits."""


class SecondBegun(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into the app."""

    secret: str
    """To be typed, where no camera is."""


class Recovery(msgspec.Struct, frozen=True, kw_only=True):
    """Shown this once."""

    codes: Sequence[str]
    """Each is good once."""


class SessionId(msgspec.Struct, frozen=True, kw_only=True):
    """Which session; '' = all but this one."""

    id: str = ""
    """As the list tells it."""


class OwnPages:
    """Adds them to an application."""

    def __init__(self, halfway: Halfway, second: Second) -> None:
        self._halfway = halfway
        self._auth = halfway.auth
        self._accounts = halfway.accounts
        self._directory = halfway.directory
        self._second = second
        self._begun: OrderedDict[str, str] = OrderedDict()
        """Secrets of second factors that are being set up."""

    def setup(self, app: web.Application) -> None:
        """Add the addresses."""
        app.router.add_get("/account", self._halfway.page(self._page))
        for method, path, answer in (
            ("GET", "me", self._me),
            ("POST", "password", self._password),
            ("POST", "second", self._begin),
            ("GET", "second/qr.svg", self._picture),
            ("POST", "second/confirm", self._confirm),
            ("POST", "second/recovery", self._recovery),
            ("POST", "second/drop", self._drop),
            ("GET", "sessions", self._sessions),
            ("POST", "sessions/revoke", self._revoke),
        ):
            app.router.add_route(method, f"/account/api/{path}", guarded(self, ALL, answer))

    def who(self, request: web.Request) -> Agent | None:
        """See ``core.web.door.Knows``."""
        return self._auth.agent(request)

    async def _page(self, request: web.Request) -> web.Response:
        if self._auth.who(request) is None:
            raise web.HTTPFound("/signin?next=/account")
        return self._halfway.pages.html("account.html", language_of(request))

    async def _me(self, _request: web.Request, agent: Agent) -> Own:
        account, hers = self._directory.known(agent.id), self._directory.credentials(agent.id)
        return Own(
            id=account.id,
            name=account.name,
            roles=account.roles,
            team=account.team,
            department=account.department,
            centre=self._halfway.centre,
            origin=account.origin,
            has_password=bool(self._directory.password_hash(agent.id)),
            password_at=hers.password_at,
            shortest=self._halfway.config.password_length,
            second=SecondSeen(on=bool(hers.totp_sealed), recovery=len(hers.recovery)),
            must_second=self._halfway.must_second(account.roles),
        )

    async def _password(self, request: web.Request, agent: Agent) -> None:
        form = await sent(request, PasswordForm)
        require_good(form.new, account_id=agent.id, name=agent.name, shortest=self._halfway.config.password_length)
        await self._prove(request, agent.id, form.old)
        session = self._auth.session(request)
        but = session.token_hash if session is not None else ""
        await self._accounts.set_password(agent.id, form.new, agent.id, request.remote or "", but=but)

    async def _begin(self, _request: web.Request, agent: Agent) -> SecondBegun:
        if self._directory.credentials(agent.id).totp_sealed:
            raise Refused("이미 켜져 있습니다. / It is set up already.", code="second_on")
        secret = self._begun[agent.id] = codes.new_secret()
        while len(self._begun) > MOST_BEGUN:
            self._begun.popitem(last=False)
        return SecondBegun(secret=codes.spaced(secret))

    async def _picture(self, _request: web.Request, agent: Agent) -> web.Response:
        secret = self._begun.get(agent.id)
        if secret is None:
            raise Refused("처음부터 다시 하세요. / Begin anew.", code="not_begun")
        return picture(codes.uri(secret, account_id=agent.id, centre=self._halfway.centre))

    async def _confirm(self, request: web.Request, agent: Agent) -> Recovery:
        form = await sent(request, CodeForm)
        secret = self._begun.get(agent.id, "")
        found = await self._second.set_up(agent.id, secret, form.code, agent.id, request.remote or "")
        self._begun.pop(agent.id, None)
        return Recovery(codes=found)

    async def _recovery(self, request: web.Request, agent: Agent) -> Recovery:
        await self._prove(request, agent.id, (await sent(request, PasswordForm)).old)
        return Recovery(codes=await self._second.renew_recovery(agent.id, agent.id, request.remote or ""))

    async def _drop(self, request: web.Request, agent: Agent) -> None:
        if self._halfway.must_second(agent.roles):
            raise Refused("이 역할은 2단계 인증이 꼭 있어야 합니다. / Your role needs one.", code="must_second")
        await self._prove(request, agent.id, (await sent(request, PasswordForm)).old)
        await self._second.take_down(agent.id, agent.id, request.remote or "")

    async def _sessions(self, request: web.Request, agent: Agent) -> Sequence[SessionSeen]:
        mine, names = self._auth.session(request), self._directory.names()
        return [session_seen(each, names, mine) for each in self._accounts.sessions(agent.id)]

    async def _revoke(self, request: web.Request, agent: Agent) -> None:
        wanted, address = (await sent(request, SessionId)).id, request.remote or ""
        if wanted:
            await self._accounts.revoke(wanted, agent.id, address, of=agent.id)
            return
        session = self._auth.session(request)
        await self._accounts.revoke_all(agent.id, agent.id, address, but=session.token_hash if session else "")

    async def _prove(self, request: web.Request, account_id: str, password: str) -> None:
        """She shows her password again: who finds a desk unlocked may not take the account with her."""
        if (wait_s := self._halfway.wait_s(request, account_id)) > 0:
            raise BadInput(self._halfway.limited(request, account_id, wait_s), code="limited")
        self._halfway.count(request, account_id)
        if not await self._halfway.is_password(account_id, password[:1000]):
            await self._halfway.wrong(request, account_id, "password")
            raise BadInput("지금 비밀번호가 맞지 않습니다. / The present password is not right.", code="wrong_password")
        self._halfway.right(request, account_id)
