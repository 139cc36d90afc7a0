"""What pjsua2 knows of the RTP of a softphone's call, for measurements."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pjsua2 as pj

from telephony.softphone_messages import Stream

if TYPE_CHECKING:
    from telephony.sip_worker_softphone import Line


def stream_of(line: Line) -> Stream | None:
    """The facts of now; None while no voice can come: early, on hold."""
    info = line.getInfo()  # a name of its own: the list lives inside of it
    for media in info.media:
        if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
            return _stream(line, media.index)
    return None


def _stream(line: Line, index: int) -> Stream | None:
    try:
        about, counts, transport = line.getStreamInfo(index), line.getStreamStat(index), line.getMedTransportInfo(index)
    except pj.Error:  # it is being made anew, by a re-INVITE
        return None
    rtcp = counts.rtcp
    received = rtcp.rxStat
    return Stream(
        call=line.name,
        at=time.monotonic(),
        codec=about.codecName,
        told=about.remoteRtpAddress,
        source=transport.srcRtpName,
        packets=received.pkt,
        bytes=received.bytes,
        lost=received.loss,
        reordered=received.reorder,
        doubled=received.dup,
        jitter_ms=received.jitterUsec.mean / 1000,
        round_trip_ms=rtcp.rttUsec.last / 1000,
        key_type=about.audTxEventPt,
    )
