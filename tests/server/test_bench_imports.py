"""The bench of imports, on a small database."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_assist.knowledge.exporting import Format
from server.bench.imports import measured


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_all_entries_come_in(tmp_path: Path, format: Format) -> None:
    found = measured(tmp_path, format, 150)
    assert found.taken == 150
    assert min(found.import_s, found.index_s, found.again_s, found.export_s) > 0
