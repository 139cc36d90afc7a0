"""The real identity provider of ``oidc_provider.mjs`` as a process, and somebody who signs in there by its forms."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Self

from aiohttp import ClientResponse, ClientSession, CookieJar

from core.config import OidcConfig
from tests.sip.sipp import free_port

_SCRIPT = Path(__file__).with_name("oidc_provider.mjs")
_READY_S = 30.0


class RealProvider:
    """``async with RealProvider() as provider: await provider.start(site_url)``."""

    def __init__(self) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self._process: asyncio.subprocess.Process | None = None
        self._site = ""

    def config(self, **more: object) -> OidcConfig:
        """How our side is set up."""
        fields: dict[str, object] = {
            "issuer": self.issuer,
            "name": "한빛시 통합인증",
            "client_id": "minwon",
            "client_secret": "a-secret-of-the-test",
            "roles": ("cc-agents=agent", "cc-leads=supervisor"),
            "team_claim": "team",
            "teams": ("cc-tax=세무팀",),
        }
        return OidcConfig(**(fields | more))  # type: ignore[arg-type]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self, site: str, key: str = "k1") -> None:
        """It answers when this returns. Another ``key``: it has changed its keys."""
        self._site = site
        self._process = await asyncio.create_subprocess_exec(
            "node", str(_SCRIPT), str(self.port), site, key, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(_READY_S):
            while b"ready" not in (line := await self._process.stdout.readline()):
                assert line, "the provider did not start: run npm ci"

    async def stop(self) -> None:
        """It is down."""
        if self._process is not None:
            self._process.kill()
            await self._process.communicate()
            self._process = None

    async def change_keys(self, key: str) -> None:
        """As a provider does now and then: what it signs from now on names another key."""
        await self.stop()
        await self.start(self._site, key)


class Visitor:
    """Somebody with a browser of her own, without a screen."""

    def __init__(self) -> None:
        self.browser = ClientSession(cookie_jar=CookieJar(unsafe=True))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.browser.close()

    async def sign_in(self, site: str, login: str, query: str = "") -> ClientResponse:
        """From our page to the provider's, through its forms and back: our last answer."""
        answer = await self.browser.get(f"{site}/signin/oidc{query}", allow_redirects=False)
        for _ in range(12):
            here = str(answer.url)
            if answer.status in (302, 303):
                there = str(answer.url.join(type(answer.url)(answer.headers["Location"])))
                if here.startswith(f"{site}/signin/oidc/return"):
                    return answer
                answer = await self.browser.get(there, allow_redirects=False)
            elif here.startswith(site):
                return answer
            else:
                page = await answer.text()
                form = re.search(r'<form[^>]*action="([^"]+)"', page)
                prompt = re.search(r'name="prompt" value="(\w+)"', page)
                assert form and prompt, page[:500]
                data = {"prompt": prompt[1], **({"login": login, "password": "x"} if prompt[1] == "login" else {})}
                answer = await self.browser.post(
                    answer.url.join(type(answer.url)(form[1])), data=data, allow_redirects=False
                )
        raise AssertionError("it never came back")

    async def at(self, url: str) -> str:
        """What is read there."""
        async with self.browser.get(url, allow_redirects=False) as answer:
            return await answer.text()
