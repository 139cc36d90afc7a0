"""What a supervisor of one team is refused at the wall: nothing is done, and nothing is noted as done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, Final

import pytest

from core.agent import Agent
from core.audit import Note
from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig
from core.errors import Refused
from core.events import now
from server.house_wall import HouseWall, People
from server.roster import Roster

LEAD: Final = Agent(id="lead", name="오팀장", roles=("supervisor",), people=("kim",))
HEAD: Final = Agent(id="head", name="정센터장", roles=("supervisor",))
PEOPLE: Final = {
    one.id: one
    for one in (LEAD, HEAD, Agent(id="kim", name="김하늘", team="1팀"), Agent(id="park", name="박바다", team="2팀"))
}
Deed = Callable[[HouseWall, str], Awaitable[object]]
DEEDS: Final[dict[str, Deed]] = {
    "listen": lambda wall, by: wall.supervise("of-park", by, "listen"),
    "take over": lambda wall, by: wall.take_over("of-park", by, "폭언"),
    "set her state": lambda wall, by: wall.set_state("park", "away", reason="회의", by=by),
    "away after this call": lambda wall, by: wall.away_after_call("park", reason="회의", by=by),
    "take that back": lambda wall, by: wall.stays("park", by=by),
    "sign her out": lambda wall, by: wall.sign_out("park", reason="회의", by=by),
    "write to her": lambda wall, by: wall.send_note("잠시 뵈어요", agent="park", team="", by=PEOPLE[by]),
}


class Site:
    """A wall over parts that tell what was done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.notes: list[Note] = []
        roster = Roster([AgentConfig(id=one.id, name=one.name, uri=f"sip:{one.id}") for one in PEOPLE.values()], now())
        supervision = SimpleNamespace(change=self._do("supervision"), take_over=self._do("take over"))
        flow = SimpleNamespace(agent_id="park", supervision=supervision)
        people = People(
            who=lambda _request: None,
            over=lambda _request: asyncio.Event(),
            profile=PEOPLE.get,
            present=lambda: ("kim", "park"),
            sign_out=self._do("sign out"),
            may_show_board=lambda _request: False,
        )
        dispatcher: Any = SimpleNamespace(
            roster=roster, wish=self._do("wish"), leaves=self._do("leaves"), stays=self._do("stays")
        )
        calls: Any = SimpleNamespace(flow=lambda call_id: flow if call_id == "of-park" else None)
        notes: Any = SimpleNamespace(send=self._sent, unseen=lambda _agent: ())
        nothing: Any = None
        self.wall = HouseWall(
            centre="120", bus=MemoryBus(), audit=self, floor=nothing, dispatcher=dispatcher, calls=calls, people=people,
            notes=notes, reasons=("회의",), issues=nothing, issue_seen=nothing, written=nothing, figures=nothing,
            troubles=nothing,
        )  # fmt: skip

    async def note(self, note: Note) -> None:
        self.notes.append(note)

    async def _sent(self, desks: list[str], _text: str, **_by: str) -> None:
        self.done.append(f"note to {','.join(desks)}")

    def _do(self, what: str) -> Callable[..., Awaitable[None]]:
        async def do(*_args: object, **_more: object) -> None:
            self.done.append(what)

        return do


@pytest.mark.parametrize("deed", DEEDS.values(), ids=list(DEEDS))
async def test_of_another_teams_agent_nothing_is_done_and_nothing_noted(deed: Deed) -> None:
    site = Site()
    with pytest.raises(Refused) as refused:
        await deed(site.wall, "lead")
    assert refused.value.code == "not_your_team"
    assert (site.done, site.notes) == ([], [])
    await deed(site.wall, "head")
    assert site.done
    assert {note.who for note in site.notes} == {"head"}


async def test_a_note_to_all_goes_to_her_team_alone() -> None:
    site = Site()
    assert await site.wall.send_note("고생하셨어요", agent="", team="", by=LEAD) == 1
    assert await site.wall.send_note("고생하셨어요", agent="", team="", by=HEAD) == 2
    with pytest.raises(Refused) as refused:
        await site.wall.send_note("고생하셨어요", agent="", team="2팀", by=LEAD)
    assert refused.value.code == "nobody_there"
    assert site.done == ["note to kim", "note to kim,park"]


async def test_who_has_no_account_any_more_may_nothing() -> None:
    site = Site()
    with pytest.raises(Refused) as refused:
        await site.wall.set_state("kim", "away", reason="회의", by="gone")
    assert refused.value.code == "not_your_team"
