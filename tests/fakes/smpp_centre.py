"""A message centre as SMPP 3.4 describes it, on a free port: takes texts, sends receipts, and fails when told so.

Written from the standard, and coded by another library (smpp34) than our gateway's, so that both do not share a bug.
What it took and the receipts that nobody acknowledged outlive ``restart``, as in a centre with a disk.
"""

from __future__ import annotations

import asyncio
import itertools
import ssl
import struct
import time
from collections import deque
from collections.abc import Iterator
from typing import Any, Self

import smpp34

SYSTEM_ID = "hanbit"
PASSWORD = "sms0120"
SENDER = "0330000120"

BIND = {0x1: "receiver", 0x2: "transmitter", 0x9: "transceiver"}
SUBMIT, DELIVER, QUERY, UNBIND, ENQUIRE = 0x4, 0x5, 0x3, 0x6, 0x15
RESP = 0x8000_0000
WORDS = ("ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD")
STATES = {word: number for number, word in enumerate(WORDS, 1)}


def header(command: int, sequence: int, status: int = 0, body: bytes = b"") -> bytes:
    return struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body


def strings(body: bytes, count: int) -> list[str]:
    return [part.decode() for part in body.split(b"\0")[:count]]


class Session:
    """A bound connection."""

    def __init__(self, writer: asyncio.StreamWriter, kind: str) -> None:
        self.writer = writer
        self.kind = kind

    def write(self, frame: bytes) -> None:
        if not self.writer.is_closing():
            self.writer.write(frame)


