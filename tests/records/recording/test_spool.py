"""A spool gives back what was put, as far as it got."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from records.recording.spool import Broken, Entry, Quiet, Sound, SpoolWriter, new_head, read_spool, read_spool_head

KEY = bytes(range(32))
HEAD = new_head(
    recording_id="rec-1",
    call_id="c1",
    began=datetime(2026, 3, 2, 9, tzinfo=UTC),
    why="rule",
    by="",
    wrapped_key=b"wrapped",
)
ENTRIES: list[Entry] = [
    Sound("caller", 7, b"\x01\x00" * 160),
    Quiet("paused", 10, 20),
    Sound("third", 8, b"\x02\x00" * 320),
    Broken("disk_full"),
]


def spooled(folder: Path, entries: list[Entry]) -> Path:
    path = folder / "rec-1.spool"
    path.unlink(missing_ok=True)
    writer = SpoolWriter(path, HEAD, KEY)
    for entry in entries:
        writer.put(entry)
    writer.close()
    return path


def read(path: Path) -> list[Entry]:
    return list(read_spool(path, lambda head: KEY))


def test_all_comes_back(tmp_path: Path) -> None:
    path = spooled(tmp_path, ENTRIES)
    assert read_spool_head(path) == HEAD
    assert read(path) == ENTRIES
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"disk_full" not in path.read_bytes()


@settings(max_examples=60, deadline=None)
@given(cut=st.floats(0, 1, exclude_max=True))
def test_what_was_cut_off_is_left_out(tmp_path_factory: pytest.TempPathFactory, cut: float) -> None:
    path = spooled(tmp_path_factory.mktemp("spool"), ENTRIES)
    raw = path.read_bytes()
    path.write_bytes(raw[: int(cut * len(raw))])
    try:
        got = read(path)
    except BadInput:
        return
    assert got == ENTRIES[: len(got)]
    assert len(got) < len(ENTRIES)


def test_what_was_changed_ends_it(tmp_path: Path) -> None:
    path = spooled(tmp_path, ENTRIES)
    raw = bytearray(path.read_bytes())
    raw[-20] ^= 1
    path.write_bytes(raw)
    assert read(path) == ENTRIES[:-1]


def test_a_full_disk_leaves_whole_entries(tmp_path: Path) -> None:
    """A piece of an entry is taken back; a later one fits again."""
    path = tmp_path / "rec-1.spool"
    writer = SpoolWriter(path, HEAD, KEY)
    writer.put(ENTRIES[0])
    real = writer._file
    full = mock.Mock(wraps=real)
    full.write = mock.Mock(
        side_effect=lambda data: real.write(data[:5]) if len(data) > 5 and full.write.call_count == 1 else _full()
    )
    writer._file = full
    with pytest.raises(OSError, match="No space"):
        writer.put(ENTRIES[1])
    writer._file = real
    writer.put(ENTRIES[3])
    writer.close()
    assert read(path) == [ENTRIES[0], ENTRIES[3]]


def _full() -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("raw", [b"", b"RIFF", b"MINWONS1\xff\xff\xff\xff", b"MINWONS1\x00\x00\x00\x01\xc1"])
def test_another_file_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.spool"
    path.write_bytes(raw)
    with pytest.raises(BadInput, match="no spool"):
        read_spool_head(path)
