"""Accounts, sessions and tokens over HTTP: the administrators' part of ``/records``.

=====  ===============================================  ==============================================================
GET    ``/records/api/accounts``                        ``AccountList``
POST   ``/records/api/accounts``                        ``AccountForm``: a new one; ``Invited``
POST   ``/records/api/accounts/ID``                     ``AccountForm``: changed; 204
POST   ``/records/api/accounts/ID/STEP``                disable, enable, lock, unlock, reset_second: 204;
                                                        invite: ``Invited``
GET    ``/records/api/sessions``                        ``SessionList``; ``?account=``
POST   ``/records/api/sessions/ID/revoke``              204; also its open pages close
POST   ``/records/api/accounts/ID/revoke``              all of hers; ``Revoked``
GET    ``/records/api/tokens``                          ``TokenList``
POST   ``/records/api/tokens``                          ``TokenForm``; ``TokenMade``, whose token is shown this once
POST   ``/records/api/tokens/drop``                     ``TokenName``: revoked; 204
=====  ===============================================  ==============================================================

Administrators alone; everything is noted in the audit log first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Final, NamedTuple

import msgspec
from aiohttp import web
from msgspec import Meta

from core.agent import Agent
from core.errors import Refused
from core.store.accounts import SCOPES, Account, ProgramToken, Scope
from core.web.door import Answer, guarded, sent, text
from server.signing_in.accounts import Accounts
from server.signing_in.forms import AccountForm
from server.signing_in.seen import SecondSeen, SessionSeen, session_seen


class AccountSeen(msgspec.Struct, frozen=True, kw_only=True):
    """An account and how it stands."""

    account: Account
    """Who she is."""
    has_password: bool
    """She can sign in by a password."""
    second: SecondSeen
    """Her second factor."""
    by_provider: bool
    """She has come from the identity provider."""
    locked: bool
    """An administrator has locked her out."""
    waits_s: float
    """Seconds for which new addresses must wait, since strangers guess her password; 0 = none."""
    invited_until: datetime | None
    """Her one-time code is good until then."""
    last_sign_in: datetime | None
    """When she signed in last."""
    sessions: int
    """Where she is signed in."""


class AccountList(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody."""

    accounts: Sequence[AccountSeen]
    """By name."""
    teams: Sequence[str]
    """Teams that there are."""


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """What is handed to her."""

    code: str
    """The one-time code, shown this once."""
    until: datetime
    """It is good until then."""


class SessionList(msgspec.Struct, frozen=True, kw_only=True):
    """Signed-in browsers, the newest first."""

    sessions: Sequence[SessionSeen]
    """All that hold now."""


class Revoked(msgspec.Struct, frozen=True, kw_only=True):
    """Sessions that are over now."""

    sessions: int
    """How many there were."""


class TokenSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A program's token, without the token."""

    name: str
    """Which program."""
    scopes: Sequence[Scope]
    """What it may do."""
    by: str
    """Who made it."""
    made: datetime
    """When."""
    ends: datetime | None
    """Until when it is good, None = until it is revoked."""
    used: datetime | None
    """When it was last shown."""


class TokenList(msgspec.Struct, frozen=True, kw_only=True):
    """All tokens."""

    tokens: Sequence[TokenSeen]
    """By name."""
    scopes: Sequence[Scope]
    """What there is to choose from."""


class TokenForm(msgspec.Struct, frozen=True, kw_only=True):
    """A new token."""

    name: str
    """Which program."""
    scopes: tuple[str, ...]
    """What it may do."""
    days: Annotated[int, Meta(ge=1, le=3650)] | None = None
    """Good for so long; None = until it is revoked."""


class TokenMade(msgspec.Struct, frozen=True, kw_only=True):
    """A new token."""

    token: str
    """Shown this once."""


class TokenName(msgspec.Struct, frozen=True, kw_only=True):
    """Which token."""

    name: str
    """Its program."""


class AccountsRoute(NamedTuple):
    """One address."""

    method: str
    path: str
    """Below ``/records/api/``."""
    answer: Answer


_STEPS: Final = frozenset({"disable", "enable", "lock", "unlock", "reset_second", "invite"})


