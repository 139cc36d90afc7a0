"""When a session is over, and what a browser calls itself. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from core.store.accounts import SessionRecord

MOST_OF_ONE: Final = 20
"""Sessions of one account; with one more the oldest ends."""
MOST_SESSIONS: Final = 10_000
"""Of all accounts; with one more the oldest ends."""

_BROWSERS: Final = (("Edg/", "Edge"), ("Whale/", "Whale"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def new_token() -> str:
    """For a cookie: 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """How tokens and one-time codes are kept: they are long and random, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_over(session: SessionRecord, now: datetime, idle: timedelta) -> bool:
    """Whether it has had its time, or was not heard of for too long (``idle``; 0 = that does not matter)."""
    return now >= session.ends or (idle > timedelta(0) and now - session.seen >= idle)


def too_many(sessions: Sequence[SessionRecord], account_id: str) -> list[SessionRecord]:
    """Those that end because there are too many, the oldest of the account and of all."""
    hers = sorted((each for each in sessions if each.account_id == account_id), key=lambda each: each.made)
    gone = hers[: max(0, len(hers) - MOST_OF_ONE)]
    rest = sorted((each for each in sessions if each not in gone), key=lambda each: each.made)
    return gone + rest[: max(0, len(rest) - MOST_SESSIONS)]


def addresses_of(sessions: Iterable[SessionRecord], account_id: str) -> frozenset[str]:
    """From where she is signed in."""
    return frozenset(each.address for each in sessions if each.account_id == account_id)


def browser_name(user_agent: str) -> str:
    """'Chrome 131 · Windows', as somebody knows her own browser again; '' for what is none."""
    browser = ""
    for mark, name in _BROWSERS:
        if found := re.search(re.escape(mark) + r"(\d{1,4})", user_agent):
            browser = f"{name} {found[1]}"
            break
    else:
        if found := re.search(r"Version/(\d{1,4})[^ ]* (?:Mobile/\S+ )?Safari/", user_agent):
            browser = f"Safari {found[1]}"
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)
