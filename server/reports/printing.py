"""A page of ours to PDF, by Chromium: a process of its own that reaches no network, one at a time, within limits.

Chromium is not part of minwon: without it reports are offered as pages, and ``here`` says what to install.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Final

from core.errors import BadInput, EnvironmentFault
from core.log import get_logger

log = get_logger("server.reports")

LIMIT_S: Final = 60.0
"""A report of a year takes two seconds."""
LIMIT_BYTES: Final = 8 * 2**20
"""Of the page: what is larger is no report."""
LIMIT_MEMORY: Final = 1536 * 2**20
"""Of all of Chromium's processes together; a report needs a fifth of it."""
ADVICE: Final = "PDF로 만들려면 서버에 Chromium을 설치하세요 / install Chromium on the server: apt-get install chromium"
_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_ARGS: Final = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-default-apps"),
    # No network: no name resolves, and what is addressed by number goes to a proxy that is not there.
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--disable-quic"),
    *("--disable-dev-shm-usage", "--no-pdf-header-footer"),
)
# Scripts stay on: Chromium prints by one of its own. The page's policy lets it have none.
_LOOK_S: Final = 0.25
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def here() -> str:
    """Path of the Chromium that prints, '' = there is none."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), "")


class Printer:
    """Prints one page at a time; the others wait."""

    def __init__(self, program: str | None = None, *, limit_s: float = LIMIT_S) -> None:
        """``program``: None = the one that is here when it is needed."""
        self._program = program
        self._limit_s = limit_s
        self._turn = asyncio.Semaphore(1)

    @property
    def ready(self) -> bool:
        """Whether there is a Chromium."""
        return bool(self._found())

    async def pdf(self, html: str) -> bytes:
        """The page as PDF.

        Raises ``EnvironmentFault`` ('no_chromium', 'print_failed'), and ``BadInput`` for what is too large.
        """
        program = self._found()
        if not program:
            raise EnvironmentFault(ADVICE, code="no_chromium")
        if len(html) > LIMIT_BYTES:
            raise BadInput("보고서가 너무 큽니다: 기간을 줄이세요 / the report is too large: choose fewer days")
        async with self._turn:
            folder = Path(tempfile.mkdtemp(prefix="minwon-print-"))
            try:
                return await self._print(program, html, folder)
            finally:  # Chromium leaves hundreds of files: calls go on meanwhile
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def _found(self) -> str:
        return here() if self._program is None else self._program

    async def _print(self, program: str, html: str, folder: Path) -> bytes:
        page, printed = folder / "report.html", folder / "report.pdf"
        await asyncio.to_thread(page.write_text, html, "utf-8")
        sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium refuses to sandbox for root
        try:
            process = await asyncio.create_subprocess_exec(
                program,
                *_ARGS,
                *sandbox,
                f"--user-data-dir={folder / 'profile'}",
                f"--print-to-pdf={printed}",
                page.as_uri(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "ko_KR.UTF-8"},
                start_new_session=True,
            )
        except OSError as fault:
            raise EnvironmentFault(
                f"Chromium을 시작하지 못했습니다({fault.strerror}) / {ADVICE}", code="no_chromium"
            ) from fault
        try:
            async with asyncio.timeout(self._limit_s):
                await self._ended(process)
        except TimeoutError as error:
            raise _failed(f"{self._limit_s:.0f} s") from error
        finally:
            # Its helpers are of its session: none is left, whatever happened.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if process.returncode != 0 or not printed.exists():
            raise _failed(f"exit {process.returncode}")
        return await asyncio.to_thread(printed.read_bytes)

    async def _ended(self, process: asyncio.subprocess.Process) -> None:
        ended = asyncio.create_task(process.wait())
        try:
            while not (await asyncio.wait([ended], timeout=_LOOK_S))[0]:
                if (used := await asyncio.to_thread(_memory, process.pid)) > LIMIT_MEMORY:
                    raise _failed(f"{used >> 20} MiB")
        finally:
            ended.cancel()


def _failed(why: str) -> EnvironmentFault:
    log.warning("print.failed", why=why)
    return EnvironmentFault(
        f"PDF를 만들지 못했습니다({why}). 화면용 보고서를 여세요 / printing failed ({why}): open the page instead",
        code="print_failed",
    )


def _memory(session: int) -> int:
    """Bytes that the processes of a session hold (proc(5): stat fields 6 and 24)."""
    held = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                held += int(fields[21]) * _PAGE
    return held
