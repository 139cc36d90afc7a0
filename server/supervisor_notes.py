"""What supervisors write to agents' desks. A note stays until she has pressed 'seen', also over a reload of her page.

They are for the moment: a restarted node has none, and they are in no record. The audit log says that one was sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from core.bus.contract import Bus
from core.errors import Refused
from core.events import NoteSent

MOST: Final = 10
"""Notes that may wait on one desk; more would be read by nobody."""


class SupervisorNotes:
    """One per node."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._unseen: dict[str, list[NoteSent]] = {}

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
