"""Long texts are cut between letters and are whole again when joined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.smpp_join import Joiner, piece_of
from channels.smpp_parts import Form, coding, decoded, parts
from channels.smpp_pdu import Deliver

KOREAN = st.text(st.sampled_from("가힣뷁ab1 \n漢·"), min_size=1, max_size=900)
FORMS = st.builds(
    Form,
    encoding=st.sampled_from(["euc-kr", "ucs-2"]),
    way=st.sampled_from(["udh", "sar", "payload"]),
    part_octets=st.sampled_from([40, 90, 140, 254]),
)


@given(text=KOREAN, form=FORMS, reference=st.integers(0, 1 << 20), order=st.randoms())
def test_joined_again_it_is_the_same_text(text: str, form: Form, reference: int, order: object) -> None:
    cut = list(parts(text, form, reference))
    assert len(cut) <= 255
    for each in cut:
        assert len(each.body) <= form.part_octets
        assert bool(each.body) is not bool(each.payload)
    order.shuffle(cut)  # type: ignore[attr-defined]
    joiner, whole = Joiner(), None
    for each in cut:
        options = {}
        if each.segment is not None:
            number, place, total = each.segment
            options = {0x20C: number.to_bytes(2, "big"), 0x20E: bytes((total,)), 0x20F: bytes((place,))}
        came = Deliver(
            sequence=1,
            source="1",
            destination="2",
            esm_class=each.esm_class,
            data_coding=coding(form),
            body=each.body or each.payload,
            options=options,
        )
        whole = joiner.add(("1", "2", 14), piece_of(came), 0.0)
    assert whole is not None
    assert "".join(decoded(part, coding(form), form) for part in whole) == text


def test_a_short_text_is_one_part_without_a_header() -> None:
    (only,) = parts("가" * 70, Form(), 5)
    assert (len(only.body), only.esm_class, only.segment) == (140, 0, None)
    assert len(parts("가" * 71, Form(), 5)) == 2


def test_a_sign_beyond_the_encoding_is_a_bug_of_who_asked() -> None:
    with pytest.raises(UnicodeEncodeError):
        parts("😀", Form(), 1)


@given(body=st.binary(max_size=140), data_coding=st.integers(0, 255), form=FORMS)
def test_whatever_comes_is_read(body: bytes, data_coding: int, form: Form) -> None:
    assert isinstance(decoded(body, data_coding, form), str)
