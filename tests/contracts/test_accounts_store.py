"""The contract of accounts, sessions and tokens, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from core.errors import Refused
from core.store.accounts import Account, AccountsStore, Credentials, ProgramToken, SessionRecord
from core.store.contract import Store

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KIM = Account(
    id="kim", name="김하늘", extension="2107", uri="sip:2107@pbx", roles=("agent", "owner"), team="세무", made=T0
)
HERS = Credentials(
    account_id="kim",
    password_hash="$argon2id$...",
    password_at=T0,
    totp_sealed=b"\x01\x00\xff",
    recovery=("aa", "bb"),
    invitation_ends=T0,
)


@pytest.fixture
def accounts(store: Store) -> AccountsStore:
    return store.accounts


def session(token_hash: str, account_id: str = "kim", **more: object) -> SessionRecord:
    fields: dict[str, object] = {"made": T0, "seen": T0, "ends": T0 + timedelta(hours=12)}
    return SessionRecord(token_hash=token_hash, account_id=account_id, **(fields | more))  # type: ignore[arg-type]


async def test_what_is_put_comes_back_and_is_replaced(accounts: AccountsStore) -> None:
    lee = Account(id="lee", origin="oidc", name="이바다\0", queues=("tax",), starts="ready", disabled=True, made=T0)
    for account in (lee, KIM):
        await accounts.put_account(account)
    assert await accounts.accounts() == [KIM, replace(lee, name="이바다")]
    await accounts.put_account(replace(KIM, roles=("admin",), team=""))
    assert (await accounts.accounts())[0] == replace(KIM, roles=("admin",), team="")
    await accounts.put_credentials(HERS)
    await accounts.put_credentials(replace(HERS, locked=True, forgiven=T0))
    assert await accounts.credentials() == [replace(HERS, locked=True, forgiven=T0)]


async def test_every_change_that_others_must_hear_of_is_counted(accounts: AccountsStore) -> None:
    assert await accounts.revision() == 0
    await accounts.put_account(KIM)
    await accounts.put_credentials(HERS)
    await accounts.put_token(ProgramToken(name="map", token_hash="h", scopes=(), by="kim", made=T0))
    await accounts.put_session(session("a"))
    counted = await accounts.revision()
    assert counted == 3
    await accounts.signed_in("kim", T0)
    await accounts.touch_sessions([session("a", seen=T0 + timedelta(minutes=1))])
    await accounts.touch_tokens([("map", T0)])
    assert await accounts.revision() == counted
    await accounts.drop_sessions(["a"])
    await accounts.drop_token("map")
    assert await accounts.revision() == counted + 2
    await accounts.drop_sessions(["a"])
    assert await accounts.revision() == counted + 2, "nothing was changed"


async def test_a_code_is_used_once_whoever_asks(accounts: AccountsStore) -> None:
    await accounts.put_credentials(HERS)
    told = await asyncio.gather(*(accounts.use_step("kim", 100) for _ in range(4)))
    assert sorted(told) == [False, False, False, True]
    assert not await accounts.use_step("kim", 99), "older ones are used up with it"
    assert await accounts.use_step("kim", 101)
    assert not await accounts.use_step("nobody", 1)


async def test_a_recovery_code_is_used_once(accounts: AccountsStore) -> None:
    await accounts.put_credentials(HERS)
    told = await asyncio.gather(*(accounts.use_recovery("kim", "aa") for _ in range(3)))
    assert sorted(told) == [False, False, True]
    assert not await accounts.use_recovery("kim", "cc")
    assert not await accounts.use_recovery("nobody", "bb")
    assert (await accounts.credentials())[0].recovery == ("bb",)


async def test_sessions_oldest_first_and_what_was_taken_away_stays_away(accounts: AccountsStore) -> None:
    late = session("b", made=T0 + timedelta(minutes=5), way="oidc", provider_session="s", id_token_sealed=b"\x00")
    for each in (late, session("a")):
        await accounts.put_session(each)
    assert [each.token_hash for each in await accounts.sessions()] == ["a", "b"]
    await accounts.drop_sessions(["a"])
    seen = T0 + timedelta(minutes=9)
    await accounts.touch_sessions([session("a", seen=seen), replace(late, seen=seen, extension="2155")])
    assert await accounts.sessions() == [replace(late, seen=seen, extension="2155")]


async def test_tokens_have_a_name_of_their_own(accounts: AccountsStore) -> None:
    token = ProgramToken(
        name="map", token_hash="h", scopes=("records:read", "wallboard"), by="kim", made=T0, ends=T0 + timedelta(days=9)
    )
    await accounts.put_token(token)
    with pytest.raises(Refused, match="revoke it first"):
        await accounts.put_token(replace(token, token_hash="other"))
    await accounts.touch_tokens([("map", T0), ("gone", T0)])
    assert await accounts.tokens() == [replace(token, used=T0)]
    assert await accounts.drop_token("map")
    assert not await accounts.drop_token("map")


async def test_when_she_signed_in_last(accounts: AccountsStore) -> None:
    await accounts.put_credentials(HERS)
    await accounts.signed_in("kim", T0 + timedelta(hours=1))
    assert (await accounts.credentials())[0].last_sign_in == T0 + timedelta(hours=1)
