"""Passwords at rest."""

from __future__ import annotations

import pytest

from core.errors import BadInput, ConfigError
from server.passwords import hash_password, verify

CHEAP = (2**8, 8, 1)


def test_the_right_password_and_no_other() -> None:
    kept = hash_password("한빛-비밀-2107", cost=CHEAP)
    assert verify("한빛-비밀-2107", kept)
    assert not verify("한빛-비밀-2108", kept)
    assert not verify("", kept)


def test_the_same_password_is_never_kept_the_same() -> None:
    assert hash_password("hanbit-2107", cost=CHEAP) != hash_password("hanbit-2107", cost=CHEAP)


def test_the_kept_text_says_its_costs_and_not_the_password() -> None:
    kept = hash_password("hanbit-2107")
    assert kept.startswith("scrypt$16384$8$5$")
    assert "hanbit" not in kept
    assert verify("hanbit-2107", kept)


def test_a_short_password_is_refused() -> None:
    with pytest.raises(BadInput, match="at least 8"):
        hash_password("1234567", cost=CHEAP)


@pytest.mark.parametrize("broken", ["", "plain", "scrypt$x$8$1$AA==$AA==", "md5$1$1$1$AA==$AA==", "scrypt$256$8$1$?$?"])
def test_a_hash_that_is_not_ours_is_a_setting_to_mend(broken: str) -> None:
    with pytest.raises(ConfigError, match="minwon password"):
        verify("hanbit-2107", broken)
