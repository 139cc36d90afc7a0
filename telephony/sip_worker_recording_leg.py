"""A recording session's dialog on pjsua2: several audio streams that we only receive (RFC 7866)."""

from __future__ import annotations

from typing import Any, Protocol

import pjsua2 as pj

from telephony.request import Request, request_from
from telephony.sip_worker_audio_only import audio_only
from telephony.sip_worker_leg import Leg, LegWatcher, callback
from telephony.siprec.sides import MOST_STREAMS


class RecordingWatcher(LegWatcher, Protocol):
    """Who is told, on the loop's thread, what happens to recording sessions."""

    def updated(self, leg: RecordingLeg, request: Request) -> None: ...


class RecordingLeg(Leg):
    """Answers with ``recvonly`` whatever is offered, takes two streams, tells of each re-INVITE and UPDATE."""

    def __init__(self, watcher: RecordingWatcher, account: pj.Account, call_id: int) -> None:
        self._recordings = watcher
        self.slots: dict[int, int] = {}
        """Ports in the conference bridge by the place of their stream in the SDP. True at any time on the SIP
        thread, as ``media``."""
        self.taken = False
        """200 was sent."""
        self._asked: Request | None = None
        """A re-INVITE or UPDATE that is not answered yet."""
        super().__init__(watcher, account, call_id)

    def take(self) -> None:
        """200 OK; nothing if a CANCEL was quicker."""
        if self.over:
            return
        self.taken = True
        operation = pj.CallOpParam(True)
        operation.statusCode = 200
        audio_only(operation.opt, MOST_STREAMS)
        operation.opt.flag |= pj.PJSUA_CALL_SET_MEDIA_DIR
        for _ in range(MOST_STREAMS):
            operation.opt.mediaDir.append(pj.PJMEDIA_DIR_DECODING)
        try:
            self.answer(operation)
        except pj.Error:
            if not self.over:
                self.end()

    @callback
    def onCallMediaState(self, prm: Any) -> None:
        info = self.getInfo()  # kept in a name: its media live no longer than itself
        self.slots = {
            media.index: media.audioConfSlot
            for media in info.media
            if media.type == pj.PJMEDIA_TYPE_AUDIO
            and media.status != pj.PJSUA_CALL_MEDIA_NONE
            and media.audioConfSlot >= 0
        }
        self._watcher.post(lambda: self._watcher.media_changed(self))

    @callback
    def onCallTsxState(self, prm: Any) -> None:
        super().onCallTsxState(prm)
        if prm.e.type != pj.PJSIP_EVENT_TSX_STATE:
            return
        event = prm.e.body.tsxState
        transaction = event.tsx
        if transaction.role != pj.PJSIP_ROLE_UAS or transaction.method not in ("INVITE", "UPDATE"):
            return
        if event.type == pj.PJSIP_EVENT_RX_MSG and transaction.state == pj.PJSIP_TSX_STATE_TRYING:
            self._asked = request_from(event.src.rdata.wholeMsg.encode("utf-8", "surrogateescape"))
        elif transaction.state in (pj.PJSIP_TSX_STATE_COMPLETED, pj.PJSIP_TSX_STATE_TERMINATED):
            asked, self._asked = self._asked, None
            if asked is not None and transaction.statusCode // 100 == 2:
                self._watcher.post(lambda: self._recordings.updated(self, asked))
