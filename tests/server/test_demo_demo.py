"""What keeps the demo from starting is said in one line; the whole demo is played in ``tests/flows/test_demo.py``."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

import pytest

from core.errors import PortTaken, Refused
from server.demo.demo import DESK_PORT, _cause, _desk_port


async def run(*options: str, **environ: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from server.cli import main; main()", "demo", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environ},
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_missing_espeak_is_one_line(tmp_path: Path) -> None:
    status, out, err = await run("--json", PATH=str(tmp_path), TMPDIR=str(tmp_path))
    assert (status, out, err) == (1, "", "minwon: espeak-ng is missing: apt-get install espeak-ng\n")
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240  (the test is over)


async def test_a_taken_port_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        status, out, err = await run("--json", "--port", str(port))
    assert (status, out) == (1, "")
    assert err.startswith(f"minwon: port {port} can't be had") and "--port" in err and err.count("\n") == 1


def test_the_port_asked_for_the_usual_one_or_any() -> None:
    assert _desk_port(0) == 0
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            holder.bind(("127.0.0.1", DESK_PORT))
            holder.listen()
        except OSError:
            pass  # somebody else holds it: just as good
        assert _desk_port(None) == 0
        with pytest.raises(PortTaken, match="--port"):
            _desk_port(DESK_PORT)


def test_the_cause_inside_bundles() -> None:
    cause = Refused("no")
    assert _cause(ExceptionGroup("outer", [ExceptionGroup("inner", [cause]), ValueError()])) is cause
    assert _cause(cause) is cause
