"""From the trace in the stack to the wire: bounded, named, and silent when nobody looks."""

from __future__ import annotations

from telephony import wire
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_trace import LIMIT, Seen
from telephony.sip_worker_watching import Watching

TEXT = b"OPTIONS sip:m SIP/2.0\r\nVia: SIP/2.0/TCP x\r\nCall-ID: a\r\n\r\n"


class Trace:
    """Stands for the module in pjsip."""

    def __init__(self) -> None:
        self.on = False
        self.waiting: list[Seen] = []
        self.dropped = 0

    def switch(self, on: bool) -> None:
        self.on = on

    def fetch(self, most: int) -> list[Seen]:
        taken, self.waiting = self.waiting[:most], self.waiting[most:]
        return taken


class Stage:
    def __init__(self) -> None:
        self.trace, self.told, self.behind = Trace(), list[wire.Message](), 0
        self.jobs: list[object] = []
        self.loop = Loop(lambda error: None)
        self.watching = Watching(
            self.loop,
            self.trace,  # type: ignore[arg-type]
            lambda call_id: ("call-1", "caller") if call_id == "a" else ("", ""),
            self.told.append,
            lambda: self.behind,
            lambda: "10.0.0.7:5060",
        )

    def turn(self) -> None:
        """One round of the loop after the timer's time."""
        job = self.loop._timers.pop()[2].job
        assert job is not None
        job()


def test_messages_get_their_call_and_both_ends() -> None:
    stage = Stage()
    stage.watching.switch(True)
    assert stage.trace.on
    stage.trace.waiting = [
        Seen(1.0, False, "10.0.0.5:5060", TEXT),
        Seen(2.0, True, "10.0.0.5:5060", TEXT.replace(b"ID: a", b"ID: b")),
    ]
    stage.trace.dropped = 3
    stage.turn()
    one, two = stage.told
    assert isinstance(one, wire.Traced) and isinstance(two, wire.Traced)
    assert (one.source, one.target, one.call, one.role) == (
        "10.0.0.5:5060/tcp",
        "10.0.0.7:5060/tcp",
        "call-1",
        "caller",
    )
    assert (two.source, two.target, two.call) == ("10.0.0.7:5060/tcp", "10.0.0.5:5060/tcp", "")
    assert (one.dropped, two.dropped) == (3, 0)


def test_what_calls_need_goes_first() -> None:
    """A node that does not read gets no trace on top: it waits, and is dropped where it is."""
    stage = Stage()
    stage.watching.switch(True)
    stage.trace.waiting = [Seen(1.0, False, "x", TEXT)]
    stage.behind = LIMIT
    stage.turn()
    assert stage.told == []
    stage.behind = 0
    stage.turn()
    assert len(stage.told) == 1


def test_so_many_at_once() -> None:
    stage = Stage()
    stage.watching.switch(True)
    stage.trace.waiting = [Seen(1.0, False, "x", TEXT)] * 250
    stage.turn()
    assert len(stage.told) == 100


def test_nobody_looks_any_more() -> None:
    stage = Stage()
    stage.watching.switch(True)
    stage.watching.switch(True)
    assert len(stage.loop._timers) == 1
    stage.watching.switch(False)
    assert not stage.trace.on
    stage.turn()
    assert stage.loop._timers == []
