"""Whom a call has dialled, by number and by role, and who waits for the answer. The node's half."""

from __future__ import annotations

import asyncio

from telephony.contract import ConsultResult
from telephony.wire import Role


class Dials:
    """The worker and the node speak of a leg by the number of its dial, which counts over all roles of a call. A third
    or a supervisor that comes into the agent's place keeps its number."""

    def __init__(self) -> None:
        self._last = 0
        self._numbers: dict[Role, int] = {}
        self._waiting: dict[int, asyncio.Future[ConsultResult]] = {}

    def begin(self, role: Role) -> tuple[int, asyncio.Future[ConsultResult]]:
        """A dial for that role; whoever had it before is no longer meant."""
        self._last += 1
        self.forget(role)
        self._numbers[role] = self._last
        waiting = self._waiting[self._last] = asyncio.get_running_loop().create_future()
        return self._last, waiting

    def adopt(self, role: Role, number: int) -> None:
        """A dial of the node before, that was answered."""
        if number:
            self._numbers[role] = number
            self._last = max(self._last, number)

    def number(self, role: Role) -> int:
        """Of whom is there in that role, or rings; 0 = nobody."""
        return self._numbers.get(role, 0)

    def role(self, number: int) -> Role | None:
        """Whose number it is."""
        return next((role for role, of in self._numbers.items() if of == number), None)

    def settle(self, number: int, result: ConsultResult) -> bool:
        """A dial's result. False: nobody waits for it any more, and nothing has changed."""
        waiting = self._waiting.pop(number, None)
        if waiting is None or waiting.done():
            return False
        role = self.role(number)
        if result != "answered" and role is not None:
            del self._numbers[role]
        waiting.set_result(result)
        return True

    def forget(self, role: Role) -> int:
        """Whoever was dialled for that role is not meant any more; who waits for the answer learns 'gone'. Returns the
        number, 0 = there was none."""
        number = self._numbers.pop(role, 0)
        waiting = self._waiting.pop(number, None)
        if waiting is not None and not waiting.done():
            waiting.set_result("gone")
        return number

    def third_is_agent(self, number: int = 0) -> None:
        """The third, or by the worker's word whoever has that number, is the agent now."""
        number = number or self.number("third")
        role = self.role(number)
        if role is not None:
            del self._numbers[role]
        if number:
            self._numbers["agent"] = number

    def all_gone(self) -> None:
        """The call is over."""
        for role in list(self._numbers):
            self.forget(role)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result("gone")
