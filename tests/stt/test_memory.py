"""Whether the workers fit into memory."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from core.errors import ModelFault
from models import shelf
from stt import memory


def test_the_bundled_model() -> None:
    """25 MB: the process is most of it."""
    assert 170 < memory.need_mb(shelf.find()) < 200


def test_a_graph_of_vectors_grows_in_memory(tmp_path: Path) -> None:
    """Every state has its own list of arcs."""
    info = shelf.find()
    for kind, more in ((b"\x05\0\0\0const\0", 12), (b"\x06\0\0\0vector", 23)):
        (tmp_path / "HCLG.fst").write_bytes(b"\xd6\xfd\xb2\x7e" + kind + bytes(10 << 20))
        assert memory.need_mb(msgspec.structs.replace(info, path=tmp_path)) == memory.BASE_MB + more


def test_what_does_not_fit_is_refused_with_the_figures() -> None:
    """How many would."""
    info = shelf.find()
    memory.check(info, 4, 4 * memory.need_mb(info))
    with pytest.raises(
        ModelFault, match=r"0.2 GiB in each of 4 decode workers, .* 0.5 GiB are free: set \[stt\] workers = 2"
    ):
        memory.check(info, 4, 500)
    with pytest.raises(ModelFault, match="take a smaller model"):
        memory.check(info, 1, 100)


def test_free_memory_is_the_machines_or_the_containers(tmp_path: Path) -> None:
    """Whichever is less; without a limit the machine's."""
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       16000000 kB\nMemAvailable:    8388608 kB\n")
    assert memory.free_mb(meminfo, tmp_path) == 8192
    (tmp_path / "memory.current").write_text(f"{1 << 30}\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.free_mb(meminfo, tmp_path) == 8192
    (tmp_path / "memory.max").write_text(f"{3 << 30}\n")
    assert memory.free_mb(meminfo, tmp_path) == 2048


def test_resident_memory_is_told() -> None:
    """In MiB, of this process."""
    assert 10 < memory.resident_mb() < 10_000
