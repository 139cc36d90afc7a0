"""One decode worker as the node sees it: a process, a socket, what it owes."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Final

from core.errors import ModelFault
from core.log import get_logger
from models.shelf import ModelInfo
from stt.decode_messages import Failed, FromWorker, Ready, ToWorker, bodies, from_worker, packed
from stt.decode_worker import ROOT, command
from stt.last_words import why
from stt.memory import resident_mb

log = get_logger("stt.decode_link")

LOAD_S: Final = 120.0
"""The longest that loading a model may take, and ..."""
SLOW_DISK_MB: Final = 10
"""... a second more for so many MiB of its files: big ones from a slow disk."""
TELL_S: Final = 3.0
"""A model that takes longer to load is told about so often."""
STALL_S: Final = 10.0
"""A worker that owes an answer and says nothing for so long is taken for hung and killed."""
GOODBYE_S: Final = 2.0
"""How long a worker may take to end after its link was closed."""


class DecodeLink:
    """A running decode worker. Made by :meth:`start`; always ended by :meth:`close`."""

    def __init__(self, process: asyncio.subprocess.Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._process = process
        self._reader = reader
        self._writer = writer
        self._owes_since: float | None = None
        self._buffer = bytearray()
        self._arrived: deque[FromWorker] = deque()
        self._complaints: deque[str] = deque(maxlen=20)
        self._listening = asyncio.create_task(self._read_complaints(), name=f"stderr of decode worker {process.pid}")
        self.load_s = 0.0
        self.resident_mb = 0
        self.first_resident_mb = 0
        """After its first utterance."""
        self.utterances = 0
        """Finished by it."""

    @classmethod
    async def start(cls, model: ModelInfo) -> DecodeLink:
        """Start a worker and wait until its model is loaded. Raises ``ModelFault`` with its reason when it can't."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *command(theirs.fileno(), model),
                cwd=ROOT,
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        try:
            reader, writer = await asyncio.open_unix_connection(sock=ours)
        except BaseException:
            process.kill()
            await process.wait()
            raise
        link = cls(process, reader, writer)
        try:
            await link._become_ready(model)
        except BaseException:
            link.kill()
            await link.close()
            raise
        return link

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    def send(self, message: ToWorker, *, owed: bool) -> None:
        """Say something; never waits. ``owed``: an answer is due."""
        if owed and self._owes_since is None:
            self._owes_since = time.monotonic()
        self._writer.write(packed(message))

    def settled(self) -> None:
        """Nothing is owed any more."""
        self._owes_since = None

    async def messages(self) -> AsyncIterator[FromWorker]:
        """What the worker says, until it is gone, or hung and therefore killed. May be left and taken up again."""
        while True:
            while self._arrived:
                yield self._arrived.popleft()
            try:
                async with asyncio.timeout(STALL_S / 2):
                    data = await self._reader.read(1 << 16)
            except TimeoutError:
                if self._owes_since is not None and time.monotonic() - self._owes_since > STALL_S:
                    log.warning("decode_worker.hung", pid=self.pid)
                    self.kill()
                continue
            except ConnectionError:
                return
            if not data:
                return
            if self._owes_since is not None:
                self._owes_since = time.monotonic()
            self._buffer += data
            self._arrived.extend(from_worker.decode(body) for body in bodies(self._buffer))

    def finished(self, resident_mb: int) -> None:
        """It finished an utterance."""
        self.utterances += 1
        self.resident_mb = resident_mb
        self.first_resident_mb = self.first_resident_mb or resident_mb

    def hang_up(self) -> None:
        """Close our end: the worker ends by itself."""
        self._writer.close()

    def kill(self) -> None:
        """End it now."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def close(self) -> str:
        """Close the link, wait for the process to end, kill it when it does not; tells how it ended."""
        self._writer.close()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()
        # Not awaited itself: a closing that is cancelled must not take the listening with it, it is closed again.
        await asyncio.wait({self._listening})
        return self.epitaph()

    def epitaph(self) -> str:
        """How it ended and what it last complained of."""
        code = self._process.returncode
        if code is None:
            how = "is running"
        else:
            how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        complaint = why(self._complaints)
        return f"{how}: {complaint}" if complaint else how

    async def _become_ready(self, model: ModelInfo) -> None:
        limit_s = LOAD_S + model.size / (SLOW_DISK_MB << 20)
        telling = asyncio.create_task(self._tell_loading(model), name=f"loading of decode worker {self.pid}")
        try:
            async with asyncio.timeout(limit_s):
                async with contextlib.aclosing(self.messages()) as messages:  # type: ignore[type-var]
                    async for message in messages:
                        if isinstance(message, Ready):
                            self.load_s = message.load_s
                            return
                        if isinstance(message, Failed):
                            raise ModelFault(message.reason)
        except TimeoutError:
            raise ModelFault(
                f"the speech model {model.path} did not load within {limit_s:.0f} s; take a smaller one"
            ) from None
        finally:
            telling.cancel()
        await self._process.wait()
        await self._listening
        raise ModelFault(
            f"the decode worker {self.epitaph()} while it loaded the speech model {model.path}; "
            "its files are broken or do not belong together: fetch or unpack it again"
        )

    async def _tell_loading(self, model: ModelInfo) -> None:
        """So that somebody who waits for a big model knows what for."""
        waited = 0.0
        while True:
            await asyncio.sleep(TELL_S)
            waited += TELL_S
            with contextlib.suppress(OSError):  # it is gone
                log.info(
                    "decode_worker.loading",
                    model=model.name,
                    pid=self.pid,
                    seconds=round(waited),
                    resident_mb=await asyncio.to_thread(resident_mb, self.pid),
                    model_mb=model.size >> 20,
                )

    async def _read_complaints(self) -> None:
        """Kaldi's and Python's last words; kept for the epitaph, shown at debug level."""
        stderr = self._process.stderr
        if stderr is None:
            return
        while True:
            try:
                line = await stderr.readline()
            except ValueError:  # a line longer than the reader's limit
                continue
            if not line:
                return
            self._complaints.append(line.decode(errors="replace").strip())
            log.debug("decode_worker.stderr", pid=self.pid, line=self._complaints[-1])
