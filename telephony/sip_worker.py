"""A SIP worker: the process that holds the humans' voices and does nothing else (``python -m telephony.sip_worker``).

Its settings come on stdin; one line of JSON on stdout says that it is ready, or why not. It outlives the node:
joined calls go on, and the next node adopts them over the Unix socket.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import secrets
import sys
import threading
import traceback
from pathlib import Path

import msgspec

from core.errors import ConfigError, EnvironmentFault, MinwonError
from telephony import wire
from telephony.digest import Challenger
from telephony.door import Door
from telephony.prompts_folder import load
from telephony.sip_worker_door import DoorModule
from telephony.sip_worker_link import Link
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_media import Headsets, VoiceBox
from telephony.sip_worker_memory import loaded_kind, native
from telephony.sip_worker_phone import Phone
from telephony.sip_worker_prompts import PromptShelf
from telephony.sip_worker_recording import Recordings
from telephony.sip_worker_started import Started
from telephony.sip_worker_switchboard import Switchboard
from telephony.sip_worker_tls import LOOK_EVERY_S
from telephony.sip_worker_trace import Trace
from telephony.sip_worker_watching import Watching

CLOSING_S = 3.0
"""How long the ends of calls may take before the worker goes away."""
_UNREGISTERING_S = 1.0
_LOOK_S = 0.05
"""A worker that is to go looks so often whether its last leg is gone: who stops the node waits for it."""
_GIL_S = 0.001
"""After so long another thread lets the one that carries the voices have the GIL; Python's own 5 ms would be heard."""


class Worker:
    """Puts the parts together and lives until it is told to go, or nobody needs it any more."""

    def __init__(self, settings: wire.Settings) -> None:
        self._settings = settings
        self._loop = Loop(self._failed)
        self._leaving = False
        self._phone = Phone(settings, self._distrusted)
        box = VoiceBox(threading.Event())
        prompts = PromptShelf(load(Path(settings.prompts)), Path(settings.socket).parent, self._loop.post)
        headsets = Headsets(box)
        self._board = Switchboard(self._loop, self._phone, headsets, prompts, settings, self._tell)
        recordings = Recordings(self._loop, headsets, settings, self._tell, self._board.rooms)
        self._board.add(recordings)
        reports = self._board.reports
        challenger = Challenger(settings.digest_key or secrets.token_bytes(32))
        self._door = Door(self._phone.peers, settings.hotline, settings.retry_after_s, self._board.rooms, challenger)
        self._door_module = DoorModule(native, self._door, reports.pressed_by_info, reports.referred)
        transports = self._phone.open(reports, reports.came, recordings.came, self._door)
        with transports.for_probe() as (host, port, transport):
            self._door_module.measure(host, port, transport, self._phone.poll)
        self._box = box
        self._link = Link(
            Path(settings.socket),
            box,
            came=lambda: self._loop.post(self._node_came),
            said=lambda order: self._loop.post(lambda: self._obey(order)),
            gone=lambda: self._loop.post(self._node_went),
        )
        self._watching = Watching(
            self._loop,
            Trace(native),
            lambda leg: max(reports.owner_of(leg), recordings.owner_of(leg)),  # ('', '') is the least
            self._tell,
            lambda: self._link.waiting,
            lambda: self._phone.address,
        )
        self._loop.every(1.0, self._beat)
        self._loop.every(LOOK_EVERY_S, self._renew_certificate)

    @property
    def address(self) -> str:
        """host:port of the SIP socket."""
        return self._phone.address

    def run(self) -> None:
        """Until the end."""
        self._link.start()
        self._loop.run(self._phone.poll)
        self._phone.unregister(_UNREGISTERING_S)
        self._link.flush(1.0)
        Path(self._settings.socket).unlink(missing_ok=True)

    def _node_came(self) -> None:
        running = self._board.node_came()
        self._link.greet(
            wire.Hello(
                protocol=wire.PROTOCOL,
                address=self._phone.address,
                tls_address=self._phone.tls_address,
                capacity=self._board.rooms.capacity,
                build=f"{self._phone.build}, {self._phone.max_legs} legs",
                settings=self._settings,
                draining=self._board.rooms.draining,
                calls=running,
            )
        )

    def _node_went(self) -> None:
        self._watching.switch(False)
        self._board.node_went()

    def _obey(self, order: wire.FromNode) -> None:
        if isinstance(order, wire.Watch):
            self._watching.switch(order.on)
            return
        self._board.obey(order)
        if isinstance(order, wire.Stop):
            self._loop.later(CLOSING_S, self._loop.stop)
            self._leave()
        elif isinstance(order, wire.Drain) and order.leave:
            self._leave()

    def _beat(self) -> None:
        line = self._phone.line
        registered = line.registered if line is not None and self._settings.register is not None else None
        self._tell(
            wire.Beat(
                statistics=wire.Statistics(
                    bad_messages=self._phone.log.bad_messages + self._door.bad_messages,
                    refused=self._door.refused,
                    refused_by=dict(self._door.refused_by),
                    frames_dropped=self._box.dropped,
                    registered=registered,
                )
            )
        )
        if self._board.rooms.silent_s() > self._settings.orphan_s:
            self._leave()

    def _distrusted(self, peer: str, why: str) -> None:
        self._tell(wire.Note(level="warning", event="tls.peer_not_trusted", fields={"peer": peer, "why": why}))

    def _renew_certificate(self) -> None:
        try:
            if self._phone.renew_certificate():
                self._tell(wire.Note(level="info", event="tls.certificate_renewed"))
        except ConfigError as error:
            self._tell(wire.Note(level="error", event="tls.old_certificate_kept", fields={"advice": str(error)}))
        except EnvironmentFault as error:
            self._tell(wire.Note(level="error", event="tls.lost", fields={"advice": str(error)}))

    def _leave(self) -> None:
        if not self._leaving:
            self._leaving = True
            self._leave_if_done()

    def _leave_if_done(self) -> None:
        if self._board.rooms.idle:
            self._loop.stop()
        else:
            self._loop.later(_LOOK_S, self._leave_if_done)

    def _tell(self, message: wire.Message) -> None:
        self._link.send(message)

    def _failed(self, error: Exception) -> None:
        traceback.print_exception(error, file=sys.stderr)
        self._tell(wire.Note(level="error", event="worker.job_failed", fields={"error": type(error).__name__}))


