"""Kamailio processes for the lab and the tests: the city's exchange, and our own front."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Self

from server.exchange.front import find_kamailio
from tests.patience import until


class Kamailio:
    """One Kamailio with a written configuration. ``async with`` = it answers on its port."""

    def __init__(self, config: Path, *, address: tuple[str, int]) -> None:
        self._config = config
        self._address = address
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        folder = self._config.parent
        with (folder / "kamailio.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(find_kamailio(), "-DD", "-E", "-m", "64", "-M", "8", "-Y", str(folder), "-f", str(self._config)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await until(self._answers, within_s=20)
        return self

    async def __aexit__(self, *exc: object) -> None:
        process = self._process
        assert process is not None
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 5)
        # Its children are in its session; none may outlive the test.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

    @property
    def log(self) -> str:
        """What it wrote."""
        return (self._config.parent / "kamailio.log").read_text("utf-8", "replace")

    def _answers(self) -> bool:
        """A TCP connection is taken: with it all its sockets are bound."""
        process = self._process
        assert process is not None
        if process.returncode is not None:
            raise AssertionError(f"kamailio ended: {self.log[-2000:]}")
        return _connects(self._address)


def ask(control: Path, *words: str) -> str:
    """An answer of ``kamcmd`` (statistics, dispatcher.list)."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))
    program = shutil.which("kamcmd", path=path)
    assert program is not None, "kamcmd comes with Debian's kamailio"
    return subprocess.run(
        [program, "-s", f"unix:{control}", *words], capture_output=True, text=True, check=True, timeout=10
    ).stdout


def _connects(address: tuple[str, int]) -> bool:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(address) == 0
