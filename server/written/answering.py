"""What agents do with a written contact: take it, hand it on, give it back, close it.

Who holds it answers it, by ``channels.sending`` as in a call; anybody may take it over, and it is told. Refusals:
'written_over' (it is over), 'not_yours' (a colleague has it, or nobody), 'no_colleague'.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from agent_assist.draft.written import as_spoken
from core.errors import Refused
from core.events import (
    AssignReason,
    CloseReason,
    ContactAssigned,
    ContactClosed,
    Event,
    RecordDraft,
    RecordDrafted,
)
from core.log import get_logger
from server.roster import Roster
from server.written.contact import Contact
from server.written.contacts import WrittenContacts

log = get_logger("server.written")


PATIENCE_S: Final = 70.0
"""So long closing waits for a text that may still be taken back; ``texts.undo_s`` is a minute at most."""


class Answering:
    """One for each node."""

    def __init__(
        self,
        contacts: WrittenContacts,
        roster: Roster,
        draft: Callable[[Sequence[Event]], RecordDraft],
    ) -> None:
        self._contacts = contacts
        self._roster = roster
        self._draft = draft

    async def take(self, contact_id: str, agent_id: str) -> None:
        """She takes it: one that waits, or a colleague's."""
        contact = self._contacts.require_open(contact_id)
        if contact.now.agent_id != agent_id:
            await self.give(contact, agent_id, by=agent_id, reason="taken")

    async def hand(self, contact_id: str, agent_id: str, to: str) -> None:
        """To a colleague who is there."""
        contact = self._hers(contact_id, agent_id)
        colleague = self._roster.agent(to)
        if to == agent_id or colleague.state == "away":
            raise Refused("this colleague is not there now", code="no_colleague")
        await self.give(contact, to, by=agent_id, reason="handed")

    async def give(self, contact: Contact, agent_id: str, *, by: str, reason: AssignReason) -> None:
        """It is hers now."""
        contact.require("assign")
        agent = self._roster.agent(agent_id)
        contact.passed_over.discard(agent_id)
        await contact.line.say(ContactAssigned(agent_id=agent.id, agent_name=agent.name, by=by, reason=reason))
        log.info("written.given", contact_id=contact.contact_id, agent=agent_id, by=by, reason=reason)

    async def give_back(self, contact_id: str, agent_id: str) -> None:
        """She cannot answer it: it waits for another."""
        await self.back(self._hers(contact_id, agent_id), by=agent_id, reason="given_back")

    async def back(self, contact: Contact, *, by: str, reason: AssignReason) -> None:
        """Nobody has it any more, and it is not given to the same one again by itself."""
        contact.require("give_back")
        contact.passed_over.add(contact.now.agent_id)
        await contact.line.say(ContactAssigned(agent_id="", by=by, reason=reason))
        log.info("written.back", contact_id=contact.contact_id, by=by, reason=reason)

    async def close(self, contact_id: str, agent_id: str, reason: CloseReason) -> None:
        """It is over, with a draft of its record. One that waits may be closed by anybody: advertising has no agent."""
        contact = self._contacts.require_open(contact_id)
        if contact.now.agent_id:
            contact = self._hers(contact_id, agent_id)
        async with asyncio.timeout(PATIENCE_S):
            await contact.texts_gone.wait()
        if contact.is_open:  # nobody else closed it meanwhile
            await self.over(contact, reason, by=agent_id)

    async def over(self, contact: Contact, reason: CloseReason, *, by: str) -> None:
        """Closed; ``by`` '' = by the clock. What is drafted is kept by ``server.keeping.records``, which listens."""
        contact.require("close")
        await contact.rest()
        if contact.now.agent_id:
            await contact.line.say(RecordDrafted(draft=self._draft(as_spoken(contact.line.past))))
        written = contact.now
        waited = (written.first_answer - written.opened).total_seconds() if written.first_answer else 0.0
        await contact.line.say(ContactClosed(reason=reason, agent_id=by or written.agent_id, wait_s=round(waited, 1)))
        log.info("written.closed", contact_id=contact.contact_id, by=by, reason=reason)

    def _hers(self, contact_id: str, agent_id: str) -> Contact:
        contact = self._contacts.require_open(contact_id)
        if contact.now.agent_id != agent_id:
            raise Refused("this written contact is not yours: take it first", code="not_yours")
        return contact
