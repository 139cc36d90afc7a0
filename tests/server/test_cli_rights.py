"""`minwon db purge|check`, `person`, `audit`, in a home of their own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from server.cli import app


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MINWON_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def minwon(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, words, input=typed)


def test_purge_persons_and_the_log(here: Path) -> None:
    dry = json.loads(minwon("db", "purge", "--dry-run", "--json").stdout)
    assert (dry["dry"], dry["state"]) == (True, "done")
    assert "records" in minwon("db", "purge").stdout

    why = ("--reason", "열람 요구", "--identity", "신분증")
    assert "0 contacts" in minwon("person", "find", "010-1234-5678", "--reason", "열람 요구").stdout
    assert minwon("person", "export", "010-1234-5678", str(here / "data.zip"), *why).exit_code == 0
    assert (here / "data.zip").stat().st_size > 0
    assert isinstance(minwon("person", "delete", "010-1234-5678", *why, typed="010-9999-0000\n").exception, Exception)
    deleted = minwon("person", "delete", "010-1234-5678", *why, "--json", typed="010-1234-5678\n")
    assert deleted.exit_code == 0

    anchor = here.parent / "anchor.json"
    anchor.write_text(minwon("audit", "anchor").stdout, "utf-8")
    assert "whole: " in minwon("audit", "verify", "--anchors", str(anchor)).stdout
    table = minwon("audit", "export", "--reason", "점검").stdout.splitlines()
    assert table[0].startswith("number,at,who,deed,thing")
    assert "exported,audit" in table[1]
    assert len(table) == 6  # export of the log, deletion, export, search, purge

    anchors = here / "audit" / "anchors.jsonl"
    anchors.write_text(anchors.read_text("utf-8").replace('"number":4', '"number":9'), "utf-8")
    assert minwon("audit", "verify").exit_code == 1


def test_files_and_rows_are_compared(here: Path) -> None:
    assert minwon("db", "check").exit_code == 0
    loose = here / "recordings" / "2026" / "lost.mrec"
    loose.parent.mkdir(parents=True)
    loose.write_bytes(b"nobody can open it")
    assert minwon("db", "check").exit_code == 0  # it may just be being finished
    os.utime(loose, (0, 0))
    found = json.loads(minwon("db", "check", "--json").stdout)
    assert found == {"files_without_row": [str(loose)], "rows_without_file": []}
    assert minwon("db", "purge").exit_code == 0
    assert not loose.exists()
