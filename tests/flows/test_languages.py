"""A call and its languages: by the line, by the agent in the middle of a sentence, and without a model.

'English' is the bundled Korean model under another name: what counts here is who hears, not what is understood.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from msgspec.structs import replace

from core.audio import FRAME_S, SILENCE
from core.config import AssistConfig, LanguageConfig
from core.events import Party, Speaker
from core.home import open_home
from models import shelf
from server.app import Node
from tests.fakes.bridge import ScriptedBridge, ScriptedCall
from tests.flows.spoken import spoken
from tests.flows.test_call_to_desk import SENTENCE, WAITS_S, Running, a_config, talk, until

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> AsyncIterator[Running]:
    """One node for all tests here, the agent signed in."""
    home = tmp_path_factory.mktemp("home")
    bridge = ScriptedBridge()
    languages = (
        LanguageConfig(language="en", model=str(shelf.find().path), lines=("1120",)),
        LanguageConfig(language="zh", model="vosk-model-small-cn-0.22"),
    )
    config = replace(a_config(home, password_hash), assist=AssistConfig(wrap_up_s=0), languages=languages)
    async with (
        Node(config, open_home(home), bridge=bridge) as node,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        running = Running(node, bridge, browser)
        await running.sign_in()
        yield running


async def say(call: ScriptedCall, speaker: Speaker, text: str) -> None:
    """Faster than people speak."""
    await call.say(speaker, spoken(text) + SILENCE * 40, pace_s=FRAME_S / 3)


async def choose(running: Running, call_id: str, language: str) -> int:
    origin = running.node.desk_url.rstrip("/")
    address = f"{origin}/desk/api/calls/{call_id}/language"
    async with running.browser.post(address, json={"language": language}, headers={"Origin": origin}) as answer:
        return answer.status


async def test_the_agent_turns_the_call_in_the_middle_of_a_sentence(running: Running) -> None:
    """The sentence is whole, by the other model; without a model there are no words, and the next turn brings them."""
    async with running.socket() as socket:
        hello = await until(socket, "Hello")
        assert [(one["language"], one["heard"]) for one in hello["languages"]] == [
            ("ko", True),
            ("en", True),
            ("zh", False),
        ]
        call = await running.call()
        talking = asyncio.create_task(talk(call, "caller", spoken(SENTENCE)))
        while not (await until(socket, "TranscriptPartial", language="ko"))["text"].startswith("대형"):
            pass
        assert await choose(running, call.call_id, "en") == 204
        told = await until(socket, "LanguageChanged")
        assert (told["language"], told["heard"], told["by"], told["model"]) == ("en", True, "agent", "ko-hanbit")
        assert (await until(socket, "TranscriptPartial", language="en"))["utterance"] == "caller-1"
        final = await until(socket, "TranscriptFinal")
        assert (final["utterance"], final["language"]) == ("caller-1", "en")
        assert final["text"].startswith("대형 폐기물")
        await talking

        assert await choose(running, call.call_id, "zh") == 204
        assert (await until(socket, "LanguageChanged"))["heard"] is False
        await say(call, "caller", "네 맞아요")
        assert await choose(running, call.call_id, "fr") == 409
        assert await choose(running, call.call_id, "ko") == 204
        await until(socket, "LanguageChanged", language="ko")
        await say(call, "agent", "무엇을 도와 드릴까요")
        final = await until(socket, "TranscriptFinal")
        assert (final["utterance"], final["language"]) == ("agent-1", "ko")
        call.party_hangs_up("caller")
        await until(socket, "CallEnded")
    events = await running.node.calls.history(call.call_id, 0)
    finals = [event for event in events if type(event).__name__ == "TranscriptFinal"]
    assert len(finals) == 2, "nothing was written down in the language without a model"


async def test_a_line_of_its_own(running: Running) -> None:
    """The first word is heard by that line's model; readiness tells which language has none."""
    async with running.browser.get(f"{running.node.desk_url}readyz") as answer:
        ready: dict[str, Any] = await answer.json()
    assert ready["ready"] is True
    assert list(ready["notes"]) == ["language zh"]
    async with running.socket() as socket:
        call = running.bridge.ring(Party(number="01000000001"), called="1120")
        await asyncio.wait_for(call.joined.wait(), WAITS_S)
        await say(call, "caller", "여보세요")
        final = await until(socket, "TranscriptFinal")
        assert (final["text"], final["language"]) == ("여보세요", "en")
    told = [event for event in await running.node.calls.history(call.call_id, 0) if hasattr(event, "language")]
    assert [(event.language, getattr(event, "by", "")) for event in told] == [("en", "line"), ("en", "")]
