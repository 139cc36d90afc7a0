"""Plays dialogues over real SIP: a caller's phone dials the hotline, the node calls an agent's phone, both speak.

The conductor knows nothing of the node's inside: it has addresses to dial and the agents' phones, as a city's exchange
has, and an inbox where text messages arrive. Which agent took a call it learns from the phone that is answered next, so
one call at a time is being joined.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import random
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import msgspec

from core.errors import MinwonError, Refused
from core.events import Speaker
from core.log import get_logger
from server.demo.dialogue import Act, Dialogue, Step, Turn
from server.demo.phone import SmartPhone
from server.demo.voice import Voice, VoiceBox
from telephony.softphone import CallOver, PhoneCall, Softphone

log = get_logger("server.demo")

HOTLINE: Final = "120"
AGENT_WAIT_S: Final = 120.0
"""How long a caller waits for an agent before the phone is put down."""
_ANSWER_S: Final = 30.0
_GREETING_S: Final = 0.4
"""From the moment both are joined to the first turn's own pause."""
_FAREWELL_S: Final = 1.0
"""From the last word to hanging up."""
_FULL: Final = frozenset({408, 480, 486, 503})
"""Answers after which the next address is tried: no room, or nobody there."""
_BREATH_S: Final = (2.0, 5.0)
"""Between two calls of one line."""


class _Spoken(msgspec.Struct, frozen=True):
    """An utterance on its way out."""

    call: PhoneCall
    clip: int
    ends: float
    """Loop time at which its last sample goes out."""


Inbox = Callable[[str], Awaitable[str]]
"""The link in the text message that arrives next at a number."""
Push = Callable[[int, Act], Awaitable[None]]
"""The agent of that number (as in ``agents``) puts something into the caller's hand."""


