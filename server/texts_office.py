"""The running house as the office pages of texts see it: ``channels.office.TextsOffice``; and a rule's trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web
from msgspec.structs import replace

from agent_assist.desk_assist import Shelves
from ars.model import said
from channels.office import Named, OptOutList, Trial, TrialCase
from core.agent import Agent
from core.audit import Audit
from core.dispositions import Disposition
from core.events import CallStarted, ContactOpened, Event, MessageSent, now
from core.store.contract import Store
from core.store.texting import BY_RULE, TextingStore, TextRule
from server.after_call import AfterCall, sendable
from server.ars_parts import ArsParts
from server.texts_parts import TextsParts

LOOKED_AT: Final = 5000
"""Contacts of a trial at most: about 3 s."""
CASES: Final = 5


class TextsOfficeHouse:
    """One for the node."""

    def __init__(
        self,
        *,
        store: Store,
        texts: TextsParts,
        parts: ArsParts,
        after_call: AfterCall,
        shelves: Callable[[], Shelves],
        results: Sequence[Disposition],
        who: Callable[[web.Request], Agent | None],
        names: Callable[[], Mapping[str, str]],
    ) -> None:
        self.texting: TextingStore = store.texting
        self.audit: Audit = store.audit
        self.opt_outs: OptOutList = texts.opt_outs
        self.usual_sender = texts.usual_sender
        self._parts = parts
        self._after_call = after_call
        self._shelves = shelves
        self._results = results
        self._who = who
        self._names = names

    def who(self, request: web.Request) -> Agent | None:
        """See ``TextsOffice``."""
        return self._who(request)

    def name_of(self, agent_id: str) -> str:
        """See ``TextsOffice``."""
        return self._names().get(agent_id, agent_id)

    async def departments(self) -> Sequence[str]:
        """See ``TextsOffice``."""
        return self._shelves().departments

    async def categories(self) -> Sequence[str]:
        """See ``TextsOffice``."""
        return self._shelves().categories

    def results(self) -> Sequence[Named]:
        """See ``TextsOffice``."""
        return [Named(value=one.code, label=one.ko, english=one.en) for one in self._results]

    def forms(self) -> Sequence[str]:
        """See ``TextsOffice``."""
        if self._parts.shelf is None:
            return ()
        return sorted({said(one.title, "ko") for one in self._parts.shelf.current.screens.values() if one.fields})

    async def try_rule(self, rule: TextRule, days: int) -> Trial:
        """See ``TextsOffice``."""
        past = await self.texting.past_contacts(now() - timedelta(days=days), limit=LOOKED_AT)
        templates = await self.texting.templates()
        counts = dict.fromkeys(("sent", "texted", "no_mobile", "opted_out", "unfilled"), 0)
        cases: list[TrialCase] = []
        for contact_id, events in past.items():
            draft = await self._after_call.draft([replace(rule, on=True)], templates, _unruled(events))
            if draft is None:
                untexted = [event for event in events if not isinstance(event, MessageSent)]
                if await self._after_call.draft([replace(rule, on=True)], templates, untexted) is not None:
                    counts["texted"] += 1
                continue
            why = sendable(draft)
            if not why and not draft.template.notice and await self.opt_outs.has(draft.facts.number):
                why = "opted_out"
            counts[_COUNTED.get(why, "sent")] += 1
            if not why and len(cases) < CASES:
                cases.append(TrialCase(contact_id=contact_id, at=_began(events), text=draft.text))
        return Trial(looked_at=len(past), cases=cases, **counts)


_COUNTED: Final = {"not_a_mobile": "no_mobile", "opted_out": "opted_out", "message_field": "unfilled"}


def _unruled(events: Sequence[Event]) -> list[Event]:
    """As if no rule had ever sent anything."""
    return [event for event in events if not (isinstance(event, MessageSent) and event.by.startswith(BY_RULE))]


def _began(events: Sequence[Event]) -> datetime:
    return next((event.at for event in events if isinstance(event, CallStarted | ContactOpened)), events[0].at)
