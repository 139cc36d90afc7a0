"""Codes: RFC 6238's own vectors, drift, and how recovery codes and invitations are typed."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.signing_in import codes

# RFC 6238 appendix B: the shared secret '12345678901234567890' with SHA-1; of its eight digits the last six.
SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("at", "code"), VECTORS)
def test_the_vectors_of_the_rfc(at: int, code: str) -> None:
    assert codes.step_of(SECRET, code, at) == at // 30
    assert codes.step_of(SECRET, f" {code[:3]} {code[3:]} ", at) == at // 30, "as apps show it"


@pytest.mark.parametrize("steps", [-2, -1, 0, 1, 2])
def test_a_clock_may_be_one_step_off(steps: int) -> None:
    found = codes.step_of(SECRET, "081804", 1111111109 + 30 * steps)
    assert found == (1111111109 // 30 if abs(steps) <= 1 else None)


@given(st.text(max_size=12))
def test_what_is_no_code_is_none(typed: str) -> None:
    if "".join(typed.split()).replace("-", "") not in ("287082", "755224", "359152"):
        assert codes.step_of(SECRET, typed, 59) is None


def test_recovery_codes_however_they_are_typed() -> None:
    made = codes.recovery_codes()
    assert len(set(made)) == codes.RECOVERY_CODES
    for code in made:
        assert codes.recovery_hash(code) == codes.recovery_hash(code.upper().replace("-", " ")) != ""
    assert codes.recovery_hash("123456") == ""
    assert codes.recovery_hash("") == ""


def test_an_invitation_however_it_is_typed() -> None:
    code = codes.invitation_code()
    assert codes.invitation_hash(code) == codes.invitation_hash(code.replace("-", "").upper()) != ""
    assert codes.invitation_hash("") == codes.invitation_hash("short") == ""


def test_what_the_app_is_told() -> None:
    told = codes.uri(SECRET, account_id="haneul", centre="한빛시 민원콜센터")
    assert told.startswith("otpauth://totp/")
    assert f"secret={SECRET}" in told
    assert codes.spaced("ABCDEFGH") == "ABCD EFGH"
