"""Who may hear a recording."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.agent import Agent
from core.config import Role
from core.store.recordings import Recording
from records.recording.rights import may_hear

TEAMS = {"kim": "tax", "lee": "care"}


def a_recording(*agents: str) -> Recording:
    return Recording(
        recording_id="rec-1",
        call_id="c1",
        agents=agents,
        started=datetime(2026, 3, 2, tzinfo=UTC),
        offset_s=0,
        seconds=1,
        content="audio/flac",
        file="x",
        size=1,
        audio_size=1,
        sha256="",
        wrapped_key=b"",
        key_id="",
    )


@pytest.mark.parametrize(
    ("who", "roles", "team", "agents", "own", "may"),
    [
        ("kim", ("agent",), "tax", ("kim",), True, True),
        ("kim", ("agent",), "tax", ("kim",), False, False),
        ("kim", ("agent",), "tax", ("lee",), True, False),
        ("boss", ("supervisor",), "tax", ("kim",), True, True),
        ("boss", ("supervisor",), "tax", ("lee", "kim"), True, True),
        ("boss", ("supervisor",), "tax", ("lee",), True, False),
        ("boss", ("supervisor",), "", ("lee",), True, True),
        ("boss", ("supervisor",), "tax", (), True, True),
        ("root", ("admin",), "tax", ("lee",), False, True),
        ("ed", ("editor",), "tax", ("kim",), True, False),
        ("own", ("owner",), "tax", ("kim",), True, False),
    ],
)
def test_who_may(who: str, roles: tuple[Role, ...], team: str, agents: tuple[str, ...], own: bool, may: bool) -> None:
    people = tuple(other for other, hers in TEAMS.items() if hers == team) if team and roles[0] != "admin" else None
    agent = Agent(id=who, name=who, roles=roles, team=team, people=people)
    assert may_hear(agent, a_recording(*agents), own=own) is may
