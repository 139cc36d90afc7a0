"""What administrators do with accounts, sessions and tokens: from the pages and from the command line alike.

Everything is noted in the audit log before it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import asdict, replace

from core.audit import Deed, Note, Thing
from core.config import SignInConfig
from core.errors import Refused
from core.log import get_logger
from core.store.accounts import Account, Credentials, SessionRecord
from server.signing_in.auth import Auth
from server.signing_in.codes import invitation_code, invitation_hash
from server.signing_in.forms import AccountForm, account_of
from server.signing_in.passwords import hash_password
from server.signing_in.second import Second

log = get_logger("server.signing_in")


async def _nobody_listens() -> None:
    return None


class Accounts:
    """One per node or command."""

    def __init__(
        self,
        auth: Auth,
        second: Second,
        config: SignInConfig,
        *,
        changed: Callable[[], Awaitable[None]] = _nobody_listens,
    ) -> None:
        """``changed``: told after accounts have changed, so that the dispatcher takes them on."""
        self.auth = auth
        self.directory = auth.directory
        self.config = config
        self._second = second
        self._changed = changed

    async def add(self, form: AccountForm, by: str, address: str = "") -> str:
        """A new account; the one-time code with which she sets her password. ``Faulty`` names what is wrong."""
        account = account_of(form, None, self.directory.accounts(), self.auth.clock())
        await self._note(by, address, "account", account.id, f"made, {', '.join(account.roles)}", deed="granted")
        await self.directory.put_account(account)
        await self._changed()
        return await self._invite(account.id)

    async def change(self, form: AccountForm, by: str, address: str = "") -> Account:
        """Change a profile. ``Refused``: 'unknown_account', 'from_file', 'own_account' (her own right to do this)."""
        before = self.directory.known(form.id)
        if before.origin == "oidc":  # these follow the provider
            form = replace(form, name=before.name, roles=before.roles)
        account = account_of(form, before, self.directory.accounts(), self.auth.clock())
        if by == form.id and "admin" in before.roles and "admin" not in account.roles:
            raise Refused(
                "자기 관리자 권한은 다른 관리자가 거둡니다. / Another admin takes this right.", code="own_account"
            )
        changed = [name for name, value in asdict(account).items() if value != getattr(before, name)]
        if not changed:
            return account
        deed: Deed = "granted" if "roles" in changed else "changed"
        detail = ", ".join(changed) + (f": {', '.join(account.roles)}" if "roles" in changed else "")
        await self._note(by, address, "account", account.id, detail, deed=deed)
        await self.directory.put_account(account)
        await self._changed()
        return account

    async def follow(self, account: Account) -> Account:
        """The identity provider's word on somebody: kept, and noted where it changes what she may do."""
        before = self.directory.account(account.id)
        if account == before:
            return account
        if before is not None and before.roles != account.roles:
            detail = f"roles by the provider: {', '.join(account.roles)}"
            await self._note(account.id, "", "account", account.id, detail, deed="granted")
        await self.directory.put_account(account)
        await self._changed()
        return account

    async def disable(self, account_id: str, disabled: bool, by: str, address: str = "") -> None:
        """She cannot sign in and gets no calls, or can again. Her running call goes on."""
        account = self._not_own(account_id, by)
        await self._note(by, address, "account", account_id, "disabled" if disabled else "enabled", deed="granted")
        await self.directory.put_account(replace(account, disabled=disabled))
        await self._changed()
        if disabled:
            await self.auth.end_all(account_id)

    async def lock(self, account_id: str, by: str, address: str = "") -> None:
        """Nobody signs in as her until an administrator unlocks her; her sessions end."""
        self._not_own(account_id, by)
        await self._note(by, address, "account", account_id, "locked", deed="granted")
        await self.directory.put_credentials(replace(self.directory.credentials(account_id), locked=True))
        await self.auth.end_all(account_id)

    async def unlock(self, account_id: str, by: str, address: str = "") -> None:
        """Neither an administrator's lock nor wrong passwords hold her up any longer."""
        self.directory.known(account_id)
        await self._note(by, address, "account", account_id, "unlocked", deed="granted")
        hers = replace(self.directory.credentials(account_id), locked=False, forgiven=self.auth.clock())
        await self.directory.put_credentials(hers)
        self.auth.lock_out.unlock(account_id)

    async def invite(self, account_id: str, by: str, address: str = "") -> str:
        """A one-time code with which she sets a new password; the old one holds until then."""
        self.directory.known(account_id)
        await self._note(by, address, "account", account_id, "invited to set a password", deed="granted")
        return await self._invite(account_id)

    async def reset_second(self, account_id: str, by: str, address: str = "") -> None:
        """Her second factor and its recovery codes are gone; her sessions end."""
        self.directory.known(account_id)
        await self._second.take_down(account_id, by, address)
        await self.auth.end_all(account_id)

    async def set_password(self, account_id: str, password: str, by: str, address: str = "", *, but: str = "") -> None:
        """A new password; her sessions end, but for one token hash. It was found good before (``password_rules``)."""
        await self._note(by, address, "account", account_id, "password set", deed="granted")
        await self.directory.put_credentials(await self.with_password(account_id, password))
        await self.auth.end_all(account_id, but=but)

    async def with_password(self, account_id: str, password: str) -> Credentials:
        """Her credentials with that password; an invitation is used up by it."""
        return replace(
            self.directory.credentials(account_id),
            password_hash=await asyncio.to_thread(hash_password, password),
            file_mark=self.directory.file_mark(account_id),
            password_at=self.auth.clock(),
            invitation_hash="",
            invitation_ends=None,
        )

    def sessions(self, account_id: str = "") -> Sequence[SessionRecord]:
        """All that hold, of one account where given, the newest first."""
        return self.auth.book.living(account_id)

    async def revoke(self, session_id: str, by: str, address: str = "", *, of: str = "") -> None:
        """End one session at once, also its open pages. ``of``: only if it is that account's. ``Refused``
        ('no_session') when it is over."""
        session = next((each for each in self.sessions(of) if each.id == session_id), None)
        if session is None:
            raise Refused("이미 끝난 로그인입니다. / This session is over already.", code="no_session")
        await self._note(by, address, "session", session.account_id, f"revoked {session_id}", deed="granted")
        await self.auth.end([session.token_hash], session.account_id)

    async def revoke_all(self, account_id: str, by: str, address: str = "", *, but: str = "") -> int:
        """End all sessions of an account, but for one token hash; how many there were."""
        self.directory.known(account_id)
        await self._note(by, address, "session", account_id, "all revoked", deed="granted")
        return await self.auth.end_all(account_id, but=but)

    async def make_token(
        self, name: str, scopes: Iterable[str], *, days: int | None, by: str, address: str = ""
    ) -> str:
        """A program's token, shown this once. ``days``: good for so long, None = until it is revoked."""
        wanted = tuple(scopes)
        await self._note(by, address, "token", name.strip()[:60], ", ".join(wanted), deed="granted")
        ends: datetime | None = self.auth.clock() + timedelta(days=days) if days else None
        return await self.auth.programs.make(name, wanted, by=by, ends=ends)

    async def revoke_token(self, name: str, by: str, address: str = "") -> None:
        """It is of no use from now on. ``Refused`` ('no_token') when there is none."""
        await self._note(by, address, "token", name[:60], "revoked", deed="granted")
        if not await self.auth.programs.revoke(name):
            raise Refused(f"'{name}' 토큰이 없습니다. / There is no token '{name}'.", code="no_token")

    async def _invite(self, account_id: str) -> str:
        code = invitation_code()
        invited = replace(
            self.directory.credentials(account_id),
            invitation_hash=invitation_hash(code),
            invitation_ends=self.auth.clock() + timedelta(hours=self.config.invitation_hours),
        )
        await self.directory.put_credentials(invited)
        return code

    def _not_own(self, account_id: str, by: str) -> Account:
        if account_id == by:
            raise Refused("자기 계정은 다른 관리자가 막습니다. / Another admin does this to yours.", code="own_account")
        return self.directory.known(account_id)

    async def _note(self, by: str, address: str, thing: Thing, subject: str, detail: str, *, deed: Deed) -> None:
        await self.auth.audit.note(
            Note(who=by, deed=deed, thing=thing, subject=subject, detail=detail, address=address)
        )
        log.info("accounts.deed", by=by, thing=thing, account=subject, deed=detail)
