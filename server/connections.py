"""How many may be connected to the web: so many in all, fewer of one address. Rules, and the machine's limit.

A connection is an open file, and so is everything else that a node does: a database, a prompt that is rendered, a
photo, a journal. Whoever opens connections by the thousand must find the web's share used up, not the node's.
"""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

from ars.guesses import key
from core.web.client import Proxies

WANTED: Final = 65_536
"""Open files that are asked for, where the machine allows so many."""
OTHERS: Final = 2500
"""Open files that are left to everything else, connections that are being accepted among them."""
BACKLOG: Final = 1024
"""Phones that come back at once after a node was restarted."""
SHARE_OF_ONE: Final = 4
"""One address may have a fourth of all places: a mobile carrier hides thousands of phones behind one."""
THIS_MACHINE: Final = ("127.0.0.0/8", "::1/128")

Refusal = Literal["", "all", "address"]
"""Why there is no place: in all, or for this address. '' = there is one."""


class Places:
    """Who is connected, by address: IPv4 as it is, IPv6 by its /64."""

    def __init__(self, most: int, trusted: Iterable[str] = ()) -> None:
        """``most``: connections at a time. ``trusted``: networks of proxies, which bring everybody from one address;
        this machine itself always is."""
        self._most = most
        self._of_one = max(1, most // SHARE_OF_ONE)
        self._trusted = Proxies((*THIS_MACHINE, *trusted))
        self._open = 0
        self._by_address: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._open

    @property
    def backlog(self) -> int:
        """How many may wait to be accepted: all of them are accepted in one go, before one can be refused."""
        return max(1, min(BACKLOG, self._most // 2))

    def take(self, address: str) -> Refusal:
        """One more of this address; ``leave`` gives the place back, if there was one."""
        if self._open >= self._most:
            return "all"
        if self._by_address[key(address)] >= self._of_one and not self._trusted.trusts(address):
            return "address"
        self._open += 1
        self._by_address[key(address)] += 1
        return ""

    def leave(self, address: str) -> None:
        """One that had a place is gone."""
        self._open -= 1
        self._by_address[key(address)] -= 1
        if self._by_address[key(address)] <= 0:
            del self._by_address[key(address)]


def places_here() -> int:
    """Raise this process's limit of open files as far as the machine allows; how many of them are the web's."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    files = wanted if soft == resource.RLIM_INFINITY else max(soft, wanted)
    return max(files - OTHERS, files // 2)
