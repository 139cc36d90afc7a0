"""What Linux knows of our processes: memory, CPU time, children."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def resident_kib(pid: int) -> int:
    """Resident memory, as ``ps`` shows it."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def cpu_s(pid: int) -> float:
    """CPU time that the process has used so far, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_s_of_all(pids: Iterable[int]) -> float:
    """The same of those that still live: a decode worker may be replaced in the middle of a measurement."""
    total = 0.0
    for pid in pids:
        with suppress(FileNotFoundError):
            total += cpu_s(pid)
    return total


def open_files(pid: int) -> int:
    """File descriptors."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def threads(pid: int) -> int:
    """Threads."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def udp_sockets(pid: int) -> int:
    """UDP sockets that are bound."""
    bound = {line.split()[9] for line in Path("/proc/net/udp").read_text("ascii").splitlines()[1:]}
    held = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            held.add(str(file.readlink()).removeprefix("socket:[").removesuffix("]"))
    return len(bound & held)


def children(pid: int, module: str) -> list[int]:
    """Processes started by ``pid`` that run ``python -m module``."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            found += [int(child) for child in (task / "children").read_text("ascii").split()]
    return sorted(child for child in found if module in _arguments(child))


def _arguments(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").split("\0")
    return []
