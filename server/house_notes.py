"""The desk's view of supervisors' notes and of why one is away: part of ``server.house``."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import BadInput
from core.events import NoteSent
from server.supervisor_notes import SupervisorNotes


class HouseNotes:
    """One object per node, shared by all desks. See ``agent_assist.desk_notes.DeskNotes``."""

    def __init__(self, *, supervisor_notes: SupervisorNotes, away_reasons: Sequence[str]) -> None:
        self._notes = supervisor_notes
        self._away_reasons = tuple(away_reasons)

    @property
    def away_reasons(self) -> Sequence[str]:
        """See ``DeskNotes``."""
        return self._away_reasons

    def notes(self, agent_id: str) -> Sequence[NoteSent]:
        """See ``DeskNotes``."""
        return self._notes.unseen(agent_id)

    async def note_seen(self, note_id: str, agent_id: str) -> None:
        """See ``DeskNotes``."""
        await self._notes.seen(note_id, agent_id)

    def check_reason(self, state: str, reason: str) -> None:
        """``BadInput`` ('bad_reason') for a reason that is not offered, or of a state that has none."""
        if reason and (state != "away" or reason not in self._away_reasons):
            raise BadInput("이 사유는 고를 수 없습니다 / this reason is not offered", code="bad_reason")
