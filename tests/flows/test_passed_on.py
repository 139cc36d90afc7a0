"""An agent at any desk passes her caller on to a card's department: its words go on, and the history shows the path.

Everything but the telephone is real; over real SIP it is in ``tests/sip/test_passed_on.py``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace

from core.audio import SILENCE
from core.config import SipConfig
from core.home import open_home
from server.app import Node
from server.knowledge import sample_entries
from tests import patience
from tests.fakes.bridge import ScriptedBridge
from tests.flows.spoken import spoken
from tests.flows.test_call_to_desk import PASSWORD, Running, a_config, password_hash, talk, until

pytestmark = pytest.mark.slow

__all__ = ["password_hash"]

SIP = SipConfig(
    outbound="sip:{number}@pbx",
    outbound_numbers="0[0-9]{8,10}",
    phone="sip:{extension}@pbx",
    extensions="21[0-9]{2}",
    ring_timeout_s=1.0,
)


@pytest.fixture
async def running(tmp_path: Path, password_hash: str) -> AsyncIterator[Running]:
    bridge = ScriptedBridge()
    config = replace(a_config(tmp_path, password_hash), sip=SIP)
    async with Node(config, open_home(tmp_path), bridge=bridge) as node:
        await node.store.put_entries(sample_entries())
        await node.knowing.reload()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            yield Running(node, bridge, browser)


async def asked(running: Running, path: str, content: Any = None, *, status: int = 204) -> Any:
    """What the desk's API answers."""
    origin = running.node.desk_url.rstrip("/")
    how: dict[str, Any] = {"headers": {"Origin": origin}}
    request = running.browser.get if content is None else running.browser.post
    if content is not None:
        how["json"] = content
    async with request(f"{origin}/desk/api/{path}", **how) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json() if status != 204 else None


async def test_from_the_desk_with_an_extension_to_the_department_of_a_card(running: Running) -> None:
    origin = running.node.desk_url.rstrip("/")
    form = {"id": "kim", "password": PASSWORD, "extension": "2155", "next": "/desk"}
    async with running.browser.post(f"{origin}/signin", data=form, headers={"Origin": origin}) as answer:
        assert answer.url.path == "/desk"
    card = next(entry for entry in sample_entries() if entry.phone and entry.department)
    async with running.socket() as socket:
        hello = await until(socket, "Hello")
        assert (hello["hot_desk"], hello["agent"]["extension"]) == (True, "2155")
        call = await running.call()
        assert "dial sip:2155@pbx kim answered" in call.done
        found = (await asked(running, f"targets?q={card.phone}", status=200))["targets"]
        assert found
        assert found[0]["why"] == ""

        department = "".join(char for char in card.phone if char.isdigit())
        running.bridge.script(f"sip:{department}@pbx", "busy", "answered")
        way = {"kind": "entry", "id": card.id, "way": "blind"}
        await asked(running, f"calls/{call.call_id}/transfer", way)
        back = await until(socket, "TransferChanged", state="returned")
        assert (back["reason"], back["name"]) == ("busy", card.department)
        await until(socket, "AgentStateChanged", state="talking")
        await asked(running, f"calls/{call.call_id}/transfer", {**way, "way": "consult"})
        await until(socket, "TransferChanged", state="talking")
        await asked(running, f"calls/{call.call_id}/transfer/step", {"step": "connect"})
        await until(socket, "AgentStateChanged", state="wrap_up")

    # A breath first: what begins in the very moment of the hand-over may count to the consultation.
    await talk(call, "agent", SILENCE * 50 + spoken("대형 폐기물 스티커는 어디에서 사나요", voice="m7"))
    call.party_hangs_up("caller")
    await patience.until(lambda: running.node.calls.flow(call.call_id) is None)
    kept = await asked(running, f"calls/{call.call_id}", status=200)
    told = [
        (event["type"], event.get("state") or event.get("agent_name"))
        for event in kept["events"]
        if event["type"] in ("CallJoined", "TransferChanged")
    ]
    assert told == [
        ("CallJoined", "김하늘"),
        ("TransferChanged", "ringing"),
        ("TransferChanged", "returned"),
        ("CallJoined", "김하늘"),
        ("TransferChanged", "ringing"),
        ("TransferChanged", "talking"),
        ("TransferChanged", "done"),
        ("CallJoined", card.department),
    ]
    said = [event for event in kept["events"] if event["type"] == "TranscriptFinal"]
    assert [(words["speaker"], words["aside"]) for words in said] == [("agent", False)]
    assert kept["call"]["agent_id"] == "kim", "it stays her call"
