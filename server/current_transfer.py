"""The transfer of one call that is on its way, or was the last: kept, changed and told in this one place."""

from __future__ import annotations

from typing import Final

from core.errors import Refused
from core.events import TransferChanged, TransferKind
from server.line import Line
from server.targets import Third
from server.transfers import Stage, Transfer, TransferEvent, step

MOST: Final = 20
"""Transfers of one call; beyond it phones pass it round and round."""


class CurrentTransfer:
    """One per call. What changes is said on the call's line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._before: Transfer | None = None
        self._newest: Transfer | None = None
        self._count = 0

    @property
    def newest(self) -> Transfer:
        """The one that runs, or was the last. Only asked for when there was one."""
        assert self._newest is not None
        return self._newest

    @property
    def running(self) -> Transfer | None:
        """The one that is not over."""
        return None if self._newest is None or self._newest.over else self._newest

    @property
    def stage(self) -> Stage | None:
        """Where that one is."""
        return self.running.stage if self.running is not None else None

    def begin(self, third: Third, kind: TransferKind, stage: Stage, by: str) -> None:
        """A new one, not told yet. ``Refused``: 'transfer_running', 'transfer_loop' (too many)."""
        if self.running is not None:
            raise Refused("this caller is being passed on already", code="transfer_running")
        if self._count >= MOST:
            raise Refused("this call was passed on too often", code="transfer_loop")
        self._count += 1
        self._before, self._newest = self._newest, Transfer(
            transfer_id=f"transfer-{self._count}",
            kind=kind,
            stage=stage,
            to=third.number,
            name=third.name,
            by=by,
            agent_id=third.agent_id,
        )  # fmt: skip

    def undo(self) -> None:
        """It did not come to be; nobody was told."""
        self._count -= 1
        self._newest = self._before

    async def move(self, event: TransferEvent, reason: str = "") -> None:
        """The one place that changes it; told where it shows."""
        before = self.newest.event()
        self._newest = step(self.newest, event, reason)
        after = self._newest.event()
        if (before.state, before.reason) != (after.state, after.reason):
            await self.tell()

    async def tell(self) -> None:
        """Say how it stands."""
        await self._line.say(self.newest.event())

    def adopt(self, stage: Stage, agent_id: str) -> bool:
        """Take up what a node before us said last; whether that one was on its way."""
        told = [event for event in self._line.past if isinstance(event, TransferChanged)]
        self._count = len(told)
        if not told or told[-1].state not in ("ringing", "talking", "conference"):
            return False
        last = told[-1]
        self._newest = Transfer(
            transfer_id=last.transfer_id,
            kind=last.kind,
            stage=stage,
            to=last.to,
            name=last.name,
            by=last.by,
            agent_id=agent_id,
        )
        return True
