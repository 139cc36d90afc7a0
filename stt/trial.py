"""A speech model on trial: loaded and fed in a child process, so that whatever it does there costs one clear line.

```python
with Trial(shelf.find("vosk-model-small-en-us-0.15")) as trial:
    for found in trial.decode(clips):
        print(found.text, found.cpu_s / found.audio_s)
```

The child is the decode worker of calls (:mod:`stt.decode_worker`): one thread, the same steps, the same engine. So what
is measured here is what calls get. Everything waits (no asyncio): for training, tuning, ``verify`` and benches, which
decode thousands of clips one after the other. Two cores: two trials in two threads.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

import msgspec

from core.audio import RATE
from core.errors import BadInput, ModelFault
from core.events import Word
from models import shelf
from models.shelf import ModelInfo
from stt import memory
from stt.contract import confidence_of
from stt.decode_messages import (
    Audio,
    Begin,
    Failed,
    Finish,
    Finished,
    Forget,
    FromWorker,
    Heeded,
    Ready,
    Refused,
    ToWorker,
    bodies,
    from_worker,
    packed,
)
from stt.decode_worker import ROOT, STEP_BYTES, command
from stt.grammar import check
from stt.last_words import why

LOAD_S: Final = 600.0
"""The longest that loading may take by default: big models on slow disks take minutes."""
DEADLINE_S: Final = 60.0
"""A child that is fed and answers nothing for so long is taken for hung."""
GOODBYE_S: Final = 2.0
"""How long the child may take to end after its link was closed."""
_AHEAD: Final = 10 * STEP_BYTES
"""Bytes that the child may have without having answered: it never waits for us, and no socket buffer fills."""
_LIBRARIES: Final = {"vosk": "libvosk", "sherpa": "sherpa-onnx"}
_PARTS: Final = {"vosk": "graph and acoustic model", "sherpa": "its networks and tokens"}


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    """What the model made of one clip, and what that took."""

    text: str
    words: tuple[Word, ...]
    """Times are seconds of the clip."""
    confidence: float
    """Mean of the words' confidences, 0..1; 0 without words."""
    audio_s: float
    cpu_s: float
    """Of all threads of the child; divided by ``audio_s`` it is the real-time factor of one core."""
    wall_s: float
    resident_mb: int
    """The child's memory after the clip, MiB."""


