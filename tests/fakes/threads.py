"""Written contacts of a house in tests: what it was given, in memory; deeds are noted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agent_assist.desk_threads import ClosedBy, Colleague, WrittenFile, WrittenList, WrittenPage
from core.agent import Agent
from core.errors import Refused
from core.events import Written, WrittenChanged


class FakeThreads:
    """See ``agent_assist.desk_threads.DeskThreads``."""

    def __init__(self) -> None:
        self.written: dict[str, WrittenChanged] = {}
        self.written_files: dict[str, WrittenFile] = {}
        self.written_over: list[Written] = []
        self.written_deeds: list[tuple[str, ...]] = []

    async def written_open(self, agent: Agent, *, address: str = "") -> WrittenList:
        return WrittenList(written=list(self.written.values()), is_open=True)

    async def written_closed(
        self, agent: Agent, *, limit: int, before: datetime | None, mine: bool, address: str = ""
    ) -> WrittenPage:
        self.written_deeds.append(("closed", agent.id if mine else "all"))
        return WrittenPage(written=self.written_over[:limit], more=False)

    async def note_picture(self, photo_id: str, agent: Agent, *, address: str = "") -> None:
        self.written_deeds.append(("picture", photo_id, agent.id))

    async def written_file(self, contact_id: str, agent: Agent, *, address: str = "") -> WrittenFile | None:
        return self.written_files.get(contact_id)

    async def written_take(self, contact_id: str, agent_id: str) -> None:
        self._do("take", contact_id, agent_id)

    async def written_hand(self, contact_id: str, agent_id: str, to: str) -> None:
        self._do("hand", contact_id, agent_id, to)

    async def written_back(self, contact_id: str, agent_id: str) -> None:
        self._do("back", contact_id, agent_id)

    async def written_close(self, contact_id: str, agent_id: str, reason: ClosedBy) -> None:
        self._do("close", contact_id, agent_id, reason)

    def colleagues(self, agent_id: str) -> Sequence[Colleague]:
        return [Colleague(id="lee", name="이바다", state="ready", owes=0)]

    def _do(self, deed: str, contact_id: str, *more: str) -> None:
        if contact_id not in self.written:
            raise Refused("this written contact is over", code="written_over")
        self.written_deeds.append((deed, contact_id, *more))
