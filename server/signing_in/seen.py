"""Sessions and second factors as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from core.store.accounts import SessionRecord, Way


class SecondSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor."""

    on: bool
    """It is set up."""
    recovery: int
    """Recovery codes that are left."""


class SessionSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in browser."""

    id: str
    """For revoking it."""
    account_id: str
    """Whose."""
    name: str
    """Her name."""
    made: datetime
    """When she signed in."""
    seen: datetime
    """When it was last heard of."""
    ends: datetime
    """When it ends by itself."""
    address: str
    """From where."""
    browser: str
    """By what."""
    extension: str
    """At which telephone that she chose."""
    way: Way
    """How she signed in."""
    this: bool = False
    """It is the one that asks."""


def session_seen(session: SessionRecord, names: Mapping[str, str], mine: SessionRecord | None) -> SessionSeen:
    """A session as a page shows it."""
    return SessionSeen(
        id=session.id,
        account_id=session.account_id,
        name=names.get(session.account_id, session.account_id),
        made=session.made,
        seen=session.seen,
        ends=session.ends,
        address=session.address,
        browser=session.browser,
        extension=session.extension,
        way=session.way,
        this=mine is not None and mine.token_hash == session.token_hash,
    )
