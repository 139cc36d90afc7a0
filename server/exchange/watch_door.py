"""The node's door for who watches SIP: a Unix socket in the home, for this user and root alone; each look is logged.

The workers tell their messages only while somebody watches. What is told goes to the watcher and nowhere else: never
into a log, never onto a disk of ours.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import socket
import struct
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol, Self

import msgspec

from core.errors import EnvironmentFault
from core.log import get_logger
from server.exchange.ladder import Seen
from server.exchange.watch_guest import Guest
from server.exchange.watch_messages import (
    WATCH_SOCKET,
    Sorry,
    Voice,
    Welcome,
    ask_from,
    to_line,
)
from telephony import wire
from telephony.request import request_from
from telephony.sip_seat import Watcher

WATCHERS = 8
"""At a time; more are turned away."""
_LEGS = 4000
_ASK_S = 5.0

log = get_logger("server.exchange.watch")


class Watchable(Protocol):
    """A bridge whose workers can be read along."""

    def watch(self, watcher: Watcher | None) -> None:
        """Tell everything to it; None = no longer."""


class WatchDoor:
    """``async with WatchDoor(run, bridge, workers, calls)``: the socket is there."""

    def __init__(
        self,
        run: Path,
        bridge: Watchable,
        workers: Callable[[], Mapping[str, str]],
        calls: Callable[[], Iterable[str]],
    ) -> None:
        """``workers``: name and address of each; ``calls``: ids of those that run."""
        self._path = run / WATCH_SOCKET
        self._bridge = bridge
        self._workers, self._calls = workers, calls
        self._guests: set[Guest] = set()
        self._legs: OrderedDict[str, tuple[str, str]] = OrderedDict()
        """Call and role by SIP Call-ID: the last messages of a leg come after its end."""
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._path.unlink(missing_ok=True)  # of a node that died
        try:
            self._server = await asyncio.start_unix_server(self._came, str(self._path))
            self._path.chmod(0o600)
        except OSError as fault:
            raise EnvironmentFault(f"no socket for watching can be made at {self._path}: {fault.strerror}") from fault
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._server is not None:
            self._server.close()
        for guest in list(self._guests):
            guest.task.cancel()
        await asyncio.gather(*(guest.task for guest in self._guests), return_exceptions=True)
        self._path.unlink(missing_ok=True)

    def traced(self, worker: str, message: wire.Traced) -> None:
        """See ``Watcher``."""
        leg = request_from(message.text).first("call-id")
        if message.call:
            self._legs[leg] = (message.call, message.role)
            if len(self._legs) > _LEGS:
                self._legs.popitem(last=False)
        call, role = self._legs.get(leg, ("", ""))
        ours, peer = (message.source, message.target) if message.sent else (message.target, message.source)
        seen = Seen(
            at=message.at,
            sent=message.sent,
            peer=peer.partition("/")[0],
            ours=ours.partition("/")[0],
            text=message.text,
            worker=worker,
            call=call,
            role=role,
        )
        for guest in self._guests:
            guest.tell_sip(seen, message.dropped)

    def voices(self, frames: Iterable[tuple[str, int, int, bytes]]) -> None:
        """See ``Watcher``."""
        listening = [guest for guest in self._guests if guest.ask.voices and guest.call]
        if not listening:
            return
        for call, dial, ms, pcm in frames:
            for guest in listening:
                if guest.call == call:
                    guest.tell(Voice(call=call, dial=dial, ms=ms, pcm=pcm))

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        pid, uid = _who(writer)
        try:
            why = self._turned_away(uid)
            if why:
                log.warning("watch.refused", uid=uid, pid=pid, why=why)
                writer.write(to_line(Sorry(why=why)))
                await writer.drain()
                return
            async with asyncio.timeout(_ASK_S):
                ask = ask_from(await reader.readline())
            await self._serve(Guest(ask, task, frozenset(self._calls())), reader, writer, uid, pid)
        except (ConnectionError, TimeoutError, msgspec.MsgspecError, ValueError):
            log.info("watch.unintelligible", uid=uid, pid=pid)
        finally:
            writer.close()

    async def _serve(
        self, guest: Guest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, uid: int, pid: int
    ) -> None:
        began = time.monotonic()
        who = {"uid": uid, "user": _user(uid), "pid": pid}
        what = {"call_id": guest.ask.call or "all", "voices": guest.ask.voices, "file": guest.ask.for_file}
        log.info("watch.began", **who, **what)
        writer.write(to_line(Welcome(workers=dict(self._workers()), calls=tuple(self._calls()))))
        self._guests.add(guest)
        if len(self._guests) == 1:
            self._bridge.watch(self)
        leaves = asyncio.create_task(reader.read(1), name="watcher leaves")
        try:
            await guest.write_until(leaves, writer)
        except ConnectionError:
            pass
        finally:
            leaves.cancel()
            self._guests.discard(guest)
            if not self._guests:
                self._bridge.watch(None)
                self._legs.clear()
            seconds = round(time.monotonic() - began, 1)
            log.info("watch.ended", **who, seconds=seconds, messages=guest.messages, call_id=guest.call or "all")

    def _turned_away(self, uid: int) -> str:
        if uid not in (0, os.getuid()):
            return f"only {_user(os.getuid())} and root may watch this node"
        return "too many watch already" if len(self._guests) >= WATCHERS else ""


def _who(writer: asyncio.StreamWriter) -> tuple[int, int]:
    """Process and user at the other end, as the kernel says."""
    peer = writer.get_extra_info("socket")
    pid, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return pid, uid


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
