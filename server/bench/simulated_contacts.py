"""A city's contacts as lines of events, from a seed: days, weeks and seasons of calls and texts, for benches and tests.

Pure, and quick: a month of 600,000 contacts in well under a minute. People ask for what the shipped consultation
database has entries for; each entry has its own popularity and its season, one of them rises. Some people come back
within days with the same question. Telephone numbers begin with 0100, which nobody has.

    city = SimulatedCity(seed=8)
    for contact in city.contacts(date(2026, 3, 1), days=31): ...

Contacts come in the order in which they begin. The same seed and the same days, the same contacts.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from heapq import heappop, heappush
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from core.events import (
    AgentMissed,
    AgentOffered,
    CallbackBooked,
    CallEnded,
    CallHeld,
    CallJoined,
    CallQueued,
    CallResumed,
    CallStarted,
    CardUsed,
    Channel,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    EndReason,
    Event,
    LanguageChanged,
    MessageSent,
    Party,
    RatingGiven,
    RecordDraft,
    RecordDrafted,
    RecordKept,
    ScreenShown,
    Suggested,
    Suggestion,
    TextReceived,
    TranscriptFinal,
    TransferChanged,
    VisitChanged,
    WrapUpEnded,
    renumbered,
)
from core.store.entry import Entry

SEOUL: Final = ZoneInfo("Asia/Seoul")
AGENTS: Final = 300
PEOPLE: Final = 400_000
COMES_BACK: Final = 0.13
"""Share of those with an answer who come again with the same question within nine days."""
RISES: Final = 6.0
"""How many times as often the rising entry is asked for, in the end."""
# Contacts by hour of the day and by weekday, Monday first.
_HOURS: Final = (4, 2, 2, 1, 2, 4, 12, 30, 78, 100, 96, 88, 60, 80, 92, 88, 84, 70, 36, 24, 20, 16, 10, 6)
_WEEKDAYS: Final = (1.34, 1.2, 1.15, 1.12, 1.14, 0.58, 0.47)
_HOLIDAY: Final = 0.4
_DISTRICTS: Final = ("중앙동", "평화동", "신흥동", "한빛동", "송천동", "효자동")
_LANGUAGES: Final = {"ko": 0.962, "en": 0.012, "zh": 0.012, "vi": 0.009, "ja": 0.005}
_NEEDS: Final = (
    "{title} 방법을 알고 싶어 하심. {district} 거주, {keyword} 관련하여 필요한 서류를 물으심.",
    "{keyword} 때문에 문의하심. {title} 절차와 처리 기간을 궁금해하심.",
    "{district}에서 {keyword} 문제로 불편을 겪고 있다고 하심. {title} 안내를 요청하심.",
    "{title} 신청이 되는지, 대리인이 가도 되는지 물으심. {keyword} 비용도 물으심.",
    "지난번에 안내받은 {title} 건이 아직 처리되지 않았다고 하심. {keyword} 진행 상황을 확인해 달라고 하심.",
)
_ANSWERS: Final = (
    "{department} {phone} 안내. {step}.",
    "{title} 절차를 설명하고 {department} 연락처를 문자로 보냄.",
    "{step} 후 방문하시도록 안내함. 담당은 {department}.",
)
_DISPOSITIONS: Final = ("answered", "answered", "answered", "answered", "passed_on", "call_back", "visit")


class SimulatedContact(msgspec.Struct, frozen=True, kw_only=True):
    """One contact, with what its events say and more: for those who fill tables in bulk."""

    contact_id: str
    """As ``Event.call_id``."""
    began: datetime
    """With the city's zone."""
    channel: Channel
    """How it came."""
    number: str
    """Whose, '' = withheld."""
    need: str
    """What the person wanted, '' = nobody heard it."""
    answer: str
    """What was answered, '' = nothing."""
    events: tuple[Event, ...]
    """Its whole line, numbered from 1."""


