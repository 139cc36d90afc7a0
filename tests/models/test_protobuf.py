"""Messages' outermost fields, whatever the bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.protobuf import NoMessage, fields


def test_fields_of_each_kind() -> None:
    """A number, eight bytes, text and four bytes."""
    data = bytes([8, 0xAC, 2]) + bytes([17]) + bytes(8) + bytes([26, 2]) + b"ab" + bytes([37]) + bytes(4)
    assert [(field, data[start:end]) for field, start, end in fields(data, 0, len(data))] == [
        (1, bytes([0xAC, 2])),
        (2, bytes(8)),
        (3, b"ab"),
        (4, bytes(4)),
    ]


@given(st.binary(max_size=60))
def test_whatever_the_bytes_it_is_read_to_the_end_or_refused(data: bytes) -> None:
    """Never beyond the end."""
    try:
        found = list(fields(data, 0, len(data)))
    except NoMessage:
        return
    assert all(0 < start <= end <= len(data) for _, start, end in found)


@pytest.mark.parametrize("data", [b"\x0a\x05abc", b"\x80", b"\x0b", b"\xff" * 12])
def test_what_is_cut_off_or_none(data: bytes) -> None:
    """Text that is too short, half a number, a group, a number without end."""
    with pytest.raises(NoMessage):
        list(fields(data, 0, len(data)))
