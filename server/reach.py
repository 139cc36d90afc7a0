"""Somebody for the caller: does what she wishes, one wish after the other, until somebody answers or nobody will.

A new wish ends the one before: who books a callback leaves the queue, who presses 0 while a department rings gets an
agent. Without a menu there is one wish, an agent, and a closing prompt when nobody takes the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, Protocol

import msgspec

from ars import voice
from ars.menu import NoAgent, NotBooked
from ars.model import WAIT
from ars.visit import Visit
from core.config import SipConfig
from core.errors import Refused
from core.events import AgentMissed, AgentOffered, CallQueued
from core.log import get_logger
from server.call_side import BookCallback, CallContact, CallSide, EndCall, FindAgent, Wish
from server.dispatcher import Dispatcher, Place
from server.ear import Ear
from server.line import Line
from server.outbound import outbound_uri
from server.roster import Agent
from telephony.contract import Call, DialResult

log = get_logger("server.reach")

FAREWELL_S: Final = 15.0
"""The longest last words that we wait for."""


class Answer(msgspec.Struct, frozen=True):
    """Who answered."""

    agent_id: str
    """'' for a department."""
    name: str
    extension: str


class CallMenu(msgspec.Struct, frozen=True):
    """The menu's part of one call."""

    visit: Visit
    side: CallSide
    ear: Ear


class Books(Protocol):
    """Where callbacks are booked: ``server.callbacks.Callbacks``."""

    async def book(self, number: str, call: Call, line: Line, visit: Visit, queue: str) -> None:
        """Keep the caller's place. ``Refused`` for a number that may not be called."""


