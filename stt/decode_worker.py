"""A decode worker: the process that holds the engine, so that an abort in C++ costs a replay, not the node.

Run by :mod:`stt.decode_link` and :mod:`stt.trial` as ``python -m stt.decode_worker FD PARENT MODEL LANGUAGE``; FD is
its end of a socket pair. It takes turns between utterances, one step each, so a long replay does not hold up the
others; an engine that decodes many together is given as many turns at once as it likes. An utterance that has more than
one chunk waiting gets them in one step: that is how partials are skipped when the worker is behind. Finals never are.

It dies with the node: at the end of the stream, and by SIGKILL from the kernel when the node is gone without one.
Ctrl-C and SIGTERM reach the whole process group but are the node's business: it still wants the last words.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from core.audio import RATE
from core.errors import BadInput, MinwonError
from models import shelf
from models.shelf import ModelInfo
from stt.contract import Recognizer, Session
from stt.decode_messages import (
    Audio,
    Begin,
    Failed,
    Finished,
    Forget,
    FromWorker,
    Heeded,
    Ready,
    Refused,
    ToWorker,
    bodies,
    packed,
    to_worker,
)
from stt.memory import resident_mb

NICE: Final = 2
"""Words may come late; voices, carried by the SIP workers, may not."""
STEP_BYTES: Final = RATE * 2 * 4 // 10
"""At most 0.4 s of audio a step."""
ROOT: Final = Path(__file__).parents[1]
"""The folder in which its command runs."""
_PR_SET_PDEATHSIG: Final = 1


def command(fd: int, model: ModelInfo) -> list[str]:
    """How a worker is started by this process; ``fd`` is the worker's end, which it must inherit."""
    return [sys.executable, "-m", "stt.decode_worker", str(fd), str(os.getpid()), str(model.path), model.language]


class _Utterance:
    def __init__(self) -> None:
        self.grammar: tuple[str, ...] = ()
        self.session: Session | None = None
        self.waiting = bytearray()
        self.finish = False
        self.queued = False
        self.refused = False


class Workbench:
    """The worker's rules, without a socket: messages in, messages out, one step at a time."""

    def __init__(self, recognizer: Recognizer, resident_mb: Callable[[], int]) -> None:
        self._recognizer = recognizer
        self._resident_mb = resident_mb
        self._utterances: dict[int, _Utterance] = {}
        self._turns: deque[int] = deque()

    @property
    def busy(self) -> bool:
        """Whether a step would do something."""
        return bool(self._turns)

    def take(self, message: ToWorker) -> None:
        """Note what the node wants."""
        if isinstance(message, Forget):
            self._utterances.pop(message.id, None)
            return
        utterance = self._utterances.setdefault(message.id, _Utterance())
        if isinstance(message, Begin):
            utterance.grammar = message.grammar
            return
        if utterance.refused:
            if not isinstance(message, Audio):
                del self._utterances[message.id]
            return
        if isinstance(message, Audio):
            utterance.waiting += message.pcm
        else:
            utterance.finish = True
        if not utterance.queued:
            utterance.queued = True
            self._turns.append(message.id)

    def step(self) -> list[FromWorker]:
        """Do the next piece of work of as many utterances as the engine likes to decode together; their answers."""
        answers: list[FromWorker] = []
        feeds: list[tuple[int, Session, bytes]] = []
        for _ in range(min(self._recognizer.batch, len(self._turns))):
            turn = self._turns.popleft()
            utterance = self._utterances.get(turn)
            if utterance is None:  # forgotten meanwhile
                continue
            utterance.queued = False
            try:
                session = utterance.session = utterance.session or self._recognizer.session(utterance.grammar)
            except BadInput as refusal:
                self._refuse(turn, utterance)
                answers.append(Refused(turn, str(refusal)))
                continue
            if utterance.waiting:
                feeds.append((turn, session, self._piece(turn, utterance)))
            else:
                del self._utterances[turn]
                answers.append(Finished(turn, session.finish(), self._resident_mb()))
        partials = self._recognizer.accept_many([(session, pcm) for _, session, pcm in feeds]) if feeds else []
        for (turn, _, pcm), partial in zip(feeds, partials, strict=True):
            answers.append(Heeded(turn, len(pcm), partial.text if partial is not None else None))
        return answers

    def _piece(self, turn: int, utterance: _Utterance) -> bytes:
        """What it may have decoded in one step; it gets another turn for what is left."""
        pcm = bytes(utterance.waiting[:STEP_BYTES])
        del utterance.waiting[:STEP_BYTES]
        if utterance.waiting or utterance.finish:
            utterance.queued = True
            self._turns.append(turn)
        return pcm

    def _refuse(self, turn: int, utterance: _Utterance) -> None:
        """What is still to come of it falls on deaf ears."""
        utterance.refused = True
        if utterance.finish:
            del self._utterances[turn]


def serve(link: socket.socket, bench: Workbench) -> None:
    """Work until the node closes its end."""
    received = bytearray()
    while True:
        link.setblocking(not bench.busy)
        try:
            data = link.recv(1 << 16)
        except BlockingIOError:
            data = None
        if data == b"":
            return
        if data:
            received += data
            for body in bodies(received):
                bench.take(to_worker.decode(body))
        if bench.busy and (answers := bench.step()):
            link.setblocking(True)
            link.sendall(b"".join(map(packed, answers)))


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before the kernel knew our wish
        sys.exit(0)


def _load(model: str, language: str) -> Recognizer:
    # One thread each: there is a worker per core. Must be set before the engine's libraries are loaded.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    from stt.engines import load

    # A model of several languages is used for the one that the node wants it for.
    recognizer = load(msgspec.structs.replace(shelf.find(model), language=language))
    _warm_up(recognizer)
    return recognizer


def _warm_up(recognizer: Recognizer) -> None:
    """Decode half a second of loud noise, in which everything is tried: a graph and a network that do not belong
    together abort the process, better now than with a caller's first words."""
    session = recognizer.session()
    session.accept(random.Random(1).randbytes(RATE))
    session.finish()


def main(arguments: list[str]) -> int:
    """``FD PARENT MODEL LANGUAGE``; the exit code is 0 when the node closed the link, 1 when there is no such model."""
    link = socket.socket(fileno=int(arguments[0]))
    _die_with(int(arguments[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.nice(NICE)
    began = time.monotonic()
    try:
        recognizer = _load(arguments[2], arguments[3])
    except MinwonError as error:
        link.sendall(packed(Failed(str(error))))
        return 1
    link.sendall(packed(Ready(time.monotonic() - began)))
    try:
        serve(link, Workbench(recognizer, resident_mb))
    except (BrokenPipeError, ConnectionResetError):
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
