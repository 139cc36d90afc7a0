"""A scripted SIP telephone as a process of its own: ``python -m telephony.sip_worker_softphone``.

Commands come as JSON lines on stdin, events leave as JSON lines on stdout (``telephony/softphone_messages.py``); the
end of stdin ends the process, so it can't outlive its commander. ``telephony/softphone.py`` is the way to drive it.

One thread owns pjsua2: it polls the library and works through a queue of jobs. Callbacks only copy facts into that
queue; whatever they lead to happens from the loop.
"""

from __future__ import annotations

import gc
import heapq
import os
import queue
import random
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

import msgspec
import pjsua2 as pj

from core.errors import BadInput, EnvironmentFault, MinwonError, PortTaken, Refused
from telephony import softphone_messages as msg
from telephony.request import decoded
from telephony.sip_worker_audio_only import audio_only
from telephony.sip_worker_memory import call_slot, disarm, native, quieten
from telephony.sip_worker_softphone_media import Clip, Ear, Hum, Mouth, read_wav
from telephony.sip_worker_softphone_stream import stream_of
from telephony.sip_worker_trace import Trace

_JOBS = 1024
"""Facts that wait for the loop, which comes by every 20 ms; beyond it they are dropped and counted."""
_COMMANDS = 64
"""Commands that wait for the loop; beyond it stdin is not read."""
_POLL_MS = 20
_KEEP_PORTS_S = 2.0
"""The bridge takes ports out at its next tick; their buffers must live on for a while."""
_SPARE_SLOTS = 3
"""pjsua keeps the slot of a call for a moment after its end; a new caller shall not find it busy for that."""
_GOODBYE_S = 1.5
"""How long the phone waits for answers to its BYEs when it quits."""

_SRTP = {
    "off": pj.PJMEDIA_SRTP_DISABLED,
    "optional": pj.PJMEDIA_SRTP_OPTIONAL,
    "required": pj.PJMEDIA_SRTP_MANDATORY,
}

Job = Callable[[], None]


class Line(pj.Call):  # type: ignore[misc]  # pjsua2 has no types
    """One call of the phone, with its mouth and ear."""

    def __init__(self, phone: Phone, name: str, call_id: int = pj.PJSUA_INVALID_ID) -> None:
        self.phone = phone
        self.name = name
        self.ended_by_us = False
        self.up = False
        self.media: msg.Media | None = None
        self.measured_every_s = 0.0
        self.measured_at = 0.0
        self.mouth = Mouth(f"{name}-mouth", partial(phone.clip_told, name))  # no cycle: ports must die in the loop
        self.ear = Ear(f"{name}-ear", lambda on: phone.tell(msg.Sound(call=name, on=on)))
        self.hum: Hum | None = None
        super().__init__(phone.account, call_id)

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        """Copy the state."""
        info = self.getInfo()
        self.phone.later(partial(self.phone.call_state, self, info.state, info.lastStatusCode, info.lastReason))

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        """The audio began, stopped or changed its direction."""
        self.phone.later(partial(self.phone.call_media, self))

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        """The other side pressed a key."""
        method: msg.DtmfMethod = "info" if prm.method == pj.PJSUA_DTMF_METHOD_SIP_INFO else "rfc4733"
        self.phone.later(partial(self.phone.tell, msg.Key(call=self.name, digit=prm.digit, method=method)))

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:
        """How our REFER goes."""
        event = msg.Transfer(call=self.name, status=prm.statusCode, final=prm.finalNotify)
        self.phone.later(partial(self.phone.tell, event))

    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        """The other side asks us to call somebody: pjsua does, with this object, and tells how it goes."""
        prm.newCall = self.phone.new_begun(self)
        prm.statusCode = 202

    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        """Somebody comes in the place of this call's other side; pjsua answers, and ends this one."""
        prm.newCall = self.phone.new_begun(self)
        prm.statusCode = 200

    def audio(self) -> pj.AudioMedia | None:
        """The call's place in the conference bridge, while it has one."""
        info = self.getInfo()  # a name of its own: the list lives inside of it
        for media in info.media:
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.audioConfSlot != pj.PJSUA_INVALID_ID:
                return self.getAudioMedia(media.index)
        return None