class Reach:
    """For one call. ``run`` ends when somebody has answered, or the call shall end."""

    def __init__(
        self,
        call: Call,
        line: Line,
        dispatcher: Dispatcher,
        sip: SipConfig,
        *,
        joined: Callable[[Answer], Awaitable[None]],
        menu: CallMenu | None = None,
        books: Books | None = None,
        reserved: Agent | None = None,
    ) -> None:
        """``reserved``: an agent who is offered to this call already (a callback)."""
        self._call = call
        self._line = line
        self._dispatcher = dispatcher
        self._sip = sip
        self._joined = joined
        self._menu = menu
        self._books = books
        self._reserved = reserved
        self._queue = ""

    async def run(self, first: Wish | None) -> bool:
        """Whether somebody answered. ``first``: what is wished already; None = the menu will tell."""
        wish = first or await self._next_wish()
        while True:
            doing = asyncio.create_task(self._do(wish), name=f"{type(wish).__name__} {self._call.call_id}")
            other = asyncio.create_task(self._next_wish(), name=f"wish {self._call.call_id}")
            try:
                await asyncio.wait({doing, other}, return_when=asyncio.FIRST_COMPLETED)
                if doing.done():
                    if doing.result():
                        return True
                    if self._menu is None or isinstance(wish, EndCall):
                        return False
                    if not isinstance(wish, BookCallback):
                        self._no_agent(contact=isinstance(wish, CallContact))
                    wish = await other
                else:
                    wish = other.result()
            finally:
                await _ended(doing, other)

    async def _next_wish(self) -> Wish:
        if self._menu is None:
            return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # one wish is all there is
        return await self._menu.side.wishes.get()

    async def _do(self, wish: Wish) -> bool:
        match wish:
            case FindAgent(queue=queue):
                self._queue = queue
                return await self._find_agent(queue)
            case CallContact(name=name, phone=phone):
                return await self._call_contact(name, phone)
            case BookCallback(number=number):
                await self._book(number)
                return False
            case EndCall():
                await self._last_words()
                return False

    def _no_agent(self, *, contact: bool) -> None:
        assert self._menu is not None
        self._menu.side.waiting = False
        self._menu.visit.put(NoAgent(contact=contact))

    # An agent.

    async def _find_agent(self, queue: str) -> bool:
        """Ring agents until one answers; False when nobody will, or the caller is gone."""
        if self._menu is not None:
            self._menu.side.waiting = True
            company = asyncio.create_task(self._keep_company(self._menu), name=f"company {self._call.call_id}")
            try:
                return await self._ring_agents(queue)
            finally:
                await _ended(company)
        await self._call.play("connecting", loop=True)
        return await self._ring_agents(queue)

    async def _ring_agents(self, queue: str) -> bool:
        """Wait for a free agent (no longer than ``max_wait_s`` in all) and ring her, until one answers."""
        patience = asyncio.get_running_loop().time() + self._sip.max_wait_s
        missed = False
        while not missed or self._dispatcher.anyone_to_come(queue):
            agent, self._reserved = self._reserved, None
            if agent is None:
                try:
                    async with asyncio.timeout_at(patience):
                        agent = await self._dispatcher.next_agent(
                            self._call.call_id, self._call.started, self._wait, queue=queue
                        )
                except TimeoutError:
                    return False
            result = await self._ring(agent)
            if result in ("answered", "gone"):
                return result == "answered"
            missed = True
        return False

    async def _wait(self, place: Place) -> None:
        await self._line.say(CallQueued(position=place.position, expect_s=place.expect_s))
        if self._menu is not None:
            self._menu.visit.set_around(position=place.position, expect_s=place.expect_s)
        else:
            await self._call.play("waiting", loop=True)

    async def _ring(self, agent: Agent) -> DialResult:
        """Ring her phone; whatever comes of it, she does not stay 'offered'."""
        try:
            await self._line.say(AgentOffered(agent_id=agent.id, agent_name=agent.name, extension=agent.extension))
            result = await self._call.dial(agent.uri, reference=agent.id, ring_timeout_s=self._sip.ring_timeout_s)
        except BaseException:
            await asyncio.shield(self._dispatcher.withdraw(agent.id))
            raise
        if result == "answered":
            await self._dispatcher.joined(agent.id, self._call.call_id)
            await self._joined(Answer(agent.id, agent.name, agent.extension))
        elif result == "gone":
            await self._dispatcher.withdraw(agent.id)
        else:
            log.warning("agent.missed", call_id=self._call.call_id, agent=agent.id, reason=result)
            await self._dispatcher.missed(agent.id, result)
            await self._line.say(AgentMissed(agent_id=agent.id, reason=result))
        return result

    async def _keep_company(self, menu: CallMenu) -> None:
        """Tell one who waits her place now and then, and after a while that she may be called back."""
        wait = menu.visit.state.menu.wait
        waited, place_at = 0.0, float(wait.announce_s)
        offer_at = float(wait.callback_after_s) if wait.callback else float("inf")
        while True:
            next_at = min(place_at, offer_at)
            await asyncio.sleep(max(0.0, next_at - waited))
            waited = next_at
            await menu.ear.quiet.wait()
            offers = next_at == offer_at
            if offers:
                offer_at = float("inf")
            else:
                place_at = waited + wait.announce_s
            state = menu.visit.state
            if state.phase == "queued" and state.here.id == WAIT:
                spoken = menu.visit.spoken_state()
                speech = voice.callback_offer(spoken) if offers else voice.place_in_queue(spoken, menu.visit.around)
                menu.ear.speak(speech, then_music=True)

    # A department, a callback, the end.

    async def _call_contact(self, name: str, phone: str) -> bool:
        try:
            uri = outbound_uri(self._sip, phone)
        except Refused as refusal:
            log.warning("contact.refused", call_id=self._call.call_id, code=refusal.code)
            return False
        if self._menu is not None:
            self._menu.side.waiting = True
            self._menu.visit.set_around(contact=name)
        result = await self._call.dial(uri, reference=f"@{name}", ring_timeout_s=self._sip.ring_timeout_s)
        if result == "answered":
            await self._joined(Answer("", name, phone))
        return result == "answered"

    async def _book(self, number: str) -> None:
        menu = self._menu
        assert menu is not None
        wanted = number or ("" if self._call.caller.anonymous else self._call.caller.number)
        try:
            if self._books is None or not wanted:
                raise Refused("no callback can be booked", code="not_callable")
            await self._books.book(wanted, self._call, self._line, menu.visit, self._queue)
        except Refused as refusal:
            log.warning("callback.refused", call_id=self._call.call_id, code=refusal.code)
            while not menu.side.wishes.empty():  # the goodbye that was to follow
                menu.side.wishes.get_nowait()
            menu.visit.put(NotBooked())

    async def _last_words(self) -> None:
        """Let what is being said end."""
        if self._menu is not None:
            self._menu.side.waiting = False
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_S):
                    await self._menu.ear.quiet.wait()


async def _ended(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
