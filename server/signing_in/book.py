"""Open sessions: in memory for every look-up, in the store so that a restart signs nobody out.

Whoever holds a line open (a WebSocket) waits for :meth:`Book.over` and closes it the moment the session ends, whether
she signed out, somebody revoked it, or it had its time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from core.events import now
from core.store.accounts import AccountsStore, SessionRecord, Way
from server.signing_in.session_rules import addresses_of, hash_of, is_over, new_token, too_many


class Book:
    """One per node."""

    def __init__(
        self, store: AccountsStore, *, longest: timedelta, idle: timedelta, clock: Callable[[], datetime] = now
    ) -> None:
        """``longest``: a session lasts so long; ``idle``: without a sign of life (0 = that does not matter)."""
        self._store = store
        self._longest = longest
        self._idle = idle
        self._clock = clock
        self._sessions: dict[str, SessionRecord] = {}
        self._seen: dict[str, datetime] = {}
        """Signs of life that the store has not heard of yet."""
        self._over: dict[str, asyncio.Event] = {}
        self._ended: set[str] = set()
        """Those that ended since the store was last read."""

    async def load(self) -> None:
        """As the store has it; those that it no longer has are over. What opens or ends here meanwhile is newer."""
        known, ended = set(self._sessions), set[str]()
        self._ended = ended
        kept = {session.token_hash: session for session in await self._store.sessions()}
        self._forget(known - kept.keys())
        for key, session in kept.items():
            if key not in ended:
                self._sessions.setdefault(key, session)

    def find(self, token: str) -> SessionRecord | None:
        """The living session of that cookie, which is hereby heard of."""
        key = hash_of(token)
        session = self._sessions.get(key)
        if session is None:
            return None
        at = self._clock()
        if is_over(self._as_seen(session), at, self._idle):
            return None
        self._seen[key] = at
        return session

    def over(self, token: str) -> asyncio.Event:
        """Set when that session ends, or at once when there is none."""
        key = hash_of(token)
        event = self._over.setdefault(key, asyncio.Event()) if key in self._sessions else asyncio.Event()
        if key not in self._sessions:
            event.set()
        return event

    def living(self, account_id: str = "") -> Sequence[SessionRecord]:
        """All that hold now, of one account where given, the newest first."""
        at = self._clock()
        seen = [self._as_seen(each) for each in self._sessions.values() if account_id in ("", each.account_id)]
        return sorted((s for s in seen if not is_over(s, at, self._idle)), key=lambda s: s.made, reverse=True)

    def ended(self) -> Sequence[SessionRecord]:
        """Those that have had their time, and are not closed yet."""
        at = self._clock()
        return [each for each in self._sessions.values() if is_over(self._as_seen(each), at, self._idle)]

    def addresses(self, account_id: str) -> frozenset[str]:
        """From where she is signed in."""
        return addresses_of(self._sessions.values(), account_id)

    async def open(
        self,
        account_id: str,
        *,
        address: str,
        browser: str,
        way: Way,
        provider_session: str = "",
        id_token_sealed: bytes = b"",
    ) -> str:
        """A new session; the token for its cookie."""
        token, at = new_token(), self._clock()
        session = SessionRecord(
            token_hash=hash_of(token),
            account_id=account_id,
            made=at,
            seen=at,
            ends=at + self._longest,
            address=address,
            browser=browser,
            way=way,
            provider_session=provider_session,
            id_token_sealed=id_token_sealed,
        )
        await self._store.put_session(session)
        self._sessions[session.token_hash] = session
        await self.close(each.token_hash for each in too_many(list(self._sessions.values()), account_id))
        return token

    async def close(self, token_hashes: Iterable[str]) -> None:
        """These are over, at once here and, with the store, everywhere."""
        gone = list(token_hashes)
        self._forget(gone)
        await self._store.drop_sessions(gone)

    async def seat(self, account_id: str, extension: str) -> None:
        """She sits at that telephone ('' = at her own, or none): a restarted node seats her there again."""
        moved = [
            replace(self._as_seen(s), extension=extension)
            for s in self._sessions.values()
            if s.account_id == account_id
        ]
        self._sessions.update({session.token_hash: session for session in moved})
        await self._store.touch_sessions(moved)

    def seats(self) -> dict[str, str]:
        """Telephone by account, of those who chose one."""
        return {session.account_id: session.extension for session in reversed(self.living()) if session.extension}

    async def settle(self) -> None:
        """Now and then: what was heard of goes into the store."""
        heard = [self._as_seen(self._sessions[key]) for key in self._seen if key in self._sessions]
        self._seen.clear()
        self._sessions.update({session.token_hash: session for session in heard})
        await self._store.touch_sessions(heard)

    def _as_seen(self, session: SessionRecord) -> SessionRecord:
        seen = self._seen.get(session.token_hash)
        return session if seen is None else replace(session, seen=seen)

    def _forget(self, token_hashes: Iterable[str]) -> None:
        for key in list(token_hashes):
            self._sessions.pop(key, None)
            self._seen.pop(key, None)
            self._ended.add(key)
            if (event := self._over.pop(key, None)) is not None:
                event.set()
