"""All visits of the node: begun by calls and by the web entry, found by link or code, ended in time.

A visit lives from its call's first ring to the end of the grace time after it; one begun on the web waits half an hour
for its call. Opening a page costs nothing and a telephone call does, so pages without a call may fill half of the room:
whoever begins them by the thousand takes no caller's menu away.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from ars.links import Links
from ars.model import Language, Menu
from ars.page_feed import Gone
from ars.state import Phase, State, begin
from ars.visit import Visit
from ars.visit_house import CallSide, VisitHouse
from core import metrics
from core.errors import Refused
from core.events import Event
from core.log import get_logger

log = get_logger("ars.visits")

SWEEP_S: Final = 5.0
AWAITED: Final = dt.timedelta(hours=12)
"""So long a page that waits for its callback lives, at the most."""
UNJOINED: Final = dt.timedelta(minutes=30)
"""A visit of the web entry without a call is over after so long."""
LINK_AHEAD: Final = dt.timedelta(hours=12)
"""So far ahead the links of a running call are said to end; every sweep says so anew."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of the consultation database for one who searches on the page."""

    id: str
    title: str
    text: str
    """Paragraphs, a blank line between them."""
    department: str = ""
    phone: str = ""


Search = Callable[[str, int], Sequence[Found]]


class Visits:
    """One for the node."""

    def __init__(
        self,
        house: VisitHouse,
        menus: Callable[[], Menu],
        links: Links,
        *,
        limit: int,
        grace_s: float,
        ended: Callable[[Visit], None] | None = None,
    ) -> None:
        """``grace_s``: how long a page lives after its call. ``ended`` is told of every visit that is over."""
        self._house = house
        self._ended = ended
        self._menus = menus
        self.links = links
        self._limit = limit
        self._grace = dt.timedelta(seconds=grace_s)
        self._visits: dict[str, Visit] = {}
        self._of_call: dict[str, Visit] = {}

    def __len__(self) -> int:
        return len(self._visits)

    @property
    def _uncalled(self) -> int:
        return len(self._visits) - len(self._of_call)

    def now(self) -> dt.datetime:
        """Local time with its zone, as the node tells it."""
        return self._house.now()

    def get(self, visit_id: str) -> Visit | None:
        """The living visit of that id."""
        return self._visits.get(visit_id)

    def of_call(self, call_id: str) -> Visit | None:
        """The living visit of that call."""
        return self._of_call.get(call_id)

    def begin_call(self, call: CallSide, *, phase: Phase, has_number: bool) -> Visit | None:
        """The visit of a call that has just come. None beyond the limit: that call has an agent and no menu."""
        visit = self._begin(phase=phase, has_number=has_number, language="ko")
        if visit is not None:
            self._of_call[call.call_id] = visit
            visit.begins(call)
        return visit

    def begin_again(self, call: CallSide, visit: Visit) -> bool:
        """The callback that was booked on a page. False: its visit is over, or its first call is not."""
        if self.get(visit.visit_id) is not visit or visit.state.phase != "over":
            return False
        if visit.call is not None:
            self._of_call.pop(visit.call.call_id, None)
        self._of_call[call.call_id] = visit
        self.links.ends(visit.visit_id, self._house.now() + LINK_AHEAD)
        visit.begins_again(call)
        return True

    def begin_web(self, language: Language) -> Visit:
        """A visit by QR code or address, before any call. ``Refused`` beyond half of the limit."""
        if self._uncalled >= (self._limit + 1) // 2:
            metrics.ARS_VISITS_REFUSED.inc()
            raise Refused("too many visitors without a call at this moment", code="too_many")
        visit = self._begin(phase="web", has_number=False, language=language)
        if visit is None:
            raise Refused("too many visitors at this moment", code="too_many")
        visit.way = "web"
        visit.ends = self._house.now() + UNJOINED
        return visit

    def resume(self, state: State, call: CallSide, past: Sequence[Event]) -> Visit:
        """The visit of a call that a node before us had begun, with what its events tell of it."""
        visit = Visit(state, self._house)
        visit.resumes(call, past)
        self._of_call[call.call_id] = visit
        self._put(visit)
        return visit

    def link(self, visit: Visit) -> str:
        """A new token for the visit's page."""
        ends = visit.ends or self._house.now() + LINK_AHEAD
        return self.links.open(visit.visit_id, ends=ends)

    def code(self, visit: Visit) -> str:
        """The six digits that bring a web page to a call."""
        code = self.links.code(visit.visit_id, self._house.now())
        visit.set_around(code=code)
        return code

    def join(self, visit: Visit, code: str) -> bool:
        """The caller keyed in a page's code: that page is this call's from now on. False: there is none, or no call."""
        if visit.call is None or visit.state.phase == "over":
            return False
        found = self.links.by_code(code, self._house.now())
        other = self._visits.get(found) if found else None
        if other is None or other is visit or other.call is not None:
            return False
        self.links.move(other.visit_id, visit.visit_id)
        self.links.ends(visit.visit_id, self._house.now() + LINK_AHEAD)
        visit.becomes(other)
        self._forget(other.visit_id)
        log.info("visit.joined", visit=visit.visit_id, call_id=visit.call.call_id if visit.call else "")
        return True

    def call_over(self, visit: Visit) -> None:
        """The call has ended: the page goes on for the grace time, or until the booked callback."""
        visit.call_over(self._house.now() + (AWAITED if visit.awaited else self._grace))
        self.links.ends(visit.visit_id, visit.ends or self._house.now())

    def extend(self, visit: Visit) -> None:
        """The caller asked for more time."""
        visit.extend()
        if visit.ends is not None:
            self.links.ends(visit.visit_id, visit.ends)

    async def sweep(self) -> None:
        """End visits whose time is over; runs for ever."""
        while True:
            await asyncio.sleep(SWEEP_S)
            self.expire()

    def expire(self) -> None:
        """One look at all visits. The links of running calls outlive a clock that was put forward by a day."""
        now = self._house.now()
        for visit in self._visits.values():
            if visit.ends is None:
                self.links.ends(visit.visit_id, now + LINK_AHEAD)
        for visit in [v for v in self._visits.values() if v.ends is not None and v.ends <= now]:
            self.end(visit)
        self.links.expire(now)

    def end(self, visit: Visit, reason: Gone = "expired") -> None:
        """The visit is over now."""
        self._forget(visit.visit_id)
        self.links.drop(visit.visit_id)
        visit.close(reason)

    def close(self) -> None:
        """The node goes down: the pages come back by themselves."""
        for visit in list(self._visits.values()):
            visit.close("node")
        self._visits.clear()
        self._of_call.clear()
        metrics.ARS_VISITS.set(0)

    def _begin(self, *, phase: Phase, has_number: bool, language: Language) -> Visit | None:
        if len(self._visits) >= self._limit:
            metrics.ARS_VISITS_REFUSED.inc()
            return None
        menu = self._menus()
        known: Language = language if language in menu.languages else "ko"
        visit_id = secrets.token_hex(8)
        state = begin(visit_id, menu, self._house.now(), phase=phase, language=known, has_number=has_number)
        visit = Visit(state, self._house)
        self._put(visit)
        return visit

    def _put(self, visit: Visit) -> None:
        self._visits[visit.visit_id] = visit
        metrics.ARS_VISITS.set(len(self._visits))

    def _forget(self, visit_id: str) -> None:
        visit = self._visits.pop(visit_id, None)
        if visit is None:
            return
        if visit.call is not None:
            self._of_call.pop(visit.call.call_id, None)
        if self._ended is not None:
            self._ended(visit)
        metrics.ARS_VISITS.set(len(self._visits))
