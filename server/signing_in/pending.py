"""Half sign-ins: who has shown her password and is asked for more. In memory: a restarted node asks from the start."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

import msgspec

from server.signing_in.session_rules import hash_of, new_token
from server.signing_in.steps import Proof

LIFE: Final = timedelta(minutes=10)
"""So long she may take."""
MOST: Final = 1000
"""At a time; with one more the oldest ends."""
TRIES: Final = 5
"""Wrong codes; then it begins anew, with the password."""


class Half(msgspec.Struct, kw_only=True):
    """One half sign-in."""

    account_id: str
    shown: frozenset[Proof]
    next_page: str
    extension: str = ""
    """The telephone that she named."""
    secret: str = ""
    """Of the second factor that she is setting up."""
    tries: int = 0
    """Wrong codes."""
    ends: datetime


class Halves:
    """By the token in the browser's cookie."""

    def __init__(self) -> None:
        self._halves: OrderedDict[str, Half] = OrderedDict()

    def begin(self, half: Half) -> str:
        """Remember it; the token for the cookie."""
        token = new_token()
        self._halves[hash_of(token)] = half
        while len(self._halves) > MOST:
            self._halves.popitem(last=False)
        return token

    def find(self, token: str, now: datetime) -> Half | None:
        """What that token began, None when it has ended."""
        half = self._halves.get(hash_of(token))
        if half is not None and (now >= half.ends or half.tries >= TRIES):
            self.end(token)
            return None
        return half

    def end(self, token: str) -> None:
        """It is done with; unknown tokens are fine."""
        self._halves.pop(hash_of(token), None)
