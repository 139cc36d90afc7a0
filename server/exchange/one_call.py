"""What was seen and heard of one call, and the file that it makes. Pure: no socket, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from core.audio import FRAME_MS, RATE
from core.g711 import encode
from server.exchange import pcap
from server.exchange.ladder import Seen
from server.exchange.sdp_facts import Audio, audio_of
from server.exchange.watch_messages import Voice
from telephony.request import request_from

MESSAGES = 20_000
VOICES = 400_000
"""20 ms each: more than an hour of two parties. The oldest are dropped and counted."""
_PCMA = 8
_SAMPLES = RATE * FRAME_MS // 1000
_MINWON = "192.0.2.10"


class OneCall:
    """Collects, then writes."""

    def __init__(self) -> None:
        self.messages: deque[Seen] = deque()
        self._voices: deque[tuple[float, Voice]] = deque()
        self._began: float | None = None
        self._dials: list[str] = []
        """SIP Call-IDs of the legs that we dialled, in order: dial 1, dial 2 ..."""
        self._ours: dict[str, Audio] = {}
        self._theirs: dict[str, Audio] = {}
        self._caller = ""
        self.dropped = 0

    def saw(self, seen: Seen) -> None:
        """A SIP message of the call."""
        if len(self.messages) >= MESSAGES:
            self.messages.popleft()
            self.dropped += 1
        self.messages.append(seen)
        head = request_from(seen.text)
        leg, audio = head.first("call-id"), audio_of(head.body)
        if seen.role == "caller" or (not self._caller and not seen.sent):
            self._caller = leg
        elif leg != self._caller and leg not in self._dials:
            self._dials.append(leg)
        if audio is not None and audio.port:
            (self._ours if seen.sent else self._theirs)[leg] = audio

    def heard(self, at: float, voice: Voice) -> None:
        """20 ms of a party, at this moment in seconds since 1970."""
        if len(self._voices) >= VOICES:
            self._voices.popleft()
            self.dropped += 1
        self._voices.append((at, voice))
        begin = at - voice.ms / 1000
        self._began = begin if self._began is None else min(self._began, begin)

    @property
    def ports(self) -> set[int]:
        """Our RTP and RTCP ports in this call, as our SDPs say."""
        return {port for audio in self._ours.values() for port in (audio.port, audio.port + 1)}

    def as_pcap(self, captured: Iterable[tuple[float, bytes]] | None) -> bytes:
        """The file. With ``captured`` packets the voices are as they were on the wire, else rebuilt (``rebuilt``)."""
        records = [
            (seen.at, pcap.udp(*((seen.ours, seen.peer) if seen.sent else (seen.peer, seen.ours)), seen.text))
            for seen in self.messages
        ]
        records += list(captured) if captured is not None else list(self.rebuilt())
        records.sort(key=lambda row: row[0])
        return pcap.header() + b"".join(pcap.record(at, packet) for at, packet in records)

    def rebuilt(self) -> Iterable[tuple[float, bytes]]:
        """The voices that minwon heard as PCMA packets of 20 ms, one stream for each party. Only what came from the
        parties: not what we sent them; loss and jitter of the wire do not show."""
        streams: dict[int, int] = {}
        for _, voice in self._voices:
            sequence = streams.get(voice.dial, 0)
            streams[voice.dial] = sequence + 1
            if not voice.pcm or self._began is None:
                continue
            law = encode("alaw", np.frombuffer(voice.pcm, np.int16))
            source, target = self._ends(voice.dial)
            packet = pcap.rtp(
                law,
                kind=_PCMA,
                sequence=sequence,
                timestamp=sequence * _SAMPLES,
                source=0x4D570000 + voice.dial,
                first=sequence == 0,
            )
            yield self._began + voice.ms / 1000, pcap.udp(source, target, packet)

    def _ends(self, dial: int) -> tuple[str, str]:
        """From where to where a party's voice goes, as the SDPs say."""
        leg = self._caller if dial == 0 else self._dials[dial - 1] if dial <= len(self._dials) else ""
        theirs, ours = self._theirs.get(leg), self._ours.get(leg)
        source = f"{theirs.host}:{theirs.port}" if theirs else f"192.0.2.{20 + dial % 200}:{40000 + 2 * dial}"
        target = f"{ours.host}:{ours.port}" if ours else f"{_MINWON}:{30000 + 2 * dial}"
        return source, target
