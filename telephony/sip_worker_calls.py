"""The register of a worker's calls, and what is said of them: what all who work on calls here have in common."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import msgspec
import pjsua2 as pj

from core.errors import IllegalStep
from telephony import wire
from telephony.call_states import CallEvent
from telephony.contract import AnySignal, LegEnded
from telephony.mixing import Party
from telephony.prompts_folder import HOLD_MUSIC
from telephony.rtp_watch import RtpWatch
from telephony.sip_worker_call import Sounds, WorkerCall
from telephony.sip_worker_leg import Leg, LegWatcher
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_media import Headsets
from telephony.sip_worker_prompts import PromptShelf
from telephony.sip_worker_side import Side
from telephony.tones import REMINDER, RINGING, tone

_AFTERLIFE_S = 32.0
"""For how long a peer may still send something in a dialog that is over (64 T1, RFC 3261 section 17)."""
_LEAVING: tuple[Party, ...] = ("supervisor", "third", "agent", "caller")
"""In which order the parties of a call that is over go."""


class Calls:
    """All calls of this worker, by id and by leg."""

    def __init__(
        self,
        loop: Loop,
        headsets: Headsets,
        prompts: PromptShelf,
        settings: wire.Settings,
        tell: Callable[[wire.Message], None],
    ) -> None:
        self.loop = loop
        self.watcher: LegWatcher
        """Who is told what happens to legs; set as soon as it is there."""
        self.settings = settings
        self.tell = tell
        self._headsets = headsets
        self._sounds: Sounds = {
            "music": prompts.named(HOLD_MUSIC),
            "ringing": tone(RINGING),
            "reminder": tone(REMINDER),
        }
        self._calls: dict[str, WorkerCall] = {}
        self._opened = 0
        self._dialogs: dict[str, Leg] = {}
        """Living legs by SIP Call-ID."""
        self._former: set[str] = set()
        """SIP Call-IDs of legs that are over, as long as their peers may not know it."""

    def __iter__(self) -> Iterator[WorkerCall]:
        """All as they are now: they may end meanwhile."""
        return iter(list(self._calls.values()))

    def __len__(self) -> int:
        return len(self._calls)

    def get(self, call_id: str) -> WorkerCall | None:
        """The call of that id, if it is not over."""
        return self._calls.get(call_id)

    def open(self, call_id: str, leg: Leg, out: wire.CallOut | None = None) -> WorkerCall:
        """A call begins with its caller's leg."""
        call = WorkerCall(call_id, leg, self._headsets, self._new_watch, self._sounds, out)
        leg.owner = call_id
        self._opened += 1
        call.turn = self._opened
        self._calls[call_id] = call
        return call

    # Legs.

    @property
    def legs_to_come(self) -> int:
        """Legs that all calls together may still need."""
        return sum(call.legs_to_come for call in self._calls.values())

    def legs(self) -> list[Leg]:
        """All that live, also those that belong to no call any more."""
        return list(self._dialogs.values())

    def lives(self, leg: Leg) -> None:
        """Its INVITE went out, or came."""
        self._dialogs[leg.sip_call_id] = leg

    def died(self, leg: Leg) -> None:
        """Its dialog is over, as far as we are concerned."""
        name = leg.sip_call_id
        self._dialogs.pop(name, None)
        self._former.add(name)
        self.loop.later(_AFTERLIFE_S, lambda: self._former.discard(name))

    def knows(self, sip_call_id: str) -> bool:
        """Whether a leg of ours has, or had a moment ago, this SIP Call-ID."""
        return sip_call_id in self._dialogs or sip_call_id in self._former

    def leg(self, sip_call_id: str) -> Leg | None:
        """The living leg of that dialog."""
        return self._dialogs.get(sip_call_id)

    def find(self, leg: Leg | None) -> tuple[WorkerCall, Side] | tuple[None, None]:
        """What a leg is; nothing if it was given up, or its call is over."""
        call = self._calls.get(leg.owner) if leg is not None else None
        side = call.side_of(leg) if call is not None and leg is not None else None
        return (call, side) if call is not None and side is not None else (None, None)

    # What is said.

    def signal(self, call: WorkerCall, side: Side, signal: AnySignal) -> None:
        """Tell the node what happened on a leg."""
        if signal.speaker != side.speaker and side.role != "supervisor":
            signal = msgspec.structs.replace(signal, speaker=side.speaker)
        self.tell(wire.Signalled(call=call.call_id, dial=side.dial, signal=signal))

    def note(self, level: str, event: str, **fields: str | int | float) -> None:
        """A line for the node's log."""
        self.tell(wire.Note(level=level, event=event, fields=fields))  # type: ignore[arg-type]

    def guarded(self, call: WorkerCall, work: Callable[[], None]) -> None:
        """What fails in one call ends that call, and is told."""
        try:
            work()
        except IllegalStep as error:
            self.note("warning", "order.illegal", call_id=call.call_id, state=str(error.state), order=str(error.event))
        except pj.Error as error:
            self.note("warning", "call.failed", call_id=call.call_id, reason=str(error.reason))
            with contextlib.suppress(pj.Error):
                self.finish(call, LegEnded(status=500, by_peer=False, reason="failed"))

    def finish(self, call: WorkerCall, ended: LegEnded) -> None:
        """The call is over: tell the node, the caller's leg last, and end what still lives."""
        if self._calls.pop(call.call_id, None) is None:
            return
        sides = [side for role in _LEAVING if (side := call.side(role)) is not None]
        for side in sides:
            if side.there and side.role != "supervisor":
                self.signal(call, side, _about(ended, side))
        call.step(CallEvent.HANG_UP)
        call.close()  # first: ending a leg removes its port
        for side in sides:
            refused = not side.leg.confirmed and ended.status >= 300 and not ended.by_peer
            if side is call.caller and call.out is None and refused:
                side.leg.reply(ended.status)
            side.leg.end()

    def _new_watch(self) -> RtpWatch:
        return RtpWatch(self.settings.no_audio_s, self.settings.no_audio_end_s)


def _about(ended: LegEnded, side: Side) -> LegEnded:
    """How a call's end looks from one of its legs."""
    by_peer = ended.by_peer and ended.speaker == side.speaker
    return LegEnded(speaker=side.speaker, status=ended.status, by_peer=by_peer, reason=ended.reason)
