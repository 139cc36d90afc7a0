"""The shortest way through a menu by keys. Pure."""

from __future__ import annotations

import datetime as dt
from collections import deque

from ars.model import Menu, is_open, offered


def keys_to(menu: Menu, target: str, now: dt.datetime) -> str | None:
    """The keys that lead from where a call begins at ``now`` to a screen; None where no keys lead there."""
    start = next((s.screen for s in menu.start if is_open(menu, s.when, now)), menu.start[-1].screen)
    ways = {start: ""}
    ahead = deque([start])
    while ahead:
        here = ahead.popleft()
        if here == target:
            return ways[here]
        if menu.screens[here].fields:
            continue  # keys fill the form there
        for choice in offered(menu, menu.screens[here], now):
            if choice.go and choice.go not in ways:
                ways[choice.go] = ways[here] + choice.digit
                ahead.append(choice.go)
    return None


def dialled(phone: str, keys: str) -> str:
    """A number for a ``tel:`` link that goes on with keys once the call is answered.

    Each comma is a pause of two seconds or so: telephones know it, though RFC 3966 has no word for it.
    """
    digits = "".join(letter for letter in phone if letter.isdigit())
    return f"{digits},,{keys}" if keys else digits
