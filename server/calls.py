"""The calls that run now: each in a task of its own, so that one call's fault never touches another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Final

from core import metrics
from core.bus.contract import Bus
from core.config import SipConfig
from core.events import AlarmCleared, AlarmRaised, AlertChanged, CallEnded, EndReason, Event, Party, now, renumbered
from core.log import get_logger
from core.store.contract import Store
from server.callflow import CallFlow, Listen
from server.dispatcher import Dispatcher
from server.helping import Aids, Conversation
from server.languages import Languages
from server.line import Line
from server.observing import Observed
from server.reach import Books
from server.recording.recordings import Recordings
from server.roster import Agent
from server.targets import Targets
from server.visual_ars import VisualArs
from telephony.contract import Bridge, Call, CallSource

log = get_logger("server.calls")

TAKEN_UP_S: Final = 5.0
"""The longest that a starting node waits for the calls that it has adopted."""

END_S: Final = 10.0
"""How long a call may take to say its last words and be kept, once it was hung up."""

OVER: Final = 1000
"""So many callers of ended calls are remembered: those whose calls are written up now, and many more."""


class LiveCalls:
    """Takes calls from the bridge and runs a flow for each, until the bridge ends or is drained."""

    def __init__(
        self,
        *,
        bridge: Bridge,
        dispatcher: Dispatcher,
        listen: Listen,
        conversation: Callable[[str], Conversation],
        keep: Callable[[Event], None],
        flushed: Callable[[], Awaitable[None]],
        store: Store,
        bus: Bus,
        sip: SipConfig,
        ars: VisualArs | None = None,
        aids: Aids | None = None,
        targets: Targets | None = None,
        languages: Languages | None = None,
        others: Sequence[CallSource] = (),
        recordings: Recordings | None = None,
    ) -> None:
        """``targets``: to whom callers may be passed on; None = colleagues and whom the dial plan lets call.
        ``languages``: what may be heard. ``others``: where calls come from besides the bridge, as the forks.
        ``recordings``: None = nothing is recorded."""
        self.books: Books | None = None
        """Where callers book callbacks; set once both are there."""
        self._ars = ars
        self._aids = aids
        self._targets = targets
        self._languages = languages
        self._bridge = bridge
        self._others = others
        self._dispatcher = dispatcher
        self._listen = listen
        self._conversation = conversation
        self._keep = keep
        self._flushed = flushed
        self._store = store
        self._bus = bus
        self._sip = sip
        self._observed = Observed(dispatcher)
        self._recordings = recordings
        self._flows: dict[str, CallFlow] = {}
        self._over: dict[str, Party] = {}
        """Who called in the last ``OVER`` calls that have ended: in wrap-up she is still to be written to."""
        self.deaf: Collection[str] = ()
        """Languages that nothing listens to at present; told on the lines of their calls."""
        self._tasks: set[asyncio.Task[bool]] = set()
        self._opened: set[str] = set()
        """Running calls that have their visit, if they get one."""
        self._one_more = asyncio.Event()

    async def take(self) -> None:
        """Run until no source has more calls to give; the running ones go on."""
        async with asyncio.TaskGroup() as tasks:
            for source in (self._bridge, *self._others):
                tasks.create_task(self._take_from(source))

    async def _take_from(self, source: CallSource) -> None:
        async for call in source.calls():
            task = asyncio.create_task(self._live(call), name=f"call {call.call_id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def run_out(self, call: Call, agent: Agent) -> bool:
        """See ``server.callbacks.Flows``."""
        task = asyncio.create_task(self._live(call, agent), name=f"call {call.call_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await call.hang_up()
            await asyncio.wait({task}, timeout=END_S)
            raise

    async def _live(self, call: Call, reserved: Agent | None = None) -> bool:
        """Run one call to its end. Whether caller and agent have talked."""
        try:
            line = Line(call.call_id, self._keep, self._bus, await self._past(call))
            flow = CallFlow(
                call,
                line,
                self._dispatcher,
                self._listen,
                self._conversation(call.call_id),
                self._sip,
                ars=self._ars,
                books=self.books,
                reserved=reserved,
                aids=self._aids,
                observed=self._observed,
                targets=self._targets,
                languages=self._languages,
                opened=lambda: self._has_opened(call.call_id),
                recording=self._recordings.of_call(call, line) if self._recordings is not None else None,
            )
            self._flows[call.call_id] = flow
            metrics.CALLS_ACTIVE.inc()
            metrics.INVITES.labels(result="adopted" if call.adopted_agent else "taken").inc()
            try:
                await self._tell_deaf(flow)
                await flow.run()
            finally:
                metrics.CALLS_ACTIVE.dec()
                # The line goes only after the store can answer for it: history must have no moment without words.
                await self._flushed()
                self._over[call.call_id] = call.caller
                if len(self._over) > OVER:
                    del self._over[next(iter(self._over))]
                del self._flows[call.call_id]
                self._opened.discard(call.call_id)
        except Exception as fault:
            log.exception("call.failed", call_id=call.call_id, error=type(fault).__name__)
            await call.hang_up()
            return False
        return flow.joined

    async def _past(self, call: Call) -> list[Event]:
        return await self._store.events(call.call_id) if call.adopted_agent else []

    def _has_opened(self, call_id: str) -> None:
        self._opened.add(call_id)
        self._one_more.set()

    async def taken_up(self, adopted: Collection[str]) -> None:
        """Wait until these calls run again and their visits are there, or ``TAKEN_UP_S``."""
        with suppress(TimeoutError):
            async with asyncio.timeout(TAKEN_UP_S):
                while not self._opened.issuperset(adopted):
                    self._one_more.clear()
                    await self._one_more.wait()

    @property
    def references(self) -> set[str]:
        """What our own running calls were made for: ids of callbacks."""
        return {flow.call.reference for flow in self._flows.values() if flow.call.outgoing}

    @property
    def flows(self) -> Collection[CallFlow]:
        """The running calls."""
        return self._flows.values()

    def flow(self, call_id: str) -> CallFlow | None:
        """The running call of that id."""
        return self._flows.get(call_id)

    def caller(self, call_id: str) -> Party | None:
        """Who calls, or called, if that was not long ago."""
        flow = self._flows.get(call_id)
        return flow.call.caller if flow is not None else self._over.get(call_id)

    async def show(self, call_id: str, event: Event) -> None:
        """Show something that does not last to the desk that writes up a call which is over."""
        await self._bus.publish(renumbered(event, call_id=call_id, seq=0))

    def open_alerts(self) -> list[AlertChanged]:
        """Alerts of all running calls that are neither dismissed nor closed."""
        return [alert for flow in self._flows.values() for alert in flow.helping.open_alerts()]

    async def tell(self, call_id: str, event: Event) -> bool:
        """Say an event on a call's line, also on one that has ended as long as its visit lives: whether it was said.
        Of all lines: ``server.late_lines``."""
        flow = self._flows.get(call_id)
        if flow is not None:
            await flow.line.say(event)
            return True
        visit = self._ars.visits.of_call(call_id) if self._ars is not None and call_id else None
        if visit is not None and visit.call is not None:
            await visit.call.tell(event)
            return True
        return False

    async def set_deaf(self, languages: Collection[str]) -> None:
        """The decode workers of these languages are silent: the desks of running calls are told, as often as that
        changes, and as often as a call changes its language."""
        self.deaf = languages
        for flow in list(self._flows.values()):
            await self._tell_deaf(flow)

    async def _tell_deaf(self, flow: CallFlow) -> None:
        deaf = flow.language.language in self.deaf
        if deaf is not flow.deaf:
            flow.deaf = deaf
            await flow.line.say(AlarmRaised(code="no_words") if deaf else AlarmCleared(code="no_words"))

    def __len__(self) -> int:
        return len(self._flows)

    async def history(self, call_id: str, after: int) -> list[Event]:
        """Lasting events with seq > after, with all that was published up to now."""
        flow = self._flows.get(call_id)
        return flow.line.since(after) if flow else await self._store.events(call_id, after=after)

    async def end_all(self, reason: EndReason, *, grace_s: float) -> None:
        """Wait for the running calls; end those that are left after the grace time."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        flows = list(self._flows.values())
        await asyncio.gather(*(flow.hang_up(reason) for flow in flows))
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=END_S)
        for task in (late := list(self._tasks)):
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def close_orphans(self, adopted: Collection[str]) -> None:
        """Calls that a killed node left open and no SIP worker carries any more: say in the history that they ended."""
        for summary in await self._store.open_calls():
            if summary.call_id in adopted:
                continue
            events = await self._store.events(summary.call_id)
            last = events[-1].at if events else now()
            talked = (last - summary.joined).total_seconds() if summary.joined else 0.0
            self._keep(
                CallEnded(
                    call_id=summary.call_id,
                    seq=summary.last_seq + 1,
                    at=last,
                    reason="node_stopped",
                    duration_s=(last - summary.started).total_seconds(),
                    talk_s=talked,
                )
            )
