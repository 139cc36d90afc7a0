"""Drive a scripted softphone from asyncio: real SIP and real audio, for the demo, for tests and for measurements.

    async with Softphone(user="2101", answering=Answering(after_ms=500)) as agent, Softphone() as caller:
        call = await caller.dial(agent.uri)
        await call.answered()
        await call.say("hello.wav")
        await call.hang_up()

The phone itself is ``telephony/sip_worker_softphone.py`` in a process group of its own: it ends with the context, and
by itself when this process dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import msgspec

from core.errors import EnvironmentFault, Refused
from core.log import get_logger
from telephony import softphone_messages as msg
from telephony.sip_build import Wanted, chosen, environment
from telephony.softphone_messages import Answering, DtmfMethod, MediaState, Registrar

__all__ = ["Answering", "CallOver", "PhoneCall", "Registrar", "Softphone"]

log = get_logger("telephony.softphone")

_COMMAND_S = 10.0
_QUIT_S = 3.0
_LINE_LIMIT = 1 << 20
"""An event carries at most one SIP message."""
_REMEMBERED = 32
"""Calls that are over and can still be asked for in ``calls``."""
_STREAMS = 2048
"""Measurements remembered per call: 100 s of them at the phone's own beat."""
_TRACED = 1024
"""SIP messages remembered; older ones are forgotten."""
_KEYS = 256
"""Keys remembered per call; older ones are forgotten."""


class CallOver(Refused):
    """Something was awaited that can't happen any more, because the call is over."""

    code = "call_over"


