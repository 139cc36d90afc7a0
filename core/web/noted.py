"""What is noted in the audit log before an address answers: a table beside the table of addresses, one way for all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Protocol

from aiohttp import web

from core.agent import Agent
from core.audit import Audit, Deed, Note, Thing
from core.web.door import Answer


class Sight(NamedTuple):
    """What asking an address is to the audit log."""

    deed: Deed
    """What is done."""
    thing: Thing
    """To what."""
    part: str = ""
    """Which part of the address names it: 'call_id'; '' = many."""
    detail: str = ""
    """What else."""


async def nobody(_contact_id: str) -> str:
    """Where contacts have no people."""
    return ""


class Sights:
    """Notes them. ``person_of``: the person key of a contact, '' = unknown."""

    def __init__(self, audit: Audit, person_of: Callable[[str], Awaitable[str]] = nobody) -> None:
        self._audit = audit
        self._person_of = person_of

    async def note(self, request: web.Request, agent: Agent, sight: Sight) -> None:
        """Before the answer is given. ``StoreFault``: what cannot be noted may not be seen."""
        subject = request.match_info.get(sight.part, "")
        await self._audit.note(
            Note(
                who=agent.id,
                deed=sight.deed,
                thing=sight.thing,
                subject=subject,
                person=await self._person_of(subject) if subject and sight.thing == "contact" else "",
                address=request.remote or "",
                detail=sight.detail,
            )
        )


class HasSights(Protocol):
    """A house that notes what is seen in it."""

    sights: Sights


def noted(house: HasSights, sight: Sight | None, answer: Answer) -> Answer:
    """The same answer, noted first; None = nothing to note."""
    if sight is None:
        return answer

    async def after_note(request: web.Request, agent: Agent) -> Any:
        await house.sights.note(request, agent, sight)
        return await answer(request, agent)

    return after_note
