"""A small house for desks in tests: a real bus, calls in memory, one agent who is moved by hand.

house = FakeHouse()
await house.start_call("c1")                     # offered and joined, as the dispatcher would
await house.say("c1", TranscriptFinal(...))      # numbered, kept, published
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from aiohttp import web

from agent_assist.desk import Agent, ChosenState
from agent_assist.desk_assist import AlertStep, Procedure, ReportEntry, Shelves, Step, StepName, UseCard
from agent_assist.desk_language import Spoken
from agent_assist.desk_recording import RecordingRule
from agent_assist.desk_recording import Step as RecordingWish
from agent_assist.desk_transfers import PassOn, Target, Wish
from agent_assist.desk_visits import (
    Callback,
    CallbackPage,
    Push,
    Pushable,
    Reach,
)
from core.bus.memory_bus import MemoryBus
from core.errors import BadInput, Refused
from core.events import (
    AgentOffered,
    AgentState,
    AgentStateChanged,
    AlertChanged,
    AlertKind,
    AlertState,
    CallbackState,
    CallEnded,
    CallHeld,
    CallJoined,
    CallResumed,
    CallStarted,
    CallWay,
    CardReason,
    CardUsed,
    EndReason,
    Event,
    FormSent,
    FormValue,
    HeardValue,
    IssueChanged,
    LanguageChanged,
    NoteSent,
    Party,
    QueueChanged,
    RecordingChanged,
    RecordingState,
    ReminderChanged,
    ReminderState,
    ScreenCause,
    ScreenShown,
    Speaker,
    Suggested,
    Suggestion,
    TranscriptFinal,
    TranscriptPartial,
    TransferChanged,
    TransferKind,
    TransferState,
    ValueKind,
    ValuesHeard,
    VisitChanged,
    VisitState,
    VisitWay,
    now,
    renumbered,
)
from core.store.contract import CallSummary
from core.store.entry import Entry
from core.web.noted import Sights
from tests.fakes.accounts import Notes
from tests.fakes.house_records import FakeRecords
from tests.fakes.texts import FakeTexts
from tests.fakes.threads import FakeThreads

AGENT = Agent(id="kim", name="김하늘", extension="2107")
SUPERVISOR = msgspec.structs.replace(AGENT, roles=("agent", "supervisor"))
CALLER = Party(number="01002841009")
SCREENS = (
    Pushable(kind="screen", id="waste-form", title="대형 폐기물 신고서", icon="form"),
    Pushable(kind="screen", id="photo", title="사진 요청", icon="camera"),
    Pushable(kind="screen", id="consent", title="개인정보 이용 동의", icon="check"),
    Pushable(kind="screen", id="thanks", title="만족도 묻기", icon="star"),
    Pushable(kind="place", id="city-hall", title="한빛시청 약도", icon="map"),
)

PROCEDURES = (
    Procedure(
        kind="abuse",
        title="폭언이 들렸습니다",
        law="민원처리법 시행령 제4조: 경고한 뒤 통화를 끝낼 수 있습니다.",
        steps=(
            Step(step="warned", title="1차 경고 안내", says="폭언을 하시면 상담을 이어 가기 어렵습니다."),
            Step(step="warned_again", title="2차 경고 안내", says="다시 한번 안내드립니다.", needs=("warned",)),
            Step(step="time_notice", title="권장 시간 안내", says="곧 통화가 끝날 수 있습니다."),
            Step(
                step="ended",
                title="통화 끝내기",
                says="통화를 끝내겠습니다.",
                needs=("warned_again", "time_notice"),
            ),
            Step(step="closed", title="진정됨, 상담 계속"),
            Step(step="dismissed", title="오경보"),
        ),
        advice=("맞서지 말고 낮은 목소리로 용건을 한 번 더 확인하세요.",),
    ),
    Procedure(
        kind="self_harm",
        title="자살·자해를 말하고 있습니다",
        law="자살예방법 제19조의3: 급박한 위험이 있으면 위치를 확인해 구조할 수 있습니다.",
        steps=(
            Step(step="warned", title="109 안내 들려주기", says="많이 힘드셨겠습니다. 109에서 도와드립니다."),
            Step(step="closed", title="도움을 연결함"),
            Step(step="dismissed", title="오경보"),
        ),
        advice=(
            "전화를 끊지 말고 말을 들어 주세요.",
            "지금 위험하면 119 또는 112에 바로 신고하세요.",
            "자살예방상담전화 109 (24시간)로 연결해 드린다고 말하세요.",
        ),
    ),
    Procedure(
        kind="emergency",
        title="위급한 상황일 수 있습니다",
        steps=(Step(step="closed", title="신고·연결함"), Step(step="dismissed", title="오경보")),
        advice=("불, 가스, 구조, 응급 환자는 119. 폭력, 침입, 납치는 112.",),
    ),
)


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


class FakeHouse(FakeTexts, FakeThreads, FakeRecords):
    """``DeskHouse`` for tests. ``who`` may be replaced; by default everybody is ``AGENT``."""

    def __init__(self, *, entries: Sequence[Entry] = (), wrap_up_s: float = 20.0) -> None:
        self.centre = "한빛시 민원콜센터"
        self.wrap_up_s = wrap_up_s
        self.bus = MemoryBus()
        self.store = CallsInMemory()
        self.noted = Notes()
        self.sights = Sights(self.noted)
        self.signed_in: Callable[[web.Request], Agent | None] = lambda _request: AGENT
        self.over: Callable[[web.Request], asyncio.Event] = lambda _request: asyncio.Event()
        self.entries = {entry.id: entry for entry in entries}
        self.lines: dict[str, list[Event]] = defaultdict(list)
        self.waiting = QueueChanged(waiting=0)
        self.state = AgentStateChanged(agent_id=AGENT.id, state="ready", since=now(), extension=AGENT.extension)
        self._seq: dict[str, int] = defaultdict(int)
        self.reached = Reach(mobile=True, number=CALLER.number, link=True, entry="hanbit.example/m", screens=SCREENS)
        self.page_open = False
        self.pushed: list[Push] = []
        FakeTexts.__init__(self)
        FakeThreads.__init__(self)
        FakeRecords.__init__(self)
        self.callbacks_kept: dict[str, Callback] = {}
        self.photos: dict[str, Path] = {}
        self.used: list[tuple[str, str]] = []
        self.reports: list[tuple[str, ReportEntry]] = []
        self.files: dict[str, Path] = {}
        self.raised: dict[tuple[str, str], AlertChanged] = {}
        self.holders: dict[str, str | None] = {}
        self.issues_kept: dict[str, IssueChanged] = {}
        self.reachable: list[Target] = []
        self.passed: list[PassOn] = []
        self.steps: list[Wish] = []
        self.held: list[bool] = []
        self.away_reasons: list[str] = []
        """Why one may be away here."""
        self.unseen: list[NoteSent] = []
        """What supervisors wrote to her."""
        self.seen_notes: list[str] = []
        self.hot_desk = False
        self.seats: list[str] = []
        self.recording_rule = RecordingRule()
        """When calls are recorded here."""
        self.recorded: list[str] = []
        """What she wished of recordings."""
        self.spoken: list[Spoken] = []
        """What callers may speak here."""
        self.refuses = ""
        """Code of the refusal of the next wish about a running call."""

    # What the desk asks

    def who(self, request: web.Request) -> Agent | None:
        return self.signed_in(request)

    def state_of(self, agent_id: str) -> AgentStateChanged:
        assert agent_id == AGENT.id
        return self.state

    async def set_state(self, agent_id: str, state: ChosenState, reason: str = "") -> None:
        if self.state.state in ("offered", "talking"):
            raise Refused("possible once the call is over", code="busy_with_call")
        if reason and reason not in self.away_reasons:
            raise BadInput("this reason is not offered", code="bad_reason")
        await self.move(state, reason=reason)

    def notes(self, agent_id: str) -> list[NoteSent]:
        return self.unseen

    async def note_seen(self, note_id: str, agent_id: str) -> None:
        self.seen_notes.append(note_id)
        self.unseen = [note for note in self.unseen if note.note_id != note_id]

    async def hang_up(self, call_id: str, agent_id: str) -> None:
        if self.state.busy_call != call_id or self.state.state != "talking":
            raise Refused("this is not your running call", code="not_your_call")
        await self.end_call(call_id, "desk_hung_up")

    def targets(self, query: str, agent_id: str, limit: int) -> list[Target]:
        return [one for one in self.reachable if query in one.name + one.number][:limit]

    async def hold(self, call_id: str, agent_id: str, on: bool) -> None:
        self._check(call_id)
        self._may_refuse()
        self.held.append(on)
        await self.say(call_id, CallHeld(by="agent") if on else CallResumed(by="agent"))

    async def record(self, call_id: str, agent: Agent, step: RecordingWish) -> None:
        self._check(call_id)
        self._may_refuse()
        self.recorded.append(step)
        state: RecordingState = {"start": "started", "pause": "paused", "resume": "resumed", "stop": "stopped"}[step]  # type: ignore[assignment]
        await self.say(call_id, RecordingChanged(state=state, by=agent.id, recording_id="rec-1"))

    def languages(self) -> list[Spoken]:
        return self.spoken

    async def speaks(self, call_id: str, agent_id: str, language: str) -> None:
        self._check(call_id)
        self._may_refuse()
        chosen = next(one for one in self.spoken if one.language == language)
        await self.say(call_id, LanguageChanged(language=language, heard=chosen.heard, by="agent"))

    async def pass_on(self, call_id: str, agent_id: str, what: PassOn) -> None:
        self._check(call_id)
        self._may_refuse()
        self.passed.append(what)

    async def transfer_step(self, call_id: str, agent_id: str, wish: Wish) -> None:
        self._may_refuse()
        self.steps.append(wish)

    async def sit(self, agent_id: str, extension: str) -> None:
        self._may_refuse()
        self.seats.append(extension)
        self.state = msgspec.structs.replace(self.state, extension=extension)
        await self.bus.publish(self.state)

    def _may_refuse(self) -> None:
        if code := self.refuses:
            self.refuses = ""
            raise Refused("not now", code=code)

    def queue(self) -> QueueChanged:
        return self.waiting

    async def history(self, call_id: str, after: int) -> list[Event]:
        return [event for event in self.lines[call_id] if event.seq > after]

    def search(self, query: str, limit: int, *, category: str = "", department: str = "") -> list[Suggestion]:
        return [
            card(entry, *([query] if query and query in entry.title else []))
            for entry in self.entries.values()
            if query in entry.title + entry.department
            and (not category or (entry.category + ">").startswith(category + ">"))
            and (not department or entry.department == department)
        ][:limit]

    def shelves(self) -> Shelves:
        return Shelves(
            categories=tuple(sorted({entry.category for entry in self.entries.values()})),
            departments=tuple(sorted({entry.department for entry in self.entries.values()})),
        )

    def entry(self, entry_id: str) -> Entry | None:
        return self.entries.get(entry_id)

    def reach(self, call_id: str, agent_id: str) -> Reach:
        self._check(call_id)
        return self.reached

    def number_of(self, call_id: str) -> str:
        """Where texts of that call go."""
        return self.reached.asked.number or self.store.summaries[call_id].caller.number

    async def push(self, call_id: str, agent_id: str, what: Push) -> None:
        self._check(call_id)
        if what.id == "@join":
            self.pushed.append(what)
            return
        if not self.page_open:
            raise Refused("no page is open: send the link first", code="no_page")
        entry = self.entries.get(what.id)
        titles = {screen.id: screen.title for screen in SCREENS if screen.kind == what.kind}
        if what.kind == "card" and entry is not None:
            titles = {entry.id: entry.title}
        elif what.kind == "contact" and entry is not None:
            titles = {entry.id: entry.department}
        if what.id not in titles:
            raise Refused("there is no such screen any more", code="no_such_screen")
        self.pushed.append(what)
        await self.screen(call_id, what.id, titles[what.id], "처음 화면", cause="agent")

    async def send_link(self, call_id: str, agent_id: str) -> None:
        self._check(call_id)
        if not self.reached.mobile:
            raise Refused("this is no mobile number", code="not_a_mobile")
        await self.message(call_id, f"m{len(self.messages) + 1}", "한빛시 민원콜센터 (link)")

    async def set_read_typed(self, call_id: str, agent_id: str, on: bool) -> None:
        self._check(call_id)
        self.reached = msgspec.structs.replace(self.reached, read_typed=on)

    async def photo(self, photo_id: str, *, preview: bool) -> Path | None:
        return self.photos.get(photo_id)

    async def callbacks(self, *, limit: int, before: datetime | None) -> CallbackPage:
        kept = sorted(self.callbacks_kept.values(), key=lambda callback: callback.since)
        is_open = [callback for callback in kept if callback.state in ("booked", "calling")]
        placed = tuple(msgspec.structs.replace(one, position=place) for place, one in enumerate(is_open, 1))
        closed = [one for one in reversed(kept) if one not in is_open and (before is None or one.since < before)]
        return CallbackPage(open=() if before else placed, closed=tuple(closed[:limit]), more=len(closed) > limit)

    async def callback_done(self, callback_id: str, agent_id: str) -> None:
        self._close_callback(callback_id, "done")

    async def callback_cancel(self, callback_id: str, agent_id: str) -> None:
        self._close_callback(callback_id, "cancelled")

    async def card_used(self, call_id: str, agent_id: str, use: UseCard) -> None:
        self._check(call_id)
        if use.entry_id not in self.entries:
            raise Refused("the entry is no longer in the database", code="no_entry")
        self.used.append((use.entry_id, use.deed))
        await self.say(call_id, CardUsed(entry_id=use.entry_id, deed=use.deed, agent_id=agent_id))

    async def report_entry(self, agent_id: str, entry_id: str, report: ReportEntry) -> None:
        if entry_id not in self.entries:
            raise Refused("the entry is no longer in the database", code="no_entry")
        self.reports.append((entry_id, report))

    async def attachment(self, attachment_id: str) -> Path | None:
        return self.files.get(attachment_id)

    def procedures(self) -> Sequence[Procedure]:
        return PROCEDURES

    async def alert_step(self, call_id: str, agent_id: str, alert_id: str, step: AlertStep) -> None:
        self._check(call_id)
        alert = self.raised.get((call_id, alert_id))
        if alert is None or alert.state in ("dismissed", "closed"):
            raise Refused("there is no such alert any more", code="no_alert")
        (here,) = (one for one in PROCEDURES if one.kind == alert.kind)
        offered = {each.step: each for each in here.steps}
        needs: tuple[StepName, ...] = offered[step.step].needs if step.step in offered else ()
        if step.step not in offered or (needs and not set(needs) & set(alert.steps)):
            raise Refused("not possible now", code="no_step")
        states: dict[str, AlertState] = {"dismissed": "dismissed", "closed": "closed", "ended": "closed"}
        await self._alert(
            call_id,
            msgspec.structs.replace(
                alert,
                state=states.get(step.step, "handling"),
                steps=alert.steps if step.step in ("dismissed", "closed") else (*alert.steps, step.step),
                by=agent_id,
                reason=step.reason,
            ),
        )
        if step.step == "ended":
            await self.end_call(call_id, "desk_hung_up")

    async def dismiss_reminder(self, call_id: str, agent_id: str, rule_id: str) -> None:
        self._check(call_id)
        await self.remind(call_id, rule_id, "", "dismissed")

    async def issues(self, *, limit: int) -> Sequence[IssueChanged]:
        return sorted(self.issues_kept.values(), key=lambda issue: issue.since, reverse=True)[:limit]

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        if issue_id not in self.issues_kept:
            raise Refused("there is no such issue", code="no_issue")
        await self.issue(msgspec.structs.replace(self.issues_kept[issue_id], state="seen", by=agent_id))

    def alerts(self) -> Sequence[AlertChanged]:
        return [alert for alert in self.raised.values() if alert.state in ("raised", "handling")]

    def holder(self, contact_id: str) -> str | None:
        return self.holders.get(contact_id, "")

    def _close_callback(self, callback_id: str, state: CallbackState) -> None:
        callback = self.callbacks_kept.get(callback_id)
        if callback is None or callback.state not in ("booked", "calling"):
            raise Refused("this callback is not open any more", code="no_callback")
        self.callbacks_kept[callback_id] = msgspec.structs.replace(callback, state=state, agent=AGENT.name)

    def _check(self, call_id: str) -> None:
        if self.state.busy_call != call_id:
            raise Refused("this is not your running call", code="not_your_call")

    # What tests do

    async def transfer(
        self,
        call_id: str,
        state: TransferState,
        *,
        kind: TransferKind = "consult",
        number: int = 1,
        name: str = "세무과",
        reason: str = "",
    ) -> None:
        """The agent's transfer of that number gets on."""
        await self.say(
            call_id,
            TransferChanged(
                transfer_id=f"transfer-{number}", kind=kind, state=state, to="0310001234", name=name, by=AGENT.id,
                reason=reason,
            ),
        )  # fmt: skip

    async def visit(self, call_id: str, state: VisitState, way: VisitWay = "call", language: str = "ko") -> None:
        """The caller's page comes and goes."""
        self.page_open = state in ("opened", "back")
        await self.say(call_id, VisitChanged(visit_id="v1", state=state, way=way, menu="hanbit@1", language=language))

    async def screen(self, call_id: str, screen: str, title: str, *path: str, cause: ScreenCause = "touch") -> None:
        """The caller is on another screen."""
        await self.say(call_id, ScreenShown(visit_id="v1", screen=screen, title=title, path=path, cause=cause))

    async def form(self, call_id: str, title: str, screen: str = "form", **values: str) -> None:
        """A form is sent; a value of '*' is a secret that was given."""
        sent = tuple(
            FormValue(field=f"f{place}", label=label, value="" if value == "*" else value, hidden=value == "*")
            for place, (label, value) in enumerate(values.items())
        )
        await self.say(call_id, FormSent(visit_id="v1", screen=screen, title=title, values=sent))

    async def move(self, state: AgentState, call_id: str = "", reason: str = "") -> None:
        """Put the agent into a state."""
        self.state = AgentStateChanged(
            agent_id=AGENT.id,
            state=state,
            since=now(),
            busy_call=call_id,
            reason=reason,
            extension=self.state.extension,
        )
        await self.bus.publish(self.state)

    async def say(self, call_id: str, event: Event) -> Event:
        """One event on a call's line."""
        self._seq[call_id] += 1
        event = renumbered(event, call_id=call_id, seq=self._seq[call_id])
        if event.LASTING:
            self.lines[call_id].append(event)
        await self.bus.publish(event)
        return event

    async def offer_call(
        self, call_id: str, caller: Party = CALLER, *, waited_s: float = 0.0, way: CallWay = "bridge"
    ) -> None:
        """A call rings at the agent's phone."""
        started = now() - timedelta(seconds=waited_s)
        self.store.summaries[call_id] = CallSummary(
            call_id=call_id, caller=caller, called="120", started=started, agent_id=AGENT.id, agent_name=AGENT.name
        )
        await self.say(call_id, CallStarted(at=started, caller=caller, called="120", way=way))
        await self.move("offered", call_id)
        await self.say(call_id, AgentOffered(agent_id=AGENT.id, agent_name=AGENT.name, extension=AGENT.extension))

    async def start_call(
        self, call_id: str, caller: Party = CALLER, *, waited_s: float = 0.0, way: CallWay = "bridge"
    ) -> None:
        """A call that the agent has answered, after so long in menu and queue."""
        await self.offer_call(call_id, caller, waited_s=waited_s, way=way)
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

    async def alert(
        self, call_id: str, kind: AlertKind = "abuse", *words: str, utterance: str = "caller-1", number: int = 1
    ) -> None:
        """These words in that utterance raise an alert; the call may be another agent's."""
        alert = AlertChanged(
            alert_id=f"alert-{number}", kind=kind, utterance=utterance, start=4.0, end=6.0, words=words
        )  # fmt: skip
        await self._alert(call_id, alert)

    async def _alert(self, call_id: str, alert: AlertChanged) -> None:
        told = await self.say(call_id, alert)
        assert isinstance(told, AlertChanged)
        self.raised[call_id, alert.alert_id] = told

    async def heard(self, call_id: str, number: int, *values: tuple[ValueKind, str, str]) -> None:
        """The caller said these values: kind, as written, as spoken."""
        found = tuple(
            HeardValue(kind=kind, value=value, spoken=spoken, start=0, end=1) for kind, value, spoken in values
        )
        await self.say(call_id, ValuesHeard(speaker="caller", utterance=f"caller-{number}", values=found))

    async def remind(self, call_id: str, rule_id: str, text: str, state: ReminderState = "due") -> None:
        """The agent is reminded, or no longer."""
        await self.say(call_id, ReminderChanged(rule_id=rule_id, text=text, state=state))

    async def issue(self, issue: IssueChanged) -> None:
        """The radar sees something, or it changes."""
        self.issues_kept[issue.issue_id] = issue
        await self.bus.publish(issue)

    async def suggest(self, call_id: str, *entries: Entry, utterance: str = "caller-1") -> None:
        """These cards now belong on the desk, for the word 장롱."""
        cards = tuple(card(entry, "장롱") for entry in entries)
        await self.say(call_id, Suggested(suggestions=cards, utterance=utterance))


def card(
    entry: Entry, *words: str, score: float = 0.8, why: CardReason = "words", tentative: bool = False
) -> Suggestion:
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
        absent=entry.person_absent,
        version=entry.version,
        why=why,
        tentative=tentative,
    )
