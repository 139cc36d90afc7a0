"""A whole node without speech, with contacts of before, and programs that ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import aiohttp
import pytest

from core.config import AgentConfig, ArsConfig, Config, NodeConfig, OutwardConfig, SttConfig, TextsConfig, WebConfig
from core.events import (
    CallEnded,
    CallJoined,
    CallStarted,
    Event,
    Party,
    RecordDraft,
    RecordDrafted,
    TranscriptFinal,
    Word,
    renumbered,
)
from core.home import Home
from core.store.accounts import Scope
from server.app import Node
from tests.fakes.bridge import ScriptedBridge
from tests.fakes.quiet_node import hush

T0: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NUMBER: Final = "01012345678"
DRAFT: Final = RecordDraft(
    category="민원>여권", department="민원여권과", need="여권을 다시 만들려 합니다.", answer="방문하도록 안내했습니다."
)


def a_call(call_id: str, minutes: int) -> list[Event]:
    """Of the same person, with its draft."""

    def at(seconds: float) -> datetime:
        return T0 + timedelta(minutes=minutes, seconds=seconds)

    line: list[Event] = [
        CallStarted(at=at(0), caller=Party(number=NUMBER), called="120"),
        CallJoined(at=at(5), agent_id="kim", agent_name="김하늘"),
        TranscriptFinal(
            at=at(8),
            speaker="caller",
            utterance="u1",
            start=6.0,
            end=8.0,
            text="여권을 잃어버렸어요",
            words=(Word(text="여권을", start=6.0, end=6.8, confidence=0.9),),
        ),
        RecordDrafted(at=at(58), draft=DRAFT),
        CallEnded(at=at(60), reason="caller_hung_up", duration_s=60.0, talk_s=55.0),
    ]
    return [renumbered(event, call_id=call_id, seq=seq) for seq, event in enumerate(line, start=1)]


class RestSite:
    """``await site.ask("GET", "contacts", token)`` -> (status, content, headers)."""

    def __init__(self, node: Node, client: aiohttp.ClientSession) -> None:
        self.node = node
        self.client = client
        self.url = node.desk_url.rstrip("/")

    async def token(self, name: str, *scopes: Scope) -> str:
        return await self.node.auth.programs.make(name, scopes, by="boss", ends=None)

    async def ask(
        self,
        method: str,
        path: str,
        token: str = "",
        content: Any = None,
        headers: Mapping[str, str] | None = None,
        **query: str,
    ) -> tuple[int, Any, Mapping[str, str]]:
        given = {**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        async with self.client.request(
            method, f"{self.url}/api/v1/{path}", json=content, headers=given, params=query
        ) as answer:
            is_json = answer.content_type.endswith("json") or answer.content_type == "application/vcon"
            body = await answer.json(content_type=None) if is_json else await answer.read()
            return answer.status, body, answer.headers


@asynccontextmanager
async def rest_site(
    home: Home, patch: pytest.MonkeyPatch, *, per_minute: int = 10_000, contacts: int = 3
) -> AsyncIterator[RestSite]:
    """Three calls of one person, confirmed by nobody yet."""
    hush(patch)
    config = Config(
        node=NodeConfig(grace_s=0.1),
        web=WebConfig(port=0),
        stt=SttConfig(workers=1),
        ars=ArsConfig(link_on_ring=False),
        texts=TextsConfig(undo_s=0.1, quiet_from="08:00", quiet_until="08:00"),
        outward=OutwardConfig(webhook_networks=("127.0.0.0/8",), rest_per_minute=per_minute),
        agents=(AgentConfig(id="kim", name="김하늘", uri="sip:kim"),),
    )
    async with Node(config, home, bridge=ScriptedBridge()) as node, aiohttp.ClientSession() as client:
        for number in range(contacts):
            await node.store.append(a_call(f"c{number}", minutes=number))
            await node.records.keeping.draft(f"c{number}")
        yield RestSite(node, client)
