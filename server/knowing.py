"""What the house knows, at work in its calls: names, word lists, rules, what use taught, the issue radar.

One object a node. It lends its parts to every call (``server.helping``), takes in what calls bring, and writes that
down now and then; a database that is away costs nothing but the newest lessons (the recorder reports it). When somebody
has changed the database, ``reload`` puts everything in force at once, between two utterances.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from agent_assist.alerts.call_alerts import CallAlerts
from agent_assist.alerts.lessons import DOCUMENT as ALERT_LESSONS
from agent_assist.alerts.lessons import NOTHING_TAUGHT, lessons_of
from agent_assist.alerts.rules import AlertRules
from agent_assist.alerts.word_list import DOCUMENT as ALERT_WORDS
from agent_assist.assistant import Assistant
from agent_assist.desk_assist import Shelves
from agent_assist.draft.record import drafted
from agent_assist.gaps.asked import Questions
from agent_assist.knowledge.absence import next_change
from agent_assist.knowledge.tasks import Tasks
from agent_assist.learning.lessons import Lessons
from agent_assist.radar.radar import Radar
from agent_assist.reminders.reminders import Reminders
from agent_assist.reminders.rules import DOCUMENT as REMINDER_RULES
from agent_assist.reminders.rules import in_force
from agent_assist.values import Names, found
from core import metrics
from core.bus.contract import Bus
from core.config import AssistConfig
from core.errors import BadInput, Refused, StoreFault
from core.events import (
    AlertChanged,
    CardUsed,
    Event,
    HeardValue,
    IssueChanged,
    RecordDraft,
    Speaker,
    Suggestion,
    TranscriptFinal,
    now,
)
from core.log import get_logger
from core.personal import without_contacts
from core.store.contract import Store
from core.store.knowledge import Document, EditedMeanwhile, Gap, IssueRecord, Usage
from server.proposing import propose
from server.targets import Directory

log = get_logger("server.knowing")

TICK_S: Final = 5.0
"""How often the radar looks up: an alert within 60 s needs no more."""
WRITE_S: Final = 15.0
"""How often what calls brought is written down."""
RATES_S: Final = 600.0
"""How often the usual rates are."""
GAPS_WAITING: Final = 500
"""Gaps that wait for the database; beyond it the oldest go, counted."""
ISSUES_KEPT: Final = 200
"""The newest issues, for desks that come later."""


class Knowing:
    """See above. ``open`` before the first call, ``run`` as a side task."""

    def __init__(
        self,
        store: Store,
        assistant: Assistant,
        bus: Bus,
        config: AssistConfig,
        lessons: Lessons,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._store = store
        self._assistant = assistant
        self._bus = bus
        self._config = config
        self._clock = clock
        self.lessons = lessons
        self.alert_rules: AlertRules
        """The word lists in force; there from ``open`` on."""
        self._alert_lessons = NOTHING_TAUGHT
        self._alert_lessons_version = 0
        self._alert_lessons_new = False
        self._reminder_rules = in_force()
        self._names = Names(districts=config.districts, streets=config.streets)
        self.radar = Radar()
        self.shelves = Shelves()
        """Where a search may be narrowed to."""
        self.titles: Mapping[str, str] = {}
        """Of all entries, by id."""
        self.directory = Directory()
        """Departments and people to whom a caller may be passed on."""
        self._issues: dict[str, IssueRecord] = {}
        self._usages: dict[tuple[str, date], Usage] = {}
        self._gaps: list[Gap] = []
        self._changes: date | None = None
        """The day from which on others answer than now; None = nothing is known to come."""
        self._looked: date | None = None
        """The day for which tasks were opened and synonyms proposed."""
        self.tasks = Tasks(store.knowledge, clock)

    async def open(self) -> None:
        """Load everything; raises ``StoreFault`` when the database is away."""
        knowledge = self._store.knowledge
        self.radar = Radar(await knowledge.rates(), districts=self._config.districts, mask=self._mask)
        self._issues = {issue.issue_id: issue for issue in reversed(await knowledge.issues(limit=ISSUES_KEPT))}
        self.alert_rules = await asyncio.to_thread(AlertRules)
        await self.reload()

    async def reload(self) -> None:
        """Somebody has changed the database: entries, synonyms, names, word lists, rules."""
        knowledge = self._store.knowledge
        entries = await self._store.entries()
        await self._assistant.load(entries, await knowledge.synonyms())
        self.titles = {entry.id: entry.title for entry in entries}
        self.shelves = Shelves(
            categories=tuple(sorted({path for entry in entries for path in _paths(entry.category)})),
            departments=tuple(sorted({entry.department for entry in entries if entry.department})),
        )
        every, people = await knowledge.departments(), await knowledge.people()
        self.directory = Directory.of(every, people, entries)
        departments = tuple(each.name for each in every if not each.closed)
        self._names = Names(departments=departments, districts=self._config.districts, streets=self._config.streets)
        self._changes = next_change(people, self._today())
        words, rules = await knowledge.document(ALERT_WORDS), await knowledge.document(REMINDER_RULES)
        try:  # checked when they were saved; a later version of ours may know better
            self.alert_rules = await asyncio.to_thread(AlertRules.of_document, words.body if words else "")
            self._reminder_rules = in_force(rules.body if rules else "")
        except BadInput as fault:
            log.error("lists.unusable", why=str(fault))
        await self._take_alert_lessons()
        self.alert_rules = self.alert_rules.taught(self._alert_lessons)

    async def _take_alert_lessons(self) -> None:
        """What others have written since: an administrator who has them forgotten, another node."""
        kept = await self._store.knowledge.document(ALERT_LESSONS)
        if kept is not None and kept.version > self._alert_lessons_version:
            self._alert_lessons, self._alert_lessons_version = lessons_of(kept.body), kept.version
            self._alert_lessons_new = False

    async def run(self) -> None:
        """Until cancelled: the radar looks up, and what calls brought is written down."""
        loop = asyncio.get_running_loop()
        writes = rates = loop.time()
        while True:
            await asyncio.sleep(TICK_S)
            try:
                for issue in self.radar.tick(self._clock()):
                    await self._issue(issue)
                metrics.RADAR_DROPPED.set(self.radar.dropped)
                metrics.RADAR_ISSUES.set(sum(issue.state != "over" for issue in self._issues.values()))
                if loop.time() - writes >= WRITE_S:
                    writes = loop.time()
                    await self.write()
                    await self._day_changes()
                if loop.time() - rates >= RATES_S:
                    rates = loop.time()
                    await self._store.knowledge.put_rates(self.radar.rates(self._clock()))
            except StoreFault as fault:
                log.warning("knowing.not_written", why=str(fault))

    async def write(self) -> None:
        """Lessons, counts and gaps into the database. What it does not take is kept for the next time."""
        knowledge = self._store.knowledge
        if changed := self.lessons.changed():
            await knowledge.put_lessons(changed)
        if usages := tuple(self._usages.values()):
            self._usages = {}
            try:
                await knowledge.count_usage(usages)
            except StoreFault:
                for usage in usages:
                    self._count(usage)
                raise
        while self._gaps:
            await knowledge.put_gap(self._gaps[0])
            del self._gaps[0]
        if self._alert_lessons_new:
            await self._write_alert_lessons()

    async def _write_alert_lessons(self) -> None:
        document = Document(
            name=ALERT_LESSONS,
            version=self._alert_lessons_version + 1,
            body=msgspec.json.encode(self._alert_lessons).decode(),
            at=self._clock(),
        )
        try:
            await self._store.knowledge.put_document(document, based_on=self._alert_lessons_version)
        except EditedMeanwhile:  # an administrator had them forgotten, or another node taught too: theirs count
            await self._take_alert_lessons()
            return
        self._alert_lessons_version += 1
        self._alert_lessons_new = False

    async def _day_changes(self) -> None:
        """Somebody's absence begins or ends today: the cards name others from now on; owners hear what is due."""
        if self._changes is not None and self._today() >= self._changes:
            self._changes = None
            await self.reload()
        if self._looked != self._today():
            await self.tasks.look(self._today())
            await propose(self._store, self._assistant, self._clock())
            self._looked = self._today()

    def _today(self) -> date:
        return self._clock().astimezone().date()

    # What calls borrow.

    def values(self, speaker: Speaker, text: str) -> tuple[HeardValue, ...]:
        """What fits into fields. Departments of the caller's words alone: an agent names her own in every greeting."""
        values = found(text, self._names, today=self._today())
        return tuple(value for value in values if value.kind != "department" or speaker == "caller")

    def alerts(self, call_id: str, past: Mapping[str, AlertChanged]) -> CallAlerts:
        """A call's alerts; ``past``: those that a node before us had raised in it."""
        return CallAlerts(self.alert_rules, call_id=call_id, past=past, entry_for=self.alert_rules.cards.get)

    def reminders(self) -> Reminders:
        """A new call's reminders."""
        return Reminders(self._reminder_rules)

    def questions(self, call_id: str) -> Questions:
        """A new call's questions, of which some become gaps."""
        return Questions(call_id)

    def card(self, entry_id: str) -> Suggestion | None:
        """An entry as a card."""
        return self._assistant.card(entry_id)

    def draft(self, events: Sequence[Event]) -> RecordDraft:
        """What the record of these events would say."""
        return drafted(events, self._assistant.entry)

    # What calls bring.

    def heard(self, call_id: str, final: TranscriptFinal, terms: Sequence[str], district: str) -> None:
        """A caller's words and what they are about: the radar counts."""
        nouns = [term[1:] for term in terms if term[0] == "n"]
        self.radar.heard(final.at, call_id, final.text, nouns, district)

    def _mask(self, text: str) -> str:
        """What leaves a call is without telephones, addresses and personal numbers."""
        return without_contacts(text, self._names.places)

    def district(self, text: str) -> str:
        """The part of the city that is named, '' = none."""
        return next((district for district in self._config.districts if district in text), "")

    def shown(self, cards: Sequence[Suggestion]) -> None:
        """These cards came on a desk."""
        for card in cards:
            self._count(Usage(entry_id=card.id, day=self._today(), shown=1))

    def used(self, use: CardUsed, terms: Sequence[str]) -> None:
        """A card was used on these words."""
        self.lessons.used(use.entry_id, use.deed, terms, use.at, call_id=use.call_id, agent_id=use.agent_id)
        day = self._today()
        match use.deed:
            case "opened":
                self._count(Usage(entry_id=use.entry_id, day=day, opened=1))
            case "accepted" | "pinned":
                self._count(Usage(entry_id=use.entry_id, day=day, accepted=1))
            case "dismissed":
                self._count(Usage(entry_id=use.entry_id, day=day, dismissed=1))
            case "sent":
                self._count(Usage(entry_id=use.entry_id, day=day, sent=1))

    def asked(self, questions: Questions) -> None:
        """A call is over: its gaps."""
        gaps = questions.gaps(self._mask)
        if (beyond := len(self._gaps) + len(gaps) - GAPS_WAITING) > 0:
            metrics.GAPS_DROPPED.inc(beyond)
            del self._gaps[:beyond]
        self._gaps.extend(gaps)

    def alert_told(self, alerts: CallAlerts, alert: AlertChanged) -> None:
        """An agent dismissed an alert, or closed it as real."""
        findings = [evidence.finding for evidence in alerts.evidence(alert.alert_id)]
        if alert.state == "dismissed":
            self._alert_lessons = self._alert_lessons.dismissed(findings, self._clock())
        elif alert.state == "closed":
            self._alert_lessons = self._alert_lessons.confirmed(findings, self._clock())
        else:
            return
        self._alert_lessons_new = True
        self.alert_rules = self.alert_rules.taught(self._alert_lessons)

    def _count(self, usage: Usage) -> None:
        key = (usage.entry_id, usage.day)
        before = self._usages.get(key)
        self._usages[key] = usage if before is None else _sum(before, usage)

    # Issues.

    async def issues(self, limit: int) -> tuple[IssueChanged, ...]:
        """The newest first."""
        newest = sorted(self._issues.values(), key=lambda issue: issue.since, reverse=True)[:limit]
        return tuple(IssueChanged(**msgspec.structs.asdict(issue)) for issue in newest)

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        """A supervisor takes note. ``Refused`` ('no_issue')."""
        changed = self.radar.seen(issue_id, agent_id)
        if changed is None:
            raise Refused("이슈가 이미 끝났거나 없습니다 / the issue is over, or there is none", code="no_issue")
        await self._issue(changed)

    def _answered(self, issue: IssueChanged) -> IssueChanged:
        """With the entry that answers most of what callers said, if one does."""
        firsts = [cards[0] for quote in issue.quotes if (cards := self._assistant.suggest(quote))]
        if not firsts:
            return issue
        best, times = Counter(card.id for card in firsts).most_common(1)[0]
        if 2 * times < len(issue.quotes):
            return issue
        title = next(card.title for card in firsts if card.id == best)
        return msgspec.structs.replace(issue, entry_id=best, entry_title=title)

    async def _issue(self, issue: IssueChanged) -> None:
        issue = await asyncio.to_thread(self._answered, issue)
        fields = {name: getattr(issue, name) for name in IssueRecord.__struct_fields__}
        record = IssueRecord(**fields)
        self._issues[record.issue_id] = record
        while len(self._issues) > ISSUES_KEPT:
            del self._issues[next(iter(self._issues))]
        await self._bus.publish(issue)
        log.info("issue.changed", issue=issue.issue_id, state=issue.state, calls=issue.calls)
        await self._store.knowledge.put_issue(record)


def _paths(category: str) -> Iterator[str]:
    """'A>B>C' -> 'A', 'A>B', 'A>B>C'."""
    levels = category.split(">") if category else []
    return (">".join(levels[:depth]) for depth in range(1, len(levels) + 1))


def _sum(one: Usage, other: Usage) -> Usage:
    return msgspec.structs.replace(
        one,
        shown=one.shown + other.shown,
        opened=one.opened + other.opened,
        accepted=one.accepted + other.accepted,
        dismissed=one.dismissed + other.dismissed,
        sent=one.sent + other.sent,
    )