class Conductor:
    """Plays dialogues, once or without end."""

    def __init__(
        self,
        addresses: Sequence[str],
        agents: Sequence[Softphone],
        agent_voice: Voice,
        box: VoiceBox,
        *,
        inbox: Inbox | None = None,
        push: Push | None = None,
    ) -> None:
        """``addresses``: 'host:port' of each SIP worker. ``agents``: their phones, which answer by themselves.
        Without an ``inbox`` nobody has a smartphone, and agents are called at once: there is no menu."""
        self._inbox = inbox
        self._push = push
        self.phones: list[SmartPhone] = []
        """The smartphones that are in somebody's hand now, the newest last."""
        self._addresses = addresses
        self._agents = agents
        self._agent_voice = agent_voice
        self._box = box
        self._random = random.Random(1)
        self._joining = asyncio.Lock()
        self._first_address = itertools.cycle(range(len(addresses)))

    async def run(self, dialogues: Sequence[Dialogue], *, lines: int, stagger_s: float = 12.0) -> None:
        """Play dialogues in their order, over and over, ``lines`` calls at a time. Ends by being cancelled."""
        endless = itertools.cycle(dialogues)
        async with asyncio.TaskGroup() as group:
            for line in range(lines):
                group.create_task(self._line(endless, line * stagger_s), name=f"demo line {line}")

    async def _line(self, dialogues: Iterator[Dialogue], delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        for dialogue in dialogues:
            try:
                await self.run_once(dialogue)
            except MinwonError as fault:
                log.warning("call.failed", dialogue=dialogue.id, why=str(fault))
            await asyncio.sleep(self._random.uniform(*_BREATH_S))

    async def run_once(self, dialogue: Dialogue) -> None:
        """Play one call from the first ring to the end.

        Raises ``Refused`` when no line or agent took it, nobody answered, or somebody else ended it.
        """
        try:
            await self._run_once(dialogue)
        except TimeoutError as late:
            raise Refused("the call stood still: nobody answered in time", code="no_answer") from late

    async def _run_once(self, dialogue: Dialogue) -> None:
        noise = await self._noise_of(dialogue)
        async with AsyncExitStack() as stack:
            phone = await stack.enter_async_context(Softphone())
            if self._inbox is None:
                async with self._joining:
                    caller = await self._dial(phone, dialogue)
                    agent = await self._joined(caller)
                page = None
            else:
                caller = await self._dial(phone, dialogue)
                page = await self._page(dialogue, stack)
                *way, last = dialogue.menu
                for step in way:
                    await _do(step, caller, page)
                async with self._joining:
                    await _do(last, caller, page)
                    agent = await self._joined(caller)
            log.info("call.joined", dialogue=dialogue.id)
            try:
                await caller.noise(noise)
                await asyncio.sleep(_GREETING_S)
                await self._converse(dialogue, {"caller": caller, "agent": agent}, page)
                await asyncio.sleep(_FAREWELL_S)
                await caller.hang_up()
                await agent.over()
            except (MinwonError, TimeoutError):
                # Whatever broke between the two: an agent's phone that stays off the hook takes no other call.
                await agent.hang_up()
                raise

    async def _page(self, dialogue: Dialogue, stack: AsyncExitStack) -> SmartPhone | None:
        """The caller opens the link that came by text message."""
        if not dialogue.phone or self._inbox is None:
            return None
        link = await self._inbox(dialogue.caller.replace("-", ""))
        page = await stack.enter_async_context(SmartPhone(link))
        self.phones.append(page)
        stack.callback(self.phones.remove, page)
        return page

    # -- joining ------------------------------------------------------------------------------------------------------

    async def _dial(self, phone: Softphone, dialogue: Dialogue) -> PhoneCall:
        """Try one worker after another, as an exchange does with a trunk group."""
        first = next(self._first_address)
        from_uri, headers = _identity(dialogue, phone.address)
        for address in (*self._addresses[first:], *self._addresses[:first]):
            call = await phone.dial(f"sip:{HOTLINE}@{address}", from_uri=from_uri, headers=headers)
            try:
                return await call.answered(_ANSWER_S)
            except CallOver as over:
                status = call.ended.status if call.ended else 0
                if status not in _FULL:
                    raise
                log.info("line.busy", address=address, status=status, why=str(over))
        raise Refused("every line of the hotline is busy")

    async def _joined(self, caller: PhoneCall) -> PhoneCall:
        """The agent's end of this call."""
        taking = [asyncio.create_task(_answered(agent), name="agent answers") for agent in self._agents]
        leaving = asyncio.create_task(caller.over(AGENT_WAIT_S), name="caller leaves")  # or has waited enough
        try:
            done, _ = await asyncio.wait((*taking, leaving), return_when=asyncio.FIRST_COMPLETED)
            for answer in taking:
                if answer in done:
                    return answer.result()
            raise Refused("the call ended before an agent had taken it")
        finally:
            for task in (*taking, leaving):
                task.cancel()
            await asyncio.gather(*taking, leaving, return_exceptions=True)

    # -- speaking -----------------------------------------------------------------------------------------------------

    async def _converse(self, dialogue: Dialogue, calls: Mapping[Speaker, PhoneCall], page: SmartPhone | None) -> None:
        before: _Spoken | None = None
        for number, turn in enumerate(dialogue.turns):
            for act in dialogue.acts:
                if act.after == number:
                    await self._act(act, calls, page)
            wav = await self._voice_of(turn, dialogue)  # rendered while the other still speaks
            if before is not None and turn.barge_in:
                await asyncio.sleep(before.ends - turn.pause - asyncio.get_running_loop().time())
            else:
                if before is not None:
                    await _finished(before)
                await asyncio.sleep(turn.pause)
            before = await _speak(calls[turn.speaker], wav)
        if before is not None:
            await _finished(before)

    async def _act(self, act: Act, calls: Mapping[Speaker, PhoneCall], page: SmartPhone | None) -> None:
        """Something on the page; the talk goes on whatever comes of it."""
        try:
            if act.push and self._push is not None:
                agent = next(i for i, phone in enumerate(self._agents) if calls["agent"] in phone.calls.values())
                await self._push(agent, act)
            elif act.step is not None:
                await _do(act.step, calls["caller"], page)
        except MinwonError as fault:
            log.warning("act.failed", why=str(fault))

    async def _voice_of(self, turn: Turn, dialogue: Dialogue) -> Path:
        voice = self._agent_voice if turn.speaker == "agent" else dialogue.caller_voice
        return await self._box.say(turn.text, voice)

    async def _noise_of(self, dialogue: Dialogue) -> Path:
        return await self._box.noise(dialogue.noise, zlib.crc32(dialogue.id.encode()), dialogue.snr_db)


async def _do(step: Step, caller: PhoneCall, page: SmartPhone | None) -> None:
    """One step through the menu."""
    await asyncio.sleep(step.pause)
    if step.key:
        await caller.press(step.key)
    elif page is not None and step.tap:
        await page.tap(step.tap)
    elif page is not None and step.form:
        await page.send({name: _day(value) for name, value in step.form.items()})
    elif page is not None and step.write:
        await page.write(step.write)


def _day(value: str) -> str:
    """'tomorrow' as a date field wants it."""
    return (dt.date.today() + dt.timedelta(days=1)).isoformat() if value == "tomorrow" else value


async def _answered(agent: Softphone) -> PhoneCall:
    """The agent's next call that came to be answered."""
    while True:
        call = await agent.next_call(AGENT_WAIT_S)
        try:
            return await call.answered(_ANSWER_S)
        except CallOver:
            continue  # the node changed its mind


async def _speak(call: PhoneCall, wav: Path) -> _Spoken:
    clip = await call.play(wav)
    await call.until(lambda it: it.playing is not None and it.playing.clip == clip, _ANSWER_S)
    assert call.playing is not None
    return _Spoken(call, clip, asyncio.get_running_loop().time() + call.playing.seconds)


async def _finished(spoken: _Spoken) -> None:
    if not await spoken.call.played(spoken.clip):
        raise Refused("the call ended in mid-sentence")


def _identity(dialogue: Dialogue, address: str) -> tuple[str, dict[str, str]]:
    """From and further headers, as an exchange sends them (RFC 3323)."""
    if dialogue.anonymous:
        return '"Anonymous" <sip:anonymous@anonymous.invalid>', {"Privacy": "id"}
    return f"<sip:{dialogue.caller.replace('-', '')}@{address}>", {}
