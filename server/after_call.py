"""Texts that go by themselves after a contact: rules looked at when its record is kept and when its call is over.

One task follows the bus. The message's id is made of contact and rule, so that however often a contact is looked at
(two nodes, a restart that catches up, a record kept twice), one text goes at most.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from agent_assist.desk_text import text_of
from channels.after_call import Facts, due, facts_of
from channels.fields import filled, require_filled, unfilled
from channels.reasons import in_words
from channels.sending import Sending, Wish
from core import metrics
from core.bus.contract import Bus, Overflow
from core.errors import BadInput, MinwonError, Refused
from core.events import CallEnded, Event, MessageSent, RecordKept, now
from core.log import get_logger
from core.phone_numbers import is_mobile, normalised
from core.store.contract import Store
from core.store.entry import Entry
from core.store.texting import BY_RULE, TextRule, TextTemplate
from server.text_values import values_of

log = get_logger("server.after_call")

LIMIT: Final = 1000
"""Contacts that wait to be looked at; then whoever says that one is over waits for us."""
CAUGHT_UP: Final = timedelta(hours=1)
"""What ended so long before a start is looked at then: a node that was down meanwhile."""
MOST_CAUGHT_UP: Final = 2000
FRESH: Final = timedelta(days=1)
"""A contact that began longer ago gets no text by itself: whoever corrects last week's record writes to nobody."""
TOLD: Final = frozenset(
    {"message_field", "opted_out", "messages_number", "messages_number_day", "messages_agent_day", "messages_total_day"}
)
"""Why a rule's text did not go, where people should read it in the record; the others are usual (a landline)."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule would send."""

    rule: TextRule
    template: TextTemplate
    facts: Facts
    text: str
    """With all fields that are known."""
    department: str = ""
    """Whose entry it carries."""


class AfterCall:
    """One for the node. ``run`` is its task."""

    def __init__(
        self,
        *,
        store: Store,
        sending: Sending,
        bus: Bus,
        history: Callable[[str], Awaitable[Sequence[Event]]],
        tell: Callable[[str, MessageSent], Awaitable[None]],
        entry: Callable[[str], Entry | None],
        receipt: Callable[[str], Awaitable[str]],
        phone_of: Callable[[str], str],
        centre: str,
        clock: Callable[[], datetime],
    ) -> None:
        """``history``: all that was said of a contact. ``tell``: says something on a contact's line. ``receipt``: the
        number under which it is found again, as shown. ``phone_of``: a department's telephone, '' = not known."""
        self._store = store
        self._sending = sending
        self._bus = bus
        self._history = history
        self._tell = tell
        self._entry = entry
        self._receipt = receipt
        self._phone_of = phone_of
        self._centre = centre
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        ends = self._bus.subscribe(name="text rules", limit=LIMIT, overflow=Overflow.WAIT, only=_ends)
        async with ends:
            await self._catch_up()
            async for event in ends:
                await self._look_safely(event.call_id)

    async def draft(
        self, rules: Sequence[TextRule], templates: Sequence[TextTemplate], events: Sequence[Event]
    ) -> Draft | None:
        """What would go after these events, None = nothing."""
        facts = facts_of(events)
        rule = due(rules, facts)
        template = next((one for one in templates if rule is not None and one.template_id == rule.template_id), None)
        if rule is None:
            return None
        if template is None:
            log.warning("text_rules.no_template", rule=rule.rule_id)
            return None
        entry = self._entry(facts.entry_id) if facts.entry_id else None
        values = values_of(
            entry,
            events,
            agent="",
            centre=self._centre,
            today=self._clock().date(),
            text=text_of(entry) if entry is not None else "",
            receipt=await self._receipt(events[0].call_id) if "접수번호" in unfilled(template.text) else "",
        )
        if facts.department and "부서" not in values:  # no card was opened: the record says whose matter it is
            values |= {"부서": facts.department, "전화": self._phone_of(facts.department)}
        department = entry.department if entry is not None else facts.department
        text = filled(template.text, values)
        return Draft(rule=rule, template=template, facts=facts, text=text, department=department)

    async def _catch_up(self) -> None:
        """Contacts that ended while nobody looked."""
        try:
            past = await self._store.texting.past_contacts(now() - CAUGHT_UP, limit=MOST_CAUGHT_UP)
        except MinwonError as fault:
            log.error("text_rules.not_caught_up", code=fault.code, why=str(fault))
            return
        for contact_id, events in past.items():
            if any(_ends(event) for event in events):
                await self._look_safely(contact_id)

    async def _look_safely(self, contact_id: str) -> None:
        """One contact's fault is nobody else's."""
        try:
            await self._look(contact_id)
        except MinwonError as fault:
            metrics.TEXT_RULES.labels(result="fault").inc()
            log.error("text_rules.fault", call_id=contact_id, code=fault.code, why=str(fault))

    async def _look(self, contact_id: str) -> None:
        rules = await self._store.texting.rules()
        if not any(rule.on for rule in rules):
            return
        events = await self._history(contact_id)
        if not events or now() - events[0].at > FRESH:
            return
        draft = await self.draft(rules, await self._store.texting.templates(), events)
        if draft is None:
            return
        number = normalised(draft.facts.number)
        if not is_mobile(number):
            metrics.TEXT_RULES.labels(result="not_a_mobile").inc()
            return
        wish = Wish(
            message_id=message_id_of(contact_id, draft.rule.rule_id),
            to=number,
            text=draft.text,
            call_id=contact_id,
            by=f"{BY_RULE}{draft.rule.rule_id}",
            sender=draft.rule.sender,
            department=draft.department,
            entry_id=draft.facts.entry_id,
            purpose=draft.template.purpose,
        )
        try:
            await self._sending.send_unasked(wish, notice=draft.template.notice)
            metrics.TEXT_RULES.labels(result="sent").inc()
            log.info("text_rules.sent", call_id=contact_id, rule=draft.rule.rule_id, message_id=wish.message_id)
        except (BadInput, Refused) as refusal:
            metrics.TEXT_RULES.labels(result=refusal.code).inc()
            log.info("text_rules.not_sent", call_id=contact_id, rule=draft.rule.rule_id, code=refusal.code)
            await self._say_why(wish, refusal.code)

    async def _say_why(self, wish: Wish, code: str) -> None:
        if code in TOLD:
            event = MessageSent(
                message_id=wish.message_id,
                to=wish.to,
                text=wish.text,
                state="failed",
                reason=in_words(code),
                by=wish.by,
                entry_id=wish.entry_id,
            )
            await self._tell(wish.call_id, event)


def sendable(draft: Draft) -> str:
    """'' if it may go as far as its text and its number tell, else a code."""
    if not is_mobile(normalised(draft.facts.number)):
        return "not_a_mobile"
    try:
        require_filled(draft.text)
    except BadInput as wrong:
        return wrong.code
    return ""


def message_id_of(contact_id: str, rule_id: str) -> str:
    """The id of that rule's text for that contact."""
    return hashlib.sha256(f"{contact_id} {rule_id}".encode()).hexdigest()[:16]


def _ends(event: Event) -> bool:
    return isinstance(event, RecordKept | CallEnded)