class OwnAccount(pj.Account):  # type: ignore[misc]
    """Our address: takes calls in, tells of the registration."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        super().__init__()

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """Take the call's object now (pjsua2 refuses a call without one); the loop answers it."""
        line = self._phone.new_incoming(prm.callId)
        self._phone.later(partial(self._phone.incoming, line, prm.rdata.wholeMsg))

    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        """The registrar answered, or nobody did."""
        if prm.expiration or prm.code // 100 != 2:  # an unregistration is no news
            self._phone.later(partial(self._phone.tell, msg.Registered(status=prm.code)))


class Phone:
    """The telephone: endpoint, account, calls, and the loop that owns them."""

    def __init__(self, commands: BinaryIO, events: int) -> None:
        self._commands = commands
        self._events = events
        self._waiting: queue.Queue[Job] = queue.Queue(_COMMANDS)
        self._facts: queue.Queue[Job] = queue.Queue(_JOBS)
        self._facts_dropped = 0
        self._due: list[tuple[float, int, Job]] = []
        self._due_count = 0
        self._endpoint: pj.Endpoint | None = None
        self._lines: dict[str, Line] = {}
        self._incoming_count = 0
        self._begun_count = 0
        self._settings = msg.Open()
        self._answering = msg.Answering()
        self._quitting = False
        self._deaf = False
        self._trace: Trace | None = None
        self.account: OwnAccount | None = None

    # -- the loop -----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Live until ``Quit`` or the end of stdin."""
        threading.Thread(target=self._read, name="commands", daemon=True).start()
        while not self._quitting:
            self._turn()
        self._close()

    def later(self, job: Job) -> None:
        """Hand a fact to the loop; from any thread, never waits."""
        try:
            self._facts.put_nowait(job)
        except queue.Full:
            self._facts_dropped += 1

    def tell(self, event: msg.PhoneEvent) -> None:
        """Send an event. When nobody reads any more there is no reason to live on."""
        if self._deaf:
            return
        line = msg.to_line(event)
        try:
            while line:
                line = line[os.write(self._events, line) :]
        except BrokenPipeError:
            self._deaf = self._quitting = True

    def _read(self) -> None:
        for line in self._commands:
            self._waiting.put(partial(self._command, line))
        self._waiting.put(self._quit)

    def _turn(self) -> None:
        if self._endpoint is None:
            self._waiting.get()()
            return
        try:
            self._endpoint.libHandleEvents(_POLL_MS)
        except pj.Error as error:  # malformed messages can make it raise
            print(f"softphone: {error.info()}", file=sys.stderr)
        for waiting in (self._facts, self._waiting):
            while not waiting.empty():
                self._do(waiting.get())
        while self._due and self._due[0][0] <= time.monotonic():
            self._do(heapq.heappop(self._due)[2])
        for line in list(self._lines.values()):
            line.ear.listen()
            self._measure(line)
        if self._trace is not None:
            self._tell_traced(self._trace)

    def _do(self, job: Job) -> None:
        try:
            job()
        except pj.Error as error:  # the call ended between the fact and the job, or his CANCEL crossed our answer
            print(f"softphone: {error.info()}", file=sys.stderr)

    def _after(self, seconds: float, job: Job) -> None:
        self._due_count += 1
        heapq.heappush(self._due, (time.monotonic() + seconds, self._due_count, job))

    def _quit(self) -> None:
        self._quitting = True

    # -- commands -----------------------------------------------------------------------------------------------------

    def _command(self, line: bytes) -> None:
        number, failure = 0, ""
        try:
            command = msg.command_from(line)
            number = command.number
            self._obey(command)
        except pj.Error as error:
            failure = error.reason
        except (MinwonError, msgspec.MsgspecError) as error:
            failure = str(error)
        self.tell(msg.Done(number=number, failure=failure))

    def _obey(self, command: msg.AnyCommand) -> None:
        match command:
            case msg.Open():
                self._open(command)
            case msg.SetAnswering(answering=answering):
                self._answering = answering
            case msg.Dial():
                self._dial(command)
            case msg.Quit():
                self._quitting = True
            case _:
                self._line_command(self._line(command.call), command)

    def _line_command(self, line: Line, command: msg.AnyCommand) -> None:
        match command:
            case msg.Answer(status=status):
                self._answer(line, status)
            case msg.Play(clip=number, path=path, interrupt=interrupt):
                clip = Clip(number, read_wav(path))
                if interrupt:
                    line.mouth.stop()
                line.mouth.say(clip)
            case msg.Silence():
                line.mouth.stop()
            case msg.Noise(path=path):
                self._noise(line, path)
            case msg.Dtmf(digits=digits, method=method):
                parameters = pj.CallSendDtmfParam()
                parameters.digits = digits
                parameters.method = pj.PJSUA_DTMF_METHOD_SIP_INFO if method == "info" else pj.PJSUA_DTMF_METHOD_RFC2833
                line.sendDtmf(parameters)
            case msg.Hold(on=on):
                parameters = pj.CallOpParam(True)
                if on:
                    line.setHold(parameters)
                else:
                    parameters.opt.flag = pj.PJSUA_CALL_UNHOLD
                    line.reinvite(parameters)
            case msg.Refer(uri=uri, replacing=other):
                if other:
                    line.xferReplaces(self._line(other), pj.CallOpParam(True))
                else:
                    line.xfer(f"<{uri}>", pj.CallOpParam(True))
            case msg.Record(path=path):
                line.ear.record(path)
                if path:
                    self.tell(msg.Recording(call=line.name, at=time.monotonic()))
            case msg.Measure(every_ms=every_ms):
                line.measured_every_s = every_ms / 1000
            case msg.HangUp(status=status):
                line.ended_by_us = True
                parameters = pj.CallOpParam()
                parameters.statusCode = 0 if line.up else status  # of a BYE it would falsify our own record
                line.hangup(parameters)

    def _line(self, name: str) -> Line:
        try:
            return self._lines[name]
        except KeyError:
            raise Refused(f"there is no call '{name}' (any more)", code="no_call") from None

    def _open(self, settings: msg.Open) -> None:
        if self._endpoint is not None:
            raise BadInput("the phone is open already")
        self._settings, self._answering = settings, settings.answering
        quieten()
        endpoint = pj.Endpoint()
        endpoint.libCreate()
        self._endpoint = endpoint
        endpoint.libInit(_endpoint_config(settings))
        endpoint.audDevManager().setNullDev()
        for codec in endpoint.codecEnum2():
            name = codec.codecId.split("/")[0]
            place = settings.codecs.index(name) if name in settings.codecs else None
            endpoint.codecSetPriority(codec.codecId, 0 if place is None else 200 - place)
        port = _bind(endpoint, settings)
        if settings.tls:
            endpoint.transportCreate(pj.PJSIP_TRANSPORT_TLS, _tls(settings))
        endpoint.libStart()
        if settings.traced:
            self._trace = Trace(native)
            self._trace.switch(True)
        self.account = OwnAccount(self)
        self.account.create(_account_config(settings, port))
        gc.freeze()
        self.tell(msg.Ready(port=port))

    def _dial(self, command: msg.Dial) -> None:
        if self.account is None:
            raise Refused("the phone is not open", code="closed")
        if len(self._lines) >= self._settings.lines:
            raise Refused(f"all {self._settings.lines} lines are taken", code="lines")
        if command.call in self._lines:
            raise BadInput(f"the call '{command.call}' exists already")
        line = Line(self, command.call)
        parameters = pj.CallOpParam(True)
        audio_only(parameters.opt)
        parameters.txOption.localUri = command.from_uri
        for name, value in command.headers:
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            parameters.txOption.headers.append(header)
        self._lines[command.call] = line
        try:
            line.makeCall(command.uri, parameters)
        except pj.Error:
            if self._lines.pop(command.call, None) is line:
                self._discard(line)
            raise
        if call_slot(line).value != line.getId():
            raise EnvironmentFault("this pjsua2 lays out pj.Call in another way; install a supported build")

    def _answer(self, line: Line, status: int) -> None:
        parameters = pj.CallOpParam(True)
        parameters.statusCode = status
        audio_only(parameters.opt)
        line.ended_by_us = line.ended_by_us or status >= 300
        line.answer(parameters)

    def _noise(self, line: Line, path: str) -> None:
        hum = Hum(f"{line.name}-hum", read_wav(path)) if path else None
        audio = line.audio()
        if line.hum is not None:
            if audio is not None:
                line.hum.stopTransmit(audio)
            self._after(_KEEP_PORTS_S, partial(_let_go, line.hum))
        line.hum = hum
        if hum is not None and audio is not None:
            hum.startTransmit(audio)

    # -- facts --------------------------------------------------------------------------------------------------------

    def new_incoming(self, call_id: int) -> Line:
        """The object of a call that just came in. The only thing done inside a callback."""
        self._incoming_count += 1
        line = self._lines[f"in-{self._incoming_count}"] = Line(self, f"in-{self._incoming_count}", call_id)
        return line

    def new_begun(self, of: Line) -> Line:
        """The object of a call that the stack begins by itself."""
        self._begun_count += 1
        line = self._lines[f"begun-{self._begun_count}"] = Line(self, f"begun-{self._begun_count}")
        self.later(partial(self.tell, msg.Begun(call=line.name, of=of.name)))
        return line

    def incoming(self, line: Line, message: str) -> None:
        """An INVITE came in."""
        info = line.getInfo()
        message = message.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        self.tell(msg.Incoming(call=line.name, from_uri=info.remoteUri, to_uri=info.localUri, message=message))
        answering = self._answering
        if len(self._lines) > self._settings.lines:
            answering = msg.Answering(mode="refuse")
        if answering.mode != "refuse":
            self._answer_if_there(line.name, 180)
        if answering.mode != "ring":
            status = 200 if answering.mode == "auto" else answering.status
            self._after(answering.after_ms / 1000, partial(self._answer_if_there, line.name, status))

    def _answer_if_there(self, name: str, status: int) -> None:
        line = self._lines.get(name)
        if line is not None:  # else the caller gave up first
            self._answer(line, status)

    def call_state(self, line: Line, state: int, status: int, reason: str) -> None:
        """A call went on to another state."""
        if state == pj.PJSIP_INV_STATE_EARLY and status >= 180:
            self.tell(msg.Ringing(call=line.name, status=status))
        elif state == pj.PJSIP_INV_STATE_CONFIRMED and not line.up:
            line.up = True
            self.tell(msg.Answered(call=line.name))
        elif state == pj.PJSIP_INV_STATE_DISCONNECTED and self._lines.pop(line.name, None) is not None:
            disarm(line)
            line.mouth.stop()
            line.ear.record("")
            self._settle()
            self.tell(msg.Ended(call=line.name, status=status, reason=reason, by_peer=not line.ended_by_us))
            self._discard(line)

    def _settle(self) -> None:
        """Tell what the media threads said before the call's end."""
        while not self._facts.empty():
            self._do(self._facts.get())

    def _discard(self, line: Line) -> None:
        self._after(_KEEP_PORTS_S, partial(_let_go, line))

    def clip_told(self, name: str, clip: Clip, begins: bool, whole: bool) -> None:
        """A clip began or ended; told by the clock thread."""
        event: msg.PhoneEvent = (
            msg.Playing(call=name, clip=clip.number, seconds=clip.seconds, at=time.monotonic())
            if begins
            else msg.Played(call=name, clip=clip.number, whole=whole)
        )
        self.later(partial(self.tell, event))

    def _measure(self, line: Line) -> None:
        now = time.monotonic()
        if line.measured_every_s and line.up and now - line.measured_at >= line.measured_every_s:
            line.measured_at = now
            stream = stream_of(line)
            if stream is not None:
                self.tell(stream)

    def _tell_traced(self, trace: Trace) -> None:
        for seen in trace.fetch():
            self.tell(msg.Traced(at=seen.at, sent=seen.sent, peer=seen.peer, text=decoded(seen.text)))

    def call_media(self, line: Line) -> None:
        """Join mouth, hum and ear with a call's audio; tell when its direction changed."""
        if line.name not in self._lines:
            return
        state = _media_state(line)
        audio = line.audio()
        if state != "none" and audio is not None:
            line.mouth.startTransmit(audio)
            audio.startTransmit(line.ear)
            if line.hum is not None:
                line.hum.startTransmit(audio)
        event = msg.Media(call=line.name, state=state)
        if event != line.media:
            line.media = event
            self.tell(event)

    # -- the end ------------------------------------------------------------------------------------------------------

    def _close(self) -> None:
        """Hang up, wait a little for the answers, take everything down in the order that pjsua2 bears."""
        if self._endpoint is None:
            return
        for line in list(self._lines.values()):
            line.ended_by_us = True
            try:
                line.hangup(pj.CallOpParam())
            except pj.Error as error:  # it ended by itself meanwhile
                print(f"softphone: {error.reason}", file=sys.stderr)
        end = time.monotonic() + _GOODBYE_S
        while self._lines and time.monotonic() < end:
            self._turn()
        for line in self._lines.values():
            line.ear.record("")
        if self._facts_dropped:
            print(f"softphone: {self._facts_dropped} facts dropped", file=sys.stderr)
        sys.stderr.flush()
        # Sockets and memory go with the process; libDestroy() aborts when one reference was overlooked.
        os._exit(0)


