"""Installed packages as wheels again."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from core.errors import EnvironmentFault
from server.bundle.distributions import inside, needed, wheel_name, write_wheel


def test_a_wheel_made_again_is_one_that_pip_installs(tmp_path: Path) -> None:
    wheel = write_wheel(metadata.distribution("segno"), tmp_path)
    assert wheel.name == wheel_name(metadata.distribution("segno"))
    names = zipfile.ZipFile(wheel).namelist()
    assert not any("__pycache__" in name or name.startswith("..") for name in names)
    assert inside(wheel).version == metadata.version("segno")
    target = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(target)]
    subprocess.run([*pip, str(wheel)], check=True)
    code = "import segno; print(segno.make('02-120').version)"
    shown = subprocess.run([sys.executable, "-S", "-c", code], env={"PYTHONPATH": str(target)}, capture_output=True)
    assert shown.stdout.strip()


def test_what_a_package_needs_is_found_with_its_extras() -> None:
    names = {package.name.lower() for package in needed(metadata.distribution("minwon"), ("postgresql",))}
    assert {"psycopg", "psycopg-binary", "vosk", "numpy"} <= names
    assert not {"minwon", "pytest", "jax"} & names


class Installed(metadata.Distribution):
    """A package in a folder, as pip would have left it."""

    def __init__(self, folder: Path, requires: str = "", tag: str = "Tag: py3-none-any\n") -> None:
        self._folder = folder
        info = folder / "tiny-1.0.dist-info"
        info.mkdir()
        (folder / "tiny.py").write_text("X = 1\n")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n{requires}")
        (info / "WHEEL").write_text(f"Wheel-Version: 1.0\n{tag}")
        (info / "RECORD").write_text(
            "tiny.py,sha256=n2WCPa4C4jpl8bEW7e0trKS5OTAJcRT6JOE4lkQNxKk,6\n"
            "../../bin/tiny,,\n__pycache__/tiny.pyc,,\ntiny-1.0.dist-info/METADATA,,\ntiny-1.0.dist-info/WHEEL,,\n"
        )

    def read_text(self, filename: str) -> str | None:
        file = self._folder / "tiny-1.0.dist-info" / filename
        return file.read_text() if file.exists() else None

    def locate_file(self, path: object) -> Path:  # type: ignore[override]
        return self._folder / str(path)


def test_a_changed_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"tiny\.py was changed since it was installed"):
        write_wheel(Installed(tmp_path), tmp_path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    tiny = Installed(tmp_path)
    (tmp_path / "tiny.py").unlink()
    with pytest.raises(EnvironmentFault, match=r"tiny\.py can't be read"):
        write_wheel(tiny, tmp_path)


def test_what_did_not_come_as_a_wheel_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="was not installed from a wheel"):
        wheel_name(Installed(tmp_path, tag=""))


def test_a_package_that_is_not_installed_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="the package no-such-thing-at-all is not installed"):
        needed(Installed(tmp_path, requires="Requires-Dist: no-such-thing-at-all\n"), ())
