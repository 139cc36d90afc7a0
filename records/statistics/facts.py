"""One contact's facts, from its events alone: what it adds to which figure.

``Tally`` takes the events one by one, so the wall sees a contact that still runs with the same eyes as the statistics
see it afterwards. What a figure means stands in ``measures`` and docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

import msgspec

from core.events import (
    AgentMissed,
    AgentOffered,
    AlertChanged,
    CallbackBooked,
    CallEnded,
    CallHeld,
    CallJoined,
    CallQueued,
    CallResumed,
    CallStarted,
    CardUsed,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    FormSent,
    LanguageChanged,
    MessageSent,
    PhotoReceived,
    RatingGiven,
    RecordDrafted,
    RecordKept,
    ScreenShown,
    Suggested,
    TextReceived,
    TranscriptFinal,
    TransferChanged,
    VisitChanged,
    WrapUpEnded,
)
from core.store.statistics import MOST_MS, MOST_WORDS, ContactFacts

KINDS: Final = (
    *("CallStarted", "CallQueued", "AgentOffered", "AgentMissed", "CallJoined", "CallHeld", "CallResumed"),
    *("TransferChanged", "LanguageChanged", "VisitChanged", "ScreenShown", "FormSent", "PhotoReceived"),
    *("CallbackBooked", "MessageSent", "ContactOpened", "ContactAssigned", "TextReceived", "ContactClosed"),
    *("Suggested", "CardUsed", "AlertChanged", "RecordDrafted", "RecordKept", "WrapUpEnded", "RatingGiven"),
    *("TranscriptFinal", "CallEnded"),
)
"""Events that facts are drawn from."""
SPOKEN: Final = 600
"""Characters of what the person said that words are looked for in, when no record says what she wanted."""
_USED: Final = frozenset({"accepted", "pinned", "sent"})
_NOT_SENT: Final = frozenset({"failed", "waiting", "withdrawn"})
_NO_CONTACT: Final = frozenset({"merged", "spam"})


def no_words(_text: str) -> Sequence[str]:
    """Where nobody knows Korean."""
    return ()


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What facts depend on besides the events. Whoever changes one recomputes (``minwon statistics recompute``)."""

    zone: tzinfo
    """Of the city: days and hours begin in it."""
    target_s: float
    """A call is answered in time within so many seconds."""
    written_target_s: float
    """A written contact is."""
    short_s: float
    """Who hangs up within so many seconds of waiting has not waited: a slip, a wrong number."""
    key: Callable[[str], str]
    """Telephone number to person key."""
    words: Callable[[str], Sequence[str]] = no_words
    """What a text is about: bare words, the most telling first."""


