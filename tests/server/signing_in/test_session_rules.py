"""When sessions end, and what browsers call themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.store.accounts import SessionRecord
from server.signing_in import session_rules
from server.signing_in.session_rules import browser_name, hash_of, is_over, new_token, too_many

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IDLE = timedelta(minutes=30)


def session(name: str, account_id: str = "kim", minutes: float = 0) -> SessionRecord:
    made = T0 + timedelta(minutes=minutes)
    return SessionRecord(token_hash=name, account_id=account_id, made=made, seen=made, ends=made + timedelta(hours=12))


@pytest.mark.parametrize(
    ("after", "idle", "over"),
    [
        (timedelta(minutes=29), IDLE, False),
        (timedelta(minutes=30), IDLE, True),
        (timedelta(hours=11), timedelta(0), False),
        (timedelta(hours=12), timedelta(0), True),
        (timedelta(hours=-1), IDLE, False),  # a clock that was set back
    ],
)
def test_it_ends_with_its_time_or_in_silence(after: timedelta, idle: timedelta, over: bool) -> None:
    assert is_over(session("a"), T0 + after, idle) is over


def test_tokens_are_long_and_kept_only_as_hashes() -> None:
    token = new_token()
    assert len(token) >= 43
    assert token not in hash_of(token)


def test_with_too_many_the_oldest_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_rules, "MOST_OF_ONE", 2)
    monkeypatch.setattr(session_rules, "MOST_SESSIONS", 3)
    hers = [session(f"k{n}", minutes=n) for n in range(3)]
    others = [session(f"l{n}", "lee", minutes=10 + n) for n in range(2)]
    assert [each.token_hash for each in too_many(hers, "kim")] == ["k0"]
    assert [each.token_hash for each in too_many([*hers[1:], *others], "lee")] == ["k1"]
    assert too_many(hers[1:], "kim") == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
            "Safari/537.36 Edg/131.0.0.0",
            "Edge 131 · Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox 133 · Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari 18 · iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Whale/4.29.282.14 Safari/537.36", "Whale 4 · Windows"),
        ("curl/8.5", ""),
        ("", ""),
        ("<script>" * 50, ""),
    ],
)
def test_a_browser_as_she_knows_it(said: str, shown: str) -> None:
    assert browser_name(said) == shown
