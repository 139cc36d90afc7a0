"""Somebody for the caller: does what she wishes, one wish after the other, until somebody answers or nobody will.

A new wish ends the one before: who presses 0 while a department rings gets an agent. A booking does not: the caller
keeps her place in the queue until it is sure that she will be called back, and only then leaves it.

Without a menu there is one wish, an agent, and a closing prompt when nobody takes the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, NoReturn, Protocol, TypeVar

import msgspec

from ars import voice
from ars.inputs import NoAgent, NotBooked, Unbooked
from ars.model import WAIT
from ars.visit import Visit
from core.config import SipConfig
from core.errors import MinwonError, Refused
from core.events import AgentMissed, AgentOffered, CallQueued
from core.log import get_logger
from server.announcing import FAREWELL_S
from server.auto_answer import headers_for
from server.call_side import BookCallback, CallContact, CallSide, EndCall, FindAgent, Wish
from server.dispatcher import Dispatcher, Place
from server.ear import Ear
from server.line import Line
from server.roster import Agent
from server.targets import Ways
from telephony.contract import Call, DialResult

log = get_logger("server.reach")

OFFERED_AGAIN_S: Final = 5.0
"""So often a caller who looks at other screens is looked after, to be offered a callback when she comes back."""

T = TypeVar("T")


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

    async def book(self, number: str, call: Call, line: Line, visit: Visit, queue: str) -> str:
        """Keep the caller's place; the booking's id. ``Refused`` for a number that may not be called."""

    def visit(self, callback_id: str) -> Visit | None:
        """The visit in which an open callback was booked, if this node knows it."""

    async def cancel(self, callback_id: str, agent_id: str) -> None:
        """It is not wanted any more; ``agent_id``: who says so, '' = the caller was answered. ``Refused`` when it is
        not open."""


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
        ways: Ways,
        menu: CallMenu | None = None,
        books: Books | None = None,
        reserved: Agent | None = None,
    ) -> None:
        """``reserved``: an agent who is offered to this call already (a callback). ``ways``: how departments are
        called."""
        self._call = call
        self._line = line
        self._dispatcher = dispatcher
        self._sip = sip
        self._joined = joined
        self._menu = menu
        self._books = books
        self._reserved = reserved
        self._ways = ways
        self._queue = ""
        self._booking = ""

    async def run(self, first: Wish | None) -> bool:
        """Whether somebody answered. ``first``: what is wished already; None = the menu will tell."""
        wish, doing = first, self._begin(first)
        other = self._listen()
        try:
            while True:
                await asyncio.wait({other} if doing is None else {other, doing}, return_when=asyncio.FIRST_COMPLETED)
                if doing is not None and doing.done():
                    if doing.result():
                        return True
                    if self._menu is None or isinstance(wish, EndCall):
                        return False
                    doing = None
                    self._no_agent(contact=isinstance(wish, CallContact))
                    continue
                new, other = other.result(), self._listen()
                if isinstance(new, BookCallback):
                    if not await self._book(new, waiting=doing is not None):
                        continue
                    if await _answered_after_all(doing):
                        await self._unbook(new)
                        return True
                    doing = None
                    self._leave(new)
                elif await _answered_after_all(doing):
                    return True
                else:
                    wish, doing = new, self._begin(new)
        finally:
            await _ended(other, *([] if doing is None else [doing]))
            if self._menu is not None:
                self._menu.side.take_no_more()

    def _begin(self, wish: Wish | None) -> asyncio.Task[bool] | None:
        if wish is None:
            return None
        return asyncio.create_task(self._do(wish), name=f"{type(wish).__name__} {self._call.call_id}")

    def _listen(self) -> asyncio.Task[Wish]:
        return asyncio.create_task(self._next_wish(), name=f"wish {self._call.call_id}")

    async def _next_wish(self) -> Wish:
        if self._menu is None:
            return await _for_ever()  # one wish is all there is
        return await self._menu.side.wishes.get()

    async def _do(self, wish: Wish) -> bool:
        match wish:
            case FindAgent(queue=queue):
                self._queue = queue
                return await self._find_agent(queue)
            case CallContact(name=name, phone=phone):
                return await self._call_contact(name, phone)
            case BookCallback():
                raise AssertionError("a booking is not done instead of something else")
            case EndCall():
                await self._last_words()
                return False

    def _no_agent(self, *, contact: bool) -> None:
        assert self._menu is not None
        self._menu.ear.music = False
        self._menu.visit.set_around(position=0, expect_s=0.0, contact="")
        self._menu.visit.put(NoAgent(contact=contact))

    # An agent.

    async def _find_agent(self, queue: str) -> bool:
        """Ring agents until one answers; False when nobody will, or the caller is gone."""
        if self._menu is not None:
            self._menu.ear.music = True
            self._menu.visit.set_around(contact="")
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
            if await self.ring(agent) == "answered":
                return True
            missed = True
        return False

    async def _wait(self, place: Place) -> None:
        await self._line.say(CallQueued(position=place.position, expect_s=place.expect_s, queue=self._queue))
        if self._menu is not None:
            self._menu.visit.set_around(position=place.position, expect_s=place.expect_s)
        else:
            await self._call.play("waiting", loop=True)

    async def ring(self, agent: Agent) -> DialResult:
        """Ring her phone; whatever comes of it, she does not stay 'offered'. 'gone' is never returned: whoever runs
        us ends us when the caller's leg is over, and knows why it is."""
        try:
            await self._line.say(
                AgentOffered(agent_id=agent.id, agent_name=agent.name, extension=agent.extension, queue=self._queue)
            )
            result = await self._call.dial(
                agent.uri,
                reference=agent.id,
                ring_timeout_s=self._sip.ring_timeout_s,
                headers=headers_for(self._sip.auto_answer, agent.auto_answer),
            )
        except BaseException:
            await asyncio.shield(self._dispatcher.withdraw(agent.id))
            raise
        if result == "answered":
            await self._joined(Answer(agent.id, agent.name, agent.extension))
        elif result == "gone":
            await self._dispatcher.withdraw(agent.id)
            await _for_ever()
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
            here = menu.visit.state
            # Who comes back this moment is told first where she is, which would cut off what is said before.
            listens = here.phase == "queued" and here.here.id == WAIT and menu.visit.settled
            spoken = menu.visit.spoken_state()
            if next_at == offer_at:
                offer_at = float("inf") if listens else waited + OFFERED_AGAIN_S
                if listens:
                    menu.ear.speak(voice.callback_offer(spoken))
            else:
                place_at = waited + wait.announce_s
                if listens and menu.visit.around.position:  # nobody has a place while a phone rings for her
                    menu.ear.speak(voice.place_in_queue(spoken, menu.visit.around))

    # A department, a callback, the end.

    async def _call_contact(self, name: str, phone: str) -> bool:
        try:
            uri = self._ways.uri(phone)
        except Refused as refusal:
            log.warning("contact.refused", call_id=self._call.call_id, code=refusal.code)
            return False
        if self._menu is not None:
            self._menu.ear.music = True
            self._menu.visit.set_around(contact=name)
        result = await self._call.dial(uri, reference=f"@{name}", ring_timeout_s=self._sip.ring_timeout_s)
        if result == "gone":
            await _for_ever()
        if result == "answered":
            await self._joined(Answer("", name, phone))
        return result == "answered"

    async def _book(self, wish: BookCallback, *, waiting: bool) -> bool:
        """Book it. Where that is refused the visit hears so, and whether the caller still waits for somebody."""
        menu = self._menu
        assert menu is not None
        caller = self._call.caller
        wanted = wish.number or ("" if caller.anonymous else caller.number)
        try:
            if self._books is None or not wanted:
                raise Refused("no callback can be booked", code="not_callable")
            self._booking = await _to_its_end(
                self._books.book(wanted, self._call, self._line, menu.visit, self._queue or menu.visit.state.menu.queue)
            )
        except MinwonError as fault:
            log.warning("callback.refused", call_id=self._call.call_id, code=fault.code)
            menu.visit.put(NotBooked(waiting=waiting, why=_in_notice(fault)))
            self._answer(wish, False)
            return False
        except BaseException:
            self._answer(wish, False)
            raise
        return True

    async def _unbook(self, wish: BookCallback) -> None:
        """Somebody answered in the very moment of the booking."""
        self._answer(wish, False)
        if self._books is not None:
            with suppress(Refused):
                await self._books.cancel(self._booking, "")

    def _leave(self, wish: BookCallback) -> None:
        """The caller's place is kept: she waits no more."""
        assert self._menu is not None
        self._menu.ear.music = False
        self._answer(wish, True)

    def _answer(self, wish: BookCallback, booked: bool) -> None:
        if not wish.booked.done():
            wish.booked.set_result(booked)

    async def _last_words(self) -> None:
        """Let what is being said end."""
        if self._menu is not None:
            self._menu.ear.music = False
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_S):
                    await self._menu.ear.quiet.wait()


def _in_notice(fault: MinwonError) -> Unbooked:
    """Why nothing was booked, as the caller should hear it."""
    match fault.code:
        case "not_callable" | "booked_already" as of_the_number:
            return of_the_number
        case _:
            return "not_now"


async def _answered_after_all(doing: asyncio.Task[bool] | None) -> bool:
    """End what was being done; True if somebody had answered before it could be ended."""
    if doing is None:
        return False
    doing.cancel()
    await asyncio.wait({doing})
    return not doing.cancelled() and doing.result()


async def _to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Await it; also when we are cancelled meanwhile it is not left half done."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=FAREWELL_S)
        if task.done() and not task.cancelled():
            task.exception()  # the caller is gone: nobody can be told
        raise


async def _for_ever() -> NoReturn:
    """Until cancelled."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


async def _ended(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