class PhoneCall:
    """One call of a softphone. Its state follows the phone's events; ``until`` waits for a state."""

    def __init__(self, phone: Softphone, name: str) -> None:
        self._phone = phone
        self._finished: dict[int, bool] = {}
        self._clips = 0
        self.name = name
        self.incoming: msg.Incoming | None = None
        """The INVITE, for a call that came in."""
        self.ringing = False
        self.up = False
        """Answered and not over."""
        self.media: MediaState = "none"
        self.hearing = False
        """There is sound on the line."""
        self.heard = False
        """There was sound on the line at some time."""
        self.playing: msg.Playing | None = None
        """The clip that goes out."""
        self._keys: deque[msg.Key] = deque(maxlen=_KEYS)
        self.recording: msg.Recording | None = None
        """The latest beginning of a recording."""
        self.streams: deque[msg.Stream] = deque(maxlen=_STREAMS)
        """What ``measure`` brought, oldest first."""
        self.transfer: list[int] = []
        """What we were told of our REFER so far: 100 when it was accepted, then what the NOTIFYs said."""
        self.transferred = False
        """The final one has come."""
        self.ended: msg.Ended | None = None

    @property
    def keys(self) -> str:
        """Digits that the other side pressed so far."""
        return "".join(key.digit for key in self._keys)

    @property
    def key_methods(self) -> frozenset[DtmfMethod]:
        """The ways by which they came."""
        return frozenset(key.method for key in self._keys)

    async def until(self, what: Callable[[PhoneCall], bool], timeout: float = 10.0) -> Self:
        """Wait until something is true of this call.

        Raises ``TimeoutError``; ``CallOver`` when the call ends without it; ``EnvironmentFault`` when the phone died.
        """
        await self._phone.until(lambda: what(self) or self.ended is not None, timeout)
        if not what(self) and self.ended is not None:
            raise CallOver(f"the call ended with {self.ended.status} {self.ended.reason}")
        return self

    async def answered(self, timeout: float = 10.0) -> Self:
        """Wait for the 200."""
        return await self.until(lambda call: call.up, timeout)

    async def over(self, timeout: float = 10.0) -> msg.Ended:
        """Wait for the call's end."""
        await self._phone.until(lambda: self.ended is not None, timeout)
        assert self.ended is not None
        return self.ended

    async def play(self, wav: Path | str, *, interrupt: bool = False) -> int:
        """Say a WAV (8 kHz, mono, 16 bits) after those queued, or at once with ``interrupt``. Returns its number."""
        self._clips += 1
        await self._phone.command(msg.Play(call=self.name, clip=self._clips, path=str(wav), interrupt=interrupt))
        return self._clips

    async def played(self, clip: int, timeout: float = 60.0) -> bool:
        """Wait for a clip's end; False if it was broken off or the call ended first."""
        await self._phone.until(lambda: clip in self._finished or self.ended is not None, timeout)
        return self._finished.pop(clip, False)

    async def say(self, wav: Path | str, *, interrupt: bool = False, timeout: float = 60.0) -> bool:
        """``play`` and wait for the end."""
        return await self.played(await self.play(wav, interrupt=interrupt), timeout)

    async def silence(self) -> None:
        """Stop speaking."""
        await self._phone.command(msg.Silence(call=self.name))

    async def noise(self, wav: Path | str | None) -> None:
        """Background noise under the speech, or none."""
        await self._phone.command(msg.Noise(call=self.name, path=str(wav or "")))

    async def press(self, digits: str, method: DtmfMethod = "rfc4733") -> None:
        """Press keys (RFC 4733 events or SIP INFO)."""
        await self._phone.command(msg.Dtmf(call=self.name, digits=digits, method=method))

    async def hold(self, on: bool = True, timeout: float = 5.0) -> None:
        """Put the other side on hold, or take it back; returns when it agreed."""
        await self._phone.command(msg.Hold(call=self.name, on=on))
        await self.until(lambda call: (call.media == "held_by_us") == on, timeout)

    async def refer(self, uri: str = "", *, replacing: PhoneCall | None = None) -> None:
        """Press the transfer key: the other side shall call ``uri``, or take our place in another call of ours."""
        self.transfer, self.transferred = [], False
        other = replacing.name if replacing is not None else ""
        await self._phone.command(msg.Refer(call=self.name, uri=uri, replacing=other))

    async def transfer_over(self, timeout: float = 10.0) -> list[int]:
        """Wait until it is said how the transfer went (or the call is over): the statuses that came."""
        await self._phone.until(lambda: self.transferred or self.ended is not None, timeout)
        return self.transfer

    async def record(self, wav: Path | str | None) -> None:
        """Write what is heard to a file until the call ends, or stop doing so; the file is complete then."""
        await self._phone.command(msg.Record(call=self.name, path=str(wav or "")))

    async def measure(self, every_ms: int) -> None:
        """Have ``streams`` filled every so often; 0 = no longer."""
        await self._phone.command(msg.Measure(call=self.name, every_ms=every_ms))

    async def answer(self, status: int = 200) -> None:
        """Answer by hand, with a status of one's choice."""
        await self._phone.command(msg.Answer(call=self.name, status=status))

    async def hang_up(self, timeout: float = 10.0) -> msg.Ended:
        """End the call and wait until it is over. Nothing happens if it is already."""
        if self.ended is None:
            await self._phone.command(msg.HangUp(call=self.name))
        return await self.over(timeout)

    def follow(self, event: msg.AnyPhoneEvent) -> None:
        """Let an event change the state. Called by the phone only."""
        match event:
            case msg.Incoming():
                self.incoming = event
            case msg.Ringing():
                self.ringing = True
            case msg.Answered():
                self.up = True
            case msg.Media(state=state):
                self.media = state
            case msg.Sound(on=on):
                self.hearing = on
                self.heard = self.heard or on
            case msg.Playing():
                self.playing = event
            case msg.Recording():
                self.recording = event
            case msg.Stream():
                self.streams.append(event)
            case msg.Played(clip=clip, whole=whole):
                self.playing = None
                self._finished[clip] = whole
            case msg.Key():
                self._keys.append(event)
            case msg.Transfer(status=status, final=final):
                self.transfer.append(status)
                self.transferred = final
            case msg.Ended():
                self.up = self.hearing = False
                self.media = "none"
                self.playing = None
                self.ended = event
            case msg.Ready() | msg.Begun() | msg.Registered() | msg.Done():
                pass


