"""Sign-in by OpenID Connect against a real provider process (oidc-provider), over its own forms."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import pytest
from aiohttp import ClientSession

from core.config import AgentConfig
from core.events import now
from server.signing_in import provider as provider_module
from tests.fakes.accounts import MemoryAccounts
from tests.patience import until
from tests.peers.oidc import RealProvider, Visitor
from tests.server.signing_in.site import BOSS, KIM, PASSWORD, Site, site_of

HANEUL = AgentConfig(id="haneul", name="파일 하늘", extension="2107", uri="sip:2107@pbx", roles=("agent", "editor"))


@asynccontextmanager
async def house(
    agents: tuple[AgentConfig, ...] = (KIM, BOSS), *, store: MemoryAccounts | None = None, **oidc: object
) -> AsyncIterator[tuple[Site, RealProvider]]:
    """Our sign-in, and the provider that knows it. The provider's clock is the world's, so ours is too."""
    async with (
        RealProvider() as provider,
        site_of(agents, store=store, clock=now, oidc=provider.config(**oidc)) as site,
    ):
        await provider.start(site.url)
        yield site, provider


async def test_an_account_is_made_at_the_first_sign_in_and_follows_the_provider() -> None:
    async with house() as (site, _provider), Visitor() as haneul:
        answer = await haneul.sign_in(site.url, "haneul", "?next=/records")
        assert (answer.status, answer.headers["Location"]) == (303, "/records")
        assert await haneul.at(f"{site.url}/who") == "haneul"
        account = site.parts.directory.known("haneul")
        assert (account.origin, account.name, account.roles, account.team) == ("oidc", "김하늘", ("agent",), "세무팀")
        assert ("haneul", "granted", "haneul", "made at the first sign-in, agent") in site.parts.audit.deeds()
        assert site.parts.audit.deeds()[-1] == ("haneul", "signed_in", "haneul", "oidc")
        (session,) = site.parts.auth.book.living("haneul")
        assert session.way == "oidc"
        assert session.provider_session
        assert session.id_token_sealed
        again = await haneul.sign_in(site.url, "haneul")
        assert again.status == 303
        assert len([each for each in site.parts.directory.accounts() if each.id == "haneul"]) == 1


async def test_who_has_no_right_here_is_told_so_in_words() -> None:
    async with house() as (site, _provider):
        for login, words in (("gardener", "쓸 권한이"), ("stray", "이 콜센터의 팀이 아닙니다")):
            async with Visitor() as stranger:
                answer = await stranger.sign_in(site.url, login)
                assert (answer.status, words in await answer.text()) == (403, True), login
                assert await stranger.at(f"{site.url}/who") == "None"
        assert site.parts.directory.account("gardener") is None


async def test_a_name_that_is_taken_is_not_given_away_unless_the_city_says_so() -> None:
    async with house((HANEUL,)) as (site, _provider), Visitor() as haneul:
        answer = await haneul.sign_in(site.url, "haneul")
        assert (answer.status, "같은 아이디의 다른 계정" in await answer.text()) == (403, True)
    async with house((HANEUL,), adopt=True) as (site, _provider), Visitor() as haneul:
        assert (await haneul.sign_in(site.url, "haneul")).status == 303
        account = site.parts.directory.known("haneul")
        assert (account.name, account.roles) == ("파일 하늘", ("agent", "editor")), "the file's profile is the file's"
        await site.parts.accounts.lock("haneul", "boss")
        answer = await haneul.sign_in(site.url, "haneul")
        assert (answer.status, "잠겨 있습니다" in await answer.text()) == (403, True)


async def test_keys_change_and_a_forged_or_stale_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_module, "REFRESH_APART_S", 0.0)
    async with house() as (site, provider), Visitor() as haneul:
        assert (await haneul.sign_in(site.url, "haneul")).status == 303
        await provider.change_keys("k2")
        async with Visitor() as bada:
            assert (await bada.sign_in(site.url, "bada")).status == 303, "the new key was fetched"
        for query in ("?code=x&state=forged", "?state=forged", ""):
            page = await haneul.at(f"{site.url}/signin/oidc/return{query}")
            assert "처음부터 다시" in page
        begun = await haneul.browser.get(f"{site.url}/signin/oidc", allow_redirects=False)
        state = begun.url.with_query("").join(type(begun.url)(begun.headers["Location"])).query["state"]
        page = await haneul.at(f"{site.url}/signin/oidc/return?code=never-given&state={state}&iss={provider.issuer}")
        assert "받아들이지 않았습니다" in page
        begun = await haneul.browser.get(f"{site.url}/signin/oidc", allow_redirects=False)
        state = type(begun.url)(begun.headers["Location"]).query["state"]
        assert "그만두었습니다" in await haneul.at(f"{site.url}/signin/oidc/return?error=access_denied&state={state}")


async def test_signing_out_at_the_provider_ends_the_session_here() -> None:
    """She signs out in one browser tab; the provider tells us of the other session of hers (back-channel logout)."""
    async with house() as (site, provider), Visitor() as haneul:
        await haneul.sign_in(site.url, "haneul")
        await haneul.sign_in(site.url, "haneul")
        assert len(site.parts.auth.book.living("haneul")) == 2
        other = await haneul.browser.post(f"{site.url}/signout", headers={"Origin": site.url}, allow_redirects=False)
        onward = onward_of(await other.text())
        assert onward.startswith(f"{provider.issuer}/session/end?")
        assert "id_token_hint=" in onward
        page = await (await haneul.browser.get(onward)).text()
        xsrf = page.split('name="xsrf" value="')[1].split('"')[0]
        await haneul.browser.post(
            f"{provider.issuer}/session/end/confirm", data={"xsrf": xsrf, "logout": "yes"}, allow_redirects=False
        )
        await until(lambda: not site.parts.auth.book.living("haneul"))
        assert await haneul.at(f"{site.url}/who") == "None"
        assert ("minwon", "signed_out", "haneul", "by the provider") in site.parts.audit.deeds()


async def test_a_provider_that_is_down_is_said_and_the_break_glass_account_signs_in() -> None:
    async with house() as (site, provider), Visitor() as haneul:
        await haneul.sign_in(site.url, "haneul")
        await provider.stop()
        site.parts.provider.forget()
        answer = await haneul.browser.get(f"{site.url}/signin/oidc", allow_redirects=False)
        text = await answer.text()
        assert (answer.status, "지금 답하지 않습니다" in text, "비밀번호로" in text) == (503, True, True)
        assert (await site.sign_in("boss", PASSWORD)).status == 303
        assert await haneul.at(f"{site.url}/who") == "haneul", "open sessions go on"
        headers = {"Origin": site.url}
        async with haneul.browser.post(f"{site.url}/signout", headers=headers, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/signin"), "signing out waits for nobody"


async def test_logout_tokens_that_are_none_end_nothing() -> None:
    async with house() as (site, _provider), Visitor() as haneul, ClientSession() as anybody:
        await haneul.sign_in(site.url, "haneul")
        for token in ("", "x.y.z", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJoYW5ldWwifQ."):
            async with anybody.post(f"{site.url}/signin/oidc/ended", data={"logout_token": token}) as answer:
                assert answer.status == 400
        assert site.parts.auth.book.living("haneul")


def onward_of(page: str) -> str:
    """Where the page of the sign-out goes on."""
    return unescape(page.split('<a class="button" href="')[1].split('"')[0])