def _let_go(port: object) -> None:
    """Does nothing: being scheduled is what kept the object alive until now."""


def _media_state(line: Line) -> msg.MediaState:
    states: dict[int, msg.MediaState] = {
        pj.PJSUA_CALL_MEDIA_ACTIVE: "active",
        pj.PJSUA_CALL_MEDIA_LOCAL_HOLD: "held_by_us",
        pj.PJSUA_CALL_MEDIA_REMOTE_HOLD: "held_by_peer",
    }
    info = line.getInfo()
    for media in info.media:
        if media.type == pj.PJMEDIA_TYPE_AUDIO:
            return states.get(media.status, "none")
    return "none"


def _endpoint_config(settings: msg.Open) -> pj.EpConfig:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.maxCalls = settings.lines + _SPARE_SLOTS
    config.uaConfig.userAgent = "minwon-softphone"
    config.logConfig.level = 0 if settings.quiet else 1
    config.logConfig.consoleLevel = config.logConfig.level  # main() turned stdout into stderr
    config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
    config.medConfig.ecTailLen = 0
    config.medConfig.noVad = True
    return config


def _bind(endpoint: pj.Endpoint, settings: msg.Open) -> int:
    """Open UDP and TCP on one port number and return it."""
    for _ in range(1 if settings.port else 20):
        transport = pj.TransportConfig()
        transport.boundAddress = settings.host
        transport.publicAddress = settings.public_address
        transport.port = settings.port
        try:
            udp = endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
            port = int(endpoint.transportGetInfo(udp).localName.rsplit(":", 1)[1])
        except pj.Error as error:
            raise PortTaken(f"port {settings.port} of {settings.host} can't be bound: {error.reason}") from error
        try:
            transport.port = port
            endpoint.transportCreate(pj.PJSIP_TRANSPORT_TCP, transport)
        except pj.Error:  # the number is free for UDP only: take another
            endpoint.transportClose(udp)
            continue
        return port
    raise PortTaken(f"no port of {settings.host} is free for both UDP and TCP")