class SmppCentre:
    """``async with SmppCentre() as centre``: listens on ``centre.port``; ``centre.taken`` holds what it took over."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.taken: list[dict[str, Any]] = []
        self.binds: list[str] = []
        self.complaints: list[str] = []
        """What the standard forbids and somebody did."""
        self.submits: deque[str | int] = deque()
        """What becomes of the next submissions: a command_status, 'lost' (taken, then the connection breaks), 'gone'
        (the same, not taken), 'slow', 'mute' (taken, never answered), 'twice' (answered twice), 'nameless', 'garbled'
        (an answer that cannot be read), 'early' (the receipt comes first), 'late' (answered after the next one)."""
        self.bind_status = 0
        self.receipts = "both"
        """'text', 'tlv', 'both', 'none'."""
        self.echoes = True
        """Receipts bring back our own reference."""
        self.result = "DELIVRD"
        self.acknowledges: deque[int] = deque()
        """command_status of what we answered to deliver_sm."""
        self.knows_query = True
        self.per_second = 0.0
        self.twice = False
        """Every receipt comes twice."""
        self.decimal = False
        """Ids in answers are hexadecimal, in receipts decimal."""
        self.answers_enquiries = True
        self.holds_receipts = False
        self.slow_s = 0.5
        self.enquiries = 0
        self.most_unanswered = 0
        self.port = 0
        self._unanswered = 0
        self._ids = itertools.count(0xA0F3)
        self._sequences = itertools.count(1)
        self._pending: dict[int, dict[str, Any]] = {}
        self._unsent: deque[dict[str, Any]] = deque()
        self._sessions: list[Session] = []
        self._times: deque[float] = deque()
        self._later: list[tuple[Session, bytes]] = []
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """As if the power were cut: nobody hears a goodbye."""
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def cut(self) -> None:
        """Break all connections."""
        for session in self._sessions:
            session.writer.transport.abort()
        self._sessions.clear()
        self._unsent.extend(self._pending.values())
        self._pending.clear()

    async def restart(self, down_s: float = 0.05) -> None:
        await self.stop()
        await asyncio.sleep(down_s)
        await self.start()

    @property
    def bound(self) -> list[str]:
        return [session.kind for session in self._sessions]

    def texts(self, to: str = "") -> list[str]:
        """What citizens read: parts joined by reference, in the order of their last part."""
        found: list[str] = []
        parts: dict[tuple[str, int], dict[int, bytes]] = {}
        for taken in self.taken:
            if to and taken["to"] != to:
                continue
            body, codec = taken["body"], "utf-16-be" if taken["coding"] == 8 else "cp949"
            if taken["part"] is None:
                found.append(body.decode(codec))
                continue
            reference, number, total = taken["part"]
            mine = parts.setdefault((taken["to"], reference), {})
            mine[number] = body
            if len(mine) == total:
                found.append(b"".join(mine[each] for each in sorted(mine)).decode(codec))
                del parts[(taken["to"], reference)]
        return found

    def write_in(self, frame: bytes) -> None:
        """Anything, to whoever is bound."""
        for session in self._receivers():
            session.write(frame)

    def text(self, number: str, body: bytes, *, coding: int = 14, esm_class: int = 0, **tlvs: bytes) -> None:
        """Somebody writes to us."""
        self._deliver(
            {
                "source_addr": number,
                "destination_addr": SENDER,
                "short_message": body,
                "data_coding": coding,
                "esm_class": esm_class,
                "tlvs": [smpp34.Tlv(getattr(smpp34, f"TLV_{name.upper()}"), value) for name, value in tlvs.items()],
            }
        )

    def report(self, taken: dict[str, Any], word: str = "", *, to: str = "") -> None:
        """A receipt of what was taken."""
        word = word or self.result
        shown = str(int(taken["id"], 16)) if self.decimal else taken["id"]
        first = taken["body"][:20]
        said = f"id:{shown} sub:001 dlvrd:001 submit date:2607010900 done date:2607010901 stat:{word} err:000 Text:"
        tlvs = []
        if self.receipts in {"tlv", "both"}:
            tlvs += [
                smpp34.Tlv(smpp34.TLV_RECEIPTED_MESSAGE_ID, shown.encode() + b"\0"),
                smpp34.Tlv(smpp34.TLV_MESSAGE_STATE, bytes((STATES[word],))),
                smpp34.Tlv(0x1501, b"vendor"),
            ]
        if self.echoes:
            tlvs.append(smpp34.Tlv(smpp34.TLV_USER_MESSAGE_REFERENCE, taken["reference"].to_bytes(2, "big")))
        fields = {
            "source_addr": taken["to"],
            "destination_addr": taken["from"],
            "short_message": said.encode() + first if self.receipts in {"text", "both"} else b"",
            "esm_class": 0x04,
            "tlvs": tlvs,
        }
        for _ in range(2 if self.twice else 1):
            self._deliver(fields)

    def report_all(self, word: str = "") -> None:
        """Receipts that were held."""
        for taken in self.taken:
            self.report(taken, word)

    def drop_receipts(self) -> None:
        """Forget those that wait."""
        self._unsent.clear()

    def _receivers(self) -> Iterator[Session]:
        return (session for session in self._sessions if session.kind != "transmitter")

    def _deliver(self, fields: dict[str, Any]) -> None:
        session = next(self._receivers(), None)
        if session is None:
            self._unsent.append(fields)
            return
        sequence = next(self._sequences)
        self._pending[sequence] = fields
        session.write(smpp34.DeliverSm(sequence_number=sequence, **fields).encode())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        session: Session | None = None
        try:
            while True:
                head = await reader.readexactly(16)
                length, command, status, sequence = struct.unpack(">LLLL", head)
                body = await reader.readexactly(length - 16)
                if session is None:
                    session = self._bound(command, sequence, body, writer)
                    if session is None:
                        await writer.drain()
                        return
                    while self._unsent and session.kind != "transmitter":
                        self._deliver(self._unsent.popleft())
                elif not await self._request(session, command, status, sequence, head + body):
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            if session in self._sessions:
                self._sessions.remove(session)
                if session.kind != "transmitter":
                    self._unsent.extend(self._pending.values())
                    self._pending.clear()
            writer.close()

    def _bound(self, command: int, sequence: int, body: bytes, writer: asyncio.StreamWriter) -> Session | None:
        if command not in BIND:
            writer.write(header(command | RESP, sequence, 0x04))
            return None
        system_id, password = strings(body, 2)
        status = self.bind_status
        if not status and system_id != SYSTEM_ID:
            status = 0x0F
        if not status and password != PASSWORD:
            status = 0x0E
        writer.write(header(command | RESP, sequence, status, b"" if status else b"centre\0"))
        if status:
            return None
        session = Session(writer, BIND[command])
        self.binds.append(session.kind)
        self._sessions.append(session)
        return session

    async def _request(self, session: Session, command: int, status: int, sequence: int, frame: bytes) -> bool:
        if command == SUBMIT:
            if session.kind == "receiver":
                self.complaints.append("submit_sm on a receiver")
            return await self._submit(session, sequence, frame)
        if command == QUERY:
            self._query(session, sequence, frame[16:])
        elif command == ENQUIRE:
            self.enquiries += 1
            if self.answers_enquiries:
                session.write(header(ENQUIRE | RESP, sequence))
        elif command == UNBIND:
            session.write(header(UNBIND | RESP, sequence))
            return False
        elif command == DELIVER | RESP:
            self.acknowledges.append(status)
            fields = self._pending.pop(sequence, None)
            if fields is not None and status in {0x14, 0x64}:
                self._unsent.append(fields)
        elif command not in {ENQUIRE | RESP, UNBIND | RESP, RESP}:
            self.complaints.append(f"command {command:08X}")
        return True

    async def _submit(self, session: Session, sequence: int, frame: bytes) -> bool:
        fate = self._throttled() or (self.submits.popleft() if self.submits else 0)
        if isinstance(fate, int) and fate:
            session.write(header(SUBMIT | RESP, sequence, fate))
            return True
        if fate == "gone":
            session.writer.transport.abort()
            return False
        taken = self._take(frame)
        answer = header(SUBMIT | RESP, sequence, 0, b"\0" if fate == "nameless" else taken["id"].encode() + b"\0")
        if fate == "lost":
            session.writer.transport.abort()
            self._sessions.remove(session)
            self._unsent.extend(self._pending.values())
            self._pending.clear()
        if fate in {"early", "lost", "mute"} and not self.holds_receipts:
            self.report(taken)
        if fate == "lost":
            return False
        if fate == "mute":
            return True
        if fate == "slow":
            self._spawn(self._answered_late(session, answer))
        elif fate == "late":
            self._later.append((session, answer))
        elif fate == "garbled":
            session.write(header(SUBMIT | RESP, sequence, 0, b"no end"))
        else:
            session.write(answer * (2 if fate == "twice" else 1))
            for waiting, late in self._later:
                waiting.write(late)
            self._later.clear()
        if fate != "early" and not self.holds_receipts and self.receipts != "none":
            self.report(taken)
        return True

    def _throttled(self) -> int:
        if not self.per_second:
            return 0
        now = time.monotonic()
        while self._times and now - self._times[0] > 1.0:
            self._times.popleft()
        if len(self._times) >= self.per_second:
            return 0x58
        self._times.append(now)
        return 0

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answered_late(self, session: Session, answer: bytes) -> None:
        self._unanswered += 1
        self.most_unanswered = max(self.most_unanswered, self._unanswered)
        await asyncio.sleep(self.slow_s)
        self._unanswered -= 1
        session.write(answer)

    def _take(self, frame: bytes) -> dict[str, Any]:
        sent = smpp34.decode(frame)
        assert isinstance(sent, smpp34.SubmitSm)
        options = {tlv.tag: tlv.value for tlv in sent.tlvs}
        body, part = sent.short_message, None
        if smpp34.TLV_MESSAGE_PAYLOAD in options:
            if body:
                self.complaints.append("short_message beside message_payload")
            body = options[smpp34.TLV_MESSAGE_PAYLOAD]
        elif len(body) > 140:
            self.complaints.append(f"a part of {len(body)} octets")
        if sent.esm_class & 0x40:
            if body[:3] != b"\x05\x00\x03":
                self.complaints.append("user data header")
            part, body = (body[3], body[5], body[4]), body[6:]
        elif smpp34.TLV_SAR_MSG_REF_NUM in options:
            tags = (smpp34.TLV_SAR_MSG_REF_NUM, smpp34.TLV_SAR_SEGMENT_SEQNUM, smpp34.TLV_SAR_TOTAL_SEGMENTS)
            reference, number, total = (int.from_bytes(options[tag], "big") for tag in tags)
            part = (reference, number, total)
        taken = {
            "id": f"{next(self._ids):08x}",
            "to": sent.destination_addr,
            "from": sent.source_addr,
            "ton": (sent.source_addr_ton, sent.source_addr_npi, sent.dest_addr_ton, sent.dest_addr_npi),
            "body": body,
            "part": part,
            "coding": sent.data_coding,
            "registered": sent.registered_delivery,
            "service": sent.service_type,
            "reference": int.from_bytes(options.get(smpp34.TLV_USER_MESSAGE_REFERENCE, b"\0"), "big"),
            "state": self.result,
        }
        self.taken.append(taken)
        return taken

    def _query(self, session: Session, sequence: int, body: bytes) -> None:
        (message_id,) = strings(body, 1)
        found = next((taken for taken in self.taken if taken["id"] == message_id), None)
        if not self.knows_query:
            session.write(header(RESP, sequence, 0x03))
        elif found is None:
            session.write(header(QUERY | RESP, sequence, 0x67))
        else:
            answer = message_id.encode() + b"\0" + b"2607010901000000\0"[:17] + bytes((STATES[found["state"]], 0))
            session.write(header(QUERY | RESP, sequence, 0, answer))
