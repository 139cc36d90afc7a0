"""A supervisor at the wall of a real node: a call with its words, a note, a state, the call taken over, the big screen.

Everything but the telephone is real; over real SIP the take-over is in ``tests/sip/test_parties.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace

from agent_assist.wall.difference import merged
from core.audit import Note
from core.config import AgentConfig
from core.home import open_home
from server.app import Node
from server.knowledge import sample_entries
from tests import patience
from tests.fakes.bridge import ScriptedBridge
from tests.flows.spoken import spoken
from tests.flows.test_call_to_desk import PASSWORD, Running, a_config, password_hash, talk, until

pytestmark = pytest.mark.slow

__all__ = ["password_hash"]

WAITS_S = 20.0


@pytest.fixture
async def running(tmp_path: Path, password_hash: str) -> AsyncIterator[tuple[Running, Running]]:
    """The agent's browser and the supervisor's."""
    bridge = ScriptedBridge()
    config = a_config(tmp_path, password_hash)
    boss = AgentConfig(
        id="boss",
        name="최책임",
        extension="2000",
        uri="sip:boss",
        password_hash=password_hash,
        roles=("supervisor", "admin"),
    )
    async with Node(replace(config, agents=(*config.agents, boss)), open_home(tmp_path), bridge=bridge) as node:
        await node.store.put_entries(sample_entries())
        await node.knowing.reload()
        async with AsyncExitStack() as browsers:
            made = []
            for who in ("kim", "boss"):
                jar = aiohttp.CookieJar(unsafe=True)
                browser = await browsers.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
                origin = node.desk_url.rstrip("/")
                form = {"id": who, "password": PASSWORD, "next": "/desk"}
                async with browser.post(f"{origin}/signin", data=form, headers={"Origin": origin}) as answer:
                    assert answer.url.path == "/desk", await answer.text()
                made.append(Running(node, bridge, browser))
            yield made[0], made[1]


class Wall:
    """The supervisor's page."""

    def __init__(self, running: Running, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.origin = running.node.desk_url.rstrip("/")
        self.browser = running.browser
        self.socket = socket
        self.picture: Any = {}

    async def until(self, true: Any) -> None:
        """Messages until that is so of the picture."""
        async with asyncio.timeout(WAITS_S):
            while not (self.picture and true(self.picture)):
                message = await self.socket.receive_json()
                if message["type"] == "WallPicture":
                    self.picture = message["picture"]
                elif message["type"] == "WallDifference":
                    self.picture = merged(self.picture, message["patch"])

    async def post(self, path: str, content: Any) -> int:
        """What she does; the status."""
        headers = {"Origin": self.origin}
        async with self.browser.post(f"{self.origin}/wall/api/{path}", json=content, headers=headers) as answer:
            return answer.status


async def test_a_supervisor_at_the_wall(running: tuple[Running, Running]) -> None:
    """One node for all of it: it takes seconds to start."""
    agents, boss = running
    await an_agent_has_no_wall_and_says_why_she_is_away(agents)
    await the_big_screen_comes_by_its_token(boss.node)
    await she_sees_helps_and_takes_over(agents, boss)


async def she_sees_helps_and_takes_over(agents: Running, boss: Running) -> None:
    node, origin = boss.node, boss.node.desk_url.rstrip("/")
    noted: list[Note] = []
    keep = node.store.audit.note

    async def note(each: Note) -> None:
        noted.append(each)
        await keep(each)

    node.store.audit.note = note  # type: ignore[method-assign]
    async with (
        boss.browser.ws_connect(f"{origin}/wall/ws", headers={"Origin": origin}) as socket,
        agents.socket() as desk,
    ):
        wall = Wall(boss, socket)
        await wall.until(lambda seen: seen["agents"]["kim"].get("state") == "ready")
        assert "boss" not in wall.picture["agents"], "who takes no calls is no agent"
        await until(desk, "Hello")

        call = await agents.call()
        await talk(call, "caller", spoken("대형 폐기물 스티커는 어디에서 사나요"))
        key = call.call_id
        await wall.until(lambda seen: "폐기물" in seen["calls"].get(key, {}).get("words", ""))
        await wall.until(lambda seen: "topic" in seen["calls"][key])
        row = wall.picture["calls"][key]
        assert (row["stage"], row["agent"], row["number"]) == ("talking", "kim", "010····0001")

        assert await wall.post("notes", {"text": "천천히 하세요", "agent": "kim"}) == 200
        told = await until(desk, "NoteSent")
        assert (told["text"], told["by_name"]) == ("천천히 하세요", "최책임")
        await wall.until(lambda seen: seen["agents"]["kim"].get("unseen") == 1)
        path = f"{origin}/desk/api/notes/{told['note_id']}/seen"
        async with agents.browser.post(path, headers={"Origin": origin}) as answer:
            assert answer.status == 204
        await wall.until(lambda seen: "unseen" not in seen["agents"]["kim"])

        assert await wall.post("agents/kim/state", {"state": "away", "reason": "lunch"}) == 409, "she talks"
        assert await wall.post(f"calls/{key}/takeover", {"reason": "언성이 높아져서"}) == 204
        await wall.until(lambda seen: seen["calls"][key].get("agent") == "boss")
        left = await until(desk, "AgentStateChanged", state="wrap_up")
        assert (left["reason"], left["by"]) == ("taken_over", "boss")
        assert "hang_up" not in call.done
        assert wall.picture["agents"].get("boss", {}).get("state", "talking") == "talking"

        await until(desk, "AgentStateChanged", state="ready")
        assert await wall.post("agents/kim/state", {"state": "away", "reason": "lunch"}) == 204
        away = await until(desk, "AgentStateChanged", state="away")
        assert (away["reason"], away["by"]) == ("lunch", "boss")
        call.party_hangs_up("caller")
        await wall.until(lambda seen: key not in seen["calls"])
        await wall.until(lambda seen: seen["house"]["figures"].get("answered") == 1)
        assert await wall.post("agents/kim/state", {"state": "signed_out", "reason": "퇴근"}) == 204
        async with asyncio.timeout(WAITS_S):
            while (last := await desk.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert (last.type, last.data) == (aiohttp.WSMsgType.CLOSE, 4401)
        await wall.until(lambda seen: "present" not in seen["agents"]["kim"])

    deeds = [(each.who, each.deed, each.thing, each.subject) for each in noted if each.who == "boss"]
    assert ("boss", "saw", "wall", "") in deeds
    assert ("boss", "changed", "contact", key) in deeds
    assert ("boss", "changed", "wall", "kim") in deeds
    assert not any("천천히" in each.detail for each in noted)
    await patience.until(lambda: node.calls.flow(key) is None)
    kept = await node.store.events(key)
    joined = [event.agent_id for event in kept if type(event).__name__ == "CallJoined"]  # type: ignore[attr-defined]
    assert joined == ["kim", "boss"]


async def an_agent_has_no_wall_and_says_why_she_is_away(agents: Running) -> None:
    origin = agents.node.desk_url.rstrip("/")
    async with agents.browser.ws_connect(f"{origin}/wall/ws", headers={"Origin": origin}) as socket:
        await socket.receive(WAITS_S)
        assert socket.close_code == 4403
    async with agents.socket() as desk:
        assert (await until(desk, "Hello"))["away_reasons"][0] == "lunch"
        for reason, status in (("lunch", 204), ("낮잠", 400)):
            content = {"state": "away", "reason": reason}
            async with agents.browser.post(
                f"{origin}/desk/api/state", json=content, headers={"Origin": origin}
            ) as answer:
                assert answer.status == status
        assert (await until(desk, "AgentStateChanged", state="away"))["reason"] == "lunch"
        async with agents.browser.post(
            f"{origin}/desk/api/state", json={"state": "ready"}, headers={"Origin": origin}
        ) as answer:
            assert answer.status == 204


async def the_big_screen_comes_by_its_token(node: Node) -> None:
    origin = node.desk_url.rstrip("/")
    token = await node.sign_in.accounts.make_token("hall", ("wallboard",), days=None, by="boss")
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as screen:
        async with screen.ws_connect(f"{origin}/wallboard/ws", headers={"Origin": origin}) as socket:
            await socket.receive(WAITS_S)
            assert socket.close_code == 4401
        async with screen.get(f"{origin}/signin/wallboard?token={token}") as answer:
            assert answer.url.path == "/wallboard", str(answer.url)
        async with screen.ws_connect(f"{origin}/wallboard/ws", headers={"Origin": origin}) as socket:
            board = await socket.receive_json(timeout=WAITS_S)
            assert (board["type"], board["agents"]["ready"]) == ("Board", 1)
        async with screen.get(f"{origin}/wall", allow_redirects=False) as answer:
            assert answer.headers["Location"].startswith("/signin")
