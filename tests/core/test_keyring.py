"""Sealing: what goes in comes out for its purpose alone, whatever happens to it meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput, KeyFault
from core.keyring import Keyring, new_key, read_keys

OLD, NEW = new_key(), new_key()
RING = Keyring([NEW, OLD])


@given(data=st.binary(max_size=300), purpose=st.text(max_size=20))
def test_what_is_sealed_opens(data: bytes, purpose: str) -> None:
    sealed = RING.seal(data, purpose)
    assert RING.open(sealed, purpose) == data
    assert RING.key_of(sealed) == NEW.id == RING.newest
    assert len(sealed) == len(data) + 33


@given(
    data=st.binary(min_size=1, max_size=40), bit=st.integers(min_value=0), cut=st.integers(min_value=1, max_value=60)
)
def test_what_was_changed_opens_never(data: bytes, bit: int, cut: int) -> None:
    sealed = RING.seal(data, "totp:haneul")
    place = bit % (len(sealed) * 8)
    changed = bytearray(sealed)
    changed[place // 8] ^= 1 << place % 8
    for broken in (bytes(changed), sealed[:-cut]):
        with pytest.raises((BadInput, KeyFault)):
            RING.open(broken, "totp:haneul")


def test_each_purpose_is_its_own() -> None:
    with pytest.raises(BadInput, match="sealed for something else"):
        RING.open(RING.seal(b"secret", "totp:haneul"), "totp:bada")


def test_an_old_key_opens_and_the_new_one_takes_over() -> None:
    sealed = Keyring([OLD]).seal(b"secret", "x")
    assert RING.open(sealed, "x") == b"secret"
    again = RING.rewrap(sealed, "x")
    assert RING.key_of(again) == NEW.id
    assert RING.rewrap(again, "x") is again
    with pytest.raises(KeyFault, match=f"master key {OLD.id}, which is not here"):
        Keyring([NEW]).open(sealed, "x")


def test_a_data_key_is_kept_wrapped() -> None:
    key = RING.data_key("recording:1")
    assert RING.open(key.wrapped, "recording:1") == key.secret
    assert key.secret not in key.wrapped
    assert repr(key.secret) not in repr(key)


def test_without_a_key_nothing_is_sealed() -> None:
    empty = Keyring((), fault="the file is gone")
    with pytest.raises(KeyFault, match="the file is gone"):
        empty.seal(b"", "x")
    with pytest.raises(KeyFault, match="not here \\(the file is gone\\)"):
        empty.open(RING.seal(b"", "x"), "x")


def test_keys_are_read_from_lines_and_commas() -> None:
    assert read_keys(f"# ours\n{NEW.text}  # since May\n\n{OLD.text}\n") == [NEW, OLD]
    assert read_keys(f"{NEW.text},{OLD.text}") == [NEW, OLD]
    assert read_keys("") == []


@pytest.mark.parametrize(
    "text",
    ["short", "AAAA", NEW.text[:-4], NEW.text + "AAAA", "ㄱ" * 44],
    ids=["short", "letters", "cut", "longer", "hangul"],  # the same in every process: the key is made anew in each
)
def test_a_wrong_key_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(BadInput, match="key 1 is not base64 of 32 bytes") as refused:
        read_keys(text)
    assert text not in str(refused.value)


def test_no_key_is_shown() -> None:
    assert NEW.text not in repr(NEW)
    assert repr(NEW) == f"MasterKey({NEW.id})"
