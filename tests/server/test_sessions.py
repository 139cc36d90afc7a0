"""Sessions and guesses: rules with times from outside."""

from __future__ import annotations

import pytest

from server import sessions
from server.sessions import Attempts, Sessions


def test_a_session_ends_with_its_time_or_with_the_sign_out() -> None:
    book = Sessions()
    one, two = book.open("kim", ends=100.0), book.open("lee", ends=200.0)
    assert book.agent(one, 99.9) == "kim"
    assert book.agent(one, 100.0) is None
    assert book.agent(two, 100.0) == "lee"
    book.close(two)
    assert book.agent(two, 100.0) is None
    book.close("never seen")


def test_tokens_are_long_and_kept_only_as_hashes() -> None:
    book = Sessions()
    token = book.open("kim", ends=100.0)
    assert len(token) >= 43
    (kept,) = book.living(0.0)
    assert token not in str(kept)
    assert Sessions([kept]).agent(token, 50.0) == "kim"
    assert Sessions([kept]).agent(kept.token_hash, 50.0) is None


def test_only_living_sessions_are_kept() -> None:
    book = Sessions()
    book.open("kim", ends=100.0)
    book.open("lee", ends=200.0)
    assert [session.agent_id for session in book.living(150.0)] == ["lee"]


def test_the_book_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 2)
    book = Sessions()
    oldest = book.open("kim", ends=100.0)
    newest = [book.open("kim", ends=100.0) for _ in range(2)]
    assert book.agent(oldest, 0.0) is None
    assert all(book.agent(token, 0.0) for token in newest)


def test_too_many_wrong_tries_must_wait_until_the_oldest_is_forgotten() -> None:
    attempts = Attempts(limit=3, window_s=60.0)
    for at in (0.0, 10.0, 20.0):
        assert attempts.wait_s("kim", at) == 0.0
        attempts.fail("kim", at)
    assert attempts.wait_s("kim", 20.0) == 40.0
    assert attempts.wait_s("lee", 20.0) == 0.0
    assert attempts.wait_s("kim", 60.0) == 0.0
    attempts.fail("kim", 60.0)
    assert attempts.wait_s("kim", 60.0) == 10.0


def test_the_right_password_forgives() -> None:
    attempts = Attempts(limit=1, window_s=60.0)
    attempts.fail("kim", 0.0)
    attempts.forgive("kim")
    assert attempts.wait_s("kim", 0.0) == 0.0


def test_guessers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_GUESSERS", 2)
    attempts = Attempts(limit=1, window_s=60.0)
    for name in ("a", "b", "c"):
        attempts.fail(name, 0.0)
    assert [attempts.wait_s(name, 0.0) > 0 for name in ("a", "b", "c")] == [False, True, True]
