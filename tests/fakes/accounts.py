"""Accounts, sessions and tokens in memory, and an audit log that can be read: what a sign-in stands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from aiohttp import web
from msgspec.structs import replace

from core.audit import Note
from core.config import AgentConfig, OidcConfig, SignInConfig
from core.errors import Refused
from core.events import now
from core.keyring import Keyring, new_key
from core.store.accounts import Account, Credentials, ProgramToken, SessionRecord
from core.web.pages import Pages
from server.signing_in.accounts import Accounts
from server.signing_in.auth import Auth, Seats
from server.signing_in.book import Book
from server.signing_in.directory import Directory
from server.signing_in.first_pages import FirstPages
from server.signing_in.halfway import Halfway
from server.signing_in.own_pages import OwnPages
from server.signing_in.passwords import hash_password
from server.signing_in.programs import Programs
from server.signing_in.provider import Provider
from server.signing_in.provider_pages import ProviderPages
from server.signing_in.second import Second
from server.signing_in.step_pages import StepPages

CHEAP = (8, 1, 1)
"""Costs of a password's hash that a test can afford."""


class MemoryAccounts:
    """See ``core.store.accounts.AccountsStore``; the contract's suite tests the real one."""

    def __init__(self) -> None:
        self._revision = 0
        self._accounts: dict[str, Account] = {}
        self._credentials: dict[str, Credentials] = {}
        self._sessions: dict[str, SessionRecord] = {}
        self._tokens: dict[str, ProgramToken] = {}

    async def revision(self) -> int:
        return self._revision

    async def accounts(self) -> list[Account]:
        return sorted(self._accounts.values(), key=lambda each: each.id)

    async def put_account(self, account: Account) -> None:
        self._accounts[account.id] = account
        self._revision += 1

    async def credentials(self) -> list[Credentials]:
        return list(self._credentials.values())

    async def put_credentials(self, credentials: Credentials) -> None:
        self._credentials[credentials.account_id] = credentials
        self._revision += 1

    async def use_step(self, account_id: str, step: int) -> bool:
        hers = self._credentials.get(account_id)
        if hers is None or hers.totp_step >= step:
            return False
        await self.put_credentials(replace(hers, totp_step=step))
        return True

    async def use_recovery(self, account_id: str, code_hash: str) -> bool:
        hers = self._credentials.get(account_id)
        if hers is None or code_hash not in hers.recovery:
            return False
        await self.put_credentials(replace(hers, recovery=tuple(each for each in hers.recovery if each != code_hash)))
        return True

    async def signed_in(self, account_id: str, at: datetime) -> None:
        self._credentials[account_id] = replace(self._credentials[account_id], last_sign_in=at)

    async def sessions(self) -> list[SessionRecord]:
        return sorted(self._sessions.values(), key=lambda each: each.made)

    async def put_session(self, session: SessionRecord) -> None:
        self._sessions[session.token_hash] = session

    async def touch_sessions(self, sessions: Sequence[SessionRecord]) -> None:
        for each in sessions:
            if each.token_hash in self._sessions:
                self._sessions[each.token_hash] = each

    async def drop_sessions(self, token_hashes: Sequence[str]) -> None:
        for token_hash in token_hashes:
            self._revision += self._sessions.pop(token_hash, None) is not None

    async def tokens(self) -> list[ProgramToken]:
        return sorted(self._tokens.values(), key=lambda each: each.name)

    async def put_token(self, token: ProgramToken) -> None:
        if token.name in self._tokens:
            raise Refused("there is a token of that name: revoke it first", code="token_exists")
        self._tokens[token.name] = token
        self._revision += 1

    async def touch_tokens(self, used: Sequence[tuple[str, datetime]]) -> None:
        for name, at in used:
            if name in self._tokens:
                self._tokens[name] = replace(self._tokens[name], used=at)

    async def drop_token(self, name: str) -> bool:
        self._revision += 1
        return self._tokens.pop(name, None) is not None


class Notes:
    """An audit log to look at."""

    def __init__(self) -> None:
        self.kept: list[Note] = []

    async def note(self, note: Note) -> None:
        self.kept.append(note)

    def deeds(self) -> list[tuple[str, str, str, str]]:
        """(who, deed, subject, detail) of each."""
        return [(note.who, note.deed, note.subject, note.detail) for note in self.kept]


class SmallSignIn:
    """The sign-in of a node, but for what concerns telephones: ``setup`` adds its pages."""

    def __init__(
        self,
        agents: Sequence[AgentConfig],
        pages: Pages,
        *,
        store: MemoryAccounts | None = None,
        config: SignInConfig | None = None,
        seats: Seats | None = None,
        clock: Callable[[], datetime] = now,
        secure_cookie: bool = False,
        prefill: tuple[str, str] | None = None,
        idle_minutes: float = 60.0,
        oidc: OidcConfig | None = None,
    ) -> None:
        self.store = store if store is not None else MemoryAccounts()
        self.audit = Notes()
        config = config or SignInConfig()
        self.directory = Directory(self.store, agents, clock=clock)
        session = timedelta(hours=1)
        book = Book(self.store, longest=session, idle=timedelta(minutes=idle_minutes), clock=clock)
        self.auth = Auth(
            self.directory,
            book,
            Programs(self.store, clock=clock),
            self.audit,
            session=session,
            secure_cookie=secure_cookie,
            seats=seats,
            clock=clock,
        )
        self.keyring = Keyring([new_key()])
        self.second = Second(self.directory, self.keyring, self.audit, clock=clock)
        self.accounts = Accounts(self.auth, self.second, config)
        self.halfway = Halfway(self.auth, self.accounts, pages, config, centre="한빛시 민원콜센터")
        self.public_url = ""
        """As the identity provider knows us."""
        by_provider = None
        if oidc is not None:
            self.provider = Provider(oidc, clock=lambda: clock().timestamp())
            by_provider = ProviderPages(
                self.halfway, self.provider, self.keyring, oidc, public_url=lambda: self.public_url
            )
        first = FirstPages(
            self.halfway,
            prefill=prefill,
            provider=oidc.name if oidc else "",
            **({"signed_out": by_provider.signed_out} if by_provider else {}),
        )
        self._rooms = (
            first.setup,
            StepPages(self.halfway, self.second).setup,
            OwnPages(self.halfway, self.second).setup,
            *((by_provider.setup,) if by_provider else ()),
        )

    def setup(self, app: web.Application) -> None:
        for room in self._rooms:
            room(app)


def agents_of(hashes: Mapping[str, str]) -> list[AgentConfig]:
    """Accounts from the file: password hash by id."""
    return [AgentConfig(id=name, name=name, password_hash=hashed) for name, hashed in hashes.items()]


def cheap(password: str) -> str:
    """A hash that a test can afford."""
    return hash_password(password, cost=CHEAP)
