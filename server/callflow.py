"""The whole life of one call, from INVITE to the last suggestion. Read this file first.

    answer -> the menu, if there is one, until the caller wishes something -> find an agent (wait, ring, next agent ...)
           -> talk (hold, pass on to another: server/passing_on.py) -> somebody hangs up -> last words -> CallEnded

One call is one ``TaskGroup``: who listens to the legs, who rings agents, who thinks of suggestions all end with it, and
what breaks here breaks this call only. All that happens is said on the call's line (``server/line.py``). Where the
caller is in the menu is the visit's business (``ars/visit.py``); it comes here as wishes (``server/call_side.py``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from typing import Any

from ars.inputs import Joined
from ars.inputs import Key as MenuKey
from ars.model import Language
from core import metrics
from core.config import SipConfig
from core.errors import Refused
from core.events import (
    CallAdopted,
    CallEnded,
    CallHeld,
    CallJoined,
    CallResumed,
    CallStarted,
    EndReason,
    KeyPressed,
    Party,
    Speaker,
    TranscriptFinal,
    now,
)
from core.log import get_logger
from records.recording.consent import Step
from server.announcing import Announcing
from server.asking_number import AskingNumber
from server.call_end import CallEnd
from server.call_side import CallSide, FindAgent, Wish
from server.dispatcher import Dispatcher
from server.ear import Ear
from server.helping import Aids, Conversation, Helping
from server.languages import CallLanguage, Languages
from server.line import Line
from server.observing import Observed, Observing
from server.passing_on import PassingOn
from server.reach import Answer, Books, CallMenu, Reach
from server.reading_aloud import ReadingAloud
from server.recording.call_recording import CallRecording, NoSpools
from server.recording.consent import Consent
from server.roster import Agent
from server.sound import CallSound
from server.supervision import Supervision
from server.talk_words import Listen, Said, Words
from server.targets import Targets
from server.visual_ars import VisualArs
from telephony.contract import (
    AnySignal,
    Call,
    HandedOver,
    Held,
    Identified,
    Key,
    LegEnded,
    PromptDone,
    Resumed,
    SupervisorLeft,
    TransferAsked,
)

__all__ = ["CallFlow", "Listen"]

log = get_logger("server.callflow")

LAST_WORDS_S = 2.0
"""After hang-up, how long the listeners may take for what was said last."""


class CallFlow:
    """One call. ``run`` is its life; ``hang_up`` may be called by the desk meanwhile."""

    def __init__(
        self,
        call: Call,
        line: Line,
        dispatcher: Dispatcher,
        listen: Listen,
        conversation: Conversation,
        sip: SipConfig,
        *,
        ars: VisualArs | None = None,
        books: Books | None = None,
        reserved: Agent | None = None,
        aids: Aids | None = None,
        targets: Targets | None = None,
        observed: Observed | None = None,
        languages: Languages | None = None,
        opened: Callable[[], None] = lambda: None,
        recording: CallRecording | None = None,
    ) -> None:
        """``ars``: the menu, None where there is none. ``reserved``: the agent to whom a callback is offered.
        ``aids``: what makes more of the words than cards. ``targets``: to whom callers may be passed on.
        ``observed``: the agents of all calls that we only listen to. ``languages``: what may be heard here.
        ``opened`` is called when the call has its visit, if it gets one. ``recording``: None = it is never recorded."""
        self.call = call
        self.line = line
        self.agent_id = ""
        """Whose call it is, from the join on; '' also for a department's."""
        self.aloud = ReadingAloud(call, ars.voices) if ars is not None else None
        """What the caller types, in the agent's ear; None without a menu."""
        self._dispatcher = dispatcher
        self.helping = Helping(line, conversation, call.started, aids)
        """What the words bring to the desk."""
        self._sip = sip
        self._ars = ars
        self._books = books
        self._reserved = reserved
        self._targets = targets or Targets(dispatcher.roster, sip)
        self.recording = recording or CallRecording(call, line, NoSpools())
        """What is kept of the voices."""
        self.passing = PassingOn(call, line, dispatcher, sip, self._targets, self)
        """What the agent does with her caller: hold, pass on."""
        self.supervision = Supervision(call, line, dispatcher, sip)
        """Who listens, whispers or talks along."""
        self._observing = Observing(call, line, observed or Observed(dispatcher)) if call.way != "bridge" else None
        """Set when others have the call and we only listen: no menu, no search, nothing is said."""
        self._opened = opened
        self._menu: CallMenu | None = None
        self._joined = asyncio.Event()
        self._joined_at = call.started
        self._over = asyncio.Event()
        self._end = CallEnd()
        self._announcing = Announcing(call, ars.voices if ars is not None else None)
        self.asking = AskingNumber(line, self._announcing, language=self._spoken_to, confirmed=self._number_given)
        """The mobile number that a caller without one is asked for."""
        self._answered = asyncio.Event()
        self.language = CallLanguage(line, languages, "" if call.outgoing else call.called)
        """In what language it is heard."""
        self._consent = Consent(self.recording, self._announcing, self._spoken_to)
        self.deaf = False
        """Its desk was told that nothing listens."""
        self._words = Words(line, listen, self.language, self._joined, self._heard, self.passing.on_hold)
        self._sound = CallSound(line, has_rtp=call.way != "fork")
        self._tasks: asyncio.TaskGroup | None = None
        self._guests: set[asyncio.Task[None]] = set()
        """Transfers that are on their way."""
        self._ears: asyncio.TaskGroup | None = None

    @property
    def joined(self) -> bool:
        """Whether the caller has talked with somebody."""
        return self._joined.is_set()

    @property
    def menu(self) -> CallMenu | None:
        """The call's visit, if there is a menu."""
        return self._menu

    async def run(self) -> None:
        """From the first event to ``CallEnded``, which is said whatever happens."""
        call = self.call
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                await self._say_start()
                await self.language.begin()
                self._menu = await self._open_menu()
                self._opened()
                ear = tasks.create_task(self._speak(), name=f"ear {call.call_id}")
                tasks.create_task(self._watch(), name=f"signals {call.call_id}")
                talk = tasks.create_task(self._talk(), name=f"talk {call.call_id}")
                helper = tasks.create_task(self.helping.run(), name=f"help {call.call_id}")
                sound = tasks.create_task(self._sound.run(), name=f"sound {call.call_id}")
                tasks.create_task(self.recording.run(), name=f"recording {call.call_id}")
                await self._over.wait()
                for task in (ear, sound, *self._guests):
                    task.cancel()
                await _finish(talk, LAST_WORDS_S)
                self.helping.end()
                await _finish(helper, LAST_WORDS_S)
                self.recording.over()
        except asyncio.CancelledError:
            self._end.because("node_stopped")
            raise
        except Exception:
            self._end.because("failed")
            raise
        finally:
            await asyncio.shield(self._close())

    async def hang_up(self, reason: EndReason = "desk_hung_up") -> None:
        """End the call from our side."""
        self._end.because(reason)
        await self.call.hang_up()

    async def announce(self, text: str) -> None:
        """Say something to the caller alone, in the middle of the talk: a warning, a notice. Without a voice on this
        machine: ``EnvironmentFault``; ``Refused`` where we only listen."""
        if self._observing is not None:
            raise Refused("the exchange has this call, we only listen", code="only_listening")
        await self._announcing.say(text)

    async def record(self, step: Step, by: str, *, supervisor: bool = False) -> None:
        """Start, pause, resume or stop its recording, as somebody wishes. ``Refused``: see ``CallRecording.wish``."""
        self.recording.wish(step, by, supervisor=supervisor)
        if step == "start":
            await self._consent.notice()

    async def end_announced(self, text: str) -> None:
        """Tell the caller why the call ends, then end it; she is not kept waiting for a voice that does not come. Where
        we only listen both are the agent's to do."""
        if self._observing is not None:
            return
        await self._announcing.say_out(text)
        await self.hang_up()

    # The menu.

    async def _open_menu(self) -> CallMenu | None:
        """The visit of this call, before anything is said: the link may be on its way while the phone still rings."""
        if self._ars is None or self._observing is not None:
            return None
        ear = Ear(self.call, self._ars.voices, self._spoken)
        side = CallSide(self.line, ear, self._wrote, self.language.menu)
        if self.call.adopted_agent:
            visit = await self._ars.resume(side, self.call.caller, self.line.past)
        elif self.call.outgoing:
            booked_on = self._books.visit(self.call.reference) if self._books is not None else None
            visit = self._ars.begin_again(side, booked_on) if booked_on is not None else None
        else:
            visit = self._ars.begin(side, self.call.caller)
        return CallMenu(visit, side, ear) if visit is not None else None

    async def _speak(self) -> None:
        """The menu's voice, from the answer on."""
        await self._answered.wait()
        if self._menu is not None:
            await self._menu.ear.run()

    def _spoken(self) -> None:
        if self._menu is not None:
            self._menu.visit.spoken()

    async def _wrote(self, text: str) -> None:
        """The caller typed something to the agent."""
        final = await self._words.typed(text, round((now() - self.call.started).total_seconds(), 2))
        if self.aloud is not None and self.joined:
            await self.aloud.typed(final.text)

    # What happens on the legs.

    async def _watch(self) -> None:
        """Follow the legs until the caller's is over."""
        async with aclosing(self.call.signals()) as signals:  # type: ignore[type-var]
            async for signal in signals:
                await self._signal(signal)
        self._over.set()

    async def _signal(self, signal: AnySignal) -> None:
        who = signal.speaker
        self._sound.told(signal)
        match signal:
            case Key(digit=digit, method=method):
                await self._key(KeyPressed(speaker=who, digit=digit, method=method))
            case Held():
                self.recording.phone_holds(who, True)
                await self.line.say(CallHeld(by=who))
            case Resumed():
                self.recording.phone_holds(who, False)
                await self.line.say(CallResumed(by=who))
            case PromptDone(prompt=prompt):
                await self._prompt_over(who, prompt)
            case TransferAsked():
                await self.passing.asked(signal, self._targets.referred(signal.uri))
            case HandedOver() if self.supervision.takes_over:
                agent_id, self.agent_id = self.agent_id, ""
                await self.passing.ends_hold()
                await self.supervision.has_taken_over(self.goes_to, agent_id)
            case HandedOver():
                await self.passing.handed_over()
            case SupervisorLeft():
                await self.supervision.left()
            case Identified(party=party):
                await self._identified(who, party)
            case LegEnded(speaker="third"):
                await self.passing.third_left()
            case LegEnded():
                if who == "agent":
                    await self.passing.agent_left()
                self._end.leg_ended(signal, joined=self.joined)

    def _spoken_to(self) -> Language:
        """What the caller is spoken to in."""
        return self._menu.visit.spoken_state().language if self._menu is not None else "ko"

    def _number_given(self, number: str) -> None:
        """The mobile number that texts of this call go to from now on."""
        if self._ars is not None:
            self._ars.give_number(self.call.call_id, number)

    async def _prompt_over(self, who: Speaker, prompt: str) -> None:
        if who == "agent":
            if self.aloud is not None:
                await self.aloud.prompt_done(prompt)
            return
        if self._menu is not None:
            self._menu.ear.prompt_done(prompt)
        self._announcing.prompt_done()

    async def _key(self, pressed: KeyPressed) -> None:
        """A key is told and moves the menu; one of a secret number, or of one that is asked for, is told to nobody."""
        self.recording.key()
        if pressed.speaker == "caller" and self._consent.takes_keys:
            self._consent.key(pressed.digit)
            return
        if pressed.speaker == "caller" and self.asking.takes_keys:
            await self.asking.key(pressed.digit)
            return
        if self._menu is None or pressed.speaker != "caller":
            await self.line.say(pressed)
            return
        if not self._menu.visit.state.secret:
            await self.line.say(pressed)
        self._menu.visit.put(MenuKey(pressed.digit))

    # The talk.

    async def _talk(self) -> None:
        """Get the two together, and listen to all who are there."""
        async with asyncio.TaskGroup() as self._ears:
            await (self._adopt() if self.call.adopted_agent else self._take())
            if self._observing is not None:
                await self._observe(self._observing)
            self._hear("caller")
            if not self.call.adopted_agent:
                await self._tell_of_recording()
            if self._joined.is_set():
                self._hear("agent")
                if self.call.adopted_third:
                    self._hear("third")
            elif not await self._reach_somebody(self._first_wish(), self._menu):
                return
            await self._over.wait()

    async def _say_start(self) -> None:
        call = self.call
        if not call.adopted_agent:
            await self._say_who(call.caller)
            log.info("call.started", call_id=call.call_id, trunk=call.trunk, way=call.way)

    async def _say_who(self, caller: Party) -> None:
        call = self.call
        await self.line.say(
            CallStarted(
                at=call.started,
                caller=caller,
                called=call.called,
                trunk=call.trunk,
                way=call.way,
                callback_id=call.reference if call.outgoing else "",
            )
        )

    async def _take(self) -> None:
        """A new call: answer it. One that we make: let it ring until it is answered."""
        await self.call.answer()

    async def _tell_of_recording(self) -> None:
        """The notice, or the question, before anything else is said."""
        await self._consent.before_talk()
        self._answered.set()

    async def _adopt(self) -> None:
        """A node before us joined these two; they never stopped talking."""
        reference = self.call.adopted_agent
        self._joined_at = next((e.at for e in self.line.past if isinstance(e, CallJoined)), self.call.started)
        self._joined.set()
        if self._dispatcher.knows(reference):
            self.agent_id = reference
            await self._dispatcher.joined(self.agent_id, self.call.call_id)
        await self.line.say(CallAdopted(missing_s=round(self.call.silent_s, 1)))
        self.helping.joined()
        self.recording.adopted()
        await self.passing.adopt()
        await self.supervision.adopt()
        log.info("call.adopted", call_id=self.call.call_id, missing_s=self.call.silent_s)

    async def _observe(self, observing: Observing) -> None:
        """The two talk already, elsewhere."""
        if not self._joined.is_set():
            self._joined_at = now()
            self._joined.set()
            self.helping.joined()
            self.recording.joined()
        await observing.begins()
        self.agent_id = observing.agent_id

    async def _identified(self, who: Speaker, party: Party) -> None:
        """The source of an observed call tells who is there, or who has come instead."""
        if self._observing is None:
            return
        if who == "agent":
            await self._observing.agent_is(party)
            self.agent_id = self._observing.agent_id
        elif who == "caller":
            await self._say_who(party)

    async def _reach_somebody(self, wish: Wish | None, menu: CallMenu | None) -> bool:
        """Do what the caller wishes until somebody answers. False: nobody will, or the caller is gone."""
        reach = self._reach(menu)
        search = asyncio.create_task(reach.run(wish), name=f"reach {self.call.call_id}")
        over = asyncio.create_task(self._over.wait(), name=f"over {self.call.call_id}")
        try:
            await asyncio.wait({search, over}, return_when=asyncio.FIRST_COMPLETED)
            if search.done() and search.result():
                return True
        finally:
            over.cancel()
            search.cancel()
            await asyncio.gather(search, over, return_exceptions=True)
        if not self._over.is_set():
            if menu is not None:
                await self.hang_up("menu_ended")
            else:
                await self._announcing.close(self._over)
                await self.hang_up("no_agent")
        return False

    def _reach(self, menu: CallMenu | None) -> Reach:
        return Reach(
            self.call,
            self.line,
            self._dispatcher,
            self._sip,
            joined=self.goes_to,
            menu=menu,
            books=self._books,
            reserved=self._reserved,
            ways=self._targets,
        )

    def _first_wish(self) -> Wish | None:
        """An agent, unless the menu has the word."""
        if self._menu is None or self._reserved is not None:
            return FindAgent("")
        state = self._menu.visit.state
        wished = not self._menu.side.wishes.empty()  # on the page, while the telephone still rang
        return None if wished or state.phase == "menu" else FindAgent(state.menu.queue)

    async def goes_to(self, answer: Answer) -> None:
        """They hear each other. The agent is ours from the first moment on: whatever happens, she is released."""
        first = not self._joined.is_set()
        self.agent_id, self._reserved = answer.agent_id, None
        self._end.goes_on()
        if first:
            self._joined_at = now()
            self._joined.set()
        elif self.aloud is not None:
            self.aloud.on = False  # the one before wished it
        if self._menu is not None:  # before we wait for anything: nothing is said to the caller any more
            self._menu.ear.music = False
            self._menu.visit.set_around(agent=answer.name, position=0, expect_s=0.0, contact="")
            if first:
                self._menu.visit.put(Joined())
        if answer.agent_id and self._dispatcher.roster.agent(answer.agent_id).state != "talking":
            await self._dispatcher.joined(answer.agent_id, self.call.call_id)
        await self.line.say(CallJoined(agent_id=answer.agent_id, agent_name=answer.name, extension=answer.extension))
        self._hear("agent")
        if first:
            self.recording.joined()
            self.helping.joined()
            if self._menu is not None:
                await self._menu.ear.hush()

    # What a caller who is passed on needs of us (``server.passing_on.Talk``).

    def begin(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """A task that ends with the call."""
        assert self._tasks is not None
        task = self._tasks.create_task(work, name=name)
        self._guests.add(task)
        task.add_done_callback(self._guests.discard)
        return task

    def caller_on_hold(self, on: bool) -> None:
        """What is said meanwhile is not the caller's."""
        self.recording.on_hold(on)

    def hear_third(self) -> None:
        """The third's words."""
        self._hear("third")

    async def ring_again(self, agent: Agent) -> bool:
        """Call the agent for her own caller; whether she answered."""
        return await self._reach(None).ring(agent) == "answered"

    async def find_again(self) -> None:
        """Nobody has the caller: whoever is free next, and the closing words when nobody will be."""
        queue = self._menu.visit.state.menu.queue if self._menu is not None else ""
        await self._reach_somebody(FindAgent(queue), None)

    def _hear(self, speaker: Speaker) -> None:
        """Words of that side from now on, until its leg is over."""
        if self._ears is not None and not self._over.is_set():
            frames = self.call.frames(speaker)
            self.recording.tap(speaker, frames)
            hearing = self._words.hear(speaker, frames, self._sound.ear(speaker))
            self._ears.create_task(hearing, name=f"{speaker} {self.call.call_id}")

    def _heard(self, said: Said) -> None:
        """The caller reads what she could hear, and the assistant helps with it."""
        if said.aside:
            return
        if self._menu is not None:
            self._menu.visit.heard(said)
        if said.speaker != "third":
            self.helping.put(said)
        if isinstance(said, TranscriptFinal) and self.asking.takes_keys and self._tasks is not None:
            self._tasks.create_task(self.asking.heard(said), name=f"number {self.call.call_id}")

    async def _close(self) -> None:
        """The agent is released and the call's last event said, also after a fault."""
        try:
            await self.call.hang_up()
            if self._menu is not None and self._ars is not None:
                self._menu.side.ends()
                self._ars.visits.call_over(self._menu.visit)
            await self.passing.over()
            await self.supervision.left()
            self.recording.over()
            await self._sound.over()
            await self._say_end(self._end.reason)
        finally:
            if self._observing is not None:
                await self._observing.ends()
            elif self.agent_id:
                await self._dispatcher.released(self.agent_id)

    async def _say_end(self, reason: EndReason) -> None:
        ended = now()
        talk_s = (ended - self._joined_at).total_seconds() if self._joined.is_set() else 0.0
        duration_s = (ended - self.call.started).total_seconds()
        await self.line.say(
            CallEnded(
                reason=reason, duration_s=round(duration_s, 2), talk_s=round(talk_s, 2), sip_status=self._end.status
            )
        )
        metrics.CALLS.labels(reason=reason).inc()
        log.info("call.ended", call_id=self.call.call_id, reason=reason, duration_s=round(duration_s, 1))


async def _finish(task: asyncio.Task[None], deadline_s: float) -> None:
    """Let it end by itself, but not for ever."""
    await asyncio.wait({task}, timeout=deadline_s)
    task.cancel()
