"""Accounts that come, change and go while the node runs: the dispatcher takes them on without a restart."""

from __future__ import annotations

from collections.abc import Iterable

from core.config import AgentConfig
from core.log import get_logger
from server.dispatcher import Dispatcher
from server.hot_desk import HotDesk
from server.signing_in.directory import Directory

log = get_logger("server.staff")


class Staff:
    """One per node."""

    def __init__(
        self, directory: Directory, dispatcher: Dispatcher, hot_desk: HotDesk, known: Iterable[AgentConfig]
    ) -> None:
        """``known``: whom the dispatcher began with."""
        self._directory = directory
        self._dispatcher = dispatcher
        self._hot_desk = hot_desk
        self._known: dict[str, AgentConfig | None] = {agent.id: agent for agent in known}
        """As the dispatcher has them; None = retired."""

    async def settle(self) -> None:
        """What the dispatcher knows is what the accounts say. One whose account is disabled gets no more calls; the one
        that she has goes on."""
        for account in self._directory.accounts():
            agent = None if account.disabled else account.agent()
            if _same(self._known.get(account.id), agent):
                continue  # also one who was disabled before this node came up
            self._known[account.id] = agent
            if agent is None:
                await self._dispatcher.retire(account.id)
            else:
                await self._dispatcher.hire(agent)
                await self._hot_desk.move_home(agent)
            log.info("staff.changed", agent=account.id, retired=agent is None)


def _same(before: AgentConfig | None, after: AgentConfig | None) -> bool:
    """Whether nothing that the dispatcher looks at is another."""
    if before is None or after is None:
        return before is after
    fields = ("name", "extension", "uri", "queues", "auto_answer")
    return all(getattr(before, name) == getattr(after, name) for name in fields)
