"""``minwon vcon``."""

from __future__ import annotations

import asyncio
import json
import os
import pwd
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.errors import BadInput, EnvironmentFault, Refused
from core.home import Home
from core.store.audit import AuditQuery
from core.store.sql_store import open_store
from server.cli import app
from tests.records.vcon.rules import require
from tests.records.vcon.test_made import a_call
from tests.server.test_vcons import record_of


async def _put(home: Home) -> None:
    store = await open_store("", home)
    events = a_call()
    await store.append(events)
    await store.contacts.draft(record_of(events))
    await store.close()


async def _noted(home: Home) -> list[tuple[str, str, str]]:
    store = await open_store("", home)
    lines = await store.audit.lines(AuditQuery(deed="exported"))
    await store.close()
    return [(line.note.who, line.note.subject, line.note.reason) for line in lines]


def test_one_contact(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_HOME", str(home.root))
    monkeypatch.setenv("LOGNAME", "kim")  # anybody can say so
    asyncio.run(_put(home))

    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["vcon", *words], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    require(json.loads(run("c1", "--reason", "감사", "--unsigned")))
    out = tmp_path / "c1.vcon"
    assert "bytes" in run("c1", "--reason", "감사", "--out", str(out))
    assert set(json.loads(out.read_bytes())) == {"payload", "signatures"}
    here = f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    assert asyncio.run(_noted(home)) == [(here, "c1", "감사")] * 2
    for wrong, words in (
        (EnvironmentFault, ("c1", "--reason", "감사", "--out", str(out))),
        (Refused, ("c9", "--reason", "감사")),
        (BadInput, ("c1", "--reason", "")),
    ):
        with pytest.raises(wrong):
            run(*words)
