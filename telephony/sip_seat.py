"""One worker's place in the node: found running or started, listened to, and filled again when it falls empty."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import msgspec

from core.errors import BadInput, MinwonError
from core.log import get_logger
from telephony import wire
from telephony.contract import WorkerState
from telephony.sip_call import SipCall
from telephony.sip_channel import Channel
from telephony.sip_process import Reserve, WorkerProcess

RESERVING_S = 2.0
"""A worker says at once whether it has room; one that does not is busy or dead, and another is asked."""
MUTE_S = 5
"""A worker that says nothing for so long hangs and is replaced; it beats once a second."""
CLOSING_S = 5.0
_BACKOFF_S = (0.0, 0.0, 0.0, 0.1, 0.2, 0.4, 0.6, 0.6, 0.6, 0.6, 2.0, 5.0)
"""Waits before a worker that died soon is replaced. Somebody may be sending it deadly packets: the first ten times the
next caller still gets through within a second."""
_STEADY_S = 10.0
"""A worker that lived so long gets the whole row of quick restarts again."""

log = get_logger("telephony.sip")


class Watcher(Protocol):
    """Who reads along. Called in the node's loop; must be quick."""

    def traced(self, worker: str, message: wire.Traced) -> None:
        """A SIP message of a worker."""

    def voices(self, frames: Iterable[tuple[str, int, int, bytes]]) -> None:
        """What was heard: as ``wire.Audio.frames``."""


