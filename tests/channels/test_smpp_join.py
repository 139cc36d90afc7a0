"""Parts that come in: any order, twice, never whole, and headers that lie."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.smpp_join import WAIT_S, Joiner, Piece, piece_of
from channels.smpp_pdu import Deliver

KEY = ("01000001234", "0331", 14)


def deliver(body: bytes, esm_class: int = 0, options: dict[int, bytes] | None = None) -> Deliver:
    return Deliver(
        sequence=1, source="1", destination="2", esm_class=esm_class, data_coding=0, body=body, options=options or {}
    )


def test_headers_of_eight_and_sixteen_bits_among_others() -> None:
    assert piece_of(deliver(b"\x05\x00\x03\x07\x02\x01hi", 0x40)) == Piece(text=b"hi", reference=7, number=1, total=2)
    ports_first = b"\x0c\x05\x04\0\1\0\2\x08\x04\x01\x07\x03\x02hi"
    assert piece_of(deliver(ports_first, 0x40)) == Piece(text=b"hi", reference=0x107, number=2, total=3)


def test_a_header_about_something_else_is_left_out() -> None:
    assert piece_of(deliver(b"\x06\x05\x04\0\1\0\2hi", 0x40)) == Piece(text=b"hi")
    assert piece_of(deliver(b"\x05\x00\x03\x07\x02\x03hi", 0x40)) == Piece(text=b"hi"), "the third of two"


@given(body=st.binary(max_size=140), esm_class=st.integers(0, 255), value=st.binary(max_size=3))
def test_any_header_is_borne(body: bytes, esm_class: int, value: bytes) -> None:
    piece = piece_of(deliver(body, esm_class, {0x20C: value, 0x20E: value, 0x20F: value}))
    assert 1 <= piece.number <= piece.total <= 255


def test_a_part_twice_is_one_and_a_text_stays_until_it_is_taken() -> None:
    joiner = Joiner()
    first, second = (Piece(text=text, reference=1, number=n, total=2) for n, text in enumerate((b"a", b"b"), 1))
    assert joiner.add(KEY, second, 0.0) is None
    assert joiner.add(KEY, second, 1.0) is None
    assert joiner.add(KEY, first, 2.0) == [b"a", b"b"]
    assert joiner.add(KEY, first, 3.0) == [b"a", b"b"], "it could not be handed on"
    joiner.done(KEY, first)
    assert joiner.add(KEY, first, 4.0) is None


def test_what_does_not_get_whole_is_given_out_with_its_gap() -> None:
    joiner = Joiner(limit=1)
    joiner.add(KEY, Piece(text=b"b", reference=1, number=2, total=2), 0.0)
    assert joiner.overdue(WAIT_S - 1) == []
    joiner.add(KEY, Piece(text=b"c", reference=2, number=1, total=2), 1.0)
    assert joiner.overdue(2.0) == [(KEY, [None, b"b"])], "one too many"
    assert joiner.overdue(WAIT_S + 1) == [(KEY, [b"c", None])]
    assert joiner.overdue(WAIT_S + 1) == []
