"""Accounts, sessions, second factors, and tokens of programs.

The contract; ``sql_accounts`` keeps it in SQLite or PostgreSQL. What a person proves herself with is kept apart from
who she is: accounts 'from the file' have credentials here and their profile in the configuration.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, Protocol, get_args

import msgspec

from core.config import AgentConfig, Role

Origin = Literal["file", "page", "oidc"]
"""Who keeps the profile: the configuration file, our own page or command line, the city's identity provider."""
Way = Literal["password", "oidc"]
"""How somebody has signed in."""
Scope = Literal[
    "contacts:read",
    "records:read",
    "records:write",
    "texts:send",
    "statistics:read",
    "recordings:read",
    "webhooks:manage",
    "wallboard",
]
"""What a program may do."""
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
NO_STEP: Final = -1
"""No code of the second factor was used yet."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is, and what she may do."""

    id: str
    """Sign-in name."""
    origin: Origin = "page"
    """Who keeps this profile."""
    name: str
    """As callers may hear it."""
    extension: str = ""
    """Her telephone, '' if she has none of her own."""
    uri: str = ""
    """Her phone's SIP address; '' = she gets no calls at it."""
    roles: tuple[Role, ...] = ("agent",)
    """What she may do."""
    team: str = ""
    """Whose figures her supervisor sees; '' = of no team."""
    department: str = ""
    """The department for whose entries an owner answers."""
    queues: tuple[str, ...] = ()
    """Queues that she serves, empty = all."""
    auto_answer: bool = False
    """Her phone answers by itself."""
    starts: Literal["away", "ready"] = "away"
    """Her state when the node starts."""
    disabled: bool = False
    """She cannot sign in and gets no calls."""
    made: datetime
    """When the account was made; of one from the file, when this node read it."""

    def agent(self) -> AgentConfig:
        """As the dispatcher takes her."""
        return AgentConfig(
            id=self.id,
            name=self.name,
            extension=self.extension,
            uri=self.uri,
            auto_answer=self.auto_answer,
            starts=self.starts,
            queues=self.queues,
            roles=self.roles,
            department=self.department,
            team=self.team,
        )


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What she proves herself with."""

    account_id: str
    """Whose."""
    password_hash: str = ""
    """argon2id, '' = no password."""
    file_mark: str = ""
    """Of an account from the file: SHA-256 of the ``password_hash`` that stood there when this one replaced it. Another
    one in the file wins."""
    password_at: datetime | None = None
    """When the password was set."""
    invitation_hash: str = ""
    """SHA-256 of the one-time code with which she sets a password, '' = none is out."""
    invitation_ends: datetime | None = None
    """From then on that code is of no use."""
    totp_sealed: bytes = b""
    """Secret of the second factor, sealed by the keyring for ``totp:ID``; empty = none."""
    totp_step: int = NO_STEP
    """Time step (RFC 6238) of the last code that was used: that one and older ones are used up."""
    recovery: tuple[str, ...] = ()
    """SHA-256 of the recovery codes that are left."""
    subject: str = ""
    """'ISSUER SUBJECT' at the identity provider, '' = never came from there."""
    locked: bool = False
    """An administrator has locked her out."""
    forgiven: datetime | None = None
    """Wrong passwords before this moment no longer count: an administrator has said so."""
    last_sign_in: datetime | None = None
    """When she signed in last."""


class SessionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One signed-in browser."""

    token_hash: str
    """SHA-256 of the cookie: neither the database nor a dump of it lets anybody in."""
    account_id: str
    """Whose."""
    made: datetime
    """When she signed in."""
    seen: datetime
    """When this browser was last heard of, to a minute or so."""
    ends: datetime
    """From then on it is over, whatever happens."""
    address: str = ""
    """Where it signed in."""
    browser: str = ""
    """What it calls itself, shortened: 'Chrome 131 · Windows'."""
    extension: str = ""
    """The telephone that she chose, '' = her own or none."""
    way: Way = "password"
    """How she signed in."""
    provider_session: str = ""
    """The identity provider's 'sid', '' = none: it may end the session by it."""
    id_token_sealed: bytes = b""
    """Its ID token, sealed for ``id_token``: shown to it again at the sign-out."""

    @property
    def id(self) -> str:
        """For lists and revocation; opens nothing."""
        return self.token_hash[:16]


class ProgramToken(msgspec.Struct, frozen=True, kw_only=True):
    """What a program shows."""

    name: str
    """Which program: 'openapi-portal'."""
    token_hash: str
    """SHA-256 of the token."""
    scopes: tuple[Scope, ...]
    """What it may do."""
    by: str
    """Who made it."""
    made: datetime
    """When."""
    ends: datetime | None = None
    """From then on it is of no use; None = until it is revoked."""
    used: datetime | None = None
    """When it was last shown, to a minute or so."""


class AccountsStore(Protocol):
    """Accounts, sessions, second factors, and tokens of programs.

    Raises ``StoreFault`` when the database can't be used.
    """

    async def revision(self) -> int:
        """Grows with every change of accounts, credentials (but for sign-ins), tokens, and with every session that is
        taken away, by whichever process; 0 before the first."""

    async def accounts(self) -> list[Account]:
        """All, by id."""

    async def put_account(self, account: Account) -> None:
        """Insert or replace."""

    async def credentials(self) -> list[Credentials]:
        """Of everybody, by id."""

    async def put_credentials(self, credentials: Credentials) -> None:
        """Insert or replace."""

    async def use_step(self, account_id: str, step: int) -> bool:
        """A code of that time step is used up. False when it, or a later one, was already: of all nodes one is told
        True."""

    async def use_recovery(self, account_id: str, code_hash: str) -> bool:
        """That recovery code is used up. False when it is not among those left."""

    async def signed_in(self, account_id: str, at: datetime) -> None:
        """She has signed in. No change that others must hear of."""

    async def sessions(self) -> list[SessionRecord]:
        """All that are kept, the oldest first."""

    async def put_session(self, session: SessionRecord) -> None:
        """Insert or replace by ``token_hash``."""

    async def touch_sessions(self, sessions: Sequence[SessionRecord]) -> None:
        """``seen`` and ``extension`` of those that are still kept; what was taken away stays away."""

    async def drop_sessions(self, token_hashes: Sequence[str]) -> None:
        """They are over."""

    async def tokens(self) -> list[ProgramToken]:
        """All, by name."""

    async def put_token(self, token: ProgramToken) -> None:
        """Insert. ``Refused`` ('token_exists') when the name is taken."""

    async def touch_tokens(self, used: Sequence[tuple[str, datetime]]) -> None:
        """When the tokens of these names were last shown."""

    async def drop_token(self, name: str) -> bool:
        """Revoked. False when there is none of that name."""
