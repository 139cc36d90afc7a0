"""A house of made-up agents and calls behind a wall: all that a wall asks for, over a real bus, without a telephone.

    floor = Floor(agents=300, calls=150)     # as they stand at one moment, the same for the same seed
    await floor.second()                     # what happens within a second: words, calls that end and begin

No name is a person's, no number can be called.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from aiohttp import web
from msgspec.structs import replace

from agent_assist.wall.rows import AgentRow, AlertRow, FiguresRow
from core.agent import Agent
from core.audit import Audit, Note
from core.bus.contract import Bus
from core.bus.memory_bus import MemoryBus
from core.errors import Refused
from core.events import (
    AgentOffered,
    AgentState,
    AgentStateChanged,
    AlarmRaised,
    AlertChanged,
    CallEnded,
    CallJoined,
    CallQueued,
    CallStarted,
    Event,
    IssueChanged,
    NoteSent,
    Party,
    QualityChanged,
    QueueChanged,
    Speaker,
    Suggested,
    Suggestion,
    SupervisionChanged,
    SupervisionMode,
    TranscriptFinal,
    TranscriptPartial,
    Written,
    WrittenChanged,
    now,
    renumbered,
)
from core.store.floor import AlertCare

SUPERVISOR: Final = Agent(id="boss", name="최책임", extension="2000", roles=("agent", "supervisor"), team="1팀")
TEAMS: Final = ("1팀", "2팀", "3팀", "4팀", "5팀", "야간팀", "외국어팀", "지방세팀", "교통팀", "복지팀")
_FAMILY: Final = "김이박최정강조윤장임한오서신권황안송전홍"
_GIVEN: Final = (
    "하늘",
    "바다",
    "가람",
    "나래",
    "다솜",
    "라온",
    "마루",
    "보람",
    "새봄",
    "아람",
    "은솔",
    "지우",
    "초롱",
    "한별",
    "해담",
)
_SAID: Final = (
    "여보세요 대형 폐기물 버리려고 하는데요 스티커를 어디서 사야 되나요",
    "불법 주차 신고하려고요 아파트 정문 앞에 계속 서 있어요",
    "여권을 새로 만들려면 뭐가 필요한지 알고 싶어서 전화했어요",
    "재산세 고지서가 두 번 왔는데 하나는 잘못된 것 같아요",
    "가로등이 며칠째 꺼져 있어서 밤에 너무 어두워요",
    "주민등록등본을 인터넷으로 뽑을 수 있나요",
    "아이 어린이집 입소 대기가 몇 번째인지 알고 싶습니다",
    "수도 요금이 지난달보다 너무 많이 나왔어요",
)
_ANSWERED: Final = (
    "네 확인해 보겠습니다 잠시만 기다려 주세요",
    "담당 부서는 자원순환과이고 전화번호를 안내해 드리겠습니다",
    "신청은 동 주민센터나 인터넷에서 하실 수 있습니다",
    "접수해 드렸고 처리되면 문자로 알려 드리겠습니다",
)
_TOPICS: Final = (
    ("대형 폐기물 배출", "환경>청소>폐기물"),
    ("불법 주정차 신고", "교통>주차>단속"),
    ("여권 발급", "민원>여권"),
    ("재산세 과세 문의", "세무>지방세>재산세"),
    ("가로등 고장 신고", "도로>시설물"),
    ("주민등록등본 발급", "민원>증명"),
    ("어린이집 입소 대기", "복지>보육"),
    ("상하수도 요금", "환경>수도>요금"),
)
_STATES: Final[tuple[tuple[AgentState, str], ...]] = (
    ("ready", ""),
    ("ready", ""),
    ("wrap_up", ""),
    ("away", "lunch"),
    ("away", "break"),
    ("away", "training"),
)
PARTIALS: Final = 4
"""Partials of a call within a second of speech."""
TALK_S: Final = 180
"""A call lasts so long in the mean."""


class Notes:
    """An audit log in memory."""

    def __init__(self) -> None:
        self.kept: list[Note] = []

    async def note(self, note: Note) -> None:
        """See ``Audit``."""
        self.kept.append(note)


class Floor:
    """``WallHouse``; also moved by hand: ``say``, ``move``."""

    def __init__(self, *, agents: int = 300, calls: int = 150, seed: int = 7, at: datetime | None = None) -> None:
        self.centre = "한빛시 민원콜센터"
        self.bus: Bus = MemoryBus()
        self.notes = Notes()
        self.audit: Audit = self.notes
        self.reasons: Sequence[str] = ("lunch", "break", "training", "meeting", "private")
        self.agent: Agent | None = SUPERVISOR
        """Who has signed in; None = nobody."""
        self.shows_board = True
        self.done: list[str] = []
        """What the supervisor did."""
        self.refuses = ""
        """Code of the refusal of the next deed."""
        self.today = FiguresRow(
            offered=4812, answered=4511, abandoned=163, level_now=0.76, level_today=0.84, asa_s=14.0, aht_s=212.0
        )
        self.wrong: dict[str, AlertRow] = {}
        """Troubles of the node."""
        self._random = random.Random(seed)
        self._at = at or now()
        self._ended = asyncio.Event()
        self._numbers = count(1)
        self._seq: dict[str, int] = {}
        self._lines: dict[str, list[Event]] = {}
        self._people = {SUPERVISOR.id: AgentRow(name=SUPERVISOR.name, team="1팀", present=True, extension="2000")}
        self._people |= {f"a{number}": self._person(number) for number in range(agents - 1)}
        self._cares: dict[str, AlertCare] = {}
        self._states = {
            agent_id: AgentStateChanged(agent_id=agent_id, state="away", since=self._ago(3600), extension=row.extension)
            for agent_id, row in self._people.items()
        }
        self._issues: list[IssueChanged] = []
        self._written: list[WrittenChanged] = []
        self._waiting: list[str] = []
        self._fill(calls)

    # What a wall asks.

    def who(self, _request: web.Request) -> Agent | None:
        """See ``WallHouse``."""
        return self.agent

    def over(self, _request: web.Request) -> asyncio.Event:
        """See ``WallHouse``."""
        return self._ended

    def may_show_board(self, _request: web.Request) -> bool:
        """See ``WallHouse``."""
        return self.shows_board

    def agents(self) -> Mapping[str, AgentRow]:
        """See ``WallHouse``."""
        return self._people

    def states(self) -> Iterable[AgentStateChanged]:
        """See ``WallHouse``."""
        return list(self._states.values())

    def lines(self) -> Iterable[Sequence[Event]]:
        """See ``WallHouse``."""
        return list(self._lines.values())

    async def written(self) -> Iterable[WrittenChanged]:
        """See ``WallHouse``."""
        return self._written

    async def issues(self) -> Iterable[IssueChanged]:
        """See ``WallHouse``."""
        return self._issues

    def queue(self) -> QueueChanged:
        """See ``WallHouse``."""
        starts = [self._lines[call][0].at for call in self._waiting]
        return QueueChanged(waiting=len(starts), longest_since=min(starts, default=None), expect_s=35.0 * bool(starts))

    def figures(self) -> FiguresRow:
        """See ``WallHouse``."""
        return self.today

    def troubles(self) -> Mapping[str, AlertRow]:
        """See ``WallHouse``."""
        return self.wrong

    async def cares(self) -> Iterable[AlertCare]:
        """See ``WallHouse``."""
        return tuple(self._cares.values())

    async def care(self, alert: str, by: Agent, on: bool, *, call: str, kind: str) -> datetime:
        """See ``WallHouse``."""
        detail = f"alert {kind}: {'taken' if on else 'given back'}"
        await self.audit.note(Note(who=by.id, deed="changed", thing="wall", subject=call or alert, detail=detail))
        self._cares[alert] = AlertCare(alert=alert, name=by.name, at=now())
        if not on:
            del self._cares[alert]
        return now()

    async def supervise(self, call_id: str, agent_id: str, mode: SupervisionMode | None) -> None:
        """See ``WallHouse``."""
        self._deed(f"{mode or 'leave'} {call_id}")
        await self.say(call_id, SupervisionChanged(supervisor_id=agent_id, mode=mode))

    async def take_over(self, call_id: str, agent_id: str, reason: str) -> None:
        """See ``WallHouse``."""
        self._deed(f"take over {call_id} {reason}")
        await self.say(call_id, SupervisionChanged(supervisor_id=agent_id, mode=None, took_over=True, reason=reason))
        await self.say(call_id, CallJoined(agent_id=agent_id, agent_name=SUPERVISOR.name))

    async def set_state(self, agent_id: str, state: AgentState, *, reason: str, by: str) -> None:
        """See ``WallHouse``."""
        self._deed(f"set {agent_id} {state} {reason}")
        await self.move(agent_id, state, reason=reason, by=by)

    async def away_after_call(self, agent_id: str, *, reason: str, by: str) -> None:
        """See ``WallHouse``."""
        self._deed(f"after this call {agent_id} {reason}")
        await self._leaving(agent_id, reason, by)

    async def stays(self, agent_id: str, *, by: str) -> None:
        """See ``WallHouse``."""
        self._deed(f"stays {agent_id}")
        await self._leaving(agent_id, "", "")

    async def _leaving(self, agent_id: str, reason: str, by: str) -> None:
        self._states[agent_id] = replace(self._states[agent_id], leaving=reason, leaving_by=by)
        await self.bus.publish(self._states[agent_id])

    async def sign_out(self, agent_id: str, *, reason: str, by: str) -> None:
        """See ``WallHouse``."""
        self._deed(f"sign out {agent_id} {reason}")

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        """See ``WallHouse``."""
        self._deed(f"seen {issue_id}")

    async def send_note(self, text: str, *, agent: str, team: str, by: Agent) -> int:
        """See ``WallHouse``."""
        self._deed(f"note {agent or team or 'all'}: {text}")
        desks = [agent] if agent else [key for key, row in self._people.items() if row.present]
        for desk in desks:
            self._people[desk] = replace(self._people[desk], unseen=self._people[desk].unseen + 1)
            await self.bus.publish(NoteSent(note_id=f"n{next(self._numbers)}", agent_id=desk, by=by.id, text=text))
        return len(desks)

    def sign_everybody_out(self) -> None:
        """The session is over."""
        self._ended.set()

    @property
    def calls(self) -> Sequence[str]:
        """Ids of the running calls."""
        return list(self._lines)

    # What happens.

    async def say(self, call_id: str, event: Event) -> Event:
        """One event on a call's line."""
        said = self._write(call_id, event)
        await self.bus.publish(said)
        return said

    async def move(self, agent_id: str, state: AgentState, *, call: str = "", reason: str = "", by: str = "") -> None:
        """Put an agent into a state."""
        self._states[agent_id] = AgentStateChanged(
            agent_id=agent_id,
            state=state,
            since=now(),
            busy_call=call,
            reason=reason,
            by=by,
            extension=self._people[agent_id].extension,
        )
        await self.bus.publish(self._states[agent_id])

    async def second(self, *, spread_s: float = 0.0) -> None:
        """A second of the whole floor: everybody speaks, some calls end and others begin; spread over that time."""
        speaking = list(self._lines)
        for number, call_id in enumerate(speaking):
            if spread_s and number % 10 == 0:
                await asyncio.sleep(10 * spread_s / len(speaking))
            if call_id not in self._lines:
                continue
            if self.agent_of(call_id):
                await self._speech(call_id)
                if self._random.random() < 1 / TALK_S:
                    await self.end(call_id)
        for call_id in self._waiting[:]:
            if (free := self._free()) is not None:
                await self._answer(call_id, free)
        await self.bus.publish(self.queue())
        for agent_id, state in list(self._states.items()):
            if state.state == "wrap_up" and self._random.random() < 1 / 20:
                await self.move(agent_id, "ready")

    async def _speech(self, call_id: str) -> None:
        speaker: Speaker = "caller" if self._random.random() < 0.5 else "agent"
        words = self._random.choice(_SAID if speaker == "caller" else _ANSWERED).split()
        utterance = f"{speaker}-{next(self._numbers)}"
        for part in range(1, PARTIALS + 1):
            text = " ".join(words[: part * len(words) // PARTIALS])
            partial = TranscriptPartial(speaker=speaker, utterance=utterance, start=0, text=text)
            await self.bus.publish(renumbered(partial, call_id=call_id, seq=self._seq[call_id]))
        if self._random.random() < 0.3:
            await self.say(
                call_id,
                TranscriptFinal(speaker=speaker, utterance=utterance, start=0, end=3, text=" ".join(words)),
            )
        if self._random.random() < 0.1:
            await self.say(call_id, self._topic())

    async def end(self, call_id: str) -> None:
        """The caller hangs up, and another one calls."""
        agent_id = self.agent_of(call_id)
        await self.say(call_id, CallEnded(reason="caller_hung_up", talk_s=120))
        del self._lines[call_id]
        if agent_id:
            await self.move(agent_id, "wrap_up", call=call_id)
        fresh = self._new_call()
        for event in self._lines[fresh]:
            await self.bus.publish(event)

    async def _answer(self, call_id: str, agent_id: str) -> None:
        self._waiting.remove(call_id)
        row = self._people[agent_id]
        await self.move(agent_id, "offered", call=call_id)
        await self.say(call_id, AgentOffered(agent_id=agent_id, agent_name=row.name, extension=row.extension))
        await self.move(agent_id, "talking", call=call_id)
        await self.say(call_id, CallJoined(agent_id=agent_id, agent_name=row.name, extension=row.extension))

    # How it begins.

    def _person(self, number: int) -> AgentRow:
        name = _FAMILY[number % len(_FAMILY)] + _GIVEN[(number * 7) % len(_GIVEN)]
        return AgentRow(
            name=name,
            team=TEAMS[number % len(TEAMS)],
            department="민원콜센터",
            extension=str(2101 + number),
            queues=("tax",) if number % 9 == 0 else (),
            present=True,
        )

    def _fill(self, calls: int) -> None:
        people = [agent_id for agent_id in self._people if agent_id != SUPERVISOR.id]
        self._random.shuffle(people)
        for number in range(calls):
            call_id = self._new_call(self._random.randrange(5, 600))
            if number >= calls - calls // 20:
                continue  # they wait
            self._waiting.remove(call_id)
            agent_id = people.pop()
            row = self._people[agent_id]
            since = self._ago(self._random.randrange(3, 420))
            joined = CallJoined(at=since, agent_id=agent_id, agent_name=row.name, extension=row.extension)
            self._write(call_id, joined)
            said = self._random.choice(_SAID)
            self._write(call_id, TranscriptFinal(speaker="caller", utterance="caller-1", start=0, end=3, text=said))
            self._write(call_id, self._topic())
            grade = self._random.choices(["good", "fair", "poor"], [90, 7, 3])[0]
            quality = QualityChanged(speaker="caller", grade=grade, causes=("loss",) if grade == "poor" else ())  # type: ignore[arg-type]
            self._write(call_id, quality)
            self._states[agent_id] = AgentStateChanged(
                agent_id=agent_id, state="talking", since=since, busy_call=call_id, extension=row.extension
            )
        for agent_id in people:
            state, reason = self._random.choice(_STATES)
            self._states[agent_id] = AgentStateChanged(
                agent_id=agent_id,
                state=state,
                since=self._ago(self._random.randrange(3, 2400)),
                reason=reason,
                extension=self._people[agent_id].extension,
            )
        self._trouble()

    def _trouble(self) -> None:
        """An emergency, abuse, a silent leg; what many ask; a text that waits."""
        talking = [call_id for call_id in self._lines if self.agent_of(call_id)]
        if len(talking) > 2:
            emergency = AlertChanged(at=self._ago(22), alert_id="alert-1", kind="emergency", words=("쓰러졌어요",))
            self._write(talking[0], emergency)
            abuse = AlertChanged(
                at=self._ago(95),
                alert_id="alert-1",
                kind="abuse",
                words=("욕설",),
                state="handling",
                steps=("warned",),
            )
            self._write(talking[1], abuse)
            self._write(talking[2], AlarmRaised(at=self._ago(8), code="no_audio", speaker="caller"))
        self._issues = [
            IssueChanged(
                issue_id="i1",
                terms=("정전", "은하면"),
                district="은하면",
                calls=23,
                usual=0.4,
                since=self._ago(900),
                quotes=("지금 동네가 다 정전이에요",),
            ),
            IssueChanged(
                issue_id="i2",
                terms=("재산세", "고지서"),
                calls=14,
                usual=3.1,
                since=self._ago(2700),
                entry_title="재산세 과세 문의",
            ),
        ]
        self._written = [
            WrittenChanged(
                written=Written(
                    contact_id=f"text-{number}",
                    channel="text",
                    party=Party(number=f"0100000{2000 + number}"),
                    opened=self._ago(240 * number),
                    since=self._ago(60),
                    last_at=self._ago(60),
                    owed_since=self._ago(240 * number),
                    state="waiting" if number % 2 else "assigned",
                    agent_id="" if number % 2 else "a3",
                    agent_name="" if number % 2 else self._people["a3"].name,
                    last_text=_SAID[number],
                    topic=_TOPICS[number][0],
                )
            )
            for number in range(1, 5)
            if "a3" in self._people
        ]

    def _new_call(self, ago_s: int = 0) -> str:
        number = next(self._numbers)
        call_id = f"c{number}"
        self._lines[call_id] = []
        started = self._ago(ago_s) if ago_s else now()
        party = Party(number=f"0100000{number % 10000:04}")
        self._write(call_id, CallStarted(at=started, caller=party, called="120"))
        self._waiting.append(call_id)
        self._write(call_id, CallQueued(at=started, position=len(self._waiting)))
        return call_id

    def _topic(self) -> Suggested:
        title, category = self._random.choice(_TOPICS)
        return Suggested(suggestions=(Suggestion(id=title, title=title, score=0.9, category=category),))

    def _write(self, call_id: str, event: Event) -> Event:
        self._seq[call_id] = self._seq.get(call_id, 0) + 1
        said = renumbered(event, call_id=call_id, seq=self._seq[call_id])
        self._lines[call_id].append(said)
        return said

    def agent_of(self, call_id: str) -> str:
        """Who has the call, '' = nobody yet."""
        return next((e.agent_id for e in reversed(self._lines[call_id]) if isinstance(e, CallJoined)), "")

    def _free(self) -> str | None:
        return next((agent_id for agent_id, state in self._states.items() if state.state == "ready"), None)

    def _ago(self, seconds: float) -> datetime:
        return self._at - timedelta(seconds=seconds)

    def _deed(self, what: str) -> None:
        if code := self.refuses:
            self.refuses = ""
            raise Refused("지금은 할 수 없습니다 / not now", code=code)
        self.done.append(what)
