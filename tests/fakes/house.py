"""A small house for desks in tests: a real bus, calls in memory, one agent who is moved by hand.

house = FakeHouse()
await house.start_call("c1")                     # offered and joined, as the dispatcher would
await house.say("c1", TranscriptFinal(...))      # numbered, kept, published
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from aiohttp import web

from agent_assist.desk import Agent, ChosenState
from core.bus.memory_bus import MemoryBus
from core.errors import Refused
from core.events import (
    AgentOffered,
    AgentState,
    AgentStateChanged,
    CallEnded,
    CallJoined,
    CallStarted,
    EndReason,
    Event,
    Party,
    QueueChanged,
    Speaker,
    Suggested,
    Suggestion,
    TranscriptFinal,
    TranscriptPartial,
    now,
    renumbered,
)
from core.store.contract import CallSummary, Entry

AGENT = Agent(id="kim", name="김하늘", extension="2107")
CALLER = Party(number="01002841009")


class CallsInMemory:
    """The part of the store that desks read."""

    def __init__(self) -> None:
        self.summaries: dict[str, CallSummary] = {}

    async def call(self, call_id: str) -> CallSummary | None:
        return self.summaries.get(call_id)

    async def calls(
        self, *, agent_id: str | None = None, number: str | None = None, before: datetime | None = None, limit: int = 50
    ) -> list[CallSummary]:
        found = [
            call
            for call in self.summaries.values()
            if (agent_id is None or call.agent_id == agent_id)
            and (number is None or call.caller.number == number)
            and (before is None or call.started < before)
        ]
        return sorted(found, key=lambda call: call.started, reverse=True)[:limit]


class FakeHouse:
    """``DeskHouse`` for tests. ``who`` may be replaced; by default everybody is ``AGENT``."""

    def __init__(self, *, entries: Sequence[Entry] = (), wrap_up_s: float = 20.0) -> None:
        self.centre = "한빛시 민원콜센터"
        self.wrap_up_s = wrap_up_s
        self.bus = MemoryBus()
        self.store = CallsInMemory()
        self.signed_in: Callable[[web.Request], Agent | None] = lambda _request: AGENT
        self.entries = {entry.id: entry for entry in entries}
        self.lines: dict[str, list[Event]] = defaultdict(list)
        self.waiting = QueueChanged(waiting=0)
        self.state = AgentStateChanged(agent_id=AGENT.id, state="ready", since=now())
        self._seq: dict[str, int] = defaultdict(int)

    # What the desk asks

    def who(self, request: web.Request) -> Agent | None:
        return self.signed_in(request)

    def state_of(self, agent_id: str) -> AgentStateChanged:
        assert agent_id == AGENT.id
        return self.state

    async def set_state(self, agent_id: str, state: ChosenState) -> None:
        if self.state.state in ("offered", "talking"):
            raise Refused("possible once the call is over", code="busy_with_call")
        await self.move(state)

    async def hang_up(self, call_id: str, agent_id: str) -> None:
        if self.state.busy_call != call_id or self.state.state != "talking":
            raise Refused("this is not your running call", code="not_your_call")
        await self.end_call(call_id, "desk_hung_up")

    def queue(self) -> QueueChanged:
        return self.waiting

    async def history(self, call_id: str, after: int) -> list[Event]:
        return [event for event in self.lines[call_id] if event.seq > after]

    def search(self, query: str, limit: int) -> list[Suggestion]:
        return [card(entry) for entry in self.entries.values() if query in entry.title + entry.department][:limit]

    def entry(self, entry_id: str) -> Entry | None:
        return self.entries.get(entry_id)

    # What tests do

    async def move(self, state: AgentState, call_id: str = "", reason: str = "") -> None:
        """Put the agent into a state."""
        self.state = AgentStateChanged(agent_id=AGENT.id, state=state, since=now(), busy_call=call_id, reason=reason)
        await self.bus.publish(self.state)

    async def say(self, call_id: str, event: Event) -> Event:
        """One event on a call's line."""
        self._seq[call_id] += 1
        event = renumbered(event, call_id=call_id, seq=self._seq[call_id])
        if event.LASTING:
            self.lines[call_id].append(event)
        await self.bus.publish(event)
        return event

    async def offer_call(self, call_id: str, caller: Party = CALLER) -> None:
        """A call rings at the agent's phone."""
        started = now()
        self.store.summaries[call_id] = CallSummary(
            call_id=call_id, caller=caller, called="120", started=started, agent_id=AGENT.id, agent_name=AGENT.name
        )
        await self.say(call_id, CallStarted(at=started, caller=caller, called="120"))
        await self.move("offered", call_id)
        await self.say(call_id, AgentOffered(agent_id=AGENT.id, agent_name=AGENT.name, extension=AGENT.extension))

    async def start_call(self, call_id: str, caller: Party = CALLER) -> None:
        """A call that the agent has answered."""
        await self.offer_call(call_id, caller)
        await self.move("talking", call_id)
        await self.say(call_id, CallJoined(agent_id=AGENT.id, agent_name=AGENT.name, extension=AGENT.extension))
        summary = self.store.summaries[call_id]
        self.store.summaries[call_id] = msgspec.structs.replace(summary, joined=now())

    async def end_call(self, call_id: str, reason: EndReason = "caller_hung_up") -> None:
        """The call ends and wrap-up begins."""
        await self.say(call_id, CallEnded(reason=reason, duration_s=61.0, talk_s=60.0))
        await self.move("wrap_up", call_id)
        summary = self.store.summaries[call_id]
        self.store.summaries[call_id] = msgspec.structs.replace(summary, ended=now(), reason=reason)

    async def partial(self, call_id: str, speaker: Speaker, number: int, text: str) -> None:
        """Unfinished words."""
        await self.say(
            call_id, TranscriptPartial(speaker=speaker, utterance=f"{speaker}-{number}", start=number * 4.0, text=text)
        )

    async def final(
        self, call_id: str, speaker: Speaker, number: int, text: str, masked: tuple[str, ...] = ()
    ) -> Event:
        """Words as they will stand."""
        return await self.say(
            call_id,
            TranscriptFinal(
                speaker=speaker,
                utterance=f"{speaker}-{number}",
                start=number * 4.0,
                end=number * 4.0 + 3.0,
                text=text,
                masked=masked,
            ),
        )

    async def suggest(self, call_id: str, *entries: Entry, utterance: str = "caller-1") -> None:
        """These cards now belong on the desk, for the word 장롱."""
        cards = tuple(card(entry, "장롱") for entry in entries)
        await self.say(call_id, Suggested(suggestions=cards, utterance=utterance))


def card(entry: Entry, *words: str, score: float = 0.8) -> Suggestion:
    """An entry as a suggestion, for these words of the caller."""
    return Suggestion(
        id=entry.id,
        title=entry.title,
        score=score,
        words=words,
        category=entry.category,
        department=entry.department,
        person=entry.person,
        deputy=entry.deputy,
        phone=entry.phone,
    )