class Seat:
    """Keeps a worker of these settings alive. ``came`` is called for every new or adopted call."""

    def __init__(
        self,
        settings: wire.Settings,
        run_dir: Path,
        reserve: Reserve,
        came: Callable[[SipCall], None],
        *,
        leaving: bool = False,
    ) -> None:
        """With ``leaving`` only a worker that runs already is listened to, until its calls are over."""
        self._settings = settings
        self._run_dir = run_dir
        self._reserve = reserve
        self._came = came
        self._channel: Channel | None = None
        self._process: WorkerProcess | None = None
        self._calls: dict[str, SipCall] = {}
        self._reserving: dict[str, asyncio.Future[SipCall | None]] = {}
        """Calls of ours for which the worker was asked to keep room."""
        self._statistics = wire.Statistics()
        self._leaving = leaving
        self._draining = False
        self._stopping = False
        self._heard = True
        self._capacity = 0
        self._dropped_here = 0
        self._before = wire.Statistics()
        self.watcher: Watcher | None = None
        """Who reads along, if anybody does."""
        self.address = self.tls_address = ""
        self.restarts = 0
        self.adopted: tuple[str, ...] = ()

    async def begin(self) -> None:
        """A worker is there and ready, calls it carried are adopted. ``MinwonError`` if that cannot be."""
        channel = await self._find_running()
        if channel is None and not self._leaving:
            channel = await self._start(self._reserve.take())
        if channel is not None:
            self._settled(channel)

    async def serve(self) -> None:
        """Listen to the worker; put another in its place when it dies, until ``stop``."""
        quick = 0
        while True:
            born = asyncio.get_running_loop().time()
            if self._channel is not None:
                await self._listen(self._channel)
            await self._emptied()
            if self._stopping or self._leaving:
                return
            quick = 0 if asyncio.get_running_loop().time() - born > _STEADY_S else quick + 1
            await asyncio.sleep(_BACKOFF_S[min(quick, len(_BACKOFF_S) - 1)])
            await self._refill()

    @property
    def room(self) -> int:
        """Calls that would still fit, as far as the node knows."""
        ready = self._channel is not None and not (self._draining or self._leaving or self._stopping)
        return self._capacity - len(self._calls) - len(self._reserving) if ready else 0

    async def call_out(self, uri: str, reference: str, ring_timeout_s: float) -> SipCall | None:
        """A call of ours in this worker; None if it has no room after all, or is gone."""
        if self._channel is None:
            return None
        call_id = secrets.token_hex(8)
        reserved: asyncio.Future[SipCall | None] = asyncio.get_running_loop().create_future()
        self._reserving[call_id] = reserved
        send = self._channel.send
        send(wire.CallOut(call=call_id, uri=uri, reference=reference, ring_timeout_s=ring_timeout_s))
        try:
            async with asyncio.timeout(RESERVING_S):
                return await reserved
        except (TimeoutError, asyncio.CancelledError) as error:
            send(wire.HangUp(call=call_id))
            if isinstance(error, TimeoutError):
                return None
            raise
        finally:
            self._reserving.pop(call_id, None)

    def watch(self, watcher: Watcher | None) -> None:
        """Have the worker, and each that takes its place, tell all SIP; None = no longer."""
        self.watcher = watcher
        if self._channel is not None:
            self._channel.send(wire.Watch(on=watcher is not None))

    def drain(self) -> None:
        """New calls get 503."""
        self._draining = True
        if self._channel is not None:
            self._channel.send(wire.Drain())

    async def stop(self) -> None:
        """End the worker's calls and the worker. Call while ``serve`` runs."""
        self._stopping = True
        if self._channel is not None:
            self._channel.send(wire.Stop())

    async def close(self) -> None:
        """Leave no process of ours behind. A worker that was adopted is only left alone, unless it was told to stop:
        its humans still talk."""
        if self._channel is not None and (self._stopping or self._process is not None):
            self._channel.kill()
        self._stopping = True
        await self._emptied()

    @property
    def state(self) -> WorkerState:
        """See ``WorkerState``."""
        now, before = self._statistics, self._before
        waiting = sum(call.frames_dropped for call in self._calls.values())
        return WorkerState(
            name=self._settings.name,
            address=self.address,
            alive=self._channel is not None,
            calls=len(self._calls),
            capacity=self._capacity if self._channel is not None else 0,
            restarts=self.restarts,
            bad_messages=before.bad_messages + now.bad_messages,
            refused=before.refused + now.refused,
            refused_by=dict(Counter(before.refused_by) + Counter(now.refused_by)),
            tls_address=self.tls_address,
            frames_dropped=before.frames_dropped + now.frames_dropped + self._dropped_here + waiting,
            registered=now.registered,
            pid=self._channel.pid if self._channel is not None else 0,
        )

    async def _find_running(self) -> Channel | None:
        try:
            channel = await Channel.open(Path(self._settings.socket))
        except OSError:
            return None
        log.info("worker.adopted", worker=self._settings.name, calls=len(channel.hello.calls))
        if self._leaving or not _same(channel.hello.settings, self._settings):
            log.info("worker.outdated", worker=self._settings.name)
            channel.send(wire.Drain(leave=True))
        return channel

    async def _start(self, process: WorkerProcess) -> Channel:
        self._process = process
        await process.start(self._settings)
        return await Channel.open(Path(self._settings.socket))

    def _settled(self, channel: Channel) -> None:
        self._channel = channel
        hello = channel.hello
        self.address, self.tls_address, self._capacity = hello.address, hello.tls_address, hello.capacity
        if self._settings.port == 0:
            port = int(hello.address.rpartition(":")[2])
            self._settings = msgspec.structs.replace(self._settings, port=port)
        if self._draining:
            channel.send(wire.Drain())
        if self.watcher is not None:
            channel.send(wire.Watch(on=True))
        if self._stopping:
            channel.send(wire.Stop())  # told to stop while a new worker was on its way
        self.adopted = tuple(running.call for running in hello.calls)
        for running in hello.calls:
            self._take(SipCall(running, channel.send))

    async def _refill(self) -> None:
        try:
            self._settled(await self._start(self._reserve.take()))
        except (MinwonError, OSError) as error:
            log.error("worker.not_started", worker=self._settings.name, advice=str(error))
            return
        self.restarts += 1
        log.info("worker.ready_again", worker=self._settings.name)
        self._reserve.fill()

    async def _listen(self, channel: Channel) -> None:
        self._heard = True
        watchdog = asyncio.create_task(self._watch(channel), name=f"watch-{self._settings.name}")
        try:
            async for message in channel.messages():
                self._heard = True
                self._told(message, channel)
        except BadInput as error:
            log.error("worker.unintelligible", worker=self._settings.name, advice=str(error))
            channel.kill()
        finally:
            watchdog.cancel()

    async def _watch(self, channel: Channel) -> None:
        mute = 0
        while True:
            await asyncio.sleep(1.0)
            mute = 0 if self._heard else mute + 1
            self._heard = False
            if mute >= MUTE_S:
                log.error("worker.hangs", worker=self._settings.name)
                channel.kill()
                return

    async def _emptied(self) -> None:
        """The worker is gone, or must go."""
        channel, self._channel = self._channel, None
        process, self._process = self._process, None
        if channel is not None:
            await channel.close()
        for call_id in list(self._reserving):
            self._reserved(call_id, None)
        for call in list(self._calls.values()):
            call.lost()
            self._forget(call)
        self._before = _sum(self._before, self._statistics)
        self._statistics = wire.Statistics(registered=None if self._statistics.registered is None else False)
        if process is not None:
            await process.end(0.2)
            if not self._stopping:
                process.keep_traces()
                log.error("worker.died", worker=self._settings.name, last_words=process.last_words())

    def _told(self, message: wire.FromWorker, channel: Channel) -> None:
        match message:
            case wire.Audio(frames=frames):
                if self.watcher is not None:
                    self.watcher.voices(frames)
                for call_id, dial, ms, pcm in frames:
                    if call_id in self._calls:
                        self._calls[call_id].told_voice(dial, ms, pcm)
            case wire.Incoming():
                self._take(SipCall(message, channel.send))
            case wire.Outgoing():
                if message.call in self._reserving:
                    call = self._calls[message.call] = SipCall(message, channel.send)
                    self._reserved(message.call, call)
            case wire.NoRoom():
                self._reserved(message.call, None)
            case wire.Beat(statistics=statistics):
                self._statistics = statistics
            case wire.Note(level=level, event=event, fields=fields):
                getattr(log, level)(event, worker=self._settings.name, **fields)
            case wire.Traced():
                if self.watcher is not None:
                    self.watcher.traced(self._settings.name, message)
            case wire.Hello():
                raise BadInput("a worker greeted twice")
            case _:
                self._told_about(message)

    def _told_about(
        self, message: wire.Answered | wire.PromptOver | wire.Dialled | wire.Referred | wire.Signalled
    ) -> None:
        call = self._calls.get(message.call)
        if call is None:
            return
        match message:
            case wire.Answered():
                call.told_answered()
            case wire.PromptOver(to=to, number=number):
                call.told_prompt_over(to, number)
            case wire.Dialled(dial=dial, result=result):
                call.told_dialled(dial, result)
            case wire.Referred(status=status):
                call.told_referred(status)
            case wire.Signalled(dial=dial, signal=signal):
                call.told_signal(dial, signal)
        if call.over:
            self._forget(call)

    def _take(self, call: SipCall) -> None:
        self._calls[call.call_id] = call
        self._came(call)

    def _reserved(self, call_id: str, call: SipCall | None) -> None:
        reserved = self._reserving.pop(call_id, None)
        if reserved is not None and not reserved.done():
            reserved.set_result(call)

    def _forget(self, call: SipCall) -> None:
        self._dropped_here += call.frames_dropped
        self._calls.pop(call.call_id, None)


def _same(running: wire.Settings, wanted: wire.Settings) -> bool:
    port = running.port if wanted.port == 0 else wanted.port
    return running == msgspec.structs.replace(wanted, port=port)


def _sum(one: wire.Statistics, other: wire.Statistics) -> wire.Statistics:
    return wire.Statistics(
        bad_messages=one.bad_messages + other.bad_messages,
        refused=one.refused + other.refused,
        refused_by=dict(Counter(one.refused_by) + Counter(other.refused_by)),
        frames_dropped=one.frames_dropped + other.frames_dropped,
    )
