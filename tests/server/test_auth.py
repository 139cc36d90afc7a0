"""Sign-in over real HTTP."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, web

from agent_assist.desk import DeskPages
from server.auth import COOKIE, OF_ONE, WINDOW_S, Auth
from server.passwords import hash_password

PASSWORD = "hanbit-2107"
HASHES = {"kim": hash_password(PASSWORD, cost=(2**8, 8, 1)), "new": ""}


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Site:
    """A server with nothing but the sign-in, and one browser."""

    def __init__(self, auth: Auth, url: str, browser: ClientSession, clock: Clock) -> None:
        self.auth = auth
        self.url = url
        self.browser = browser
        self.clock = clock

    async def sign_in(self, agent_id: str = "kim", password: str = PASSWORD, **form: str) -> ClientResponse:
        return await self.browser.post(
            "/signin",
            data={"id": agent_id, "password": password, **form},
            headers={"Origin": self.url},
            allow_redirects=False,
        )

    async def who(self) -> str:
        async with self.browser.get("/who") as answer:
            return await answer.text()


async def serve(file: Path, **options: object) -> AsyncIterator[Site]:
    clock = Clock()
    auth = Auth(HASHES, DeskPages(), file=file, session_s=3600.0, clock=clock, **options)  # type: ignore[arg-type]

    async def who(request: web.Request) -> web.Response:
        return web.Response(text=str(auth.who(request)))

    app = web.Application()
    auth.setup(app)
    app.router.add_get("/who", who)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as browser:
        yield Site(auth, url, browser, clock)
    await runner.cleanup()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async for site in serve(tmp_path / "sessions.json"):
        yield site


async def test_sign_in_and_out(site: Site) -> None:
    assert await site.who() == "None"
    answer = await site.sign_in(next="/desk")
    assert (answer.status, answer.headers["Location"]) == (303, "/desk")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert await site.who() == "kim"

    kept = site.browser.cookie_jar.filter_cookies(site.browser._base_url)[COOKIE].value  # type: ignore[arg-type]
    await site.browser.post("/signout", headers={"Origin": site.url})
    site.browser.cookie_jar.update_cookies({COOKIE: kept})
    assert await site.who() == "None", "the session is over on our side, not only in the browser"


async def test_behind_tls_the_cookie_is_secure(tmp_path: Path) -> None:
    async for site in serve(tmp_path / "s.json", secure_cookie=True):
        assert "Secure" in (await site.sign_in()).headers["Set-Cookie"]


@pytest.mark.parametrize(("agent_id", "password"), [("kim", "wrong-2107"), ("nobody", PASSWORD), ("new", ""), ("", "")])
async def test_a_wrong_password_is_told_in_words_that_do_not_tell_who_exists(
    site: Site, agent_id: str, password: str
) -> None:
    answer = await site.sign_in(agent_id, password)
    text = await answer.text()
    assert answer.status == 401
    assert "아이디나 비밀번호가 맞지 않습니다" in text
    assert "Set-Cookie" not in answer.headers
    assert password not in text or not password


async def test_guessing_is_slowed_down_with_a_clear_message(site: Site) -> None:
    for _ in range(OF_ONE):
        assert (await site.sign_in(password="wrong-2107")).status == 401
    answer = await site.sign_in()
    assert answer.status == 429
    assert answer.headers["Retry-After"] == str(int(WINDOW_S))
    assert "5분 뒤에 다시" in await answer.text()
    site.clock.now += WINDOW_S
    assert (await site.sign_in()).status == 303


async def test_many_tries_at_once_are_many_tries(site: Site) -> None:
    answers = await asyncio.gather(*(site.sign_in(password=f"wrong-{n}") for n in range(OF_ONE * 2)))
    assert sorted(answer.status for answer in answers) == [401] * OF_ONE + [429] * OF_ONE


async def test_a_session_ends_after_its_hours(site: Site) -> None:
    await site.sign_in()
    site.clock.now += 3599
    assert await site.who() == "kim"
    site.clock.now += 1
    assert await site.who() == "None"


async def test_a_restarted_node_signs_nobody_out(site: Site, tmp_path: Path) -> None:
    answer = await site.sign_in()
    token = answer.cookies[COOKIE].value
    file = tmp_path / "sessions.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert token not in file.read_text()
    async for again in serve(file):
        again.browser.cookie_jar.update_cookies({COOKIE: token})
        assert await again.who() == "kim"


async def test_an_account_that_was_removed_is_out_after_a_restart(site: Site, tmp_path: Path) -> None:
    answer = await site.sign_in()
    auth = Auth({"lee": ""}, DeskPages(), file=tmp_path / "sessions.json", clock=site.clock)
    assert auth._sessions.agent(answer.cookies[COOKIE].value, site.clock()) is None


async def test_a_broken_session_file_means_signing_in_again(tmp_path: Path) -> None:
    file = tmp_path / "sessions.json"
    file.write_text('[{"half":')
    async for site in serve(file):
        assert await site.who() == "None"
        assert (await site.sign_in()).status == 303


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
async def test_other_sites_can_neither_sign_in_nor_out(site: Site, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    for path in ("/signin", "/signout"):
        async with site.browser.post(path, data={"id": "kim", "password": PASSWORD}, headers=headers) as answer:
            assert answer.status == 403
    assert await site.who() == "None"


@pytest.mark.parametrize(
    ("wish", "target"),
    [
        ("/desk", "/desk"),
        ("/desk?x=1", "/desk?x=1"),
        ("", "/desk"),
        ("//evil.example", "/desk"),
        ("/\\evil.example", "/desk"),
        ("\\\\evil.example", "/desk"),
        ("https://evil.example", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("/\t/evil.example", "/desk"),
        ("/desk\r\nSet-Cookie: x=1", "/desk"),
        ("desk", "/desk"),
    ],
)
async def test_next_stays_in_the_house(site: Site, wish: str, target: str) -> None:
    answer = await site.sign_in(next=wish)
    assert answer.headers["Location"] == target


async def test_the_page_keeps_next_and_comes_in_two_languages(site: Site) -> None:
    async with site.browser.get("/signin", params={"next": "/desk?a=1&b=2"}) as answer:
        korean = await answer.text()
    assert '<html lang="ko">' in korean
    assert 'value="/desk?a=1&amp;b=2"' in korean
    assert 'href="/signin?lang=en&amp;next=/desk%3Fa%3D1%26b%3D2"' in korean
    async with site.browser.get("/signin", params={"lang": "en", "next": "/desk?a=1"}) as answer:
        english = await answer.text()
        assert answer.url.query["next"] == "/desk?a=1"
    assert '<html lang="en">' in english
    assert "Sign in to the desk" in english


async def test_who_is_signed_in_goes_straight_on(site: Site) -> None:
    await site.sign_in()
    async with site.browser.get("/signin?next=/desk", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/desk")


async def test_the_demo_fills_its_own_account_in_and_says_so(tmp_path: Path) -> None:
    async for site in serve(tmp_path / "s.json", prefill=("kim", PASSWORD)):
        async with site.browser.get("/signin") as answer:
            text = await answer.text()
        assert "체험용입니다" in text
        assert re.search(rf'name="password"[^>]*value="{PASSWORD}"', text)
    async for site in serve(tmp_path / "s.json"):
        async with site.browser.get("/signin") as answer:
            assert "체험용" not in await answer.text()


async def test_what_was_typed_as_a_name_never_reaches_the_log(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    await site.sign_in("my-secret-password", "x")
    said = capsys.readouterr()
    assert "my-secret-password" not in said.out + said.err
