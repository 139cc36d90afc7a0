"""What supervisors write to agents' desks. A note stays until she has pressed 'seen', also over a reload of her page.

Those that wait outlive the node; once seen they are kept nowhere, and they are in no record. The audit log says that
one was sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from core.bus.contract import Bus
from core.errors import Refused, StoreFault
from core.events import NoteSent
from core.log import get_logger
from core.store.floor import FloorStore, KeptNote

log = get_logger("server.notes")

MOST: Final = 10
"""Notes that may wait on one desk; more would be read by nobody."""


class SupervisorNotes:
    """One per node."""

    def __init__(self, bus: Bus, store: FloorStore) -> None:
        self._bus = bus
        self._store = store
        self._unseen: dict[str, list[NoteSent]] = {}

    async def open(self) -> None:
        """Those that an earlier node had not seen off. Raises ``StoreFault``."""
        for kept in await self._store.notes():
            note = NoteSent(
                note_id=kept.note_id,
                agent_id=kept.agent_id,
                by=kept.by,
                by_name=kept.by_name,
                text=kept.text,
                at=kept.at,
            )
            self._unseen.setdefault(kept.agent_id, []).append(note)

    def unseen(self, agent_id: str) -> Sequence[NoteSent]:
        """To her, the oldest first."""
        return tuple(self._unseen.get(agent_id, ()))

    async def send(self, agent_ids: Sequence[str], text: str, *, by: str, by_name: str) -> None:
        """To these desks. ``Refused`` ('too_many_notes') where one of them has no room: then none gets it."""
        if full := [agent_id for agent_id in agent_ids if len(self._unseen.get(agent_id, ())) >= MOST]:
            raise Refused(
                f"읽지 않은 쪽지가 {MOST}개인 상담사가 있습니다: {', '.join(full)} / {len(full)} desks have {MOST} "
                "unread notes: wait until they are seen",
                code="too_many_notes",
            )
        for agent_id in agent_ids:
            note = NoteSent(note_id=secrets.token_hex(8), agent_id=agent_id, by=by, by_name=by_name, text=text)
            await self._keep(note)
            self._unseen.setdefault(agent_id, []).append(note)
            await self._bus.publish(note)

    async def seen(self, note_id: str, agent_id: str) -> None:
        """She has read it."""
        hers = self._unseen.get(agent_id, [])
        note = next((note for note in hers if note.note_id == note_id), None)
        if note is None:
            return
        hers.remove(note)
        if not hers:
            del self._unseen[agent_id]
        done = NoteSent(note_id=note.note_id, agent_id=agent_id, by=note.by, by_name=note.by_name, seen=True)
        await self._bus.publish(done)
        try:
            await self._store.drop_note(note_id)
        except StoreFault as fault:
            log.warning("notes.not_dropped", agent=agent_id, why=str(fault))  # she sees it once more, after a restart

    async def _keep(self, note: NoteSent) -> None:
        kept = KeptNote(
            note_id=note.note_id,
            agent_id=note.agent_id,
            by=note.by,
            by_name=note.by_name,
            text=note.text,
            at=note.at,
        )
        try:
            await self._store.put_note(kept)
        except StoreFault as fault:
            log.warning("notes.not_kept", agent=note.agent_id, why=str(fault))  # her desk has it; a restart would not
