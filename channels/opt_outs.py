"""Who wants no texts from us: known by person key alone, so that the list holds no number."""

from __future__ import annotations

from typing import Protocol

from core.errors import BadInput
from core.events import now
from core.log import get_logger
from core.store.texting import OptOut, OptOutWay, TextingStore

log = get_logger("channels.opt_outs")


class Keys(Protocol):
    """``core.person_key.PersonKeys``."""

    def key(self, number: str) -> str:
        """The person key, '' for what is no number."""


class OptOuts:
    """One for the node."""

    def __init__(self, store: TextingStore, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def find(self, number: str) -> OptOut | None:
        """What the person of this number told us. ``BadInput`` ('not_a_number') for what is none."""
        return await self._store.opt_out(self._person(number))

    async def has(self, number: str) -> bool:
        """Whether the person of this number wants no texts."""
        return await self.find(number) is not None

    async def put(self, number: str, *, way: OptOutWay, by: str = "", contact: str = "") -> bool:
        """That person wants no more; whether it is new."""
        told = OptOut(person=self._person(number), since=now(), way=way, by=by, contact=contact)
        new = await self._store.put_opt_out(told)
        log.info("opt_out.told", way=way, by=by, contact=contact, new=new)
        return new

    async def drop(self, number: str, *, by: str) -> bool:
        """That person wants texts again; whether there was something to take back."""
        dropped = await self._store.drop_opt_out(self._person(number))
        log.info("opt_out.taken_back", by=by, found=dropped)
        return dropped

    def person(self, number: str) -> str:
        """The person key, for the audit log."""
        return self._keys.key(number)

    def _person(self, number: str) -> str:
        if not (person := self._keys.key(number)):
            raise BadInput("this is no telephone number", code="not_a_number")
        return person
