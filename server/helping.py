"""What the assistant makes of one call's words, in order, until the last: values, alerts, reminders and cards; and
after them a draft of the record. One task of the call.

Whatever comes out is said on the call's line. Finals wait their turn; of a partial only the newest counts, and none
that its final has overtaken.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from msgspec.structs import replace

from agent_assist.alerts.alert_states import OPEN, standing_alerts
from agent_assist.alerts.call_alerts import CallAlerts
from agent_assist.desk_assist import AlertStep, UseCard
from agent_assist.gaps.asked import Asked, Questions
from agent_assist.reminders.reminders import Reminders
from core import metrics
from core.events import (
    AlertChanged,
    CardDeed,
    CardUsed,
    Event,
    HeardValue,
    RecordDraft,
    RecordDrafted,
    ReminderChanged,
    Speaker,
    Suggested,
    Suggestion,
    TranscriptFinal,
    TranscriptPartial,
    ValuesHeard,
    now,
    standing,
)
from core.log import get_logger
from server.line import Line

log = get_logger("server.helping")

CARDS: Final = 3
"""On a desk at a time."""
PARTIALS_APART_S: Final = 0.4
"""From one partial that is thought about to the next: words come at two or three a second, partials at up to ten."""
TOPICS: Final = 20
"""Utterances that are remembered until the caller has told where it is."""
WORDS_LIMIT: Final = 32
"""Finals that wait for the assistant; beyond it the oldest go, counted."""


class Conversation(Protocol):
    """The assistant's memory of one call (``agent_assist.assistant``)."""

    async def heard(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        """The cards that now belong on the desk; None = those that are there."""

    async def partial(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        """The same for an utterance that is not over."""

    def terms(self, utterance: str) -> tuple[str, ...]:
        """What the utterance was about, with its context: what learning goes by."""

    def own_terms(self, utterance: str) -> tuple[str, ...]:
        """What it was about by itself: what the radar counts."""

    def best_score(self, utterance: str) -> float:
        """0..1, how sure the best card for it was, shown or not."""

    def used(self, entry_id: str, deed: CardDeed) -> tuple[Suggestion, ...] | None:
        """The agent did something with a card: it stays, or goes."""


class Aids(Protocol):
    """What the house lends to every call (``server.knowing``)."""

    def values(self, speaker: Speaker, text: str) -> tuple[HeardValue, ...]:
        """What fits into fields."""

    def alerts(self, call_id: str, past: Mapping[str, AlertChanged]) -> CallAlerts:
        """A call's alerts; ``past``: those that a node before us had raised in it."""

    def reminders(self) -> Reminders:
        """A new call's reminders."""

    def questions(self, call_id: str) -> Questions:
        """A new call's questions, of which some become gaps."""

    def district(self, text: str) -> str:
        """The part of the city that is named, '' = none."""

    def heard(self, call_id: str, final: TranscriptFinal, terms: Sequence[str], district: str) -> None:
        """A caller's words and what they are about: for the radar."""

    def asked(self, questions: Questions) -> None:
        """The call is over: its gaps."""

    def used(self, use: CardUsed, terms: Sequence[str]) -> None:
        """A card was used on these words: for the ranking and the counts."""

    def shown(self, cards: Sequence[Suggestion]) -> None:
        """These cards came on a desk."""

    def alert_told(self, alerts: CallAlerts, alert: AlertChanged) -> None:
        """An agent dismissed an alert, or closed it as real."""

    def card(self, entry_id: str) -> Suggestion | None:
        """An entry as a card."""

    def draft(self, events: Sequence[Event]) -> RecordDraft:
        """What the record of these events would say."""


class Helping:
    """One per call. ``run`` is its task; the desk's deeds come in meanwhile."""

    def __init__(
        self,
        line: Line,
        conversation: Conversation,
        started: datetime,
        aids: Aids | None = None,
        *,
        reminders: Reminders | None = None,
    ) -> None:
        """``started``: when the call began. Without ``aids`` there are cards alone. ``reminders``: others than the
        house's, which go by seconds of talk."""
        self._line = line
        self._conversation = conversation
        self._aids = aids
        self._alerts = aids.alerts(line.call_id, standing_alerts(line.past)) if aids is not None else None
        self._reminders = aids.reminders() if aids is not None and reminders is None else reminders
        self._finals: deque[TranscriptFinal] = deque()
        self._partial: TranscriptPartial | None = None
        self._looked_at = -math.inf
        """When a partial was thought about, on the loop's clock."""
        self._due = asyncio.Event()
        self._ending = False
        self._started = started
        self._joined = False
        self._cards: tuple[Suggestion, ...] = ()
        """The assistant's."""
        self._shown: tuple[Suggestion, ...] = ()
        """What the desk was told last: what alerts and rules want on top, then the assistant's."""
        self._brought: dict[str, str] = {}
        """Entry -> the utterance that brought its card."""
        self._questions = aids.questions(line.call_id) if aids is not None else None
        self._last = ""
        """The caller's last utterance: a card that she found herself is about it."""
        self._district = ""
        """Where it is, as far as the caller has told."""
        self._topics: deque[tuple[TranscriptFinal, tuple[str, ...]]] = deque(maxlen=TOPICS)
        """What was said before the caller told where."""
        self._urgent: dict[str, str] = {}
        """Open alert -> the entry that it wants on top."""
        for alert in self.open_alerts():
            self._want(alert.alert_id)

    def put(self, words: TranscriptFinal | TranscriptPartial) -> None:
        """Something was said. Of partials only the caller's newest counts, until its final is there."""
        if isinstance(words, TranscriptPartial):
            if words.speaker == "caller":
                self._partial = words
        else:
            if self._partial is not None and self._partial.utterance == words.utterance:
                self._partial = None
            if len(self._finals) == WORDS_LIMIT:
                self._finals.popleft()
                metrics.ASSIST_DROPPED.inc()
            self._finals.append(words)
        self._due.set()

    def joined(self) -> None:
        """Caller and agent hear each other from now on."""
        self._joined = True
        if self._reminders is not None:
            self._reminders.joined(self._call_s())
        self._due.set()

    def end(self) -> None:
        """No more words will come."""
        self._ending = True
        self._due.set()

    async def run(self) -> None:
        """Until the last words were heard."""
        while True:
            if self._finals:
                await self._safely(self._final(self._finals.popleft()))
            elif self._ending:
                await self._safely(self._draft())
                return
            elif self._partial is not None and self._rested() <= 0:
                self._looked_at = asyncio.get_running_loop().time()
                partial, self._partial = self._partial, None
                await self._safely(self._look(partial))
            else:
                await self._wait()

    async def _safely(self, thought: Awaitable[None]) -> None:
        """Nobody's call ends because the help for one sentence has a fault: it is logged and counted, and we go on."""
        try:
            await thought
        except Exception as fault:
            metrics.ASSIST_FAILED.inc()
            log.exception("helping.failed", call_id=self._line.call_id, error=type(fault).__name__)

    async def _wait(self) -> None:
        """For words, or for the moment at which something should have been said."""
        self._due.clear()
        try:
            async with asyncio.timeout(self._patience()):
                await self._due.wait()
        except TimeoutError:
            if self._reminders is not None:
                await self._remind(self._reminders.tick(self._call_s()), "")

    def _patience(self) -> float | None:
        due = self._reminders.next_at if self._reminders is not None else None
        waits = [due - self._call_s()] if due is not None else []
        if self._partial is not None:
            waits.append(self._rested())
        return max(min(waits), 0.0) if waits else None

    def _rested(self) -> float:
        """Seconds until the next partial may be thought about."""
        return self._looked_at + PARTIALS_APART_S - asyncio.get_running_loop().time()

    def _call_s(self) -> float:
        """Seconds since the call began."""
        return (now() - self._started).total_seconds()

    async def _look(self, partial: TranscriptPartial) -> None:
        cards = await self._conversation.partial(partial.speaker, partial.utterance, partial.text)
        if cards is not None:
            self._cards = cards
            await self._show(partial.utterance)

    async def _final(self, final: TranscriptFinal) -> None:
        await self._raise_alerts(final)
        with metrics.SUGGESTION_LATENCY.time():
            cards = await self._conversation.heard(final.speaker, final.utterance, final.text)
        if cards is not None:
            self._cards = cards
        await self._show(final.utterance)
        if self._aids is None or self._reminders is None:
            return
        if values := self._aids.values(final.speaker, final.text):
            await self._line.say(ValuesHeard(speaker=final.speaker, utterance=final.utterance, values=values))
        await self._remind(self._reminders.heard(final.end, final.speaker, final.text), final.utterance)
        if final.speaker == "caller":
            self._last = final.utterance
            self._count(self._aids, final)

    def _count(self, aids: Aids, final: TranscriptFinal) -> None:
        """For the radar, and for what the database has no answer to."""
        terms = self._conversation.own_terms(final.utterance)
        if district := aids.district(final.text):
            self._district = district
            for earlier, about in self._topics:
                aids.heard(self._line.call_id, earlier, about, district)
            self._topics.clear()
        elif not self._district:
            self._topics.append((final, terms))
        aids.heard(self._line.call_id, final, terms, self._district)
        if self._questions is not None:
            score = self._conversation.best_score(final.utterance)
            self._questions.asked(
                Asked(
                    utterance=final.utterance,
                    text=final.text,
                    at=final.at,
                    words=len(terms),
                    score=score,
                    cards=tuple(card.id for card in self._cards) if score > 0 else (),
                )
            )

    async def _raise_alerts(self, final: TranscriptFinal) -> None:
        """Before the cards: an emergency waits for no ranking."""
        if self._alerts is None:
            return
        for alert in self._alerts.heard(final.speaker, final.utterance, final.start, final.end, final.text):
            self._want(alert.alert_id)
            log.info("alert.raised", call_id=self._line.call_id, kind=alert.kind)
            await self._line.say(alert)

    def _want(self, alert_id: str) -> None:
        """An open alert's entry belongs on top."""
        if self._alerts is not None and (entry_id := self._alerts.entry(alert_id)):
            self._urgent[alert_id] = entry_id

    async def _remind(self, changes: Sequence[ReminderChanged], utterance: str) -> None:
        for change in changes:
            await self._line.say(change)
        if changes:
            await self._show(utterance)

    async def _show(self, utterance: str) -> None:
        """The cards that now belong on the desk, if they are others than before."""
        cards = self._on_top()
        there = {card.id for card in cards}
        cards = (*cards, *(card for card in self._cards if card.id not in there))[:CARDS]
        if cards == self._shown:
            return
        if self._aids is not None and (new := [card for card in cards if card.id not in self._brought]):
            self._aids.shown(new)
        for card in cards:
            self._brought.setdefault(card.id, utterance)
        self._shown = cards
        await self._line.say(Suggested(suggestions=cards, utterance=utterance))

    def _on_top(self) -> tuple[Suggestion, ...]:
        """What open alerts and due rules want to be seen."""
        if self._aids is None or self._reminders is None:
            return ()
        wanted = [(entry_id, "alert") for entry_id in self._urgent.values()]
        wanted += [(entry_id, "rule") for entry_id in self._reminders.cards()]
        found = ((self._aids.card(entry_id), why) for entry_id, why in dict(reversed(wanted)).items())
        return tuple(replace(card, why=why) for card, why in found if card is not None)

    def open_alerts(self) -> tuple[AlertChanged, ...]:
        """Those that are neither dismissed nor closed."""
        alerts = self._alerts.alerts if self._alerts is not None else ()
        return tuple(alert for alert in alerts if alert.state in OPEN)

    # What the agent does.

    async def used(self, use: UseCard, version: int, agent_id: str) -> None:
        """She did something with a card: it is told, learnt from, and the board follows."""
        brought = self._brought.get(use.entry_id, "")
        said = await self._line.say(
            CardUsed(entry_id=use.entry_id, deed=use.deed, version=version, utterance=brought, agent_id=agent_id)
        )
        if self._questions is not None:
            self._questions.used(use.entry_id, use.deed)
        if self._aids is not None:
            about = brought or self._last
            self._aids.used(said, self._conversation.terms(about) if about else ())
        cards = self._conversation.used(use.entry_id, use.deed)
        if cards is not None:
            self._cards = cards
            await self._show(brought)

    async def step(self, alert_id: str, step: AlertStep, agent_id: str) -> AlertChanged | None:
        """She takes a step; None where there are no alerts. ``Refused`` when that step cannot be taken now."""
        if self._alerts is None or self._aids is None:
            return None
        changed = await self._line.say(self._alerts.step(alert_id, step, agent_id))
        self._aids.alert_told(self._alerts, changed)
        if changed.state in ("dismissed", "closed") and self._urgent.pop(alert_id, ""):
            await self._show(changed.utterance)
        return changed

    async def know(self, rule_id: str) -> None:
        """She knows what she is reminded of."""
        if self._reminders is not None:
            await self._remind(self._reminders.dismiss(rule_id), "")

    async def _draft(self) -> None:
        if self._aids is None:
            return
        if self._questions is not None:
            self._aids.asked(self._questions)
        if self._joined:
            said = [event for event in standing(self._line.past) if _between_both(event)]
            await self._line.say(RecordDrafted(draft=self._aids.draft(said)))


def _between_both(event: Event) -> bool:
    """Not what a third party said, or the agent to it while the caller was on hold."""
    return not (isinstance(event, TranscriptFinal) and (event.aside or event.speaker == "third"))
