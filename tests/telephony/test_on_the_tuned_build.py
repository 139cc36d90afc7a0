"""The tests of the worker's parts once more, in a Python that has the tuned pjsua2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from telephony.sip_build import chosen, environment
from tests.builds import BUILDS

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("build", BUILDS[1:])
def test_the_workers_parts(build: str) -> None:
    files = [str(path) for path in sorted(FOLDER.glob("test_sip_worker_*.py"))]
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *files],
        cwd=FOLDER.parent.parent,
        env=environment(chosen("tuned")),
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