class Trial:
    """A model in a child process of its own. ``with`` = it is loaded; raises ``ModelFault`` when it can't be.

    Not thread-safe, one clip at a time. After a ``ModelFault`` the trial is over.
    """

    def __init__(self, model: ModelInfo, *, load_s: float = LOAD_S, deadline_s: float = DEADLINE_S) -> None:
        self._model = model
        self._longest_load_s = load_s
        self._deadline_s = deadline_s
        self._received = bytearray()
        self._arrived: list[FromWorker] = []
        self._number = 0
        self.load_s = 0.0
        """Seconds that loading took."""
        self.loaded_mb = 0
        """The child's memory when the model was loaded, MiB."""

    def __enter__(self) -> Trial:
        memory.check(self._model, 1, memory.free_mb())
        self._complaints = tempfile.TemporaryFile()  # not a pipe, which somebody would have to empty
        self._link, theirs = socket.socketpair()
        with theirs:
            self._child = subprocess.Popen(
                command(theirs.fileno(), self._model),
                cwd=ROOT,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
            )
        try:
            while not isinstance(ready := self._next(self._longest_load_s, "loading"), Ready):
                if isinstance(ready, Failed):
                    raise ModelFault(ready.reason)
            self.load_s = ready.load_s
            self.loaded_mb = memory.resident_mb(self._child.pid)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._link.close()
        if kind is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(GOODBYE_S)
        self._end()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    def decode(self, clips: Iterable[bytes], grammar: Sequence[str] = ()) -> Iterator[Decoded]:
        """What is said in each clip (8 kHz, s16le, mono), in order, as soon as it is known.

        ``grammar``: the only sentences that may be said. Raises ``BadInput`` where the model takes none,
        ``ModelFault`` in one line when the engine dies, hangs or was not made for this model.
        """
        check(grammar)
        for clip in clips:
            yield self._decode(clip, tuple(grammar))

    def _decode(self, clip: bytes, grammar: tuple[str, ...]) -> Decoded:
        self._number += 1
        began, cpu = time.monotonic(), _cpu_s(self._child.pid)
        if grammar:
            self._send(Begin(self._number, grammar))
        sent = heeded = 0
        finished = False
        while True:
            while not finished and sent - heeded < _AHEAD:
                piece = clip[sent : sent + STEP_BYTES]
                self._send(Audio(self._number, piece) if piece else Finish(self._number))
                sent += len(piece)
                finished = not piece
            answer = self._next(self._deadline_s, "decoding with")
            if isinstance(answer, Heeded):
                heeded += answer.size
            elif isinstance(answer, Refused):
                self._send(Forget(self._number))
                raise BadInput(answer.reason)
            elif isinstance(answer, Finished):
                break
        return Decoded(
            text=answer.hypothesis.text,
            words=answer.hypothesis.words,
            confidence=confidence_of(answer.hypothesis),
            audio_s=len(clip) / 2 / RATE,
            cpu_s=_cpu_s(self._child.pid) - cpu,
            wall_s=time.monotonic() - began,
            resident_mb=answer.resident_mb,
        )

    def _send(self, message: ToWorker) -> None:
        # A child that is gone is noticed, with its last words, when its answer is read.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._link.sendall(packed(message))

    def _next(self, within_s: float, doing: str) -> FromWorker:
        """The child's next message. Raises ``ModelFault`` when none comes, or no more."""
        self._link.settimeout(within_s)
        while not self._arrived:
            try:
                data = self._link.recv(1 << 16)
            except TimeoutError:
                raise ModelFault(
                    f"{self._library} has said nothing for {within_s:g} s while {doing} the speech model "
                    f"{self._model.path}; take a smaller model, or fetch or import it again"
                ) from None
            except ConnectionResetError:
                data = b""
            if not data:
                raise ModelFault(self._epitaph(doing))
            self._received += data
            self._arrived = [from_worker.decode(body) for body in bodies(self._received)]
        return self._arrived.pop(0)

    @property
    def _library(self) -> str:
        return _LIBRARIES[self._model.engine]

    def _epitaph(self, doing: str) -> str:
        """One line on a child that died while it did that."""
        code = self._child.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").splitlines()
        said = why(lines) or ("" if code < 0 else (lines or [""])[-1].strip()[:300])
        how = f"aborted (signal {-code})" if code < 0 else f"ended with code {code}"
        return (
            f"{_PARTS[self._model.engine]} do not fit together, or a file is broken: {self._library} {how} while "
            f"{doing} the speech model {self._model.path}{f' ({said})' if said else ''}; fetch or import it again"
        )

    def _end(self) -> None:
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        self._link.close()
        self._complaints.close()


def try_out(model: ModelInfo) -> None:
    """Load it and let it hear nothing for a second. Raises ``ModelFault`` in one line when it is not fit for calls."""
    with Trial(model) as trial:
        list(trial.decode([bytes(2 * RATE)]))


def texts(folder: Path, clips: Sequence[bytes], grammar: Sequence[str] = ()) -> list[str]:
    """What the model in that folder makes of the clips: one trial, texts only. Raises as ``Trial`` does."""
    with Trial(shelf.find(str(folder))) as trial:
        return [found.text for found in trial.decode(clips, grammar)]


def _cpu_s(process: int) -> float:
    """CPU seconds that a process has used (clock_getcpuclockid(3): its clock's number is made of the process's)."""
    return time.clock_gettime(~process << 3 | 2)
