"""The second factor over real HTTP: set up where a role needs it, asked for, used once."""

from __future__ import annotations

import re

import pytest

from core.config import SignInConfig
from core.keyring import Keyring, new_key
from server.signing_in.pending import LIFE, TRIES
from tests.server.signing_in.site import Site, secret_on, site_of

MUST = SignInConfig(second_factor=("admin",))


async def enrolled(site: Site, account_id: str = "boss") -> tuple[str, list[str]]:
    """She signs in for the first time and sets up what her role needs: her secret and recovery codes."""
    answer = await site.sign_in(account_id)
    assert answer.headers["Location"] == "/signin/second"
    secret = secret_on(await site.page("/signin/second"))
    assert secret_on(await site.page("/signin/second")) == secret, "a reload shows the same"
    async with site.browser.get("/signin/second/qr.svg") as picture:
        assert (picture.content_type, picture.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert await site.who() == "None", "not before the code was shown"
    assert (await site.post("/signin/second", code="000000")).status == 400
    answer = await site.post("/signin/second", code=site.code(secret))
    shown = await answer.text()
    assert await site.who() == account_id
    found = re.search(r"<pre[^>]*>(.*?)</pre>", shown, re.DOTALL)
    assert found
    return secret, found[1].split()


async def test_a_role_that_needs_it_sets_it_up_and_then_is_asked_for_it() -> None:
    async with site_of(config=MUST) as site:
        assert (await site.sign_in("kim")).headers["Location"] == "/desk", "an agent may go without"
        await site.post("/signout")
        secret, _recovery = await enrolled(site)
        await site.post("/signout")
        answer = await site.sign_in("boss", next="/records")
        assert answer.headers["Location"] == "/signin/code"
        assert 'autocomplete="one-time-code"' in await site.page("/signin/code")
        used = await site.post("/signin/code", code=site.code(secret))
        assert (used.status, "이미 쓴 번호" in await used.text()) == (401, True), "the code of the set-up is used up"
        site.clock.on(seconds=30)
        answer = await site.post("/signin/code", code=site.code(secret))
        assert (answer.status, answer.headers["Location"]) == (303, "/records")
        assert await site.who() == "boss"


async def test_a_clock_one_step_off_is_fine_and_an_older_code_than_the_last_is_not() -> None:
    async with site_of(config=MUST) as site:
        secret, _recovery = await enrolled(site)
        await site.post("/signout")
        site.clock.on(seconds=90)
        await site.sign_in("boss")
        assert (await site.post("/signin/code", code=site.code(secret, 1))).status == 303
        await site.post("/signout")
        await site.sign_in("boss")
        assert (await site.post("/signin/code", code=site.code(secret))).status == 401


async def test_a_recovery_code_is_good_once() -> None:
    async with site_of(config=MUST) as site:
        _secret, recovery = await enrolled(site)
        for status in (303, 401):
            await site.post("/signout")
            await site.sign_in("boss")
            assert (await site.post("/signin/code", code=recovery[0].upper())).status == status
        assert len(site.parts.directory.credentials("boss").recovery) == len(recovery) - 1


async def test_wrong_codes_end_the_half_sign_in_and_so_does_time() -> None:
    async with site_of(config=MUST) as site:
        await enrolled(site)
        await site.post("/signout")
        await site.sign_in("boss")
        for _ in range(TRIES):
            assert (await site.post("/signin/code", code="000000")).status == 401
        answer = await site.post("/signin/code", code="000000")
        assert (answer.status, answer.headers["Location"]) == (303, "/signin")
        await site.parts.accounts.unlock("boss", "boss")
        await site.sign_in("boss")
        site.clock.on(seconds=LIFE.total_seconds())
        assert (await site.post("/signin/code", code="000000")).headers["Location"] == "/signin"


async def test_an_invitation_alone_does_not_pass_a_second_factor() -> None:
    async with site_of(config=MUST) as site:
        secret, _recovery = await enrolled(site)
        await site.post("/signout")
        invitation = await site.parts.accounts.invite("boss", "other")
        answer = await site.post("/signin/invitation", id="boss", code=invitation)
        assert answer.headers["Location"] == "/signin/code"
        answer = await site.post("/signin/password", password="봄여름가을겨울-2026", again="봄여름가을겨울-2026")
        assert answer.headers["Location"] == "/signin/code"
        site.clock.on(seconds=30)
        assert (await site.post("/signin/code", code=site.code(secret))).headers["Location"] == "/signin/password"


async def test_an_account_that_is_disabled_half_way_is_not_in() -> None:
    async with site_of(config=MUST) as site:
        secret, _recovery = await enrolled(site)
        await site.post("/signout")
        await site.sign_in("boss")
        await site.parts.accounts.lock("boss", "other")
        site.clock.on(seconds=30)
        assert (await site.post("/signin/code", code=site.code(secret))).headers["Location"] == "/signin"


async def test_without_its_key_nobody_is_let_in_and_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    async with site_of(config=MUST) as site:
        secret, _recovery = await enrolled(site)
        await site.post("/signout")
        await site.sign_in("boss")
        site.parts.second._keyring = Keyring([new_key()])
        site.clock.on(seconds=30)
        answer = await site.post("/signin/code", code=site.code(secret))
        assert (answer.status, "지금은 로그인할 수 없습니다" in await answer.text()) == (503, True)
        assert "master key" in capsys.readouterr().err
        await site.parts.accounts.reset_second("boss", "other")
        assert (await site.sign_in("boss")).headers["Location"] == "/signin/second", "an administrator resets it"
