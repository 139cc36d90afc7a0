"""Plays dialogues over real SIP: a caller's phone dials the hotline, the node calls an agent's phone, both speak.

The conductor knows nothing of the node's inside: it has addresses to dial and the agents' phones, as a city's exchange
has. Which agent took a call it learns from the phone that is answered next, so one call at a time is being joined.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from core.errors import MinwonError, Refused
from core.events import Speaker
from core.log import get_logger
from server.demo.dialogue import Dialogue, Turn
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


class Conductor:
    """Plays dialogues, once or without end."""

    def __init__(
        self, addresses: Sequence[str], agents: Sequence[Softphone], agent_voice: Voice, box: VoiceBox
    ) -> None:
        """``addresses``: 'host:port' of each SIP worker. ``agents``: their phones, which answer by themselves."""
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
        async with Softphone() as phone:
            async with self._joining:
                caller = await self._dial(phone, dialogue)
                agent = await self._joined(caller)
            log.info("call.joined", dialogue=dialogue.id)
            try:
                await caller.noise(noise)
                await asyncio.sleep(_GREETING_S)
                await self._converse(dialogue, {"caller": caller, "agent": agent})
                await asyncio.sleep(_FAREWELL_S)
                await caller.hang_up()
                await agent.over()
            except (MinwonError, TimeoutError):
                # Whatever broke between the two: an agent's phone that stays off the hook takes no other call.
                await agent.hang_up()
                raise

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

    async def _converse(self, dialogue: Dialogue, calls: Mapping[Speaker, PhoneCall]) -> None:
        before: _Spoken | None = None
        for turn in dialogue.turns:
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

    async def _voice_of(self, turn: Turn, dialogue: Dialogue) -> Path:
        voice = self._agent_voice if turn.speaker == "agent" else dialogue.caller_voice
        return await self._box.say(turn.text, voice)

    async def _noise_of(self, dialogue: Dialogue) -> Path:
        return await self._box.noise(dialogue.noise, zlib.crc32(dialogue.id.encode()), dialogue.snr_db)


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
