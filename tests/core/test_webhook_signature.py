"""Signed webhooks: what is signed is verified, and nothing else is."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.webhook_signature import CLOCK_S, ID, SIGNATURE, TIMESTAMP, Forged, key_of, signed, verified

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
KEY = b"a secret"
HEADERS = st.dictionaries(st.sampled_from([ID, TIMESTAMP, SIGNATURE, "other"]), st.text(max_size=300), max_size=4)


def test_the_example_of_the_standard() -> None:
    """github.com/standard-webhooks/standard-webhooks, its libraries' common test vector."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers[SIGNATURE] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=200), st.from_regex(r"[!-~]{1,200}", fullmatch=True), st.integers(-CLOCK_S, CLOCK_S))
def test_what_we_sign_is_verified(body: bytes, webhook_id: str, late: int) -> None:
    headers = signed(KEY, webhook_id, NOW, body)
    assert verified([b"old", KEY], headers, body, NOW + timedelta(seconds=late)) == webhook_id


@given(st.binary(max_size=50), HEADERS)
def test_no_headers_but_signed_ones_pass(body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(Forged) as why:
        verified([KEY], headers, body, NOW)
    assert why.value.code == "signature"


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_a_replay_is_too_old_and_so_is_the_future(minutes: float) -> None:
    headers = signed(KEY, "m", NOW, b"x")
    with pytest.raises(Forged) as why:
        verified([KEY], headers, b"x", NOW + timedelta(minutes=minutes))
    assert why.value.code == "clock"


def test_one_of_several_signatures_is_enough_and_only_so_many_are_looked_at() -> None:
    headers = signed(KEY, "m", NOW, b"x")
    good = headers[SIGNATURE]
    assert verified([KEY], {**headers, SIGNATURE: f"v1a,zzz v1,AAAA {good}"}, b"x", NOW) == "m"
    with pytest.raises(Forged):
        verified([KEY], {**headers, SIGNATURE: "v1,AAAA " * 50 + good}, b"x", NOW)


def test_a_secret_is_its_own_key_or_base64() -> None:
    assert key_of("plain") == b"plain"
    assert key_of("whsec_" + base64.b64encode(b"k").decode()) == b"k"
    with pytest.raises(ValueError, match="base64"):
        key_of("whsec_!")
