"""Which builds of pjsua2 are here, and which one SIP processes get.

Two can lie side by side: the wheel of the package index among all other packages, and our tuned one (``make pjsua2``)
in a folder of its own, which a process sees only when the folder is on its ``PYTHONPATH``. Nothing here imports
pjsua2.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import distributions
from pathlib import Path
from typing import Final, Literal

import msgspec

from core.errors import EnvironmentFault

Wanted = Literal["best", "wheel", "tuned"]
Kind = Literal["wheel", "tuned"]

TUNED_FOLDER: Final = Path(sys.prefix) / "lib" / "pjsua2-tuned"
"""Where ``make pjsua2`` and the image put it."""
_WHEEL: Final = "pjsua2-python"
_TUNED: Final = "pjsua2"
_LAST_PORT: Final = 65_535
_PORTS_A_LEG: Final = 2


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """A pjsua2 that is installed."""

    kind: Kind
    version: str
    """Of the distribution: '2.15.1.post1', '2.17'."""
    legs: int
    """How many one process carries; the process itself reads the true number."""
    rtp_ports: int
    """Enough for them, with some that are taken by others, or not free again yet."""
    aborts: bool
    """Whether its assertions end the process."""
    folder: str = ""
    """What goes before ``PYTHONPATH``; '' = nothing."""

    @property
    def name(self) -> str:
        """'tuned 2.17'."""
        return f"{self.kind} {self.version}"

    @property
    def calls(self) -> int:
        """Joined calls that one worker carries: each has two legs."""
        return self.legs // 2


def installed() -> tuple[Build, ...]:
    """What is here, the better first."""
    found = (tuned_in(TUNED_FOLDER), _wheel())
    return tuple(build for build in found if build is not None)


def tuned_in(folder: Path) -> Build | None:
    """The tuned build of that folder; None where none is, or where it was made for another Python."""
    found = next(iter(distributions(name=_TUNED, path=[str(folder)])), None)
    if found is None or not any((folder / f"_pjsua2{suffix}").exists() for suffix in EXTENSION_SUFFIXES):
        return None
    return Build(kind="tuned", version=found.version, legs=512, rtp_ports=1200, aborts=False, folder=str(folder))


def _wheel() -> Build | None:
    for found in distributions(name=_WHEEL):
        return Build(kind="wheel", version=found.version, legs=4, rtp_ports=100, aborts=True)
    return None


def chosen(wanted: Wanted) -> Build:
    """The build that ``sip.build`` asks for. ``EnvironmentFault`` with what to type where it is not installed."""
    here = installed()
    for build in here:
        if wanted in ("best", build.kind):
            return build
    if not here:
        raise EnvironmentFault("pjsua2 is not installed: `make pjsua2` builds it, pip install pjsua2-python fetches it")
    if wanted == "tuned":
        raise EnvironmentFault(
            f'sip.build is "tuned", and no tuned pjsua2 for this Python lies in {TUNED_FOLDER}: '
            '`make pjsua2` builds it, or set sip.build to "best"'
        )
    raise EnvironmentFault('sip.build is "wheel": pip install pjsua2-python, or set sip.build to "best"')


def environment(build: Build) -> dict[str, str]:
    """The environment of a process that shall import this build, and no other."""
    before = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    path = [build.folder, *(folder for folder in before if folder != str(TUNED_FOLDER))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(folder for folder in path if folder)}


def rtp_ports(wanted: int, first: int, workers: int, build: Build) -> int:
    """RTP ports of each worker: as configured, or enough for the build, but never beyond the last port there is.

    ``wanted`` and ``first`` are ``sip.rtp_ports`` and ``sip.rtp_port``; ``first`` 0 = somewhere.
    """
    if wanted or not first:
        return wanted or build.rtp_ports
    room = (_LAST_PORT + 1 - first) // workers
    return min(build.rtp_ports, room - room % _PORTS_A_LEG)


def calls_a_worker(build: Build, ports: int) -> int:
    """Joined calls that a worker with so many RTP ports carries: a port range is a capacity too."""
    return min(build.legs, ports // _PORTS_A_LEG) // 2