class AccountsRoom:
    """Answers them."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._directory = accounts.directory

    def who(self, request: web.Request) -> Agent | None:
        """See ``core.web.door.Knows``."""
        return self._accounts.auth.agent(request)

    def routes(self) -> tuple[AccountsRoute, ...]:
        """The table."""
        return (
            AccountsRoute("GET", "accounts", self._list),
            AccountsRoute("POST", "accounts", self._add),
            AccountsRoute("POST", "accounts/{account_id}", self._change),
            AccountsRoute("POST", "accounts/{account_id}/revoke", self._revoke_all),
            AccountsRoute("POST", "accounts/{account_id}/{step}", self._step),
            AccountsRoute("GET", "sessions", self._sessions),
            AccountsRoute("POST", "sessions/{session_id}/revoke", self._revoke),
            AccountsRoute("GET", "tokens", self._tokens),
            AccountsRoute("POST", "tokens", self._make_token),
            AccountsRoute("POST", "tokens/drop", self._drop_token),
        )

    async def _list(self, _request: web.Request, _agent: Agent) -> AccountList:
        return AccountList(
            accounts=[self._seen(account) for account in self._directory.accounts()], teams=self._directory.teams()
        )

    async def _add(self, request: web.Request, agent: Agent) -> Invited:
        form = await sent(request, AccountForm)
        code = await self._accounts.add(form, agent.id, request.remote or "")
        return self._invited(form.id.strip(), code)

    async def _change(self, request: web.Request, agent: Agent) -> None:
        form = await sent(request, AccountForm)
        if form.id != request.match_info["account_id"]:
            raise Refused("아이디는 바꿀 수 없습니다. / A sign-in name does not change.", code="other_id")
        await self._accounts.change(form, agent.id, request.remote or "")

    async def _step(self, request: web.Request, agent: Agent) -> Invited | None:
        account_id, step, address = request.match_info["account_id"], request.match_info["step"], request.remote or ""
        if step not in _STEPS:
            raise Refused("그런 일은 없습니다. / There is no such step.", code="no_step")
        if step in ("disable", "enable"):
            await self._accounts.disable(account_id, step == "disable", agent.id, address)
        elif step == "lock":
            await self._accounts.lock(account_id, agent.id, address)
        elif step == "unlock":
            await self._accounts.unlock(account_id, agent.id, address)
        elif step == "reset_second":
            await self._accounts.reset_second(account_id, agent.id, address)
        else:
            return self._invited(account_id, await self._accounts.invite(account_id, agent.id, address))
        return None

    async def _sessions(self, request: web.Request, _agent: Agent) -> SessionList:
        mine = self._accounts.auth.session(request)
        found = self._accounts.sessions(text(request, "account"))
        return SessionList(sessions=[session_seen(each, self._directory.names(), mine) for each in found])

    async def _revoke(self, request: web.Request, agent: Agent) -> None:
        await self._accounts.revoke(request.match_info["session_id"], agent.id, request.remote or "")

    async def _revoke_all(self, request: web.Request, agent: Agent) -> Revoked:
        mine = self._accounts.auth.session(request)
        account_id = request.match_info["account_id"]
        but = mine.token_hash if mine is not None else ""
        return Revoked(sessions=await self._accounts.revoke_all(account_id, agent.id, request.remote or "", but=but))

    async def _tokens(self, _request: web.Request, _agent: Agent) -> TokenList:
        tokens = self._accounts.auth.programs.all()
        return TokenList(tokens=[_token_seen(token) for token in tokens], scopes=SCOPES)

    async def _make_token(self, request: web.Request, agent: Agent) -> TokenMade:
        form = await sent(request, TokenForm)
        made = self._accounts.make_token(
            form.name, form.scopes, days=form.days, by=agent.id, address=request.remote or ""
        )
        return TokenMade(token=await made)

    async def _drop_token(self, request: web.Request, agent: Agent) -> None:
        await self._accounts.revoke_token((await sent(request, TokenName)).name, agent.id, request.remote or "")

    def _seen(self, account: Account) -> AccountSeen:
        hers, now = self._directory.credentials(account.id), self._accounts.auth.clock()
        invited = hers.invitation_ends if hers.invitation_hash else None
        return AccountSeen(
            account=account,
            has_password=bool(self._directory.password_hash(account.id)),
            second=SecondSeen(on=bool(hers.totp_sealed), recovery=len(hers.recovery)),
            by_provider=bool(hers.subject),
            locked=hers.locked,
            waits_s=self._accounts.auth.lock_out.locked(account.id, now.timestamp()),
            invited_until=invited if invited is not None and invited > now else None,
            last_sign_in=hers.last_sign_in,
            sessions=len(self._accounts.sessions(account.id)),
        )

    def _invited(self, account_id: str, code: str) -> Invited:
        until = self._directory.credentials(account_id).invitation_ends
        assert until is not None
        return Invited(code=code, until=until)


def _token_seen(token: ProgramToken) -> TokenSeen:
    return TokenSeen(
        name=token.name, scopes=token.scopes, by=token.by, made=token.made, ends=token.ends, used=token.used
    )


def accounts_room(accounts: Accounts) -> Callable[[web.Application], None]:
    """What adds them to a web application."""
    room = AccountsRoom(accounts)

    def setup(app: web.Application) -> None:
        for route in room.routes():
            app.router.add_route(route.method, f"/records/api/{route.path}", guarded(room, ("admin",), route.answer))

    return setup
