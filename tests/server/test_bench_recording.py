"""The bench of recording, on a few seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from server.bench.recording import CODECS, finished, record


async def test_it_records_and_finishes(tmp_path: Path) -> None:
    voice = np.random.default_rng(1).integers(-3000, 3000, 16000, dtype=np.int16).astype("<i2").tobytes()
    recorded = await record(tmp_path, {"caller": voice, "agent": voice}, calls=3, seconds=4)
    assert recorded.spool_bytes > 3 * 4 * 2 * 16000
    sizes = {}
    for codec in CODECS:
        figures = await finished(tmp_path, codec, count=2, seconds=4)
        sizes[codec] = figures[0].value
    assert sizes["opus"] < sizes["flac"] < sizes["wav"] * 1.05
