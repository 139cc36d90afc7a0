"""Starting SIP worker processes, and keeping one in reserve: a dead worker is replaced without waiting for Python."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from itertools import count
from pathlib import Path

import msgspec

from core.errors import EnvironmentFault, MinwonError, PortTaken
from telephony.sip_build import Build, environment
from telephony.sip_worker_started import Started
from telephony.wire import Settings, pack

_numbers = count(1)


class WorkerProcess:
    """A process that has loaded everything and waits for its settings. It lives in a session of its own, so that
    neither the node's death nor a Ctrl-C in the node's terminal ends the calls it carries."""

    def __init__(self, run_dir: Path, build: Build) -> None:
        self._run_dir = run_dir
        self._errors = run_dir / f"reserve{next(_numbers)}.err"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "telephony.sip_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                env=environment(build),
            )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    async def start(self, settings: Settings) -> str:
        """Give it work; returns host:port of its SIP socket. ``PortTaken`` and other ``MinwonError`` as it says."""
        self._errors = self._errors.rename(self._run_dir / f"{settings.name}.err")
        line = await asyncio.to_thread(self._talk, settings)
        try:
            started = msgspec.json.decode(line, type=Started)
        except msgspec.MsgspecError:
            await self.end()
            raise EnvironmentFault(f"SIP worker {settings.name} does not start: {self.last_words()}") from None
        if started.code == PortTaken.code:
            await self.end()
            raise PortTaken(started.advice)
        if started.code:
            await self.end()
            raise _fault(started)
        return started.address

    async def end(self, within_s: float = 0.0) -> None:
        """Wait until it has gone, and make it go after ``within_s``."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            await asyncio.to_thread(self._process.wait, max(within_s, 0.01))
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        if self._errors.name.startswith("reserve"):
            self._errors.unlink(missing_ok=True)

    def keep_traces(self) -> None:
        """Put its stderr aside, where the next worker of this name does not overwrite it."""
        self._errors = self._errors.rename(self._errors.with_suffix(".died.err"))

    def last_words(self) -> str:
        """How it ended and the line that tells most of what it wrote on stderr: an assertion's text, else the fatal
        error's, else the last, a traceback's end."""
        code = self._process.poll()
        how = "runs" if code is None else f"signal {-code}" if code < 0 else f"exit {code}"
        lines = self._errors.read_text("utf-8", "replace").strip().splitlines()
        for mark in ("Assertion", "Fatal Python error"):
            telling = [line for line in lines if mark in line]
            if telling:
                return f"{how}: {telling[0][:300]}"
        return f"{how}: {lines[-1][:300]}" if lines else how

    def _talk(self, settings: Settings) -> bytes:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(pack(settings))
            self._process.stdin.close()
        except BrokenPipeError:
            return b""
        line = self._process.stdout.readline()
        self._process.stdout.close()
        return line


def _fault(started: Started) -> MinwonError:
    return EnvironmentFault(started.advice, code=started.code)


class Reserve:
    """One process more than is needed, loaded and waiting."""

    def __init__(self, run_dir: Path, build: Build) -> None:
        self._run_dir = run_dir
        self._build = build
        self._waiting: WorkerProcess | None = None

    def take(self) -> WorkerProcess:
        """The one in reserve, or a new one if there is none."""
        waiting, self._waiting = self._waiting, None
        return waiting if waiting is not None and waiting.alive else self._another()

    def fill(self) -> None:
        """Start one to wait; to be called when nothing is urgent."""
        if self._waiting is None:
            self._waiting = self._another()

    def _another(self) -> WorkerProcess:
        return WorkerProcess(self._run_dir, self._build)

    async def close(self) -> None:
        """Send the waiting one away: it goes when its stdin ends."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            await waiting.end(1.0)
