"""What a file is, by its first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pictures.messages import kind


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "png"),
        (b"GIF89a", "gif"),
        (b"GIF87a", "gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"\x00\x00\x00\x18ftypheic", "photo_heic"),
        (b"\x00\x00\x00\x18ftypmif1", "photo_heic"),
        (b"\x00\x00\x00\x18ftypisom", "photo_wrong_type"),
        (b"RIFF\x00\x00\x00\x00AVI ", "photo_wrong_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "photo_wrong_type"),
        (b"\xef\xbb\xbf<!doctype html>", "photo_wrong_type"),
        (b"%PDF-1.7", "photo_wrong_type"),
        (b"PK\x03\x04", "photo_wrong_type"),
        (b"\x7fELF", "photo_wrong_type"),
        (b"", "photo_wrong_type"),
    ],
)
def test_kind(head: bytes, found: str) -> None:
    assert kind(head) == found


@given(st.binary(max_size=64))
def test_any_bytes_have_an_answer(head: bytes) -> None:
    assert kind(head) in {"jpeg", "png", "gif", "webp", "photo_heic", "photo_wrong_type"}
