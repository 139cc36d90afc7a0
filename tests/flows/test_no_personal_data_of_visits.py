"""What a caller gives on her page is on the desk and in the history, and nowhere else; her secrets are nowhere at all.

A number, form values, a secret number, what she writes, the place of a photograph, link, cookie and code go through a
node; then its log, its measurements, its folder and what its processes are called are searched for them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
import structlog

from core import log
from core.config import AgentConfig, ArsConfig, AssistConfig, Config, LogConfig, NodeConfig, SttConfig, WebConfig
from core.events import FormSent, Party, PhotoReceived, to_json
from core.home import open_home
from server.app import Node
from tests.ars.small import SMALL
from tests.core.pictures.pictures import encoded, exif, halves
from tests.fakes.bridge import ScriptedBridge
from tests.patience import until

pytestmark = pytest.mark.slow

NUMBER = "01000006543"
PIN = "58312749"
WRITTEN = "저는 귀가 어두워서 글로 씁니다 사구칠이"
SOUGHT = "기초생활수급 상담 칠칠사"
PLACE = "한빛대로 4917 옆골목"
ALWAYS = 'opens = "00:00", closes = "23:59:59"'
SECRET_MENU = (
    SMALL.replace("shortest = 4, longest = 4", "shortest = 8, longest = 8")
    .replace('agents = "day"', "")
    .replace('opens = "09:00", closes = "18:00"', ALWAYS)
)


class Page:
    """A browser of hers, without eyes."""

    def __init__(self, http: aiohttp.ClientSession, origin: str) -> None:
        self._http = http
        self._origin = origin
        self.number = 0
        """Of the screen that is shown."""

    async def open(self, path: str) -> None:
        async with self._http.get(self._origin + path) as answer:
            assert answer.status == 200
        self._path = path
        self.socket = await self._http.ws_connect(f"{self._origin}{path}/ws", headers={"Origin": self._origin})
        await self.until("Screen")

    async def until(self, kind: str, **wanted: Any) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while True:
                message: dict[str, Any] = await self.socket.receive_json()
                self.number = message.get("number", self.number)
                if message["type"] == kind and all(message[name] == value for name, value in wanted.items()):
                    return message

    async def say(self, kind: str, **fields: Any) -> None:
        await self.socket.send_str(msgspec.json.encode({"type": kind, **fields}).decode())

    async def photo(self, picture: bytes) -> str:
        where = f"{self._origin}{self._path}/photo?field=picture"
        headers = {"Origin": self._origin, "Content-Type": "image/jpeg", "Accept": "application/json"}
        async with self._http.post(where, data=picture, headers=headers) as answer:
            return str((await answer.json())[0]["photo_id"])

    def cookie(self) -> str:
        return next(cookie.value for cookie in self._http.cookie_jar if cookie.key == "minwon_visit")


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    menu, logged = tmp_path / "menu.toml", tmp_path / "node.log"
    menu.write_text(SECRET_MENU, "utf-8")
    config = Config(
        node=NodeConfig(home=str(tmp_path / "home"), grace_s=0.5),
        web=WebConfig(port=0),
        stt=SttConfig(workers=1),
        assist=AssistConfig(wrap_up_s=1.0),
        ars=ArsConfig(menu=str(menu)),
        agents=(AgentConfig(id="kim", name="김하늘", extension="2107", uri="sip:kim", starts="ready"),),
    )
    with logged.open("w", encoding="utf-8", buffering=1) as file:
        log.setup(LogConfig(level="debug", format="json"), node="n")
        structlog.configure(logger_factory=lambda *_: structlog.WriteLogger(file))
        try:
            async with Node(config, open_home(tmp_path / "home"), bridge=ScriptedBridge()) as node:
                yield node
        finally:  # also where it does not start: whoever logs after us must not find a closed file
            log.setup(LogConfig(level="warning"), node="")


def processes() -> bytes:
    """Command lines and environments of all processes of this machine that we may see."""
    found = [file for name in ("cmdline", "environ") for file in Path("/proc").glob(f"[0-9]*/{name}")]
    return b"".join(_content(file) for file in found)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


async def test_what_a_caller_gives_stays_where_it_belongs(node: Node, tmp_path: Path) -> None:
    visits, bridge, gateway = node.parts.ars.visits, node.bridge, node.parts.gateway
    assert isinstance(bridge, ScriptedBridge)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        call = bridge.ring(Party(number=NUMBER))
        messages: Any = gateway
        await until(lambda: bool(messages.messages))
        link = messages.messages[0].secrets[0]
        token = link.rpartition("/")[2]
        page = Page(http, node.desk_url.rstrip("/"))
        await page.open(f"/v/{token}")
        await page.say("Tap", number=page.number, choice="2")
        await page.until("Screen", id="parking")
        photo_id = await page.photo(encoded(halves(), exif=exif()))
        values = {"where": PLACE, "plate": "74다8391", "picture": photo_id, "agreed": "yes"}
        await page.say("Submit", number=page.number, values=values)
        await page.until("Screen", id="thanks")
        for before in ("parking", "main"):
            await page.say("Tap", number=page.number, choice="#")
            await page.until("Screen", id=before)
        await page.say("Tap", number=page.number, choice="3")
        await page.until("Screen", id="waste")
        visit = visits.of_call(call.call_id)
        assert visit is not None
        visit.state = msgspec.structs.replace(visit.state, moved=None)  # a while ago: her keys cross no tap of hers
        for digit in f"11225{PIN}":
            call.press("caller", digit)
        await page.until("Screen", id="thanks")
        await page.say("Search", query=SOUGHT)
        await page.until("Found")
        web = visits.begin_web("ko")
        visits.link(web)
        code = visits.code(web)
        await page.say("Tap", number=page.number, choice="0")
        await asyncio.wait_for(call.joined.wait(), 20)
        await page.until("Status", phase="talking")
        await page.say("Tap", number=visit.state.number, choice="@captions")
        await page.until("Screen", id="@captions")
        await page.say("Write", text=WRITTEN, mark="w")
        await page.until("Written")
        async with http.get(f"{node.desk_url}metrics") as answer:
            measured = await answer.text()
        cookie = page.cookie()
        running = processes()
        await page.socket.close()
    call.party_hangs_up("caller")
    await until(lambda: node.calls.flow(call.call_id) is None)
    events = await node.store.events(call.call_id)
    told = b"\n".join(to_json(event) for event in events).decode()
    logged = (tmp_path / "node.log").read_text("utf-8")

    assert PLACE in told and WRITTEN in told and "call.started" in logged, "or nothing was looked at"
    assert [e.values[1].value for e in events if isinstance(e, FormSent) and e.screen == "parking"] == ["74다8391"]
    (photo,) = [event for event in events if isinstance(event, PhotoReceived)]
    assert (photo.latitude, photo.longitude) == (None, None)
    personal = (NUMBER, PIN, WRITTEN, SOUGHT, PLACE, "74다8391", token, cookie)
    assert [secret for secret in personal if secret in logged] == []
    assert [secret for secret in personal if secret in measured] == []
    assert [secret for secret in personal if secret.encode() in running] == []
    assert [secret for secret in (PIN, SOUGHT, token, cookie) if secret in told] == []
    assert not re.search(rf"(?<![0-9a-f]){code}(?![0-9a-f])", logged + told)
    files = {file: file.read_bytes() for file in (tmp_path / "home").rglob("*") if file.is_file()}
    secrets = (PIN, SOUGHT, token, cookie, "SecretPhone", "SecretComment")
    assert [(str(file), s) for file, data in files.items() for s in secrets if s.encode() in data] == []
    elsewhere = {file: data for file, data in files.items() if not file.name.startswith(("minwon.sqlite3", "events-"))}
    assert elsewhere
    assert [(str(file), s) for file, data in elsewhere.items() for s in personal if s.encode() in data] == []
