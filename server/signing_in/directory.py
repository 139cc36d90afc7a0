"""Everybody who may sign in: those of the configuration file and those of the store, as one list in memory.

The file's accounts are read-only here; what they prove themselves with may be renewed, and then lies in the store. Of
two accounts with the same sign-in name the file's counts.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from core.agent import Agent
from core.config import AgentConfig
from core.errors import Refused
from core.events import now
from core.log import get_logger
from core.store.accounts import Account, AccountsStore, Credentials

log = get_logger("server.signing_in")


class Directory:
    """One per node. Look-ups are dictionary look-ups; ``load`` again when the store's revision has grown."""

    def __init__(
        self,
        store: AccountsStore,
        file: Iterable[AgentConfig],
        *,
        team_alone: bool = False,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """``file``: ``[[agents]]`` of the configuration. ``team_alone``: a supervisor sees her team and nobody else."""
        self._team_alone = team_alone
        self.store = store
        agents = tuple(file)
        self._file = {agent.id: _of_file(agent, clock()) for agent in agents}
        self._file_hash = {agent.id: agent.password_hash for agent in agents}
        self._accounts: dict[str, Account] = dict(self._file)
        self._credentials: dict[str, Credentials] = {}
        self._changing = asyncio.Lock()
        """What is read meanwhile may not undo what is written."""

    async def load(self) -> None:
        """As the store has it now."""
        async with self._changing:
            kept, credentials = await self.store.accounts(), await self.store.credentials()
            if hidden := [account.id for account in kept if account.id in self._file]:
                log.warning("accounts.twice", agents=hidden, counts="the configuration file's")
            self._accounts = {**{account.id: account for account in kept}, **self._file}
            self._credentials = {record.account_id: record for record in credentials}

    def account(self, account_id: str) -> Account | None:
        """Of that sign-in name, also a disabled one."""
        return self._accounts.get(account_id)

    def known(self, account_id: str) -> Account:
        """``Refused`` ('unknown_account') when there is none."""
        account = self._accounts.get(account_id)
        if account is None:
            raise Refused(
                f"'{account_id}' 계정이 없습니다. / There is no account '{account_id}'.", code="unknown_account"
            )
        return account

    def accounts(self) -> Sequence[Account]:
        """All, by name."""
        return sorted(self._accounts.values(), key=lambda account: (account.name, account.id))

    def credentials(self, account_id: str) -> Credentials:
        """Hers, empty ones if she has none yet."""
        return self._credentials.get(account_id) or Credentials(account_id=account_id)

    def by_subject(self, subject: str) -> Account | None:
        """Who came from the identity provider as that subject."""
        found = next(
            (each.account_id for each in self._credentials.values() if subject and each.subject == subject), ""
        )
        return self._accounts.get(found)

    def password_hash(self, account_id: str) -> str:
        """The one in force, '' = she can sign in by none. Another one in the file than ours has replaced wins."""
        in_file, ours = self._file_hash.get(account_id, ""), self._credentials.get(account_id)
        if ours is not None and ours.password_hash and (not in_file or ours.file_mark == mark(in_file)):
            return ours.password_hash
        return in_file

    def file_mark(self, account_id: str) -> str:
        """What to keep beside a hash that replaces the file's."""
        in_file = self._file_hash.get(account_id, "")
        return mark(in_file) if in_file else ""

    def may_sign_in(self, account_id: str) -> bool:
        """Whether there is such an account, neither disabled nor locked."""
        account = self._accounts.get(account_id)
        return account is not None and not account.disabled and not self.credentials(account_id).locked

    async def put_account(self, account: Account) -> None:
        """Keep her profile. ``Refused`` ('from_file') for one of the configuration file."""
        if account.id in self._file:
            raise Refused(
                "설정 파일의 계정은 거기에서 고칩니다. / This account is changed in the configuration file.",
                code="from_file",
            )
        async with self._changing:
            await self.store.put_account(account)
            self._accounts[account.id] = account

    async def put_credentials(self, record: Credentials) -> None:
        """Keep what she proves herself with."""
        async with self._changing:
            await self.store.put_credentials(record)
            self._credentials[record.account_id] = record

    async def use_step(self, account_id: str, step: int) -> bool:
        """See ``AccountsStore.use_step``."""
        used = await self.store.use_step(account_id, step)
        if used:
            self._credentials[account_id] = replace(self.credentials(account_id), totp_step=step)
        return used

    async def use_recovery(self, account_id: str, code_hash: str) -> bool:
        """See ``AccountsStore.use_recovery``."""
        used = await self.store.use_recovery(account_id, code_hash)
        if used:
            hers = self.credentials(account_id)
            left = tuple(each for each in hers.recovery if each != code_hash)
            self._credentials[account_id] = replace(hers, recovery=left)
        return used

    async def signed_in(self, account_id: str, at: datetime) -> None:
        """Remember when she signed in last."""
        if account_id in self._credentials:
            await self.store.signed_in(account_id, at)
            self._credentials[account_id] = replace(self._credentials[account_id], last_sign_in=at)
        else:
            await self.put_credentials(Credentials(account_id=account_id, last_sign_in=at))

    def agent(self, account_id: str, extension: str) -> Agent | None:
        """As every room sees her, sitting at that telephone."""
        account = self._accounts.get(account_id)
        if account is None:
            return None
        return Agent(
            id=account.id,
            name=account.name,
            extension=extension,
            roles=account.roles,
            department=account.department,
            team=account.team,
            people=self._people(account),
        )

    def _people(self, account: Account) -> tuple[str, ...] | None:
        if not self._team_alone or not account.team or "supervisor" not in account.roles or "admin" in account.roles:
            return None
        return tuple(sorted(other.id for other in self._accounts.values() if other.team == account.team))

    def names(self) -> Mapping[str, str]:
        """Sign-in name -> name, of everybody."""
        return {account.id: account.name for account in self._accounts.values()}

    def teams(self) -> Sequence[str]:
        """All teams that somebody is in, in order."""
        return sorted({account.team for account in self._accounts.values() if account.team})


def mark(password_hash: str) -> str:
    """By which a hash is known again without keeping it."""
    return hashlib.sha256(password_hash.encode()).hexdigest()


def _of_file(agent: AgentConfig, at: datetime) -> Account:
    return Account(
        id=agent.id,
        origin="file",
        name=agent.name,
        extension=agent.extension,
        uri=agent.uri,
        roles=agent.roles,
        team=agent.team,
        department=agent.department,
        queues=agent.queues,
        auto_answer=agent.auto_answer,
        starts=agent.starts,
        made=at,
    )
