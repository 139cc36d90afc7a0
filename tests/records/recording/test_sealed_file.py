"""A sealed file gives back any part of what went in, and notices whatever was done to it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from records.recording.sealed_file import CHUNK, SealedReader, SealedWriter, head_of
from records.recording.sealed_stream import TAG_BYTES

KEY = bytes(range(32))
CONTENT = "audio/flac"
SIZES = st.sampled_from([0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7, 3 * CHUNK])
HEAD = len(head_of("rec-1", CONTENT)[1])


def written(folder: Path, data: bytes, pieces: int = 1000) -> Path:
    path = folder / "a.mrec"
    with SealedWriter(path, KEY, "rec-1", CONTENT) as file:
        for at in range(0, len(data), pieces):
            assert file.write(data[at : at + pieces]) == len(data[at : at + pieces])
    return path


@settings(max_examples=30, deadline=None)
@given(size=SIZES, pieces=st.integers(500, 200_000), start=st.floats(0, 1), count=st.integers(0, 2 * CHUNK))
def test_any_part_is_read(size: int, pieces: int, start: float, count: int) -> None:
    data = os.urandom(size)
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), data, pieces)
        begin = int(start * size)
        with SealedReader(path, KEY, "rec-1") as reader:
            assert reader.size == size
            assert reader.header.content == CONTENT
            assert reader.read(0, size) == data
            assert reader.read(begin, count) == data[begin : begin + count]
        if size >= 8:
            assert data[:8] not in path.read_bytes()


@settings(max_examples=40, deadline=None)
@given(size=st.sampled_from([1, CHUNK, CHUNK + 1, 3 * CHUNK]), place=st.floats(0, 1, exclude_max=True))
def test_a_changed_bit_is_noticed(size: int, place: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), bytes(size))
        raw = bytearray(path.read_bytes())
        bit = int(place * len(raw) * 8)
        raw[bit // 8] ^= 1 << bit % 8
        path.write_bytes(raw)
        with pytest.raises(BadInput), SealedReader(path, KEY, "rec-1") as reader:
            reader.read(0, reader.size)


@settings(max_examples=40, deadline=None)
@given(chunks=st.integers(0, 3), rest=st.integers(0, CHUNK - 1), cut=st.integers(1, 3 * (CHUNK + TAG_BYTES)))
def test_a_cut_is_noticed_at_once(chunks: int, rest: int, cut: int) -> None:
    """Also one that falls between two chunks."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), bytes(chunks * CHUNK + rest))
        raw = path.read_bytes()
        for left in {max(0, len(raw) - cut), HEAD + (CHUNK + TAG_BYTES) * max(0, chunks - 1)}:
            if left < len(raw):
                path.write_bytes(raw[:left])
                with pytest.raises(BadInput):
                    SealedReader(path, KEY, "rec-1")


def test_chunks_cannot_change_places(tmp_path: Path) -> None:
    path = written(tmp_path, bytes(3 * CHUNK))
    raw = path.read_bytes()
    size = CHUNK + TAG_BYTES
    path.write_bytes(raw[:HEAD] + raw[HEAD + size : HEAD + 2 * size] + raw[HEAD : HEAD + size] + raw[HEAD + 2 * size :])
    with SealedReader(path, KEY, "rec-1") as reader, pytest.raises(BadInput):
        reader.read(0, 10)


def test_another_recordings_file_or_key_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, b"sound")
    for key, recording_id in ((KEY, "rec-2"), (bytes(32), "rec-1")):
        with pytest.raises(BadInput):
            SealedReader(path, key, recording_id)
    path.write_bytes(b"RIFF....WAVE")
    with pytest.raises(BadInput, match="no recording"):
        SealedReader(path, KEY, "rec-1")


def test_the_beginning_may_be_written_again(tmp_path: Path) -> None:
    """As FLAC's encoder does when it knows how long the sound was."""
    data = bytearray(os.urandom(2 * CHUNK + 5))
    path = tmp_path / "a.mrec"
    with SealedWriter(path, KEY, "rec-1", CONTENT) as file:
        file.write(bytes(data))
        file.seek(18)
        file.write(b"how long")
        assert file.tell() == 26
        file.seek(0, os.SEEK_END)
        file.write(b"end")
    data[18:26] = b"how long"
    with SealedReader(path, KEY, "rec-1") as reader:
        assert reader.read(0, reader.size) == bytes(data) + b"end"


def test_what_was_not_closed_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "a.mrec"
    with pytest.raises(ZeroDivisionError), SealedWriter(path, KEY, "rec-1", CONTENT) as file:
        file.write(bytes(2 * CHUNK))
        raise ZeroDivisionError
    with pytest.raises(BadInput):
        SealedReader(path, KEY, "rec-1")
