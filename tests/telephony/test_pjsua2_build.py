"""The script that builds the tuned pjsua2: what it refuses, and what it asks of the result."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docker" / "pjsua2"
TOOLS = ("make", "git", "swig", "xz", "patch", "strip", "g++")


def build(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it; it must not come so far that it builds anything."""
    return subprocess.run(
        [str(FOLDER / "build.sh"), *arguments],
        env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "TMPDIR": str(folder),
            "PYTHON": sys.executable,
            "TARGET": str(folder / "out"),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_archive_that_is_not_there(tmp_path: Path) -> None:
    done = build(str(tmp_path / "nothing.tar.gz"), folder=tmp_path)
    assert done.returncode == 1 and "There is no file" in done.stderr


@pytest.mark.skipif(any(shutil.which(tool) is None for tool in TOOLS), reason="compilers are missing: make pjsua2")
def test_another_source_than_upstreams_is_not_built(tmp_path: Path) -> None:
    source = tmp_path / "pjproject-2.17"
    source.mkdir()
    (source / "aconfigure").write_text("#!/bin/sh\nexit 1\n")
    archive = tmp_path / "evil.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(source, arcname=source.name)
    done = build(str(archive), folder=tmp_path)
    assert done.returncode == 1
    assert "is not pjproject 2.17 as upstream released it" in done.stderr and "Nothing was built" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(any(shutil.which(tool) is None for tool in TOOLS), reason="compilers are missing: make pjsua2")
def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    archive = tmp_path / "broken.tar.xz"
    archive.write_bytes(b"no archive")
    done = build(str(archive), folder=tmp_path)
    assert done.returncode == 1 and "is no archive of pjproject 2.17" in done.stderr


def test_every_symbol_that_is_looked_up_is_asked_for() -> None:
    asked = (FOLDER / "check.py").read_text("utf-8")
    looked_up = {
        name
        for file in (ROOT / "telephony").glob("sip_worker*.py")
        for name in re.findall(r"\.(pj(?:sip|sua|media)?_[a-z0-9_]+)", file.read_text("utf-8"))
    }
    assert looked_up and {name for name in looked_up if f'"{name}"' not in asked} == set()