def main() -> None:
    """Read settings, say how it went, serve, leave.

    A worker whose calls are over has nothing to tidy up, and destroying pjsua2 while Python still refers to its
    objects aborts: it leaves by the short way.
    """
    faulthandler.enable()
    sys.setswitchinterval(_GIL_S)
    reports = _reports()
    stream = wire.Bytes()
    bodies: list[bytes] = []
    while not bodies:
        data = os.read(0, 65536)
        if not data:
            return
        bodies += stream.feed(data)
    try:
        settings = wire.settings_from(bodies[0])
        _check_build(settings.build)
        worker = Worker(settings)
    except MinwonError as error:
        _report(reports, Started(code=error.code, advice=str(error)))
        os._exit(1)
    gc.collect()
    gc.freeze()
    _report(reports, Started(address=worker.address))
    worker.run()
    os._exit(0)


def _check_build(wanted: str) -> None:
    """Two builds may be installed: a path set wrong would be noticed when the third call is refused."""
    kind = wanted.partition(" ")[0]
    if kind and kind != loaded_kind():
        raise EnvironmentFault(f"{wanted} of pjsua2 was wanted, the {loaded_kind()} was found: check PYTHONPATH")


def _reports() -> int:
    """Our stdout for ourselves: libraries that print shall do it on stderr."""
    own = os.dup(1)
    os.dup2(2, 1)
    return own


def _report(reports: int, started: Started) -> None:
    os.write(reports, msgspec.json.encode(started) + b"\n")
    os.close(reports)


if __name__ == "__main__":
    main()
