"""The whole house behind the lab's city exchange: exchange, our front, a node as the engineer runs it, the desks' API.

exchange ── trunk ──> front (Kamailio) ──> SIP worker of the node; its calls to phones go back the same way.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Self

import aiohttp

from core.config import Config, FrontConfig, SipConfig
from core.home import open_home
from server.exchange.front import front_of, write
from server.exchange.kamailio import Kamailio
from server.knowledge import import_file
from server.signing_in.passwords import hash_password
from tests.flows.node_process import NodeProcess
from tests.lab.exchange import HOTLINE, CityExchange, city_exchange
from tests.sip.sipp import HOST, free_port

PASSWORD = "한빛시 상담석 열쇠"
KIM, BOSS, WASTE, PASSPORTS = "2101", "2105", "2301", "2302"
"""Extensions at the exchange: an agent, a supervisor, two departments."""
_CARDS = f"""id,제목,담당부서,전화번호
waste,대형폐기물 배출,자원순환과,{WASTE}
passport,여권 발급,민원여권과,{PASSPORTS}
"""
_SITE = """
[node]
grace_s = 1.0
[web]
port = 0
[sip]
host = "{host}"
port = 0
rtp_port = 0
workers = 1
trunks = []
fronts = ["{host}"]
proxy = "sip:{host}:{front};lr"
outbound = "sip:{{number}}@{exchange}"
ring_timeout_s = 4.0
[stt]
workers = 1
[assist]
wrap_up_s = 0.5
[[agents]]
id = "kim"
name = "김하늘"
extension = "{kim}"
uri = "sip:{kim}@{exchange}"
password_hash = "{password_hash}"
starts = "ready"
[[agents]]
id = "boss"
name = "이바다"
extension = "{boss}"
uri = "sip:{boss}@{exchange}"
password_hash = "{password_hash}"
roles = ["supervisor"]
"""


class House:
    """What runs."""

    def __init__(self, exchange: CityExchange, node: NodeProcess) -> None:
        self.exchange = exchange
        self.node = node


class Desk:
    """A browser that is signed in. ``Desk(node, "kim")``."""

    def __init__(self, node: NodeProcess, agent: str) -> None:
        self._origin = node.desk
        self._agent = agent
        self._browser = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Self:
        form = {"id": self._agent, "password": PASSWORD, "next": "/desk"}
        async with self._browser.post(f"{self._origin}/signin", data=form, headers=self._headers) as answer:
            assert answer.url.path == "/desk", await answer.text()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._browser.close()

    async def get(self, path: str) -> Any:
        """What the API answers."""
        async with self._browser.get(f"{self._origin}/desk/api/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path: str, content: Mapping[str, Any], *, room: str = "desk") -> None:
        """It must be taken."""
        url = f"{self._origin}/{room}/api/{path}"
        async with self._browser.post(url, json=content, headers=self._headers) as answer:
            assert answer.status == 204, await answer.text()

    @property
    def _headers(self) -> dict[str, str]:
        return {"Origin": self._origin}


@asynccontextmanager
async def whole_house(folder: Path, *, host: str = HOST) -> AsyncIterator[House]:
    """Everything but the phones, at an address of this machine."""
    port = free_port()
    async with AsyncExitStack() as stack:
        exchange = await stack.enter_async_context(
            city_exchange(folder / "exchange", trunks={HOTLINE: f"{host}:{port}"}, host=host)
        )
        settings = folder / "minwon.toml"
        settings.write_text(
            _SITE.format(
                host=host,
                front=port,
                exchange=exchange.address,
                kim=KIM,
                boss=BOSS,
                password_hash=hash_password(PASSWORD),
            ),
            "utf-8",
        )
        home = folder / "home"
        await _know(folder, home)
        node = await stack.enter_async_context(NodeProcess(settings, home))
        config = Config(sip=SipConfig(trunks=(host,)), front=FrontConfig(host=host, port=port))
        front = front_of(config, folder / "front", workers=node.sip)
        write(front)
        await stack.enter_async_context(Kamailio(front.folder / "kamailio.cfg", (host, port)))
        yield House(exchange, node)


async def _know(folder: Path, home: Path) -> None:
    """Two cards with the departments' telephones."""
    cards = folder / "cards.csv"
    cards.write_text(_CARDS, "utf-8")
    await import_file(cards, Config(), open_home(home))
