"""Programs that come with a token: ``Authorization: Bearer mw_...`` (RFC 6750), each with scopes of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from core.errors import BadInput
from core.events import now
from core.store.accounts import SCOPES, AccountsStore, ProgramToken, Scope
from server.signing_in.session_rules import hash_of, new_token

PREFIX: Final = "mw_"
"""Known to tools that look for secrets in code."""


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A program whose token is good."""

    name: str
    """Which."""
    scopes: tuple[Scope, ...]
    """What it may do."""
    by: str
    """Who made its token."""

    @property
    def who(self) -> str:
        """As the audit log names it."""
        return f"token:{self.name}"

    def may(self, scope: Scope) -> bool:
        """Whether it has that scope."""
        return scope in self.scopes


class Programs:
    """One per node; ``load`` again when the store's revision has grown."""

    def __init__(self, store: AccountsStore, *, clock: Callable[[], datetime] = now) -> None:
        self._store = store
        self._clock = clock
        self._tokens: dict[str, ProgramToken] = {}
        self._used: dict[str, datetime] = {}

    async def load(self) -> None:
        """As the store has it now."""
        self._tokens = {token.token_hash: token for token in await self._store.tokens()}

    def find(self, token: str) -> Program | None:
        """Whose token it is; None when it is unknown, revoked or has had its time."""
        kept = self._tokens.get(hash_of(token))
        at = self._clock()
        if kept is None or (kept.ends is not None and at >= kept.ends):
            return None
        self._used[kept.name] = at
        return Program(name=kept.name, scopes=kept.scopes, by=kept.by)

    def all(self) -> Sequence[ProgramToken]:
        """Every token, by name, used as far as this node knows."""
        seen = ((token, self._used.get(token.name, token.used)) for token in self._tokens.values())
        return sorted((msgspec.structs.replace(token, used=used) for token, used in seen), key=lambda each: each.name)

    async def make(self, name: str, scopes: Iterable[str], *, by: str, ends: datetime | None) -> str:
        """A new token; it is shown this once. ``BadInput`` for its name or scopes; ``Refused`` ('token_exists')."""
        name, wanted = name.strip(), tuple(scope for scope in SCOPES if scope in set(scopes))
        if not 1 <= len(name) <= 60 or not name.isprintable():
            raise BadInput("이름은 1~60자입니다. / A name has 1 to 60 characters.", code="bad_name")
        if not wanted:
            raise BadInput("할 수 있는 일을 하나 이상 고르세요. / Choose what it may do.", code="no_scope")
        token = PREFIX + new_token()
        record = ProgramToken(name=name, token_hash=hash_of(token), scopes=wanted, by=by, made=self._clock(), ends=ends)
        await self._store.put_token(record)
        self._tokens[record.token_hash] = record
        return token

    async def revoke(self, name: str) -> bool:
        """It is of no use from now on. False when there is none of that name."""
        self._tokens = {key: token for key, token in self._tokens.items() if token.name != name}
        return await self._store.drop_token(name)

    async def settle(self) -> None:
        """Now and then: when they were last shown goes into the store."""
        used, self._used = list(self._used.items()), {}
        for name, at in used:
            for key, token in self._tokens.items():
                if token.name == name:
                    self._tokens[key] = msgspec.structs.replace(token, used=at)
        await self._store.touch_tokens(used)
