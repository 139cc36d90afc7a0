"""Who knows the password."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.digest import MAX_AGE_S, Challenger, Outcome, expected_response, parameters

SOURCE, NOW = "10.0.0.5", 1_800_000_000.0
MUFASA = {
    "username": "Mufasa",
    "realm": "http-auth@example.org",
    "uri": "/dir/index.html",
    "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    "nc": "00000001",
    "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    "qop": "auth",
}


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_rfc_7616_section_3_9_1(algorithm: str, response: str) -> None:
    assert expected_response({**MUFASA, "algorithm": algorithm}, "GET", "Mufasa", "Circle of Life") == response


def test_rfc_2617_without_count() -> None:
    plain = {"realm": "testrealm@host.com", "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093", "uri": "/dir/index.html"}
    assert expected_response(plain, "GET", "Mufasa", "CircleOfLife") == "1949323746fe6a43ef61f9606e7febea"


def shown(challenge: str, nc: int = 1, password: str = "secret", **other: str) -> str:
    """A peer's answer to a challenge."""
    asked = parameters(challenge)
    given = {
        "username": "cucm", "realm": asked["realm"], "nonce": asked["nonce"], "uri": "sip:120@us",
        "algorithm": asked["algorithm"], "qop": "auth", "nc": f"{nc:08x}", "cnonce": "c", **other,
    }  # fmt: skip
    given = {name: value for name, value in given.items() if value}
    given.setdefault("response", expected_response(given, "INVITE", "cucm", password))
    return written(given)


def written(credentials: Mapping[str, str]) -> str:
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in credentials.items())


def check(
    challenger: Challenger, *values: str, source: str = SOURCE, now: float = NOW, method: str = "INVITE"
) -> Outcome:
    return challenger.check(values, method=method, user="cucm", password="secret", source=source, now=now)


@pytest.fixture
def challenger() -> Challenger:
    return Challenger(b"key")


def test_both_algorithms_best_first_and_each_count_once(challenger: Challenger) -> None:
    best, old = challenger.challenges(SOURCE, NOW)
    assert "algorithm=SHA-256" in best and "algorithm=MD5" in old and 'qop="auth"' in best
    assert check(challenger, shown(best, 1)) is Outcome.GOOD
    assert check(challenger, shown(best, 1)) is Outcome.STALE, "the same again is a replay"
    assert check(challenger, shown(old, 3)) is Outcome.GOOD
    assert check(challenger, shown(old, 2)) is Outcome.STALE
    assert challenger.challenges(SOURCE, NOW, md5_only=True)[0].count("MD5") == 1


def test_nothing_shown_and_what_is_for_others(challenger: Challenger) -> None:
    (best, _) = challenger.challenges(SOURCE, NOW)
    assert check(challenger) is Outcome.ABSENT
    assert check(challenger, "Basic Y3VjbTpzZWNyZXQ=", shown(best, realm="elsewhere")) is Outcome.ABSENT
    assert check(challenger, shown(best, realm="elsewhere"), shown(best)) is Outcome.GOOD


def test_wrong(challenger: Challenger) -> None:
    (best, _) = challenger.challenges(SOURCE, NOW)
    for wrong in (
        shown(best, password="guess"),
        shown(best, username="other"),
        shown(best, algorithm="SHA-512"),
        shown(best, qop="auth-int"),
        shown(best, nc=1, response="0" * 64),
    ):
        assert check(challenger, wrong) is Outcome.WRONG
    assert check(challenger, shown(best), method="BYE") is Outcome.WRONG
    assert check(challenger, shown(best)) is Outcome.GOOD, "a wrong guess uses nothing up"


def test_nonces_age_and_belong_to_their_source(challenger: Challenger) -> None:
    (best, _) = challenger.challenges(SOURCE, NOW)
    assert check(challenger, shown(best), now=NOW + MAX_AGE_S + 1) is Outcome.STALE
    assert check(challenger, shown(best), source="10.0.0.6") is Outcome.STALE
    assert check(Challenger(b"another key"), shown(best)) is Outcome.STALE
    assert check(challenger, shown(best, nonce="guessed")) is Outcome.STALE
    assert check(Challenger(b"key"), shown(best), now=NOW + MAX_AGE_S - 1) is Outcome.GOOD, "another worker's"
    assert all("stale=true" in value for value in challenger.challenges(SOURCE, NOW, stale=True))


def test_without_a_count_a_nonce_is_good_for_one_request(challenger: Challenger) -> None:
    (_, old) = challenger.challenges(SOURCE, NOW)
    simple = shown(old, qop="", nc=0, cnonce="")
    assert check(challenger, simple) is Outcome.GOOD and check(challenger, simple) is Outcome.STALE


def test_what_was_forgotten_cannot_be_shown_again(challenger: Challenger) -> None:
    (first, _) = challenger.challenges(SOURCE, NOW)
    assert check(challenger, shown(first)) is Outcome.GOOD
    for number in range(1, 4098):
        (later, _) = challenger.challenges(SOURCE, NOW + number / 1000)
        assert check(challenger, shown(later)) is Outcome.GOOD
    assert check(challenger, shown(first, 2)) is Outcome.STALE
    assert check(challenger, shown(later, 2)) is Outcome.GOOD


@given(st.text(), st.text())
def test_any_text_is_read(value: str, nonce: str) -> None:
    challenger = Challenger(b"key")
    assert check(challenger, value) is Outcome.ABSENT
    check(challenger, 'Digest realm="minwon", ' + value)
    assert check(challenger, written({"realm": "minwon", "nonce": nonce.replace('"', "")})) is Outcome.STALE
