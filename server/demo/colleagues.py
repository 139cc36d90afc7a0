"""Colleagues of the demo's two agents, so that the supervisor's wall shows a house.

They have no telephone, so no caller comes to them, and change their states as people do in a shift: by the dispatcher,
as everybody's desk does.
"""

from __future__ import annotations

import asyncio
import random
from typing import Final

from core.config import AgentConfig
from core.errors import Refused
from server.dispatcher import Dispatcher
from server.signing_in.book import Book

_PEOPLE: Final = (
    ("gaon", "박가온", "1팀"),
    ("naru", "최나루", "1팀"),
    ("daon", "정다온", "1팀"),
    ("rain", "강라인", "1팀"),
    ("maru", "조마루", "교통팀"),
    ("bora", "윤보라", "교통팀"),
    ("saeron", "장새론", "교통팀"),
    ("aram", "임아람", "지방세팀"),
    ("jina", "한지나", "지방세팀"),
    ("chorong", "오초롱", "지방세팀"),
    ("haedam", "서해담", "야간팀"),
    ("eunsol", "신은솔", "야간팀"),
)
_AWAY: Final = ("lunch", "break", "training", "meeting")
LEAST_S, MOST_S = 3.0, 12.0
"""From one change to the next, of whomever."""


def colleagues() -> tuple[AgentConfig, ...]:
    """Their accounts; nobody signs in with them."""
    return tuple(
        AgentConfig(id=who, name=name, team=team, extension=str(2120 + number), starts="ready")
        for number, (who, name, team) in enumerate(_PEOPLE)
    )


async def come_and_go(dispatcher: Dispatcher, sessions: Book) -> None:
    """Until cancelled. Each has a session, as if her desk were open."""
    chance = random.Random(2026)
    for who, _, _ in _PEOPLE:
        await sessions.open(who, address="127.0.0.1", browser="demo", way="password")
        await _changes(dispatcher, who, chance)
    while True:
        await asyncio.sleep(chance.uniform(LEAST_S, MOST_S))
        await _changes(dispatcher, chance.choice(_PEOPLE)[0], chance)


async def _changes(dispatcher: Dispatcher, who: str, chance: random.Random) -> None:
    state = dispatcher.roster.agent(who).state
    try:
        if state == "away":
            await dispatcher.wish(who, "ready")
        elif chance.random() < 0.5:
            await dispatcher.wish(who, "away", reason=chance.choice(_AWAY))
        else:
            await dispatcher.wish(who, "wrap_up")
    except Refused:
        return  # a wrap-up that ended in this very moment
