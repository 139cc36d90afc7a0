"""Accounts, sessions, second factors, and tokens of programs. In SQLite or PostgreSQL."""

from __future__ import annotations

import typing
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec
import sqlalchemy as sa

from core.errors import Refused
from core.store.accounts import Account, Credentials, ProgramToken, SessionRecord
from core.store.database import Database
from core.store.schema_accounts import accounts, credentials, sessions, tokens

R = TypeVar("R", bound=msgspec.Struct)

REVISION: Final = "accounts"
"""The revision that counts changes which every node must hear of."""


class SqlAccounts:
    """See ``core.store.accounts.AccountsStore``; ``SqlStore.accounts`` is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def revision(self) -> int:
        """See ``AccountsStore``."""
        async with self._database.reading() as connection:
            return await self._database.revision(connection, REVISION)

    async def accounts(self) -> list[Account]:
        """See ``AccountsStore``."""
        return await self._all(Account, sa.select(accounts).order_by(accounts.c.id))

    async def put_account(self, account: Account) -> None:
        """See ``AccountsStore``."""
        await self._change(self._database.upsert(accounts, "id"), _row(account))

    async def credentials(self) -> list[Credentials]:
        """See ``AccountsStore``."""
        return await self._all(Credentials, sa.select(credentials).order_by(credentials.c.account_id))

    async def put_credentials(self, record: Credentials) -> None:
        """See ``AccountsStore``."""
        await self._change(self._database.upsert(credentials, "account_id"), _row(record))

    async def use_step(self, account_id: str, step: int) -> bool:
        """See ``AccountsStore``."""
        hers = sa.and_(credentials.c.account_id == account_id, credentials.c.totp_step < step)
        return await self._change(sa.update(credentials).where(hers).values(totp_step=step))

    async def use_recovery(self, account_id: str, code_hash: str) -> bool:
        """See ``AccountsStore``."""
        hers = credentials.c.account_id == account_id
        async with self._database.writing() as connection:
            found = await connection.execute(sa.select(credentials.c.recovery).where(hers).with_for_update())
            left = msgspec.json.decode(found.scalar() or "[]", type=list[str])
            if code_hash not in left:
                return False
            left.remove(code_hash)
            await connection.execute(
                sa.update(credentials).where(hers).values(recovery=msgspec.json.encode(left).decode())
            )
            await self._database.count_up(connection, REVISION)
            return True

    async def signed_in(self, account_id: str, at: datetime) -> None:
        """See ``AccountsStore``."""
        async with self._database.writing() as connection:
            hers = credentials.c.account_id == account_id
            await connection.execute(sa.update(credentials).where(hers).values(last_sign_in=at))

    async def sessions(self) -> list[SessionRecord]:
        """See ``AccountsStore``."""
        return await self._all(SessionRecord, sa.select(sessions).order_by(sessions.c.made, sessions.c.token_hash))

    async def put_session(self, session: SessionRecord) -> None:
        """See ``AccountsStore``."""
        await self._database.put(sessions, _row(session), "token_hash")

    async def touch_sessions(self, touched: Sequence[SessionRecord]) -> None:
        """See ``AccountsStore``."""
        if touched:
            one = sa.update(sessions).where(sessions.c.token_hash == sa.bindparam("which"))
            changed = one.values(seen=sa.bindparam("when"), extension=sa.bindparam("where"))
            rows = [{"which": each.token_hash, "when": each.seen, "where": each.extension} for each in touched]
            async with self._database.writing() as connection:
                await self._database.execute_all(connection, changed, rows)

    async def drop_sessions(self, token_hashes: Sequence[str]) -> None:
        """See ``AccountsStore``."""
        if token_hashes:
            await self._change(sa.delete(sessions).where(sessions.c.token_hash.in_(token_hashes)))

    async def tokens(self) -> list[ProgramToken]:
        """See ``AccountsStore``."""
        return await self._all(ProgramToken, sa.select(tokens).order_by(tokens.c.name))

    async def put_token(self, token: ProgramToken) -> None:
        """See ``AccountsStore``."""
        insert = self._database.insert(tokens).values(_row(token)).on_conflict_do_nothing(index_elements=["name"])
        async with self._database.writing() as connection:
            if (await connection.execute(insert.returning(tokens.c.name))).scalar() is None:
                raise Refused("there is a token of that name: revoke it first", code="token_exists")
            await self._database.count_up(connection, REVISION)

    async def touch_tokens(self, used: Sequence[tuple[str, datetime]]) -> None:
        """See ``AccountsStore``."""
        if used:
            one = sa.update(tokens).where(tokens.c.name == sa.bindparam("which")).values(used=sa.bindparam("when"))
            async with self._database.writing() as connection:
                await self._database.execute_all(
                    connection, one, [{"which": name, "when": when} for name, when in used]
                )

    async def drop_token(self, name: str) -> bool:
        """See ``AccountsStore``."""
        return await self._change(sa.delete(tokens).where(tokens.c.name == name))

    async def _change(self, statement: Any, row: dict[str, Any] | None = None) -> bool:
        """One change of which every node must hear; whether there was anything to change."""
        async with self._database.writing() as connection:
            done = await connection.execute(statement, row)
            if done.rowcount:
                await self._database.count_up(connection, REVISION)
            return bool(done.rowcount)

    async def _all(self, kind: type[R], query: sa.Select[Any]) -> list[R]:
        async with self._database.reading() as connection:
            return [_record(kind, row._mapping) for row in await connection.execute(query)]


def _row(record: msgspec.Struct) -> dict[str, Any]:
    """Lists as JSON; no NUL, which PostgreSQL has not."""
    return {name: _storable(value) for name, value in msgspec.structs.asdict(record).items()}


def _storable(value: Any) -> Any:
    if isinstance(value, tuple):
        return msgspec.json.encode(value).decode()
    return value.replace("\0", "") if isinstance(value, str) else value


def _record(kind: type[R], row: Any) -> R:
    values = dict(row)
    for field in msgspec.structs.fields(kind):
        if typing.get_origin(field.type) is tuple:
            values[field.name] = msgspec.json.decode(values[field.name], type=field.type)
    return kind(**values)