class Tally:
    """One contact. Events in the order of their numbers; each once."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.over = False
        """Nothing decisive comes any more."""
        self.entered: datetime | None = None
        """Since when the person wants an agent."""
        self.joined: datetime | None = None
        """When an agent first was there."""
        self.decided: datetime | None = None
        """When it was clear whether somebody answered: the answer, or the end."""
        self.agent = ""
        self.queue = ""
        self._contact_id = ""
        self._started: datetime | None = None
        self._first: datetime | None = None
        self._number = ""
        self._channel = "call"
        self._language = ""
        self._callback = False
        self._observed = False
        self._department_joined = False
        self._talking: datetime | None = None
        self._held: datetime | None = None
        self._talk = timedelta()
        self._hold = timedelta()
        self._holds = 0
        self._wrap_s = 0.0
        self._assigned: datetime | None = None
        self._writing = timedelta()
        self._end = ""
        self._talk_s = 0.0
        self._menu = self._page = False
        self._screens: set[str] = set()
        self._served = False
        self._booked = False
        self._missed = 0
        self._transfers: set[str] = set()
        self._texts: dict[str, str] = {}
        self._cards: dict[str, tuple[str, str]] = {}
        self._used: list[str] = []
        self._rating = 0
        self._alerts: dict[str, str] = {}
        self._drafted: RecordDrafted | None = None
        self._kept: RecordKept | None = None
        self._said: list[str] = []
        self._said_length = 0

    @property
    def waits(self) -> bool:
        """Wants an agent and has none yet."""
        return self.entered is not None and self.joined is None and not self.over and not self._booked

    def take(self, event: Event) -> None:
        """The next event of the line."""
        self._contact_id = event.call_id
        self._first = self._first or event.at
        match event:
            case CallStarted():
                self._started = event.at
                self._number = "" if event.caller.anonymous else event.caller.number
                self._callback = bool(event.callback_id)
                self._observed = event.way != "bridge"
            case ContactOpened():
                self._started = self.entered = event.at
                self._number = "" if event.party.anonymous else event.party.number
                self._channel, self._language, self.queue = event.channel, event.language, event.queue
            case CallQueued() | AgentOffered():
                self.entered = self.entered or event.at
                self.queue = event.queue or self.queue
            case AgentMissed():
                self._missed += 1
            case CallJoined(agent_id=""):
                self._department_joined = True
                self._lets_go(event.at)
            case CallJoined():
                self._joins(event)
            case CallHeld(by="agent"):
                if self._held is None and self._talking is not None:
                    self._held = event.at
                    self._holds += 1
            case CallResumed(by="agent"):
                self._resumes(event.at)
            case TransferChanged():
                self._passes_on(event)
            case CallEnded():
                self._lets_go(event.at)
                self._talk_s = event.talk_s
                self._ends(event.reason, event.at)
            case ContactAssigned():
                self.agent = event.agent_id or self.agent
                self._assigned = event.at if event.agent_id else None
            case ContactClosed():
                self._closes(event)
            case _:
                self._take_more(event)

    def _take_more(self, event: Event) -> None:
        """What is not about who had the person when."""
        match event:
            case VisitChanged():
                self._menu = True
                self._page = self._page or event.state in ("opened", "back")
                self._language = self._language or event.language
            case LanguageChanged():
                self._language = event.language
            case ScreenShown() if not event.screen.startswith("@"):
                self._screens.add(event.screen)
            case FormSent() | PhotoReceived():
                self._served = True
            case CallbackBooked():
                self._booked = self._booked or event.state == "booked"
            case MessageSent():
                self._sends(event)
            case TextReceived():
                self._says(event.text)
            case TranscriptFinal() if event.speaker == "caller" and not event.aside:
                self._says(event.text)
            case Suggested():
                self._cards |= {card.id: (card.category, card.department) for card in event.suggestions}
            case CardUsed() if event.deed in _USED:
                self._used.append(event.entry_id)
            case AlertChanged():
                self._alerts[event.alert_id] = event.state
            case RecordDrafted():
                self._drafted = event
            case RecordKept() if self._kept is None or event.version >= self._kept.version:
                self._kept = event
            case WrapUpEnded():
                self._wrap_s += event.wrap_s
            case RatingGiven():
                self._rating = event.score

    # Who has the person.

    def _joins(self, event: CallJoined) -> None:
        self._lets_go(event.at)
        self.agent = event.agent_id
        self._talking = event.at
        if self.joined is None:
            self.joined = self.decided = event.at
            self.entered = self.entered or event.at

    def _passes_on(self, event: TransferChanged) -> None:
        if event.state == "done":
            self._transfers.add(event.transfer_id)
        if event.state == "done" or (event.kind == "blind" and event.state == "ringing"):
            self._lets_go(event.at)

    def _lets_go(self, at: datetime) -> None:
        """The agent has the person no more."""
        self._resumes(at)
        if self._talking is not None:
            self._talk += max(timedelta(), at - self._talking)
            self._talking = None

    def _resumes(self, at: datetime) -> None:
        if self._held is not None:
            held = max(timedelta(), at - self._held)
            self._hold += held
            self._talk -= held
            self._held = None

    def _sends(self, event: MessageSent) -> None:
        self._texts[event.message_id] = event.state
        by_a_person = bool(event.by) and not event.by.startswith("rule:")
        if self._channel != "call" and by_a_person and self.joined is None and event.state not in _NOT_SENT:
            self.joined = self.decided = event.at
            if self._assigned is not None:
                self._writing = max(timedelta(), event.at - self._assigned)

    def _closes(self, event: ContactClosed) -> None:
        if event.wait_s and self._started is not None:
            self.joined = self.decided = self._started + timedelta(seconds=event.wait_s)
            self.agent = event.agent_id or self.agent
        self._ends(event.reason, event.at)

    def _ends(self, reason: str, at: datetime) -> None:
        self.over, self._end = True, reason
        self.decided = self.decided or at

    def _says(self, text: str) -> None:
        if self._said_length < SPOKEN:
            self._said.append(text)
            self._said_length += len(text)

    # What it comes to.

    def facts(self) -> ContactFacts:
        """As far as it has gone. ``again`` is not known here: it takes other contacts."""
        rules = self._rules
        started = (self._started or self._first or datetime.fromtimestamp(0, UTC)).astimezone(UTC)
        day, slot = local(started, rules.zone)
        department, category, district = self._about()
        person = rules.key(self._number) if self._number else ""
        answered = self._answered()
        handled = answered
        reached = self._callback and answered
        counts = self._outcome(answered)
        settled = handled and bool(person and category)
        suggested = handled and bool(self._cards)
        texts = sum(state not in _NOT_SENT for state in self._texts.values())
        return ContactFacts(
            contact_id=self._contact_id,
            started=started,
            day=day,
            slot=slot,
            person=person,
            words=tuple(dict.fromkeys(rules.words(self._text())))[:MOST_WORDS],
            channel=self._channel,
            queue=self.queue,
            language=self._language or "ko",
            department=department,
            category=category,
            district=district,
            agent=self.agent,
            menus=int(self._menu and not self._callback),
            pages=int(self._page and not self._callback),
            handled=int(handled),
            talk_ms=_ms(self._writing if self._channel != "call" else self._talk) if handled else 0,
            hold_ms=_ms(self._hold) if handled else 0,
            wrap_ms=_ms(timedelta(seconds=self._wrap_s)) if handled else 0,
            held=int(handled and self._holds > 0),
            transfers=len(self._transfers),
            transferred=int(bool(self._transfers)),
            missed=self._missed,
            texts=texts,
            texted=int(texts > 0),
            texts_failed=sum(state == "failed" for state in self._texts.values()),
            suggested=int(suggested),
            used=int(suggested and any(card in self._cards for card in self._used)),
            rated=int(self._rating > 0),
            rating_sum=self._rating,
            satisfied=int(self._rating >= _SATISFIED),
            recorded=int(handled and self._kept is not None),
            unasked=int(handled and self._kept is not None and self._kept.unasked),
            callbacks=int(self._booked),
            calls_back=int(self._callback),
            reached=int(reached),
            alerts=int(any(state != "dismissed" for state in self._alerts.values())),
            settled=int(settled),
            **counts,
        )

    def _answered(self) -> bool:
        """Of a call that we only listen to, the exchange may not have told who answered."""
        return self.joined is not None or (self._observed and self._talk_s > 0)

    def _outcome(self, answered: bool) -> dict[str, int]:
        """Which of the ways a contact can go; each counts once. Nothing of a callback: the citizen came before."""
        if self._callback or (self._channel != "call" and self._end in _NO_CONTACT):
            return {}
        if answered:
            return {"contacts": 1, "offered": 1, "answered": 1, **self._wait()}
        if self._department_joined:
            return {"contacts": 1, "forwarded": 1}
        if self._end == "no_answer_needed" or self.entered is None:
            served = self._served or len(self._screens) > 1
            return {"contacts": 1, "contained" if served else "dropped": 1}
        if not self.over:
            return {"contacts": 1, "offered": 1}
        return {"contacts": 1, "offered": 1, **self._given_up()}

    def _wait(self) -> dict[str, int]:
        """Of an answered one. Where the exchange has the queue, nobody here knows how long it was."""
        if self._observed or self.entered is None or self.joined is None:
            return {}
        wait = _ms(self.joined - self.entered)
        in_time = wait <= 1000 * self._target_s
        return {"waited": 1, "wait_ms": wait, "level_base": 1, "level_in": int(in_time)}

    def _given_up(self) -> dict[str, int]:
        """Of one that nobody answered."""
        assert self.entered is not None
        waited = _ms((self.decided or self.entered) - self.entered)
        if self._booked:
            return {"booked": 1}
        if self._end != "caller_hung_up":
            return {"unserved": 1, "level_base": 1}
        if waited <= 1000 * self._rules.short_s:
            return {"short_abandoned": 1}
        return {"abandoned": 1, "abandon_ms": waited, "level_base": 1}

    @property
    def _target_s(self) -> float:
        return self._rules.target_s if self._channel == "call" else self._rules.written_target_s

    def _about(self) -> tuple[str, str, str]:
        """Department, category, district."""
        if (kept := self._kept) is not None:
            return kept.department, kept.category, kept.district
        draft = self._drafted.draft if self._drafted is not None else None
        cards = [*(draft.cards if draft is not None else ()), *reversed(self._used)]
        category, department = next((self._cards[card] for card in cards if card in self._cards), ("", ""))
        return department, (draft.category if draft is not None else "") or category, ""

    def _text(self) -> str:
        """What the person wanted."""
        if self._drafted is not None and self._drafted.draft.need:
            return self._drafted.draft.need
        return " ".join(self._said)[:SPOKEN]


_SATISFIED: Final = 4


def facts_of(events: Iterable[Event], rules: Rules) -> ContactFacts | None:
    """Facts of a whole line, None when the contact is not over, or began somewhere else."""
    tally = Tally(rules)
    for event in events:
        tally.take(event)
    return tally.facts() if tally.over else None


def local(moment: datetime, zone: tzinfo) -> tuple[int, int]:
    """The local day, 20261127, and the slot: twice the hour, and one more in an hour that comes a second time."""
    there = moment.astimezone(zone)
    return there.year * 10000 + there.month * 100 + there.day, 2 * there.hour + there.fold


def _ms(time: timedelta) -> int:
    """Whole milliseconds, none below zero: a clock that was set back took no time away."""
    return min(MOST_MS, max(0, round(time.total_seconds() * 1000)))
