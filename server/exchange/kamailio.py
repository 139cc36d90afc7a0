"""A Kamailio process that runs a written configuration: for `minwon exchange front --run`, the bench and the lab."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from typing import Final, Self

from core.errors import EnvironmentFault

STARTING_S: Final = 20.0
ENDING_S: Final = 5.0
_SEARCHED: Final = ("/usr/sbin", "/usr/local/sbin")
"""Where Debian puts kamailio, outside an ordinary user's PATH."""
_SHARED_MB, _PRIVATE_MB = 64, 8


class Kamailio:
    """``async with Kamailio(config, address) as front`` = it takes connections. ``EnvironmentFault`` with its complaint
    if it ends at once."""

    def __init__(self, config: Path, address: tuple[str, int]) -> None:
        """``address``: host and TCP port that the configuration listens on."""
        self._config = config
        self._address = address
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        with self._log_file.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command(self._config),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            await asyncio.wait_for(self._ready(), STARTING_S)
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._end()

    @property
    def log(self) -> str:
        """What it wrote."""
        return self._log_file.read_text("utf-8", "replace")

    @property
    def _log_file(self) -> Path:
        return self._config.with_suffix(".log")

    async def _ready(self) -> None:
        while True:
            if self._takes_connections():
                return
            await asyncio.sleep(0.05)

    def _takes_connections(self) -> bool:
        assert self._process is not None
        if self._process.returncode is not None:
            raise EnvironmentFault(f"kamailio ended at once: {complaint(self.log)}")
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(self._address) == 0

    async def _end(self) -> None:
        process = self._process
        assert process is not None
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), ENDING_S)
        with contextlib.suppress(ProcessLookupError):  # its children are in its session; none outlives it
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def command(config: Path) -> list[str]:
    """The command line that runs a configuration in the foreground."""
    memory = ("-m", str(_SHARED_MB), "-M", str(_PRIVATE_MB))
    return [find("kamailio"), "-DD", "-E", *memory, "-Y", str(config.parent), "-f", str(config)]


def find(program: str) -> str:
    """The path of kamailio or one of its tools. ``EnvironmentFault`` that says how to install it."""
    found = shutil.which(program, path=os.pathsep.join((os.environ.get("PATH", os.defpath), *_SEARCHED)))
    if found is None:
        raise EnvironmentFault(f"{program} is not installed: apt-get install kamailio kamailio-tls-modules")
    return found


def ask(control: Path, *words: str) -> str:
    """An answer of ``kamcmd``: 'stats.get_statistics' 'script:', 'dispatcher.list' ..."""
    asked = [find("kamcmd"), "-s", f"unix:{control}", *words]
    return subprocess.run(asked, capture_output=True, text=True, check=True, timeout=10).stdout


def complaint(log: str) -> str:
    """The line that says what Kamailio did not like."""
    lines = [line.strip() for line in log.splitlines()]
    return next((line for line in lines if "CRITICAL" in line or "ERROR" in line), lines[-1] if lines else "")[:300]
