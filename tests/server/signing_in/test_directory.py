"""Whom a supervisor oversees, as every room is told."""

from __future__ import annotations

from core.config import AgentConfig, Role
from core.home import Home
from core.store.sql_store import open_store
from server.signing_in.directory import Directory


async def test_whom_a_supervisor_oversees(home: Home) -> None:
    def one(agent_id: str, team: str, *roles: Role) -> AgentConfig:
        return AgentConfig(id=agent_id, name=agent_id, team=team, roles=roles)

    file = [
        one("kim", "세무", "agent"),
        one("lee", "교통", "agent"),
        one("boss", "세무", "supervisor"),
        one("chief", "", "supervisor"),
        one("root", "세무", "supervisor", "admin"),
    ]
    store = await open_store("", home)
    try:
        seen = {}
        for alone in (False, True):
            directory = Directory(store.accounts, file, team_alone=alone)
            for who in ("kim", "boss", "chief", "root"):
                agent = directory.agent(who, "")
                assert agent is not None
                seen[who, alone] = [other for other in ("kim", "lee", "") if agent.oversees(other)]
    finally:
        await store.close()
    everybody = ["kim", "lee", ""]
    assert seen["boss", False] == seen["chief", False] == seen["chief", True] == seen["root", True] == everybody
    assert seen["boss", True] == ["kim", ""]
    assert seen["kim", False] == seen["kim", True] == []
