"""Her own account: password, second factor, sessions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from core.config import SignInConfig
from server.signing_in.auth import COOKIE
from tests.server.signing_in.site import PASSWORD, Site, site_of

NEXT = "봄여름가을겨울-2026"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with site_of() as site:
        await site.sign_in()
        yield site


async def ask(site: Site, method: str, path: str, content: object = None) -> tuple[int, Any]:
    headers = {"Origin": site.url}
    async with site.browser.request(method, f"/account/api/{path}", json=content, headers=headers) as answer:
        return answer.status, await answer.json() if answer.content_type == "application/json" else None


async def elsewhere(site: Site) -> str:
    """She signs in by another browser: its cookie."""
    async with ClientSession(site.url, cookie_jar=CookieJar(unsafe=True)) as other:
        form = {"id": "kim", "password": PASSWORD}
        answer = await other.post("/signin", data=form, headers={"Origin": site.url}, allow_redirects=False)
        return answer.cookies[COOKIE].value


async def test_what_she_sees_of_herself(site: Site) -> None:
    status, me = await ask(site, "GET", "me")
    assert (status, me["id"], me["origin"], me["second"], me["shortest"]) == (
        200, "kim", "file", {"on": False, "recovery": 0}, 10,
    )  # fmt: skip


async def test_a_new_password_ends_her_other_sessions_and_keeps_this_one(site: Site) -> None:
    other = await elsewhere(site)
    assert (await ask(site, "POST", "password", {"old": "wrong", "new": NEXT}))[1]["code"] == "wrong_password"
    assert (await ask(site, "POST", "password", {"old": PASSWORD, "new": "kim"}))[1]["code"] == "too_short"
    assert (await ask(site, "POST", "password", {"old": PASSWORD, "new": NEXT}))[0] == 204
    assert await site.who() == "kim"
    mine = site.cookie
    site.take(other)
    assert await site.who() == "None"
    site.take(mine)
    await site.post("/signout")
    assert (await site.sign_in(password=PASSWORD)).status == 401
    assert (await site.sign_in(password=NEXT)).status == 303


async def test_guessing_the_present_password_is_guessing(site: Site) -> None:
    for _ in range(5):
        assert (await ask(site, "POST", "password", {"old": "wrong", "new": NEXT}))[1]["code"] == "wrong_password"
    assert (await ask(site, "POST", "password", {"old": PASSWORD, "new": NEXT}))[1]["code"] == "limited"


async def test_a_second_factor_of_her_own_wish(site: Site) -> None:
    assert (await ask(site, "GET", "second/qr.svg"))[0] == 409
    _status, begun = await ask(site, "POST", "second")
    assert (await ask(site, "GET", "second/qr.svg"))[0] == 200
    assert (await ask(site, "POST", "second/confirm", {"code": "000000"}))[1]["code"] == "code_wrong"
    status, recovery = await ask(site, "POST", "second/confirm", {"code": site.code(begun["secret"])})
    assert (status, len(recovery["codes"])) == (200, 10)
    assert (await ask(site, "POST", "second"))[1]["code"] == "second_on"
    status, renewed = await ask(site, "POST", "second/recovery", {"old": PASSWORD})
    assert (status, set(renewed["codes"]) & set(recovery["codes"])) == (200, set())
    assert (await ask(site, "POST", "second/drop", {"old": "wrong"}))[0] == 400
    assert (await ask(site, "POST", "second/drop", {"old": PASSWORD}))[0] == 204
    assert not site.parts.directory.credentials("kim").totp_sealed


async def test_who_must_have_one_cannot_drop_it() -> None:
    async with site_of() as site:
        await site.sign_in()
        site.parts.halfway.config = SignInConfig(second_factor=("agent",))
        assert (await ask(site, "POST", "second/drop", {"old": PASSWORD}))[1]["code"] == "must_second"


async def test_her_sessions_and_nobody_elses(site: Site) -> None:
    await elsewhere(site)
    async with ClientSession(site.url, cookie_jar=CookieJar(unsafe=True)) as boss:
        form = {"id": "boss", "password": PASSWORD}
        await boss.post("/signin", data=form, headers={"Origin": site.url}, allow_redirects=False)
    (bosses,) = site.parts.auth.book.living("boss")
    _status, seen = await ask(site, "GET", "sessions")
    assert [each["this"] for each in seen] in ([True, False], [False, True])
    assert "token" not in str(seen)
    assert (await ask(site, "POST", "sessions/revoke", {"id": bosses.id}))[1]["code"] == "no_session"
    other = next(each["id"] for each in seen if not each["this"])
    over = site.parts.auth.book.living("kim")
    assert len(over) == 2
    assert (await ask(site, "POST", "sessions/revoke", {"id": other}))[0] == 204
    assert len(site.parts.auth.book.living("kim")) == 1
    await elsewhere(site)
    assert (await ask(site, "POST", "sessions/revoke", {}))[0] == 204
    assert [each["this"] for each in (await ask(site, "GET", "sessions"))[1]] == [True]


async def test_signed_out_there_is_nothing(site: Site) -> None:
    await site.post("/signout")
    assert (await ask(site, "GET", "me"))[0] == 401
    async with site.browser.get("/account", allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/signin?next=/account"
