"""Printing by Chromium: what comes out, what it cannot reach, and what becomes of one that hangs."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from core.errors import BadInput, EnvironmentFault
from server.reports.printing import LIMIT_BYTES, Printer, here
from tests.patience import until

needs_chromium = pytest.mark.skipif(not here(), reason="no Chromium on this machine: apt-get install chromium")


async def test_without_chromium_it_says_what_to_install() -> None:
    printer = Printer("")
    assert not printer.ready
    with pytest.raises(EnvironmentFault, match="apt-get install chromium") as fault:
        await printer.pdf("<p>안녕</p>")
    assert fault.value.code == "no_chromium"


async def test_what_is_too_large_is_no_report() -> None:
    with pytest.raises(BadInput, match="기간"):
        await Printer(sys.executable).pdf("x" * (LIMIT_BYTES + 1))


async def test_one_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    hangs = tmp_path / "hangs"
    hangs.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {told}\nwait\n")
    hangs.chmod(0o755)
    with pytest.raises(EnvironmentFault) as fault:
        await Printer(str(hangs), limit_s=1.0).pdf("<p>안녕</p>")
    assert fault.value.code == "print_failed"
    child = int(told.read_text())
    await until(lambda: not _runs(child))


async def test_one_that_prints_nothing_has_failed() -> None:
    with pytest.raises(EnvironmentFault, match="PDF"):
        await Printer("/bin/true").pdf("<p>안녕</p>")


@needs_chromium
@pytest.mark.browser
async def test_a_page_becomes_a_pdf_that_reached_no_network() -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        pdf = await Printer().pdf(
            f'<p>안녕</p><img src="http://127.0.0.1:{port}/"><script>document.body.innerHTML = ""</script>'
        )
    finally:
        server.close()
        await server.wait_closed()
    assert pdf.startswith(b"%PDF-")
    assert asked == []


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
