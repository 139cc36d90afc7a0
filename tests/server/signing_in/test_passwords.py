"""Passwords at rest, and which are good enough."""

from __future__ import annotations

import base64
import hashlib
import secrets

import pytest

from core.errors import BadInput, ConfigError
from server.signing_in.password_rules import fault_of, require_good
from server.signing_in.passwords import NOBODY, hash_password, outdated, verify
from tests.fakes.accounts import cheap


def scrypt(password: str, n: int = 2**8) -> str:
    """As versions before this one kept passwords."""
    salt = secrets.token_bytes(16)
    made = hashlib.scrypt(password.encode(), salt=salt, n=n, r=8, p=1, dklen=32)
    return f"scrypt${n}$8$1${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


@pytest.mark.parametrize("made", [cheap, scrypt])
def test_the_right_password_and_no_other(made) -> None:  # type: ignore[no-untyped-def]
    kept = made("한빛-비밀-2107")
    assert verify("한빛-비밀-2107", kept)
    assert not verify("한빛-비밀-2108", kept)
    assert not verify("", kept)


def test_the_same_password_is_never_kept_the_same() -> None:
    assert cheap("hanbit-2107") != cheap("hanbit-2107")


def test_the_kept_text_says_its_costs_and_not_the_password() -> None:
    kept = hash_password("hanbit-2107")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "hanbit" not in kept
    assert verify("hanbit-2107", kept)


def test_what_was_made_by_scrypt_or_too_cheaply_is_to_be_made_anew() -> None:
    assert outdated(scrypt("hanbit-2107"))
    assert outdated(cheap("hanbit-2107"))
    assert not outdated(hash_password("hanbit-2107"))


def test_nobody_has_no_password() -> None:
    assert not verify("", NOBODY)
    assert not verify("hanbit-2107", NOBODY)


def test_a_short_password_is_refused() -> None:
    with pytest.raises(BadInput, match="at least 8"):
        cheap("1234567")


@pytest.mark.parametrize(
    "broken", ["", "plain", "scrypt$x$8$1$AA==$AA==", "md5$1$1$1$AA==$AA==", "scrypt$256$8$1$?$?", "$argon2id$v=19$"]
)
def test_a_hash_that_is_not_ours_is_a_setting_to_mend(broken: str) -> None:
    with pytest.raises(ConfigError, match="minwon password"):
        verify("hanbit-2107", broken)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("가나다라마바사아자차", ""),
        ("correct horse battery", ""),
        ("short", "too_short"),
        ("x" * 300, "too_long"),
        ("haneul-is-here", "own_name"),
        ("우리김하늘이최고!!", "own_name"),
        ("password2026!", "common"),
        ("1234567890", "common"),
        ("0987654321", "common"),
        ("aaaaaaaaaa", "common"),
        ("qwertyuiopqwertyuiop", "common"),
        ("120-민원-콜센터-봄", ""),
    ],
)
def test_which_are_good_enough(password: str, code: str) -> None:
    assert fault_of(password, account_id="haneul", name="김하늘", shortest=10) == code
    if code:
        with pytest.raises(BadInput) as refused:
            require_good(password, account_id="haneul", name="김하늘", shortest=10)
        assert refused.value.code == code
        assert " / " in str(refused.value), "in both languages"