def _tls(settings: msg.Open) -> pj.TransportConfig:
    transport = pj.TransportConfig()
    transport.boundAddress = settings.host
    transport.publicAddress = settings.public_address
    transport.tlsConfig.CaListFile = settings.ca_file
    transport.tlsConfig.verifyServer = bool(settings.ca_file)
    return transport


def _account_config(settings: msg.Open, port: int) -> pj.AccountConfig:
    config = pj.AccountConfig()
    name = f'"{settings.name}" ' if settings.name else ""
    config.mediaConfig.transportConfig.boundAddress = settings.host
    config.mediaConfig.transportConfig.publicAddress = settings.public_address
    config.mediaConfig.srtpUse = _SRTP[settings.srtp]
    config.mediaConfig.srtpSecureSignaling = 0
    # pjsua seeks upwards from here; a random start keeps many phones on one machine out of each other's way.
    config.mediaConfig.transportConfig.port = settings.rtp_port or random.randrange(20000, 32000, 2)
    registrar = settings.registrar
    if registrar is None:
        config.idUri = f"{name}<sip:{settings.user}@{settings.host}:{port}>"
        return config
    config.idUri = f"{name}<sip:{settings.user}@{registrar.uri.removeprefix('sip:')}>"
    if registrar.registers:
        config.regConfig.registrarUri = registrar.uri
    config.regConfig.timeoutSec = registrar.expires_s
    config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", registrar.realm, registrar.user, 0, registrar.password))
    return config


def main() -> None:
    """Keep stdout for events alone: whatever a library prints goes to stderr."""
    events = os.dup(1)
    os.dup2(2, 1)
    Phone(sys.stdin.buffer, events).run()


if __name__ == "__main__":
    main()
