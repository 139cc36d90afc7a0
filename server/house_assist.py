"""The desk's view of cards, alerts, reminders and issues: a third of ``server.house``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent_assist.assistant import Assistant
from agent_assist.desk_assist import AlertStep, Procedure, ReportEntry, Shelves, UseCard
from agent_assist.knowledge.attachments import Attachments
from core.errors import MinwonError, Refused
from core.events import AlertChanged, IssueChanged, Suggestion
from core.log import get_logger
from core.store.entry import Entry
from server.callflow import CallFlow
from server.calls import LiveCalls
from server.helping import Helping
from server.knowing import Knowing
from server.written.contacts import WrittenContacts

log = get_logger("server.house_assist")


class HouseAssist:
    """One object per node, shared by all desks."""

    def __init__(
        self,
        *,
        calls: LiveCalls,
        written: WrittenContacts,
        assistant: Assistant,
        knowing: Knowing,
        attachments: Attachments,
    ) -> None:
        self._live = calls
        self._written_contacts = written
        self._cards = assistant
        self._knowing = knowing
        self._attachments = attachments

    def search(self, query: str, limit: int, *, category: str = "", department: str = "") -> Sequence[Suggestion]:
        """See ``DeskHouse``."""
        return self._cards.search(query, limit, category=category, department=department)

    def shelves(self) -> Shelves:
        """See ``DeskHouse``."""
        return self._knowing.shelves

    def entry(self, entry_id: str) -> Entry | None:
        """See ``DeskHouse``."""
        return self._cards.entry(entry_id)

    async def attachment(self, attachment_id: str) -> Path | None:
        """See ``DeskHouse``."""
        return await self._attachments.find(attachment_id)

    async def card_used(self, call_id: str, agent_id: str, use: UseCard) -> None:
        """See ``DeskHouse``."""
        entry = self._cards.entry(use.entry_id)
        if entry is None:
            raise Refused("the entry is no longer in the database", code="no_entry")
        await self._helping(call_id, agent_id).used(use, entry.version, agent_id)

    async def report_entry(self, agent_id: str, entry_id: str, report: ReportEntry) -> None:
        """See ``DeskHouse``."""
        await self._knowing.tasks.report(
            entry_id, report.note, agent_id, version=report.version, call_id=report.call_id
        )
        log.info("entry.reported", agent=agent_id, entry=entry_id, call_id=report.call_id)

    def procedures(self) -> Sequence[Procedure]:
        """See ``DeskHouse``."""
        return self._knowing.alert_rules.procedures

    async def alert_step(self, call_id: str, agent_id: str, alert_id: str, step: AlertStep) -> None:
        """See ``DeskHouse``. The caller hears the announcement before the step is told; one that cannot be spoken
        (no voice on this machine) is the agent's to say."""
        flow = None if self._written_contacts.held(call_id, agent_id) is not None else self._hers(call_id, agent_id)
        if flow is None and step.step not in ("dismissed", "closed"):
            raise Refused("who writes hears no announcement: answer in words", code="no_step")
        changed = await self._helping(call_id, agent_id).step(alert_id, step, agent_id)
        if changed is None:
            raise Refused("this node has no alerts", code="no_alert")
        log.info("alert.step", agent=agent_id, call_id=call_id, alert=alert_id, kind=changed.kind, step=step.step)
        if flow is None:
            return
        steps = self._knowing.alert_rules.procedure(changed.kind).steps
        says = next((each.says for each in steps if each.step == step.step), "")
        if step.step == "ended":
            await flow.end_announced(says)
        elif says:
            try:
                await flow.announce(says)
            except MinwonError as fault:
                log.warning("alert.not_spoken", call_id=call_id, code=fault.code)

    async def dismiss_reminder(self, call_id: str, agent_id: str, rule_id: str) -> None:
        """See ``DeskHouse``."""
        await self._helping(call_id, agent_id).know(rule_id)

    async def issues(self, *, limit: int) -> Sequence[IssueChanged]:
        """See ``DeskHouse``."""
        return await self._knowing.issues(limit)

    async def issue_seen(self, issue_id: str, agent_id: str) -> None:
        """See ``DeskHouse``."""
        await self._knowing.issue_seen(issue_id, agent_id)
        log.info("issue.seen", agent=agent_id, issue=issue_id)

    def alerts(self) -> Sequence[AlertChanged]:
        """See ``DeskHouse``."""
        return [*self._live.open_alerts(), *self._written_contacts.open_alerts()]

    def holder(self, contact_id: str) -> str | None:
        """See ``DeskHouse``."""
        flow = self._live.flow(contact_id)
        if flow is not None:
            return flow.agent_id
        written = self._written_contacts.standing(contact_id)
        return written.agent_id if written is not None else None

    def _helping(self, call_id: str, agent_id: str) -> Helping:
        """Of her running call, or of a written contact that she has."""
        contact = self._written_contacts.held(call_id, agent_id)
        return contact.helping if contact is not None else self._hers(call_id, agent_id).helping

    def _hers(self, call_id: str, agent_id: str) -> CallFlow:
        flow = self._live.flow(call_id)
        if flow is None or flow.agent_id != agent_id:
            raise Refused("this is not your running call", code="not_your_call")
        return flow