class _Line:
    """A line as it is drawn."""

    __slots__ = ("at", "contact_id", "events")

    def __init__(self, contact_id: str, at: datetime) -> None:
        self.contact_id = contact_id
        self.at = at
        self.events: list[Event] = []

    def after(self, seconds: float) -> datetime:
        """Time goes on; where it is now."""
        self.at += timedelta(milliseconds=round(seconds * 1000))
        return self.at

    def say(self, event: Event) -> None:
        self.events.append(renumbered(event, call_id=self.contact_id, seq=len(self.events) + 1))


class _Person(msgspec.Struct, frozen=True):
    """Somebody with a question."""

    number: str
    language: str
    district: str
    topic: int


class SimulatedCity:
    """Its people, agents and topics. ``contacts`` draws its days."""

    def __init__(
        self,
        entries: Sequence[Entry],
        seed: int,
        *,
        contacts_a_day: int = 20_000,
        holidays: Collection[date] = (),
        zone: tzinfo = SEOUL,
        spoken: bool = False,
    ) -> None:
        """``entries``: what people ask for. ``contacts_a_day``: the mean over a week. ``spoken``: calls have two
        utterances, which the lines of 600,000 contacts are better without."""
        self._dice = random.Random(f"contacts {seed}")
        self._entries = tuple(entries)
        self._a_day = contacts_a_day
        self._holidays = frozenset(holidays)
        self._zone = zone
        self._spoken = spoken
        self._popular = [1 / place**0.75 for place in range(2, len(entries) + 2)]
        self._dice.shuffle(self._popular)
        self._season = [(self._dice.random() * 0.6, self._dice.random() * 365) for _ in entries]
        self._hours = list(accumulate(_HOURS))
        self._again: dict[date, list[_Person]] = defaultdict(list)
        self._booked: list[tuple[datetime, str, _Person]] = []
        """Callbacks to come, in order."""
        self._rising = self._popular.index(sorted(self._popular)[len(self._popular) // 2])
        self._topics: list[float] = []
        self._load = 1.0

    @property
    def rising(self) -> Entry:
        """The entry that is asked for more and more, from the middle of each drawn span on."""
        return self._entries[self._rising]

    def contacts(self, first: date, *, days: int) -> Iterator[SimulatedContact]:
        """All contacts of these days."""
        for number in range(days):
            day = first + timedelta(days=number)
            risen = 1 + (RISES - 1) * max(0.0, (number + 1) / days - 0.5) * 2
            yield from self._day(day, risen)

    def _day(self, day: date, risen: float) -> Iterator[SimulatedContact]:
        dice = self._dice
        share = _HOLIDAY if day in self._holidays else _WEEKDAYS[day.weekday()]
        self._load = share * dice.gauss(1, 0.05)
        self._topics = list(accumulate(self._weights(day, risen)))
        moments = sorted(self._moment(day) for _ in range(max(0, round(self._a_day * self._load))))
        back = self._again.pop(day, [])
        comes = set(dice.sample(range(len(moments)), min(len(back), len(moments))))
        for number, at in enumerate(moments):
            while self._booked and self._booked[0][0] <= at:
                yield self._calls_back(*heappop(self._booked))
            person = back.pop() if number in comes else self._stranger()
            yield self._contact(f"{day:%y%m%d}-{number:06}", at, person)

    def _weights(self, day: date, risen: float) -> Iterator[float]:
        for at, (popular, (swing, phase)) in enumerate(zip(self._popular, self._season, strict=True)):
            season = 1 + swing * math.sin(2 * math.pi * (day.timetuple().tm_yday - phase) / 365)
            yield popular * season * (risen if at == self._rising else 1.0)

    def _moment(self, day: date) -> datetime:
        hour = self._dice.choices(range(24), cum_weights=self._hours)[0]
        millis = int(self._dice.random() * 3_600_000)
        moment = datetime.combine(day, time(hour), self._zone)
        return moment + timedelta(milliseconds=millis)

    def _stranger(self) -> _Person:
        dice = self._dice
        withheld = dice.random() < 0.04
        who = dice.randrange(PEOPLE)
        return _Person(
            number="" if withheld else f"0100{who:07}",
            language=dice.choices(tuple(_LANGUAGES), tuple(_LANGUAGES.values()))[0],
            district=dice.choice(_DISTRICTS) if dice.random() < 0.55 else "",
            topic=dice.choices(range(len(self._entries)), cum_weights=self._topics)[0],
        )

    def _contact(self, name: str, at: datetime, person: _Person) -> SimulatedContact:
        dice = self._dice
        kind = dice.random()
        entry = self._entries[person.topic]
        need = self._words(dice.choice(_NEEDS), entry, person)
        answer = self._words(dice.choice(_ANSWERS), entry, person)
        if kind < 0.07:
            channel: Channel = "text" if kind < 0.055 else "chat"
            line = _Line(f"{channel}-{name}", at)
            answered = self._written(line, channel, person, entry, need, answer)
        else:
            channel, line = "call", _Line(f"call-{name}", at)
            answered = self._call(line, person, entry, need, answer, kind)
        if answered and person.number and dice.random() < COMES_BACK:
            self._again[at.date() + timedelta(days=dice.randint(1, 9))].append(person)
        return SimulatedContact(
            contact_id=line.contact_id,
            began=at,
            channel=channel,
            number=person.number,
            need=need if answered else "",
            answer=answer if answered else "",
            events=tuple(line.events),
        )

    def _words(self, sentence: str, entry: Entry, person: _Person) -> str:
        return sentence.format(
            title=entry.title,
            keyword=self._dice.choice(entry.keywords) if entry.keywords else entry.title,
            district=person.district or "시내",
            department=entry.department,
            phone=entry.phone,
            step=self._dice.choice(entry.procedure) if entry.procedure else "담당 부서로 문의",
        )

    def _calls_back(self, at: datetime, booking: str, person: _Person) -> SimulatedContact:
        """We call a citizen who has booked it; nine of ten answer."""
        dice, entry = self._dice, self._entries[person.topic]
        line = _Line(f"call-{booking}", at)
        need, answer = (self._words(dice.choice(some), entry, person) for some in (_NEEDS, _ANSWERS))
        caller = Party(number=person.number)
        line.say(CallStarted(at=at, caller=caller, called="120", trunk="main", callback_id=booking))
        line.say(AgentOffered(at=at, agent_id=(agent := self._agent()), agent_name=agent))
        if reached := dice.random() < 0.9:
            line.say(CallJoined(at=line.after(dice.uniform(4, 20)), agent_id=agent, agent_name=agent))
            self._talks(line, person, entry, need, answer)
        else:
            self._ends(line, "failed", after_s=30)
        return SimulatedContact(
            contact_id=line.contact_id,
            began=at,
            channel="call",
            number=person.number,
            need=need if reached else "",
            answer=answer if reached else "",
            events=tuple(line.events),
        )

    # A call.

    def _call(self, line: _Line, person: _Person, entry: Entry, need: str, answer: str, kind: float) -> bool:
        """Whether somebody answered it."""
        dice = self._dice
        caller = Party(number=person.number, anonymous=not person.number)
        line.say(CallStarted(at=line.at, caller=caller, called="120", trunk="main"))
        visit = f"visit-{line.contact_id}"
        line.say(VisitChanged(at=line.after(0.2), visit_id=visit, state="begun", language=person.language))
        line.say(ScreenShown(at=line.at, visit_id=visit, screen="main", title="무엇을 도와드릴까요?"))
        if person.number and dice.random() < 0.3:
            line.say(VisitChanged(at=line.after(6), visit_id=visit, state="opened", way="sms"))
        if kind < 0.25:
            self._stays_in_menu(line, visit, entry)
            return False
        if person.language != "ko":
            language = person.language
            line.say(LanguageChanged(at=line.after(2), language=language, heard=language == "en", by="menu"))
        if kind < 0.27:
            line.say(CallJoined(at=line.after(15), agent_id="", agent_name=entry.department, extension=entry.phone))
            self._ends(line, "caller_hung_up", talk_s=self._drawn(line, 120))
            return False
        queue = "foreign" if person.language != "ko" else ""
        if not self._waits(line, person, queue):
            return False
        self._talks(line, person, entry, need, answer)
        return True

    def _stays_in_menu(self, line: _Line, visit: str, entry: Entry) -> None:
        dice = self._dice
        if dice.random() < 0.2:
            self._ends(line, "caller_hung_up", after_s=dice.uniform(1, 6))
            return
        line.say(ScreenShown(at=line.after(dice.uniform(4, 15)), visit_id=visit, screen=entry.id, title=entry.title))
        if dice.random() < 0.3:
            self._texts(line, entry, by="")
        self._ends(line, dice.choice(("menu_ended", "caller_hung_up")), after_s=dice.uniform(8, 60))

    def _waits(self, line: _Line, person: _Person, queue: str) -> bool:
        """Whether an agent answers."""
        dice = self._dice
        busy = min(0.9, 0.5 * self._load * _HOURS[line.at.hour] / 100 + 0.05)
        wait = dice.expovariate(1 / (60 * self._load)) if dice.random() < busy else 0.0
        patience = dice.expovariate(1 / 180)
        queued = line.after(dice.uniform(1, 20))
        if wait:
            line.say(CallQueued(at=queued, position=1 + int(wait / 20), expect_s=wait, queue=queue))
            if wait > 45 and person.number and dice.random() < 0.08:
                booking = f"callback-{line.contact_id}"
                line.say(CallbackBooked(at=line.after(45), callback_id=booking, number=person.number, position=1))
                self._ends(line, "caller_hung_up", after_s=4)
                heappush(self._booked, (line.at + timedelta(minutes=dice.uniform(5, 60)), booking, person))
                return False
            if wait > patience:
                self._ends(line, "caller_hung_up", after_s=patience)
                return False
        elif not 8 <= line.at.hour < 21 and dice.random() < 0.15:
            line.say(CallQueued(at=queued, position=1, queue=queue))
            self._ends(line, "no_agent", after_s=60)
            return False
        line.after(wait)
        if dice.random() < 0.02:
            missed = self._agent()
            line.say(AgentOffered(at=line.at, agent_id=missed, queue=queue))
            line.say(AgentMissed(at=line.after(15), agent_id=missed, reason="no_answer"))
        agent = self._agent()
        line.say(AgentOffered(at=line.at, agent_id=agent, agent_name=agent, extension="7" + agent[-3:], queue=queue))
        line.say(CallJoined(at=line.after(dice.uniform(1, 6)), agent_id=agent, agent_name=agent))
        return True

    def _talks(self, line: _Line, person: _Person, entry: Entry, need: str, answer: str) -> None:
        dice = self._dice
        joined, last = line.at, line.events[-1]
        agent = last.agent_id if isinstance(last, CallJoined) else ""
        if self._spoken:
            self._says(line, "caller", need)
            self._says(line, "agent", answer)
        shown = dice.random() < 0.82
        if shown:
            card = Suggestion(
                id=entry.id, title=entry.title, score=0.8, category=entry.category, department=entry.department
            )
            line.say(Suggested(at=line.after(8), suggestions=(card,)))
            if dice.random() < 0.7:
                line.say(CardUsed(at=line.after(4), entry_id=entry.id, deed="accepted", agent_id=agent))
        line.after(min(1800.0, dice.lognormvariate(4.8, 0.6)))
        if dice.random() < 0.16:
            line.say(CallHeld(at=line.at, by="agent"))
            line.say(CallResumed(at=line.after(dice.uniform(5, 90)), by="agent"))
        if dice.random() < 0.35 and person.number:
            self._texts(line, entry, by=agent, to=person.number)
        if dice.random() < 0.11:
            self._passes_on(line, entry, agent)
        talk_s = (line.at - joined).total_seconds()
        self._ends(line, "caller_hung_up" if dice.random() < 0.7 else "agent_hung_up", talk_s=talk_s)
        self._writes_up(line, person, entry, need, answer, agent)
        if dice.random() < 0.12:
            score = dice.choices((1, 2, 3, 4, 5), (3, 4, 13, 30, 50))[0]
            line.say(RatingGiven(at=line.after(dice.uniform(5, 60)), score=score, way="menu"))

    def _passes_on(self, line: _Line, entry: Entry, agent: str) -> None:
        changed = TransferChanged(
            at=line.at,
            transfer_id="transfer-1",
            kind="blind" if self._dice.random() < 0.6 else "consult",
            state="ringing",
            to=entry.phone,
            name=entry.department,
            by=agent,
        )
        line.say(changed)
        if self._dice.random() < 0.85:
            line.say(msgspec.structs.replace(changed, at=line.after(12), state="done"))
            line.say(CallJoined(at=line.at, agent_id="", agent_name=entry.department, extension=entry.phone))
            line.after(self._dice.uniform(20, 240))
        else:
            line.say(msgspec.structs.replace(changed, at=line.after(25), state="returned", reason="no_answer"))
            line.after(20)

    def _writes_up(
        self, line: _Line, person: _Person, entry: Entry, need: str, answer: str, agent: str, *, call: bool = True
    ) -> None:
        dice = self._dice
        draft = RecordDraft(category=entry.category, sure=0.8, need=need, answer=answer, cards=(entry.id,))
        line.say(RecordDrafted(at=line.after(1.5), draft=draft))
        wrap = dice.lognormvariate(2.8, 0.6)
        if dice.random() < 0.97:
            line.say(
                RecordKept(
                    at=line.after(wrap),
                    version=1,
                    by=agent,
                    category=entry.category,
                    department=entry.department,
                    result=dice.choice(_DISPOSITIONS),
                    district=person.district,
                )
            )
        else:
            line.after(wrap)
        if call:
            line.say(WrapUpEnded(at=line.at, agent_id=agent, wrap_s=round(wrap + 1.5, 3)))

    # Somebody writes.

    def _written(self, line: _Line, channel: Channel, person: _Person, entry: Entry, need: str, answer: str) -> bool:
        dice = self._dice
        party = Party(number=person.number or "01000000000")
        line.say(ContactOpened(at=line.at, channel=channel, party=party, to="0700055120", language=person.language))
        line.say(TextReceived(at=line.at, text_id=f"{line.contact_id}-1", text=need))
        if dice.random() < 0.05:
            line.say(ContactClosed(at=line.after(7200), reason="timed_out"))
            return False
        agent = self._agent()
        wait = dice.expovariate(1 / 150)
        line.say(ContactAssigned(at=line.after(wait), agent_id=agent, agent_name=agent))
        writing = dice.uniform(20, 180)
        line.after(writing)
        self._texts(line, entry, by=agent, to=party.number, text=answer)
        line.say(
            ContactClosed(
                at=line.after(dice.uniform(10, 900)), reason="answered", agent_id=agent, wait_s=round(wait + writing, 3)
            )
        )
        self._writes_up(line, person, entry, need, answer, agent, call=False)
        return True

    # Small things.

    def _says(self, line: _Line, speaker: str, text: str) -> None:
        start = (line.at - line.events[0].at).total_seconds()
        length = len(text) / 7
        line.say(
            TranscriptFinal(
                at=line.after(length),
                speaker=speaker,  # type: ignore[arg-type]
                utterance=f"{speaker}-1",
                start=round(start, 2),
                end=round(start + length, 2),
                text=text,
                confidence=0.9,
            )
        )

    def _texts(self, line: _Line, entry: Entry, *, by: str, to: str = "01000000000", text: str = "") -> None:
        sent = MessageSent(
            at=line.after(2),
            message_id=f"m-{line.contact_id}-{len(line.events)}",
            to=to,
            text=text or entry.message,
            by=by,
        )
        line.say(sent)
        failed = self._dice.random() < 0.015
        state = {"state": "failed", "reason": "unknown number"} if failed else {"state": "delivered"}
        line.say(msgspec.structs.replace(sent, at=line.after(3), **state))

    def _ends(self, line: _Line, reason: EndReason, *, after_s: float = 0.0, talk_s: float = 0.0) -> None:
        ended = line.after(after_s)
        duration = (ended - line.events[0].at).total_seconds()
        line.say(CallEnded(at=ended, reason=reason, duration_s=round(duration, 2), talk_s=round(talk_s, 2)))

    def _drawn(self, line: _Line, mean_s: float) -> float:
        """Some time passes."""
        length = min(1800.0, self._dice.expovariate(1 / mean_s))
        line.after(length)
        return length

    def _agent(self) -> str:
        return f"agent-{self._dice.randrange(AGENTS):03}"
