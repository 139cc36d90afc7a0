"""The keeping of records over a real SQLite database, with lines that are kept and published as a node's are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from core.agent import Agent
from core.bus.memory_bus import MemoryBus
from core.config.records import RecordsConfig
from core.dispositions import dispositions
from core.events import (
    AgentState,
    AgentStateChanged,
    CallEnded,
    CallJoined,
    CallStarted,
    Event,
    MessageSent,
    Party,
    RecordDraft,
    RecordDrafted,
    RecordKept,
    ScreenShown,
    TranscriptFinal,
    renumbered,
)
from core.person_key import PersonKeys
from core.site_key import KEY_BYTES
from core.store.sql_store import SqlStore
from server.keeping.desk_of_records import DeskOfRecords
from server.keeping.records import KeepingRecords
from server.keeping.teaching import Teaching

START: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Ten in the morning of a Monday."""
KEYS: Final = PersonKeys(b"k" * KEY_BYTES)
NUMBER: Final = "01012345678"
DRAFT: Final = RecordDraft(
    category="생활>폐기물",
    sure=0.8,
    others=(("교통>주차", 0.15),),
    department="청소행정과",
    need="골목에 쓰레기를 무단 투기한 사람을 신고합니다.",
    answer="청소행정과에서 현장을 확인한다고 안내했습니다.",
)
CONFIG: Final = RecordsConfig()
CATEGORIES: Final = ("교통>주차", "생활>폐기물", "생활>소음", "환경>무단투기", "민원>여권")
DEPARTMENTS: Final = ("교통과", "민원여권과", "청소행정과", "환경과")
DISTRICTS: Final = ("중앙동", "평화동")


class Records:
    """``await records.call("c1")`` is a whole call; ``keeping`` and ``desk`` are the real ones."""

    def __init__(self, store: SqlStore, names: Mapping[str, str]) -> None:
        self.store = store
        self.bus = MemoryBus()
        self.at = START
        self.busy: dict[str, str] = {}
        """Agent -> the contact that she has now."""
        words = str.split
        self.keeping = KeepingRecords(
            store.contacts,
            self.bus,
            history=self.history,
            say=self.say,
            draft=lambda _events: RecordDraft(),
            words=words,
            district=lambda text: next((each for each in DISTRICTS if each in text), ""),
            person_keys=KEYS,
            results=dispositions(CONFIG.results),
            teaching=Teaching(store.contacts, words),
            clock=lambda: self.at,
        )
        self.desk = DeskOfRecords(
            self.keeping,
            CONFIG,
            store.audit,
            names=lambda: names,
            busy_with=lambda agent_id: self.busy.get(agent_id, ""),
            shelves=lambda: (CATEGORIES, DEPARTMENTS, DISTRICTS),
            titles=lambda: {"7": "무단투기 신고"},
            history=self.history,
            clock=lambda: self.at,
        )

    async def history(self, contact_id: str) -> Sequence[Event]:
        """All that lasts of a contact."""
        return await self.store.events(contact_id)

    async def say(self, contact_id: str, event: Event) -> bool:
        """Numbered, kept, published."""
        numbered = renumbered(event, call_id=contact_id, seq=await self.store.last_seq(contact_id) + 1)
        await self.store.append([numbered])
        await self.bus.publish(numbered)
        return True

    async def call(
        self,
        contact_id: str,
        *,
        agent: Agent | None = None,
        number: str = NUMBER,
        draft: RecordDraft = DRAFT,
        said: str = "중앙동 골목에 누가 쓰레기를 버렸어요",
        days_ago: float = 0,
        ends: bool = True,
    ) -> None:
        """Events of a call of 90 seconds; without an agent the caller stays in the menu."""
        at = self.at - timedelta(days=days_ago)
        party = Party(number=number, anonymous=not number)
        line: list[Event] = [
            CallStarted(at=at, caller=party, called="120"),
            ScreenShown(at=at, visit_id="v", screen="main", title="처음 화면"),
        ]
        if agent is not None:
            line += [
                CallJoined(at=at + timedelta(seconds=20), agent_id=agent.id, agent_name=agent.name),
                TranscriptFinal(
                    at=at, speaker="caller", utterance="caller-1", start=21, end=25, text=said, confidence=0.8
                ),
                TranscriptFinal(
                    at=at, speaker="agent", utterance="agent-1", start=26, end=29, text=draft.answer, confidence=0.9
                ),
                MessageSent(
                    at=at, message_id=f"m-{contact_id}", to=number, text="안내", by=agent.id, state="delivered"
                ),
                RecordDrafted(at=at + timedelta(seconds=89), draft=draft),
            ]
        if ends:
            ended = at + timedelta(seconds=90)
            talk_s = 70.0 if agent is not None else 0.0
            line.append(CallEnded(at=ended, reason="caller_hung_up", duration_s=90, talk_s=talk_s))
        for event in line:
            await self.say(contact_id, event)

    async def state(self, agent: Agent, state: AgentState, contact_id: str = "") -> None:
        """Her state, as the dispatcher tells it."""
        self.busy[agent.id] = contact_id
        await self.bus.publish(AgentStateChanged(agent_id=agent.id, state=state, since=self.at, busy_call=contact_id))

    async def settled(self, *contact_ids: str) -> None:
        """These records were kept, by whomever."""
        async with asyncio.timeout(10):
            for contact_id in contact_ids:
                while (await self.keeping.record(contact_id)).version == 0:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)

    async def told(self, contact_id: str) -> list[RecordKept]:
        """What was said of its record."""
        return [event for event in await self.history(contact_id) if isinstance(event, RecordKept)]
