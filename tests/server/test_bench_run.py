"""Running benches: tables, JSON, failures."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.errors import BadInput, EnvironmentFault
from server.bench import run
from server.bench.figures import Figure, Report
from server.bench.machine import this_machine
from server.bench.stage import Stage


async def fine(stage: Stage) -> Report:
    stage.tell("half way")
    figures = (
        Figure(name="speed", value=0.123456, unit="s", bound=0.2),
        Figure(name="never", value=math.inf, unit="s", bound=1.0),
    )
    return Report(figures=figures, notes=("by hand",))


async def impossible(_stage: Stage) -> Report:
    raise EnvironmentFault("espeak-ng is missing: apt-get install espeak-ng")


@pytest.fixture(autouse=True)
def two_benches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BENCHES", {"impossible": impossible, "fine": fine})


def written(file: Path) -> Any:
    return msgspec.json.decode(file.read_bytes())


async def test_results_stand_beside_their_machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await run.bench("fine", tmp_path / "out")
    result = written(tmp_path / "out" / "fine.json")
    assert result["machine"]["cores"] == this_machine().cores
    assert result["notes"] == ["by hand"]
    speed, never = result["figures"]
    assert (speed["value"], speed["bound"], speed["inside"]) == (0.1235, 0.2, True)
    assert (never["value"], never["inside"]) == (None, False)
    table = capsys.readouterr().out
    assert "inside" in table
    assert "MISSED" in table
    assert "never" in table


async def test_one_that_cannot_run_does_not_hinder_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await run.bench(None, tmp_path)
    assert written(tmp_path / "impossible.json")["failed"].startswith("espeak-ng is missing")
    assert written(tmp_path / "fine.json")["failed"] == ""
    assert "could not run" in capsys.readouterr().out


async def test_unknown_names_are_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="impossible, fine"):
        await run.bench("fastest", tmp_path)


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault, match="--out"):
        await run.bench("fine", tmp_path / "file" / "out")


def test_the_machine_is_described() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.cpu
    assert machine.memory_gib > 0
    assert "vosk" in machine.packages
