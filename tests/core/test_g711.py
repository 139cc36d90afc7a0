"""Both laws, there and back."""

from __future__ import annotations

import numpy as np
import pytest

from core.g711 import Law, decode, encode, round_trip

LAWS = pytest.mark.parametrize("law", ["ulaw", "alaw"])


def test_known_pairs_of_a_law() -> None:
    """ITU-T G.711 table 1a: zero, the extremes, a sample of each sign."""
    pairs = {0: 0xD5, 32767: 0xAA, -32768: 0x2A, 1000: 0xFA, -1000: 0x7A}
    assert encode("alaw", np.array(list(pairs), np.int16)) == bytes(pairs.values())


def test_known_pairs_of_mu_law() -> None:
    """ITU-T G.711 table 2a: silence is all ones, the loudest code all zeros after the sign."""
    assert decode("ulaw", bytes([0xFF, 0x7F, 0x80, 0x00, 0xFE])).tolist() == [0, 0, 32124, -32124, 8]
    assert encode("ulaw", np.array([32767, -32768], np.int16)) == bytes([0x80, 0x00])


def test_known_values_of_a_law() -> None:
    """At 16 bits the smallest step is 16 with its value in the middle, the largest 1024."""
    heard = round_trip(np.array([0, 1, 100, -100, 1000, 32767, -32768], np.int16))
    assert heard.tolist() == [8, 8, 104, -104, 1008, 32256, -32256]


@LAWS
def test_twice_changes_nothing(law: Law) -> None:
    once = round_trip(np.arange(-32768, 32768, 7).astype(np.int16), law)
    assert np.array_equal(round_trip(once, law), once)


@LAWS
def test_every_code_is_its_own_nearest(law: Law) -> None:
    codes = bytes(range(256))
    assert np.array_equal(decode(law, encode(law, decode(law, codes))), decode(law, codes))


@LAWS
def test_error_stays_within_half_a_step(law: Law) -> None:
    samples = np.arange(-32768, 32768, dtype=np.int32)
    error = np.abs(round_trip(samples.astype(np.int16), law).astype(np.int32) - samples)
    assert np.all(error <= np.maximum(8, np.abs(samples) / 32 + 5))