class Softphone:
    """A softphone process. Entering the context means: its ports are bound."""

    def __init__(
        self,
        *,
        user: str = "phone",
        name: str = "",
        host: str = "127.0.0.1",
        port: int = 0,
        lines: int = 4,
        answering: Answering | None = None,
        registrar: Registrar | None = None,
        opening: Mapping[str, Any] | None = None,
        build: Wanted = "best",
    ) -> None:
        """``opening``: further fields of ``softphone_messages.Open``. ``build``: of pjsua2 (``sip_build``)."""
        self._build: Wanted = build
        self._open = msg.Open(
            user=user,
            name=name,
            host=host,
            port=port,
            lines=lines,
            answering=answering or Answering(),
            registrar=registrar,
            **(opening or {}),
        )
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self._dead = ""
        self._numbers = itertools.count(1)
        self._unanswered: dict[int, asyncio.Future[str]] = {}
        self._dialled = 0
        self.port = 0
        """Bound SIP port, UDP and TCP."""
        self.registered = 0
        """Last status of the registration."""
        self.calls: dict[str, PhoneCall] = {}
        """Calls by name, the latest of those that are over too."""
        self._unclaimed: deque[PhoneCall] = deque(maxlen=_REMEMBERED)
        self.traced: deque[msg.Traced] = deque(maxlen=_TRACED)
        """SIP messages, when it was opened with ``traced``."""

    @property
    def address(self) -> str:
        """'host:port'."""
        return f"{self._open.host}:{self.port}"

    @property
    def uri(self) -> str:
        """Where this phone can be called."""
        return f"sip:{self._open.user}@{self.address}"

    @property
    def pid(self) -> int:
        """The process; 0 before it started."""
        return self._process.pid if self._process is not None else 0

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "telephony.sip_worker_softphone",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the commander, who then ends his phones in order
            limit=_LINE_LIMIT,
            env=environment(chosen(self._build)),
        )
        self._reading = asyncio.create_task(self._read(), name=f"softphone-{self._open.user}")
        try:
            await self.command(self._open)
        except Refused as refused:
            await self._end()
            raise EnvironmentFault(f"softphone: {refused}") from refused
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._end()

    async def dial(
        self, uri: str, *, from_uri: str = "", headers: Mapping[str, str] | None = None, noise: Path | None = None
    ) -> PhoneCall:
        """Send an INVITE; returns at once. ``from_uri`` replaces our From: ``"이름" <sip:0100000000@host>``."""
        self._dialled += 1
        call = self._new_call(f"out-{self._dialled}")
        pairs = tuple((headers or {}).items())
        await self.command(msg.Dial(call=call.name, uri=uri, from_uri=from_uri, headers=pairs))
        if noise is not None:
            await call.noise(noise)
        return call

    async def next_call(self, timeout: float = 10.0) -> PhoneCall:
        """The next incoming call, in order, each once. Raises ``TimeoutError``."""
        await self.until(lambda: bool(self._unclaimed), timeout)
        return self._unclaimed.popleft()

    async def answering(self, answering: Answering) -> None:
        """Treat incoming calls in another way from now on."""
        await self.command(msg.SetAnswering(answering=answering))

    async def command(self, command: msg.Command) -> None:
        """Send any command; returns when the phone carried it out.

        Raises ``Refused`` with the phone's reason, ``EnvironmentFault`` when the phone is dead.
        """
        process = self._process
        if process is None or process.stdin is None or self._dead:
            raise EnvironmentFault(self._dead or "the softphone was not started")
        number = next(self._numbers)
        answer = self._unanswered[number] = asyncio.get_running_loop().create_future()
        try:
            process.stdin.write(msg.to_line(msgspec.structs.replace(command, number=number)))
            await process.stdin.drain()
            async with asyncio.timeout(_COMMAND_S):
                failure = await answer
        except ConnectionError as error:
            raise EnvironmentFault("the softphone process died") from error
        finally:
            del self._unanswered[number]
        if failure:
            raise Refused(failure, code="phone")

    async def until(self, what: Callable[[], bool], timeout: float) -> None:
        """Wait until something is true, looking again after each event."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: what() or bool(self._dead))
        if not what():
            raise EnvironmentFault(self._dead)

    async def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        try:
            async for line in self._process.stdout:
                self._follow(msg.event_from(line))
                async with self._changed:
                    self._changed.notify_all()
        except (ValueError, msgspec.MsgspecError) as error:
            self._dead = f"the softphone said something that is no event: {error}"
        finally:
            self._dead = self._dead or "the softphone process died; its stderr tells why"
            for answer in self._unanswered.values():
                if not answer.done():
                    answer.set_exception(EnvironmentFault(self._dead))
            async with self._changed:
                self._changed.notify_all()

    def _new_call(self, name: str) -> PhoneCall:
        over = [call.name for call in self.calls.values() if call.ended is not None]
        for old in over[:-_REMEMBERED]:
            del self.calls[old]
        call = self.calls[name] = PhoneCall(self, name)
        return call

    def _follow(self, event: msg.AnyPhoneEvent) -> None:
        match event:
            case msg.Ready(port=port):
                self.port = port
            case msg.Registered(status=status):
                self.registered = status
            case msg.Traced():
                self.traced.append(event)
            case msg.Done(number=number, failure=failure):
                if number in self._unanswered and not self._unanswered[number].done():
                    self._unanswered[number].set_result(failure)
            case msg.Begun():
                self._new_call(event.call)
            case msg.Incoming():
                call = self._new_call(event.call)
                call.follow(event)
                self._unclaimed.append(call)
            case _:
                if event.call in self.calls:
                    self.calls[event.call].follow(event)

    async def _end(self) -> None:
        process, reading = self._process, self._reading
        if process is None or reading is None:
            return
        assert process.stdin is not None
        process.stdin.close()  # to the phone this means: quit
        try:
            async with asyncio.timeout(_QUIT_S):
                await process.wait()
        except TimeoutError:
            log.warning("softphone.killed", user=self._open.user, pid=process.pid)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        await reading
