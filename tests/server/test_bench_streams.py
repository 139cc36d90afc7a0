"""How many legs decode workers carry."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree

from core.config import SttConfig
from models import shelf
from server.bench.stage import Stage
from server.bench.streams import FINAL_S, Load, carry, report
from server.bench.talk import talks
from stt.decode_pool import DecodePool


def load(legs: int, final_s: float) -> Load:
    return Load(legs=legs, final_s=final_s, finals=9, cores=legs / 20, memory_mib=250.0, largest_mib=130.0)


async def test_legs_are_fed_and_their_finals_timed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, lambda _step: None)
    made = await talks(stage.voices(), 1)
    async with DecodePool(stage.model, SttConfig(workers=1)) as pool:
        found = await carry(pool, made, 8, settle_s=0.1, window_s=1.5)
        assert pool.state().crashes == 0
    assert found.finals > 0
    assert 0 < found.final_s < math.inf
    assert found.cores > 0
    assert found.memory_mib >= found.largest_mib > 20


def test_the_sentence_that_an_engineer_needs() -> None:
    loads = [load(16, 0.1), load(32, 0.3), load(64, math.inf), load(48, 0.5)]
    made = report("ko-hanbit", 2, 48, loads)
    assert made.notes[0].startswith("this machine carries 24 calls with this model (ko-hanbit)")
    figures = {figure.name: figure for figure in made.figures}
    assert figures["last audio to final there, p95"].value == 0.5
    assert figures["last audio to final there, p95"].bound == FINAL_S
    assert math.isinf(figures["p95 with 64 legs"].value)
    ElementTree.fromstring(made.plots["latency"])


def test_a_machine_that_carries_nothing() -> None:
    made = report(shelf.BUNDLED, 1, 0, [load(16, 5.0), load(8, 5.0)])
    assert "carries 0 calls" in made.notes[0]
