"""One contact as its line goes on: what happened so far, event by event. Rules only.

The wall sees a contact that still runs with the same eyes as the statistics see it afterwards (``facts``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

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

KINDS: Final = (
    *("CallStarted", "CallQueued", "AgentOffered", "AgentMissed", "CallJoined", "CallHeld", "CallResumed"),
    *("TransferChanged", "LanguageChanged", "VisitChanged", "ScreenShown", "FormSent", "PhotoReceived"),
    *("CallbackBooked", "MessageSent", "ContactOpened", "ContactAssigned", "TextReceived", "ContactClosed"),
    *("Suggested", "CardUsed", "AlertChanged", "RecordDrafted", "RecordKept", "WrapUpEnded", "RatingGiven"),
    *("TranscriptFinal", "CallEnded"),
)
"""Events that facts are drawn from."""
SPOKEN: Final = 600
"""Characters of what the person said that are kept here."""
NOT_SENT: Final = frozenset({"failed", "waiting", "withdrawn"})
"""States of a text message that is not on its way to anybody."""
_USED: Final = frozenset({"accepted", "pinned", "sent"})


class Tally:
    """One contact. Events in the order of their numbers; each once."""

    def __init__(self) -> None:
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
        self.contact_id = ""
        self.started: datetime | None = None
        self.first: datetime | None = None
        self.number = ""
        self.channel = "call"
        self.language = ""
        self.callback = False
        self.observed = False
        self.department_joined = False
        self.talking: datetime | None = None
        self.held: datetime | None = None
        self.talk = timedelta()
        self.hold = timedelta()
        self.holds = 0
        self.wrap_s = 0.0
        self.assigned: datetime | None = None
        self.writing = timedelta()
        self.end = ""
        self.talk_s = 0.0
        self.menu = self.page = False
        self.screens: set[str] = set()
        self.served = False
        self.booked = False
        self.missed = 0
        self.transfers: set[str] = set()
        self.texts: dict[str, str] = {}
        self.cards: dict[str, tuple[str, str]] = {}
        self.used: list[str] = []
        self.rating = 0
        self.alerts: dict[str, str] = {}
        self.drafted: RecordDrafted | None = None
        self.kept: RecordKept | None = None
        self.said: list[str] = []
        self.said_length = 0

    @property
    def waits(self) -> bool:
        """Wants an agent and has none yet."""
        return self.entered is not None and self.joined is None and not self.over and not self.booked

    def take(self, event: Event) -> None:
        """The next event of the line."""
        self.contact_id = event.call_id
        self.first = self.first or event.at
        match event:
            case CallStarted():
                self.started = event.at
                self.number = "" if event.caller.anonymous else event.caller.number
                self.callback = bool(event.callback_id)
                self.observed = event.way != "bridge"
            case ContactOpened():
                self.started = self.entered = event.at
                self.number = "" if event.party.anonymous else event.party.number
                self.channel, self.language, self.queue = event.channel, event.language, event.queue
            case CallQueued() | AgentOffered():
                self.entered = self.entered or event.at
                self.queue = event.queue or self.queue
            case AgentMissed():
                self.missed += 1
            case CallJoined(agent_id=""):
                self.department_joined = True
                self._lets_go(event.at)
            case CallJoined():
                self._joins(event)
            case CallHeld(by="agent"):
                if self.held is None and self.talking is not None:
                    self.held = event.at
                    self.holds += 1
            case CallResumed(by="agent"):
                self._resumes(event.at)
            case TransferChanged():
                self._passes_on(event)
            case CallEnded():
                self._lets_go(event.at)
                self.talk_s = event.talk_s
                self._ends(event.reason, event.at)
            case ContactAssigned():
                self.agent = event.agent_id or self.agent
                self.assigned = event.at if event.agent_id else None
            case ContactClosed():
                self._closes(event)
            case _:
                self._take_more(event)

    def _take_more(self, event: Event) -> None:
        """What is not about who had the person when."""
        match event:
            case VisitChanged():
                self.menu = True
                self.page = self.page or event.state in ("opened", "back")
                self.language = self.language or event.language
            case LanguageChanged():
                self.language = event.language
            case ScreenShown() if not event.screen.startswith("@"):
                self.screens.add(event.screen)
            case FormSent() | PhotoReceived():
                self.served = True
            case CallbackBooked():
                self.booked = self.booked or event.state == "booked"
            case MessageSent():
                self._sends(event)
            case TextReceived():
                self._says(event.text)
            case TranscriptFinal() if event.speaker == "caller" and not event.aside:
                self._says(event.text)
            case Suggested():
                self.cards |= {card.id: (card.category, card.department) for card in event.suggestions}
            case CardUsed() if event.deed in _USED:
                self.used.append(event.entry_id)
            case AlertChanged():
                self.alerts[event.alert_id] = event.state
            case RecordDrafted():
                self.drafted = event
            case RecordKept() if self.kept is None or event.version >= self.kept.version:
                self.kept = event
            case WrapUpEnded():
                self.wrap_s += event.wrap_s
            case RatingGiven():
                self.rating = event.score

    # Who has the person.

    def _joins(self, event: CallJoined) -> None:
        self._lets_go(event.at)
        self.agent = event.agent_id
        self.talking = event.at
        if self.joined is None:
            self.joined = self.decided = event.at
            self.entered = self.entered or event.at

    def _passes_on(self, event: TransferChanged) -> None:
        if event.state == "done":
            self.transfers.add(event.transfer_id)
        if event.state == "done" or (event.kind == "blind" and event.state == "ringing"):
            self._lets_go(event.at)

    def _lets_go(self, at: datetime) -> None:
        """The agent has the person no more."""
        self._resumes(at)
        if self.talking is not None:
            self.talk += max(timedelta(), at - self.talking)
            self.talking = None

    def _resumes(self, at: datetime) -> None:
        if self.held is not None:
            held = max(timedelta(), at - self.held)
            self.hold += held
            self.talk -= held
            self.held = None

    def _sends(self, event: MessageSent) -> None:
        self.texts[event.message_id] = event.state
        by_a_person = bool(event.by) and not event.by.startswith("rule:")
        if self.channel != "call" and by_a_person and self.joined is None and event.state not in NOT_SENT:
            self.joined = self.decided = event.at
            if self.assigned is not None:
                self.writing = max(timedelta(), event.at - self.assigned)

    def _closes(self, event: ContactClosed) -> None:
        if event.wait_s and self.started is not None:
            self.joined = self.decided = self.started + timedelta(seconds=event.wait_s)
            self.agent = event.agent_id or self.agent
        self._ends(event.reason, event.at)

    def _ends(self, reason: str, at: datetime) -> None:
        self.over, self.end = True, reason
        self.decided = self.decided or at

    def _says(self, text: str) -> None:
        if self.said_length < SPOKEN:
            self.said.append(text)
            self.said_length += len(text)
