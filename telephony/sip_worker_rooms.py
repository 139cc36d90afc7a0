"""What the door must know of a worker: who is in, whether there is room, who may transfer (``door.Rooms``)."""

from __future__ import annotations

import time
from collections import deque

from telephony.referral import Referral
from telephony.sip_worker_calls import Calls
from telephony.sip_worker_dialling import Dialling
from telephony.sip_worker_phone import Phone
from telephony.sip_worker_sessions import Sessions
from telephony.sip_worker_transfers import Transfers

_CALLS_A_SECOND = 4
"""New calls that are let in, times the capacity. Each takes sockets, and the wheel keeps a closed one for half a
second in a table of 64: a burst of calls that are refused one by one would fill it, and then it aborts."""


class WorkerRooms:
    """One for the worker; on the loop's thread."""

    def __init__(self, calls: Calls, phone: Phone, dialling: Dialling, transfers: Transfers) -> None:
        self._calls = calls
        self._phone = phone
        self._dialling = dialling
        self._transfers = transfers
        self.sessions: list[Sessions] = []
        """Others who carry calls in this worker."""
        self.draining = False
        """No new call is taken any more."""
        self.silent_since: float | None = time.monotonic()
        """Since when no node is there; None while one is."""
        self._lately: deque[float] = deque()
        """When calls came within the last second."""

    @property
    def capacity(self) -> int:
        """Calls of two legs."""
        return self._phone.max_legs // 2

    @property
    def idle(self) -> bool:
        """No leg is left, not even one that only waits for the peer's last answer."""
        return not len(self._calls) and self._phone.legs_in_use() == 0 and all(one.idle for one in self.sessions)

    def silent_s(self) -> float:
        """Seconds without a node."""
        return 0.0 if self.silent_since is None else time.monotonic() - self.silent_since

    def knows(self, call_id: str) -> bool:
        """See ``door.Rooms``."""
        return self._calls.knows(call_id) or any(sessions.knows(call_id) for sessions in self.sessions)

    def is_open(self) -> bool:
        """See ``door.Rooms``."""
        return self.silent_since is None and not self.draining

    def has_room(self) -> bool:
        """See ``door.Rooms``. Each call that is let in must find slots for both its legs."""
        now = time.monotonic()
        while self._lately and now - self._lately[0] > 1.0:
            self._lately.popleft()
        crowded = len(self._lately) >= _CALLS_A_SECOND * self.capacity
        free = self._phone.max_legs - self._phone.legs_in_use()
        promised = self._calls.legs_to_come + sum(sessions.legs_to_come for sessions in self.sessions)
        return len(self._calls) < self.capacity and free >= promised + 2 and not crowded

    def let_in(self) -> None:
        """A call, or a recording session, takes sockets now: see ``has_room``."""
        self._lately.append(time.monotonic())

    def may_transfer(self, call_id: str, referral: Referral) -> int:
        """See ``door.Rooms``."""
        return self._transfers.may(call_id, referral)

    def refers(self, call_id: str) -> bool:
        """See ``door.Rooms``."""
        call, side = self._calls.find(self._calls.leg(call_id))
        return call is not None and side is call.caller and call.referring is not None

    def has_leg_for(self, call_id: str) -> bool:
        """See ``door.Rooms``."""
        leg = self._calls.leg(call_id)
        return leg is not None and self._transfers.may_be_replaced(leg) and self._dialling.room_for_one()
