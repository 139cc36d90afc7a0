"""Sign-in over real HTTP: passwords, invitations, lock-out, sessions over a restart."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from core.config import SignInConfig
from server.signing_in.codes import invitation_code
from server.signing_in.lock_out import OF_ONE
from server.signing_in.passwords import outdated
from tests.fakes.accounts import MemoryAccounts
from tests.server.signing_in.site import BOSS, KIM, PASSWORD, Site, site_of


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with site_of() as site:
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
    kept = site.cookie
    await site.post("/signout")
    site.take(kept)
    assert await site.who() == "None", "the session is over on our side, not only in the browser"
    assert site.parts.audit.deeds() == [
        ("kim", "signed_in", "kim", "password"),
        ("kim", "signed_out", "kim", ""),
    ]


async def test_behind_tls_the_cookie_is_secure() -> None:
    async with site_of(secure_cookie=True) as site:
        assert "Secure" in (await site.sign_in()).headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("account_id", "password"), [("kim", "wrong-2107"), ("nobody", PASSWORD), ("new", ""), ("", "")]
)
async def test_a_wrong_password_is_told_in_words_that_do_not_tell_who_exists(
    site: Site, account_id: str, password: str
) -> None:
    answer = await site.sign_in(account_id, password)
    text = await answer.text()
    assert answer.status == 401
    assert "아이디나 비밀번호가 맞지 않습니다" in text
    assert "Set-Cookie" not in answer.headers
    assert password not in text or not password
    (noted,) = site.parts.audit.deeds()
    assert noted[1:] == ("tried", account_id if account_id in ("kim", "new") else "unknown", "wrong password")


async def test_guessing_is_slowed_down_with_a_clear_message(site: Site) -> None:
    for _ in range(OF_ONE.free):
        assert (await site.sign_in(password="wrong-2107")).status == 401
    answer = await site.sign_in()
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "60"
    assert "1분 뒤에 다시" in await answer.text()
    assert site.parts.audit.deeds()[-1] == ("kim", "tried", "kim", "locked out for a while")
    site.clock.on(seconds=60)
    assert (await site.sign_in(password="wrong-2107")).status == 401
    assert (await site.sign_in()).headers["Retry-After"] == "120", "the wait grows"
    await site.parts.accounts.unlock("kim", "boss")
    assert (await site.sign_in()).status == 303


async def test_many_tries_at_once_are_many_tries(site: Site) -> None:
    answers = await asyncio.gather(*(site.sign_in(password=f"wrong-{n}") for n in range(OF_ONE.free * 2)))
    assert sorted(answer.status for answer in answers) == [401] * OF_ONE.free + [429] * OF_ONE.free


async def test_a_session_ends_after_its_hours_or_in_silence(site: Site) -> None:
    await site.sign_in()
    site.clock.on(minutes=59)
    assert await site.who() == "kim"
    site.clock.on(minutes=1)
    assert await site.who() == "None"
    async with site_of(idle_minutes=10) as quiet:
        await quiet.sign_in()
        for _ in range(3):
            quiet.clock.on(minutes=9)
            assert await quiet.who() == "kim"
        quiet.clock.on(minutes=10)
        assert await quiet.who() == "None"


async def test_a_restarted_node_signs_nobody_out(site: Site) -> None:
    await site.sign_in()
    assert site.cookie not in str(await site.parts.store.sessions())
    async with site_of(store=site.parts.store, clock=site.clock) as again:
        again.take(site.cookie)
        assert await again.who() == "kim"
    async with site_of([BOSS], store=site.parts.store, clock=site.clock) as without:
        without.take(site.cookie)
        assert await without.who() == "None", "her account is gone from the file"


async def test_an_old_hash_of_the_file_is_renewed_and_another_in_the_file_wins() -> None:
    store = MemoryAccounts()
    async with site_of(store=store) as site:
        assert outdated(site.parts.directory.password_hash("kim"))
        assert (await site.sign_in()).status == 303
        assert not outdated(site.parts.directory.password_hash("kim"))
    async with site_of(store=store) as site:
        assert not outdated(site.parts.directory.password_hash("kim")), "kept over a restart"
    other = replace(KIM, password_hash=BOSS.password_hash)
    async with site_of([other], store=store) as site:
        assert site.parts.directory.password_hash("kim") == BOSS.password_hash


async def test_locked_and_disabled_accounts_are_told_so_after_the_right_password_alone(site: Site) -> None:
    await site.sign_in()
    await site.parts.accounts.lock("kim", "boss")
    assert await site.who() == "None", "her sessions end with it"
    answer = await site.sign_in()
    assert (answer.status, "잠겨 있습니다" in await answer.text()) == (403, True)
    answer = await site.sign_in(password="wrong-2107")
    assert "잠겨" not in await answer.text()
    await site.parts.accounts.unlock("kim", "boss")
    assert (await site.sign_in()).status == 303


async def test_where_only_administrators_have_passwords() -> None:
    async with site_of(config=SignInConfig(local="admins")) as site:
        assert (await site.sign_in("kim")).status == 403
        assert (await site.sign_in("boss")).status == 303


async def test_a_first_password_by_a_one_time_code(site: Site) -> None:
    code = await site.parts.accounts.invite("new", "boss")
    wrong = await site.post("/signin/invitation", id="new", code=invitation_code())
    assert (wrong.status, "관리자에게 새 코드" in await wrong.text()) == (401, True)
    answer = await site.post("/signin/invitation", id="new", code=code.upper())
    assert (answer.status, answer.headers["Location"]) == (303, "/signin/password")
    assert "10자 이상" in await site.page("/signin/password")
    assert (await site.post("/signin/password", password="짧다", again="짧다")).status == 400
    differ = await site.post("/signin/password", password="봄여름가을겨울-2026", again="봄여름가을겨울-2027")
    assert "서로 다릅니다" in await differ.text()
    assert (
        await site.post("/signin/password", password="봄여름가을겨울-2026", again="봄여름가을겨울-2026")
    ).status == 303
    assert await site.who() == "new"
    await site.post("/signout")
    assert (await site.post("/signin/invitation", id="new", code=code)).status == 401, "it is used up"
    assert (await site.sign_in("new", "봄여름가을겨울-2026")).status == 303


async def test_an_invitation_ends(site: Site) -> None:
    code = await site.parts.accounts.invite("new", "boss")
    site.clock.on(hours=72)
    assert (await site.post("/signin/invitation", id="new", code=code)).status == 401


@pytest.mark.parametrize("path", ["/signin/code", "/signin/password", "/signin/second", "/signin/second/qr.svg"])
async def test_who_has_not_come_so_far_begins_at_the_beginning(site: Site, path: str) -> None:
    async with site.browser.get(path, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/signin")


async def test_a_big_screen_shows_its_token_once(site: Site) -> None:
    good = await site.parts.accounts.make_token("screen", ["wallboard"], days=None, by="boss")
    other = await site.parts.accounts.make_token("portal", ["records:read"], days=30, by="boss")
    for token, status in ((other, 401), ("mw_nonsense", 401), (good, 303)):
        async with site.browser.get(
            f"/signin/wallboard?token={token}&next=/wallboard", allow_redirects=False
        ) as answer:
            assert answer.status == status
    assert answer.headers["Location"] == "/wallboard"


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


async def test_the_demo_fills_its_own_account_in_and_says_so() -> None:
    async with site_of(prefill=("kim", PASSWORD)) as site:
        async with site.browser.get("/signin") as answer:
            text = await answer.text()
        assert "체험용입니다" in text
        assert re.search(rf'name="password"[^>]*value="{PASSWORD}"', text)
    async with site_of() as site, site.browser.get("/signin") as answer:
        assert "체험용" not in await answer.text()


async def test_what_was_typed_as_a_name_never_reaches_the_log(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    await site.sign_in("my-secret-password", "x")
    said = capsys.readouterr()
    assert "my-secret-password" not in said.out + said.err
