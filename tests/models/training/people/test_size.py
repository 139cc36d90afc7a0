"""How long a corpus is, from a look into some of its files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import BadInput
from core.spoken import write_wav

pytest.importorskip("soundfile", reason="minwon[training] is not installed")

from models.training.people.size import hours_of


def test_hours_of(tmp_path: Path) -> None:
    """What can't be read does not count in the mean; where nothing can be, one line says so."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("네", encoding="utf-8")
        (tmp_path / f"{name}.wav").write_bytes(b"")
    with pytest.raises(BadInput, match="can be read; are they beside"):
        hours_of(tmp_path, 2)
    write_wav(tmp_path / "a.wav", np.zeros(16_000, np.int16))
    assert hours_of(tmp_path, 2) == pytest.approx(2 * 2 / 3600)
